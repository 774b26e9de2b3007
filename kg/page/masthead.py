"""What a page says about itself: the newspaper's name, its date, the page number; and the newspaper's home city."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kg import lexicon
from kg.page.decode import half_width

HEAD_LINES, FOOT_LINES, LONGEST = 16, 4, 60
DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0}
DATE = re.compile(r"((?:19|20)\d\d)\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})(?:\s*日|(?!\d))")
HAN_DATE = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
NUMBER = (
    re.compile(r"第\s*([0-9]{1,3}|[A-Z]\s?\d{1,2}|[一二三四五六七八九十]{1,3})\s*版"),
    re.compile(r"^\s*([A-Z]{0,2}\d{1,2})\s*版?(?=\s|$|[·|丨/:])"),
    re.compile(r"(?:^|[\s|丨/·])([A-Z]{1,2}\d{1,2}|0\d)\s*版?\s*$"),
    re.compile(r"^\s*(?<![今共])([0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*版(?=\s|$|[·|丨/:])"),
)


class Masthead(NamedTuple):
    """Each "" where it is not printed. `issued` is an ISO date."""

    newspaper: str = ""
    issued: str = ""
    number: str = ""


def read_masthead(text: str) -> Masthead:
    """What the lines at the head and foot of a page say; the name from the bylines where no masthead prints it."""
    text = half_width(text)
    lines = [line.strip() for line in text.splitlines() if line.strip("\ufeff \t")]
    edge = [line for line in lines[:HEAD_LINES] + lines[HEAD_LINES:][-FOOT_LINES:] if len(line) <= LONGEST]
    name = next(filter(None, map(masthead_name, edge)), "") or byline_name(text)
    issued = next(filter(None, map(printed_date, edge)), "")
    return Masthead(name, issued, next(filter(None, map(page_number, edge)), ""))


def masthead_name(line: str) -> str:
    """The newspaper that a line names and that is all (or, with the date, nearly all) it holds."""
    bare = DATE.sub("", re.sub(r"[\s\u3000\ufeff]", "", line))
    bare = re.sub(r"星期[一二三四五六日天]|[第今总共]\w{1,8}[期版]|^[A-Z]?\d{1,2}版?|[|丨·/]", "", bare)
    return bare if re.fullmatch(name_pattern(), bare) or bare in lexicon.values("newspapers") else ""


@lru_cache(maxsize=1)
def name_pattern() -> str:
    """A newspaper's name: two to six characters and what newspapers' names end with."""
    return rf"[\u4e00-\u9fff]{{2,6}}?{lexicon.pattern('layout', 'paper')}"


@lru_cache(maxsize=1)
def byline_pattern() -> re.Pattern[str]:
    """A newspaper's name where a byline has it: 株洲日报讯, 株洲日报(记者…, 株洲日报全媒体记者."""
    known = lexicon.alternation([*lexicon.terms("newspapers")])
    after = r"(?=讯|消息|[·・丨|][^\s。,]{2,10}(?:讯|记者|[(])|[(][^)()]{0,12}(?:记者|通讯员)|[^\s。,、]{0,6}记者)"
    return re.compile(rf"(?m)(?:^|[\s(。;□■]|[摄图文/])((?:{known}|{name_pattern()})){after}")


def byline_name(text: str) -> str:
    """The newspaper that most bylines name, a city's own before a national one; the first of equals."""
    named = Counter(byline_pattern().findall(text))
    return max(named, key=lambda name: (bool(home_of(name)), named[name]), default="")


def printed_date(line: str) -> str:
    """The date that a line of the masthead prints, as an ISO date."""
    if match := DATE.search(line):
        return iso(*map(int, match.groups()))
    if match := HAN_DATE.search(re.sub(r"\s", "", line)):
        year = int("".join(str(DIGITS[c]) for c in match[1]))
        return iso(year, han_number(match[2]), han_number(match[3]))
    return ""


def han_number(word: str) -> int:
    """十 → 10, 二十三 → 23."""
    tens, _, units = word.rpartition("十")
    ten = (DIGITS.get(tens, 1) * 10) if "十" in word else 0
    return ten + (DIGITS.get(units, 0) if units else 0)


def iso(year: int, month: int, day: int) -> str:
    """An ISO date, "" where there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def page_number(line: str) -> str:
    """The page number that a line of the masthead prints, as printed but without 第 and 版."""
    line = DATE.sub(" ", line)
    return next((m[1].replace(" ", "") for pattern in NUMBER if (m := pattern.search(line))), "")


def home_of(newspaper: str) -> str:
    """The home city of a newspaper (full name): from the lexicon, or by its name (XX日报 of a city XX市)."""
    if home := lexicon.values("newspapers").get(newspaper):
        return home
    city = re.sub(lexicon.pattern("layout", "paper") + "$", "", newspaper)
    return next((c for c in (f"{city}市", city) if city and c in cities()), "")


@lru_cache(maxsize=1)
def cities() -> frozenset[str]:
    """Every city that is the home of a newspaper in the lexicon."""
    return frozenset(lexicon.values("newspapers").values()) - {""}
