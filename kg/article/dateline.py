"""Datelines: the agency or paper, the place and the day that open a report (中新网海南万宁10月14日电).

The place is what the report's own 市, 该县 and 当地 refer to, so it is kept as printed, checked where the agency is
not one that everybody knows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg import lexicon
from kg.article.names import HAN
from kg.gazetteer import gazetteer

OPENING = "□■◎●○▲▶▼△◆◇★☆ "
HEAD = re.compile(
    rf"^[{OPENING}]*据?(?P<agency>[{HAN}·\-—]{{1,14}}?(?:社|网|报|刊|本台|总台|电视台|电台|客户端|新闻|在线|传媒|融媒体?))(?![网报社])"
    rf"[ \t]*(?P<place>[{HAN}]{{2,10}}?(?:、[{HAN}]{{2,10}}?){{0,3}})??[ \t]*"
    r"(?P<day>(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日)?[ \t]*"
    r"(?P<kind>(?:综合)?(?:快讯|讯|专电|电|消息|信息|报道))(?:题?:)?[ \t]*"
)
UNLIKE = re.compile("记者|网|报|部|信息|客户|微信|微博|公众|消息|获悉|[今昨日电讯]")  # what stands in no place's name


class Dateline(NamedTuple):
    """`place` as printed, "" where none or several are; its words end at `end`, what follows begins at `rest`."""

    place: str
    dated: bool
    end: int
    rest: int


def read_dateline(text: str) -> Dateline | None:
    """The dateline that opens a paragraph (in half width), if one does."""
    match = HEAD.match(text)
    if match is None:
        return None
    place = match["place"] or ""
    told = is_wire(match["agency"]) if match["day"] else False
    if place and not (all(map(is_place, place.split("、"))) or (told and not UNLIKE.search(place))):
        return None
    return Dateline("" if "、" in place else place, bool(match["day"]), match.end("kind"), match.end())


def is_wire(agency: str) -> bool:
    """Whether an agency or paper is one that everybody knows, or the paper itself."""
    return agency in lexicon.terms("layout", "wire") or agency in lexicon.terms("newspapers")


@lru_cache(maxsize=4096)
def is_place(words: str) -> bool:
    """Whether words name a division of China, or one in another (海南万宁)."""
    if not words or is_division(words):
        return bool(words)
    return any(is_division(words[:cut]) and is_division(words[cut:]) for cut in range(2, len(words) - 1))


def is_division(name: str) -> bool:
    """Whether a name is that of a division above the towns, in full or short."""
    known = gazetteer()
    return bool(known.named(name) or known.short(name))
