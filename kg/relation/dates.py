"""The day that a sentence itself gives for what it states."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_DAY = re.compile(r"(?:(20\d\d|19\d\d)年)?(?<!\d)(\d{1,2})月(\d{1,2})日")
_AHEAD = 92  # days that an announcement may lie after the issue; beyond it a day without a year is last year's


@lru_cache(maxsize=64)  # a sentence states many things
def day_of(sentence: str, issued: str) -> str:
    """The one day that the sentence names (ISO), "" where it names none or several, or where no year can be told."""
    days = {found for match in _DAY.finditer(sentence) if (found := _day(match, issued))}
    return days.pop() if len(days) == 1 and len(_DAY.findall(sentence)) == 1 else ""


def _day(match: re.Match[str], issued: str) -> str:
    try:
        if match[1]:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        issue = date.fromisoformat(issued)
        day = date(issue.year, int(match[2]), int(match[3]))
    except ValueError:
        return ""
    return day.replace(year=day.year - 1).isoformat() if (day - issue).days > _AHEAD else day.isoformat()
