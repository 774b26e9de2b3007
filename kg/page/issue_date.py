"""A date of issue that the page does not print, derived from its text; or none. Never certain.

The rules, in this order:
1. The text calls a day by its name and by its date: 明天(5月26日), or a headline with 明天 over a story that begins
   with 5月26日. The issue is of that day less one (今天: less none; 昨天: plus one).
2. At least two sentences report on days of the same week as past, the latest of them day D: a morning paper can have
   been printed on D + 1 at the earliest, an evening paper on D. A lone date is no ground.
A date by rule 1 is dropped where the page reports on a later day as past (让明天更美好 names no day). The year is the
latest that the page names and that is not spoken of as to come (到2025年, 2021—2025年); where no year is named, or the
days are of November or December and the year before is named too, there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from kg.page.decode import half_width

OFFSET = {"前天": 2, "昨天": 1, "昨日": 1, "昨晚": 1, "今天": 0, "今日": 0, "明天": -1, "明日": -1, "后天": -2}
NAMED = re.compile(rf"({'|'.join(OFFSET)})(?:上午|下午|晚上|晚)?[(, ]?(\d{{1,2}})月(\d{{1,2}})日")
HEADLINE_DAY = re.compile(r"(?m)^[^\n。]{0,30}(明天|明日|今天|今日|昨天|昨日)[^\n。]{0,30}$")
DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日(?!电)")
YEAR = re.compile(r"(?<![\d—\-~至到])((?:19|20)\d\d)年(?![—\-~至到])")
TO_COME = re.compile(r"(?:到|至|力争|预计|计划|规划|截止|展望|面向|于)$")
FUTURE = re.compile(r"将|拟|计划|预计|截止|明[天日]|届时|即将|起至|前(?:完成|报名|提交)")
OTHER_YEAR = re.compile(r"(?:去年|前年|每年|历年|次年|同年|当年|明年)\w{0,6}$")
LONGEST_YEAR = 8  # characters that it matches
NOVEMBER = 11
SENTENCE_END = re.compile(r"[。!?\n]")
STORY = 200  # characters after a headline in which its day must be named


class Derived(NamedTuple):
    """An ISO date and the page stretch that it was derived from."""

    issued: str
    start: int
    end: int
    why: str


def derive(text: str, newspaper: str) -> Derived | None:
    """A date of issue for a page that prints none, by the rules above."""
    text = half_width(text)
    years = past_years(text)
    if not years:
        return None
    past = sorted(past_days(text, years[-1]))
    latest = past[-1][0] if past else date.min
    named = by_name(text, years[-1]) or by_headline(text, years[-1])
    if named and all(day.isoformat() <= named.issued or named.start <= at < named.end for day, at, _ in past):
        return named
    early = latest.month >= NOVEMBER and years[-1] - 1 in years
    return None if early else by_latest(text, past, evening="晚报" in newspaper)


def past_years(text: str) -> list[int]:
    """The years that the text names as present or past, in order."""
    years = [m for m in YEAR.finditer(text) if not TO_COME.search(text[max(0, m.start() - 3) : m.start()])]
    return sorted({int(m[1]) for m in years})


def by_name(text: str, year: int) -> Derived | None:
    """明天(5月26日)."""
    for match in NAMED.finditer(text):
        if day := day_of(year, int(match[2]), int(match[3])):
            return derived(day + timedelta(days=OFFSET[match[1]]), match.start(), match.end(), match[0])
    return None


def by_headline(text: str, year: int) -> Derived | None:
    """A headline with 明天 over a story whose first date is the day meant."""
    for head in HEADLINE_DAY.finditer(text):
        match = DAY.search(text, head.end(), head.end() + STORY)
        if match and (day := day_of(year, int(match[1]), int(match[2]))):
            issued = day + timedelta(days=OFFSET[head[1]])
            return derived(issued, match.start(), match.end(), f"{head[1]} … {match[0]}")
    return None


def by_latest(text: str, past: list[tuple[date, int, int]], *, evening: bool) -> Derived | None:
    """The first day on which the page can have been printed, given the days that it reports on as past."""
    if not past:
        return None
    latest, start, end = past[-1]
    if sum(latest - day < timedelta(days=7) for day, _, _ in past) < 2:
        return None
    return derived(latest + timedelta(days=not evening), start, end, text[start:end])


def past_days(text: str, year: int) -> Iterator[tuple[date, int, int]]:
    """Each day that is named in a sentence which does not look ahead."""
    for begin, end in plain_sentences(text):
        for match in DAY.finditer(text, begin, end):
            day = day_of(year, int(match[1]), int(match[2]))
            if day and not OTHER_YEAR.search(text[max(begin, match.start() - LONGEST_YEAR) : match.start()]):
                yield day, match.start(), match.end()


def plain_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends that does not look ahead."""
    begin = 0
    for end in (*(match.start() for match in SENTENCE_END.finditer(text)), len(text)):
        if not FUTURE.search(text, begin, end):
            yield begin, end
        begin = end + 1


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def derived(day: date, start: int, end: int, ground: str) -> Derived:
    """The derived date with its ground in words."""
    iso = day.isoformat()
    return Derived(iso, start, end, f"no date printed; derived {iso} from “{ground}”, not certain 由文中日期推定")
