"""What a page says about itself: the newspaper's name, its date, the page number; and the newspaper's home city."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kg import lexicon
from kg.gazetteer import gazetteer
from kg.page.decode import half_width

HEAD_LINES, FOOT_LINES, LONGEST, SHORT = 16, 4, 60, 24
DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0}
DATE = re.compile(r"((?:19|20)\d\d)\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})(?:\s*日|(?!\d))")
HAN_DATE = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
HAN_DIGITS = "〇零○一二三四五六七八九十"
NUMBERS = (
    r"第?\s*[A-Z]{0,2}\d{1,6}\s*[版期]?(?!\w)|[第总今共]日?\s*[0-9一二三四五六七八九十]+\s*[版期]|"
    r"星期[一二三四五六日天]|农历\w{2,12}|[一二三四五六七八九十]版"
)
IMPRINT = re.compile(r"CN\s?\d\d[-—]\d{4}|国内统一(?:连续出版物|刊)|邮发代号|委?机关报$|ISSN|www\.|https?://|@\w+\.")
NUMBER = (
    re.compile(r"第\s*([0-9]{1,3}|[A-Z]\s?\d{1,2}|[一二三四五六七八九十]{1,3})\s*版"),
    re.compile(r"^\s*([A-Z]{0,2}\d{1,2})\s*版?(?=\s|$|[·|丨/:])"),
    re.compile(r"(?:^|[\s|丨/·])([A-Z]{1,2}\d{1,2}|0\d)\s*版?\s*$"),
    re.compile(r"(?:^|\s)([0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*版(?=\s|$|[·|丨/:])"),
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
    edge = [
        line
        for line in lines[:HEAD_LINES] + lines[HEAD_LINES:][-FOOT_LINES:]
        if len(line) <= LONGEST and not re.search("[,。]", line)
    ]
    name = next(filter(None, map(masthead_name, edge)), "") or byline_name(text)
    issued = next(filter(None, map(printed_date, edge)), "")
    return Masthead(name, issued, next(filter(None, map(page_number, edge)), ""))


def masthead_name(line: str) -> str:
    """The newspaper that a line of the masthead names: nothing else is left of it but names of sections, or it begins
    the line and a date follows."""
    bare = re.sub(r"\s", "", line)
    if is_paper(bare) and max(map(len, line.split())) in (1, len(bare)):
        return bare
    words = [word for word in leftover(line) if not word.isascii()]
    if words and is_paper(words[0]) and line.startswith(words[0]) and printed_date(line):
        return words[0]
    papers = [word for word in words if is_paper(word)]
    known = [word for word in line.split() if word in lexicon.values("newspapers") and len(line) <= SHORT]
    rest = [word for word in words if not is_paper(word) and word not in lexicon.terms("layout", "section")]
    return known[0] if known else papers[0] if papers and not rest else ""


def is_paper(word: str) -> bool:
    """Whether a word is a newspaper's name."""
    if word in lexicon.values("newspapers") or re.fullmatch(name_pattern(), word):
        return True
    return word.endswith("报") and gazetteer().home(word.removesuffix("报")) is not None


@lru_cache(maxsize=4096)
def is_furniture(line: str) -> bool:
    """Whether a line (in half width) belongs to the page itself: masthead, date, page number, section, imprint."""
    if len(line) > LONGEST or re.search(r"[。!?][”』」)]*$", line):
        return False
    if IMPRINT.search(line) or not re.search(r"\w", line) or masthead_name(line):
        return True
    return all(is_paper(word) or word in lexicon.terms("layout", "section") for word in leftover(line))


def leftover(line: str) -> list[str]:
    """The words of a line without dates, numbers of pages and issues, and the masthead's own words."""
    line = HAN_DATE.sub(" ", re.sub(rf"(?<=[{HAN_DIGITS}年月])\s+(?=[{HAN_DIGITS}])", "", line))
    line = re.sub(rf"{NUMBERS}|{lexicon.pattern('layout', 'masthead')}", " ", DATE.sub(" ", line))
    return re.findall(r"\w+", line)


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
    known = lexicon.values("newspapers")
    best = max(named, key=lambda name: (bool(home_of(name)), named[name]), default="")
    return next((best[i:] for i in range(len(best)) if best[i:] in known), best)


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
    line = re.sub(r"[今共]日?\s*\d+\s*版", " ", DATE.sub(" ", line))
    return next((m[1].replace(" ", "") for pattern in NUMBER if (m := pattern.search(line))), "")


def home_of(newspaper: str) -> str:
    """The home of a newspaper (full name): from the lexicon, or by its name (XX日报 of the only city or county XX)."""
    if newspaper in (known := lexicon.values("newspapers")):
        return known[newspaper]
    city = re.sub(f"(?:{lexicon.pattern('layout', 'paper')}|报)$", "", newspaper)
    by_name = next((c for c in (f"{city}市", city) if city and c in cities()), "")
    # 南开新闻网 is a university's: a site's name is not built on that of its place.
    home = gazetteer().home(city) if newspaper.endswith("报") else None
    return by_name or (home.name if home is not None else "")


@lru_cache(maxsize=1)
def cities() -> frozenset[str]:
    """Every city that is the home of a newspaper in the lexicon."""
    return frozenset(lexicon.values("newspapers").values()) - {""}
