"""What has been found on a sheet so far, by where it ends, for rules that build a longer name on a shorter one."""

from __future__ import annotations

import re

from kg.lexicon import terms
from kg.model import Kind
from kg.tag.sheet import Found, Sheet, ending

RELATIVE = frozenset("省市区县州镇乡村")
HAN = re.compile(r"[\u4e00-\u9fff]+")
_NAME_TAGS = frozenset(
    {"n", "nz", "nt", "ns", "LOC", "ORG", "nr", "PER", "vn", "nw", "s", "f", "j", "b", "an", "a", "m"}
)
_LONGEST = 22
_ENDS_BEFORE_AND = re.compile(r"[局委院办厅部会队心区市县镇司团厂校]和")


class Ledger:
    """Names of one sheet; `places` first, then bodies as they are found from left to right."""

    def __init__(self, sheet: Sheet, places: list[Found]) -> None:
        self.sheet, self.norm, self.places = sheet, sheet.norm, places
        self.by_end: dict[int, Found] = {}
        for place in sorted(places, key=lambda p: p.relative):
            self.by_end.setdefault(place.end, place)
        self.bodies: list[Found] = []
        self.relative: dict[int, Found] = {}

    def add(self, found: Found) -> None:
        """Take a body in; what lies inside it and is no part of its composition was half a name."""
        chain = {id(link) for link in composition(found)}
        self.bodies = [f for f in self.bodies if id(f) in chain or not found.span.covers(f.span)]
        self.bodies.append(found)
        self.by_end[found.end] = found

    def scope_at(self, end: int) -> Found | None:
        """What ends at `end` and can complete a body's name: a place, a body, or a bare level word (市 in 市委)."""
        known = self.by_end.get(end)
        if known is not None and known.kind in (Kind.PLACE, Kind.AGENCY) and self.norm[known.start] != "全":
            return known
        return self.relative_at(end)

    def relative_at(self, end: int) -> Found | None:
        """The bare level word that ends at `end`, where a name may begin with it."""
        if end < 1 or self.norm[end - 1] not in RELATIVE or not self.begins(end - 1):
            return None
        if len(ending(self.norm, end, terms("place_suffixes"), 8)) > 2:
            return None  # 示范区|执委会, 开发区|管委会: the zone that is meant is not the district
        if end - 1 not in self.relative:
            self.relative[end - 1] = Found(Kind.PLACE, end - 1, end, "place.relative.prefix", relative=True)
        return self.relative[end - 1]

    def begins(self, at: int) -> bool:
        """A name may begin here: after a sign, a blank or a body, or at the start of a word that no place covers."""
        if (
            at == 0
            or not HAN.match(self.norm[at - 1])
            or (at in self.by_end and self.by_end[at].kind is not Kind.PLACE)
        ):
            return True
        before = self.by_end.get(at - 1)
        listed = self.norm[at - 1] in "、和与及" and before is not None and before.kind is Kind.AGENCY
        if self.norm[at - 2 : at] in terms("joining_verbs") or listed:
            return True
        if at not in self.sheet.word_starts or self.norm[at - 1] in RELATIVE or self.norm[at - 1] in "个各每全":
            return False
        ends = (end for end in range(at + 1, at + 6) if end in self.by_end)
        return not any(self.by_end[end].start < at or end == at + 1 for end in ends)

    def left(self, end: int, *, loose: bool = False) -> int:
        """Where the noun words before `end` begin: at a name, or at a word that can be no part of one.

        `loose` lets verbs and adverbs through, for names such as 全面深化改革|领导小组.
        """
        floor = max(self.sheet.sentence_at(max(end - 1, 0)).start, end - _LONGEST)
        start = end
        while start > floor and start not in self.by_end:
            word = self.sheet.word_at(start - 1)
            begin = max(word.start, floor)
            begin = max([begin, *(at for at in range(begin + 1, start) if at in self.by_end)])
            text = self.norm[begin:start]
            joint = max(text.rfind("与"), text.rfind("和") if _ENDS_BEFORE_AND.search(text) else -1)
            if joint >= 0:
                return begin + joint + 1
            if text in ("和", "与") and self._joins_one_name(begin):
                start = begin
                continue
            if not _part_of_name(word.tag, text) and not (loose and _loosely(word.tag, text)):
                break
            start = begin
        return start

    def _joins_one_name(self, at: int) -> bool:
        """文化|和|广电旅游体育局: a joint inside a name, close behind the place that completes it."""
        if self.norm[at - 1] in "局委院办厅部会队心区市县镇司团厂校":
            return False
        if self.sheet.word_at(at - 1).tag in ("PER", "nr"):
            return False
        ends = (end for end in range(at - 5, at - 1) if HAN.fullmatch(self.norm, end, at))
        return any(end in self.by_end or self.relative_at(end) is not None for end in ends)

    def trim(self, start: int, end: int) -> int:
        """Leave out leading words that introduce a name and are no part of it."""
        while start < end:
            word = self.sheet.word_at(start)
            text = self.norm[start : word.end]
            if word.end > end or (
                text not in terms("body_intro") and not (word.tag in "rmf" and text not in terms("body_words"))
            ):
                break
            start = word.end
        return min(start, end)

    def tagged(self, start: int, end: int) -> bool:
        """Whether the tagger sees an organisation at either end of the name."""
        return any(self.sheet.word_at(at).tag in ("ORG", "nt") for at in (start, end - 1))

    def last_body(self, before: int, endings: tuple[str, ...]) -> Found | None:
        """The nearest earlier body of the article whose name has one of these endings."""
        earlier = [b for b in self.bodies if b.end <= before and self.norm[b.start : b.end].endswith(endings)]
        return max(earlier, key=lambda body: body.end) if earlier else None

    def party_committee(self, before: int) -> Found | None:
        """The 县委 or 市委 that the sentence named last."""
        floor = self.sheet.sentence_at(before).start
        near = [body for body in self.bodies if floor <= body.start and body.end <= before and body.core == "委"]
        return max(near, key=lambda body: body.end) if near else None

    def last_village(self, before: int) -> Found | None:
        """The village or community that the sentence named last: a bare 村委会 or 居委会 is its own."""
        floor = self.sheet.sentence_at(before).start
        near = [p for p in self.places if floor <= p.start and p.end <= before and self.norm[p.end - 1] in "村区"]
        return near[-1] if near and self.norm[near[-1].start : near[-1].end].endswith(("村", "社区")) else None

    def last_zone(self, before: int) -> Found | None:
        """The nearest earlier zone of the article: a bare 管委会 or 党工委 is its own."""
        zones = [p for p in self.places if p.end <= before and p.rule in ("place.zone", "place.suffix.zone")]
        return zones[-1] if zones else None

    def last_place(self, before: int, *, article: bool = False) -> Found | None:
        """The nearest earlier division or zone, of the same sentence (or article), that can have bureaus."""
        floor = 0 if article else self.sheet.sentence_at(before).start
        for place in reversed(self.places):
            if floor <= place.start and place.end <= before and _has_bureaus(place) and self.norm[place.start] != "全":
                return place
        return None


def composition(found: Found) -> list[Found]:
    """The name and all that it stands on."""
    chain = [found]
    while chain[-1].scope is not None:
        chain.append(chain[-1].scope)
    return chain


def _part_of_name(tag: str, text: str) -> bool:
    if text in terms("body_words"):
        return text not in ("和", "与")
    return tag in _NAME_TAGS and bool(HAN.fullmatch(text)) and text not in terms("body_intro")


def _loosely(tag: str, text: str) -> bool:
    return tag in ("v", "ad", "d", "an") and bool(HAN.fullmatch(text)) and text not in terms("body_intro")


def _has_bureaus(place: Found) -> bool:
    return place.rule in ("place.division", "place.zone", "place.suffix.zone", "place.suffix.town") or (
        place.relative and not place.rule.endswith("prefix")
    )
