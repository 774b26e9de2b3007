"""Bylines inside a line: at its head, after the dateline, and at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg import lexicon
from kg.article.byline import Byline, bare_names, dateline_names, organisation, parse
from kg.article.dateline import OPENING, Dateline, read_dateline
from kg.article.names import HAN

CREDITED = r"[(【](?P<by>[^()【】。“”]{2,80})[)】]"
BRACKET = re.compile(rf"[ \t]*{CREDITED}[ \t]*")
LEDE = re.compile(rf"^[{OPENING}]*[^\s()。,、;:“”《》]{{0,24}}[ \t]{{0,2}}(?:讯|电|消息|报道)?[ \t]*{CREDITED}[ \t]*")
WIRED = re.compile(r"[讯电][ \t]*[(【]")
WIRE = re.compile(r"^据?[^\s()。,、“”]{2,12}?(?:\d{1,2}月\d{1,2}日)?(?:讯|电)\s+")
OWN_WIRE = re.compile(r"^本(?:报|网|台)讯[\s:]*")
OTHER_ROLE = r",(?=[^。,“”]{0,6}(?:记者|通讯员))"  # 记者王强,通讯员李响报道
REPORTS = re.compile(
    rf"^(?P<by>(?:[^。,“”]|{OTHER_ROLE}){{0,40}}?(?:记者|通讯员)(?:[^。,“”]|{OTHER_ROLE}){{2,40}}?)[ \t]*"
    rf"(?:摄影|联合|综合)?报道:?[ \t]*(?=[{HAN}\d“])"
)
UNMARKED = re.compile(r"[^。“”\d《》()]{4,60}")
LAST_ROLE = re.compile(r".*(?:记者|通讯员|实习生)[/: ]*")
LONGEST_NAMES = 16
LONGEST_TAIL, MOST_TAILS = 120, 16  # characters of a byline at the end of a text; bylines that follow each other there
ENDS = re.compile(  # closes an article; the others are the code of an editor and the earlier headline on portals
    r"\((?:[下紧]转|本报?综合|据|完|全文|来源)[^()。]{0,20}\)$|\(?责(?:任编辑|编):[A-Za-z\d_ ]{1,12}\)?$"
    r"|原标题:[^。]{4,60}$"
)
TAIL_BRACKET = re.compile(rf"{CREDITED}。?$")
TAIL_CREDIT = re.compile(r"(?:(?<=[。!?…”’』」;,)])|\s)\s*\(?(?P<by>[^。!?;,“”]{2,48})\)?$")
NOBODY = Byline((), frozenset({"writer"}))


class Cut(NamedTuple):
    """A byline inside a line, and where it stands there: half-open. `place` is that of the dateline before it."""

    byline: Byline
    start: int
    end: int
    place: str = ""


def find_lede(text: str) -> Cut | None:
    """The byline that opens a paragraph: 本报讯(记者 …), 新华社北京10月8日电 (记者…), 本报记者 … 报道."""
    dateline = read_dateline(text)
    cut = (after_dateline(text, dateline) if dateline else None) or in_bracket(text) or reporting(text, dateline)
    if cut is None and (match := OWN_WIRE.match(text) or WIRE.match(text)):
        cut = Cut(NOBODY, 0, match.end())
    return cut._replace(place=dateline.place) if cut and dateline else cut


def after_dateline(text: str, dateline: Dateline) -> Cut | None:
    """The names after a dateline: in brackets, or between it and the first words of the report.

    With a role (记者) dateline and names are one byline; where names stand alone, only they are cut out.
    """
    match = BRACKET.match(text, dateline.rest)
    if match is None:
        return unmarked(text, dateline.rest)
    if byline := parse(match["by"], dated=dateline.dated):
        return None if byline.editors_only else Cut(byline, 0, match.end())
    names = dateline_names(match["by"]) if dateline.dated else None
    return Cut(names, dateline.end, match.end()) if names else None


def in_bracket(text: str) -> Cut | None:
    """The byline in brackets that opens a paragraph, whatever paper is named before it."""
    match = LEDE.match(text)
    byline = parse(match["by"], dated=WIRED.search(match[0]) is not None) if match else None
    return Cut(byline, 0, match.end()) if match and byline and not byline.editors_only else None


def reporting(text: str, dateline: Dateline | None) -> Cut | None:
    """本报记者 王强 通讯员 李响 报道, at the head of a paragraph or after a dateline."""
    own = OWN_WIRE.match(text)
    start = dateline.rest if dateline else own.end() if own else 0
    match = REPORTS.match(text[start:])
    byline = parse(match["by"]) if match else None
    return Cut(byline, 0, start + match.end()) if match and byline and byline.names else None


def unmarked(text: str, start: int) -> Cut | None:
    """Reporters without brackets between a dateline and the report: 本报讯记者王强通讯员李响近日,…"""
    head = UNMARKED.match(text, start)
    role = LAST_ROLE.match(head[0]) if head else None
    if head is None or role is None:
        return None
    for end in range(start + role.end() + 2, min(start + role.end() + LONGEST_NAMES, head.end()) + 1):
        byline = parse(text[start:end]) if opens_report(text[end:]) else None
        if byline and byline.names:
            return Cut(byline, 0, end)
    return None


def opens_report(text: str) -> bool:
    """Whether a text begins as a report does after its reporters' names."""
    return re.match(rf"[ \t]*(?:[\d“《]|{report_starts()})", text) is not None


@lru_cache(maxsize=1)
def report_starts() -> str:
    """The words that can open a report."""
    return lexicon.alternation(lexicon.terms("layout", "lede-start") | lexicon.terms("layout", "prose-start"))


def find_tail(text: str) -> Cut | None:
    """The bylines that close a paragraph or a caption, one after another: (记者 张三)(完), 张三 摄, 受访单位供图."""
    found: list[Cut] = []
    while len(found) < MOST_TAILS and (last := last_tail(text[: found[-1].start].rstrip() if found else text)):
        found.append(last)
    if not found:
        return None
    names = dict.fromkeys(name for cut in reversed(found) for name in cut.byline.names)
    roles = frozenset[str]().union(*(cut.byline.roles for cut in found))
    return Cut(Byline(tuple(names), roles), found[-1].start, len(text))


def tail_credits(text: str) -> Iterator[re.Match[str]]:
    """Every stretch at the end of a text that may be a credit, the longest first."""
    start = max(0, len(text) - LONGEST_TAIL)
    while match := TAIL_CREDIT.search(text, start):
        yield match
        start = match.start() + 1


def last_tail(text: str) -> Cut | None:
    """The last byline of a paragraph's end."""
    near = max(0, len(text) - LONGEST_TAIL)
    if (ends := ENDS.search(text, near)) and ends.start() > 0:
        return Cut(Byline((), frozenset()), ends.start(), len(text))
    bracket = TAIL_BRACKET.search(text, near)
    ended = bracket is not None and text[: bracket.start()].rstrip().endswith(tuple("。!?…”’"))
    if bracket and (byline := parse(bracket["by"]) or (bare_names(bracket["by"]) if ended else None)):
        return Cut(byline, bracket.start(), len(text))
    for match in tail_credits(text):
        parsed = parse(match["by"])
        byline = parsed if parsed and parsed.names else organisation(match["by"])
        if byline and match.start() > 0:
            return Cut(byline, match.start(), len(text))
    return None
