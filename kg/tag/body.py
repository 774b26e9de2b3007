"""Agencies and enterprises: composed of place + organ + unit, nested (市 | 市场监管局 | 执法大队).

A body is read from its end: an ending of the lexicon, then to the left either what completes it (a place, a relative
place such as 市's in 市委, another agency) or the noun words of its own name.
"""

from __future__ import annotations

import re

from kg.lexicon import pattern, terms, values
from kg.model import Kind
from kg.tag.sheet import Found, Sheet, ending

RELATIVE = frozenset("省市区县州镇乡村")
_NAME_TAGS = frozenset({"n", "nz", "nt", "ns", "LOC", "ORG", "nr", "PER", "vn", "nw", "s", "f", "j", "b", "an", "a", "m"})
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST = 22
_ENDS_BEFORE_AND = re.compile(r"[局委院办厅部会队心区市县镇]和")


def _chain(found: Found) -> list[Found]:
    """The name and all that it stands on."""
    chain = [found]
    while chain[-1].scope is not None:
        chain.append(chain[-1].scope)
    return chain


class Bodies:
    """The agencies and enterprises of one sheet, found from left to right so that a longer one can stand on a shorter."""

    def __init__(self, sheet: Sheet, places: list[Found]) -> None:
        self.sheet, self.norm = sheet, sheet.norm
        self.by_end: dict[int, Found] = {place.end: place for place in places}
        self.place_at = {place.end: place for place in places if not place.relative}
        self.places = places
        self.found: list[Found] = []
        self.relative: dict[int, Found] = {}

    def read(self) -> list[Found]:
        """Every body and every relative place that completes one, in the order of the text."""
        for match in re.finditer(_end_class(), self.norm):
            if found := self._national(match.end()) or self._agency(match.end()) or self._enterprise(match.end()):
                self._add(found)
        for word in self.sheet.words:
            if word.tag in ("ORG", "nt") and not any(f.start < word.end and word.start < f.end for f in self.found):
                if found := self._tagged(word.start, word.end):
                    self._add(found)
        self._known_enterprises()
        return sorted([*self.found, *self.relative.values()], key=lambda name: (name.start, name.end))

    def _add(self, found: Found) -> None:
        """Take a name in; what lies inside it and is no part of its composition was half a name."""
        chain = set(_chain(found))
        self.found = [f for f in self.found if f in chain or not found.span.covers(f.span)]
        self.found.append(found)
        self.by_end[found.end] = found

    # -- agencies ---------------------------------------------------------------------------------------------------

    def _national(self, end: int) -> Found | None:
        name = ending(self.norm, end, terms("national_bodies"), 14)
        if not name or not self._stands_alone(end - len(name), end):
            return None
        return Found(Kind.AGENCY, end - len(name), end, "agency.national")

    def _agency(self, end: int) -> Found | None:
        organ = ending(self.norm, end, terms("organs"), 14)
        suffix = ending(self.norm, end, terms("agency_suffixes"), 10)
        longest = max(organ, suffix, key=len)
        if not longest or not self._ends(end, longest):
            return None
        if len(longest) <= len(ending(self.norm, end, terms("agency_stops"), 4)):
            return None
        if len(longest) < len(ending(self.norm, end, terms("enterprise_suffixes", "strong"), 8)):
            return None
        if organ and len(organ) >= len(suffix) and (found := self._after_scope(end - len(organ), end, "agency.organ")):
            return found
        strong = bool(suffix) and (values("agency_suffixes")[suffix] == "strong")
        start = self._left(end - len(suffix or organ))
        return self._composed(start, end, suffix or organ, strong) or self._bare_organ(end, organ)

    def _ends(self, end: int, term: str) -> bool:
        """The ending must end a word, or be followed by what follows a body: a title (局|长), a unit, a list."""
        if end in self.sheet.word_ends:
            return True
        if re.compile(rf"长|副|{pattern('posts')}|{pattern('agency_suffixes')}").match(self.norm, end):
            return len(term) > 1 or self.norm[end] != "员"
        return len(term) > 2 or self.sheet.word_at(end).tag in ("ORG", "nt")

    def _after_scope(self, start: int, end: int, rule: str) -> Found | None:
        scope = self._scope_at(start)
        if scope is None or (scope.kind is Kind.AGENCY and self.norm[start:end] in terms("organs_top")):
            return None
        return Found(Kind.AGENCY, scope.start, end, rule, core=self.sheet.text[start:end], scope=scope)

    def _scope_at(self, end: int) -> Found | None:
        """What ends at `end` and can complete a body's name."""
        known = self.by_end.get(end)
        if known is not None and known.kind in (Kind.PLACE, Kind.AGENCY) and self.norm[known.start] != "全":
            return known
        return self._relative_at(end)

    def _relative_at(self, end: int) -> Found | None:
        """市 in 市委, 区 in 区人社局: a bare level word at the beginning of a name."""
        if end < 1 or self.norm[end - 1] not in RELATIVE or not self._begins(end - 1):
            return None
        if end - 1 not in self.relative:
            self.relative[end - 1] = Found(Kind.PLACE, end - 1, end, "place.relative.prefix", relative=True)
        return self.relative[end - 1]

    def _begins(self, at: int) -> bool:
        """A name may begin here: after a sign, a blank, another name, or at the start of a word no place covers."""
        if at == 0 or not _HAN.match(self.norm[at - 1]) or (at in self.by_end and self.by_end[at].kind is not Kind.PLACE):
            return True
        if at not in self.sheet.word_starts or self.norm[at - 1] in RELATIVE or self.norm[at - 1] in "个各每全":
            return False
        return not any(at + 1 == place_end or self.by_end[place_end].start < at < place_end for place_end in range(at + 1, at + 5) if place_end in self.by_end)

    def _left(self, end: int) -> int:
        """Where the noun words before `end` begin: at a place, an agency, a relative place or a word that is no noun."""
        floor = max(self.sheet.sentence_at(max(end - 1, 0)).start, end - _LONGEST)
        start = end
        while start > floor and start not in self.by_end:
            word = self.sheet.word_at(start - 1)
            begin = max(word.start, floor)
            inner = [at for at in range(begin + 1, start) if at in self.by_end]
            begin = max([begin, *inner])
            text = self.norm[begin:start]
            joint = max(text.rfind("与"), text.rfind("和") if _ENDS_BEFORE_AND.search(text) else -1)
            if joint >= 0:
                return begin + joint + 1
            if not self._may_hold(word.tag, text):
                break
            start = begin
        return start

    def _may_hold(self, tag: str, text: str) -> bool:
        if text in terms("body_words") and text not in "和与":
            return True
        if tag not in _NAME_TAGS or not _HAN.fullmatch(text) or text in terms("body_stops"):
            return False
        return True

    def _composed(self, start: int, end: int, suffix: str, strong: bool) -> Found | None:
        """Noun words + ending, completed by what stands before them."""
        start = self._trim(start, end - len(suffix))
        if start + 1 in self.by_end and start not in self.by_end and self.norm[start] in RELATIVE:
            start += 1
        scope = self._scope_at(start)
        if scope is None and self.norm[start] in RELATIVE and start < end - len(suffix) and (scope := self._relative_at(start + 1)):
            start += 1
        core = self.norm[start : end - len(suffix)]
        bureau = suffix[-1] in "局厅"
        tagged = any(self.sheet.word_at(i).tag in ("ORG", "nt") for i in (start, end - 1))
        if not (strong or tagged or suffix in terms("organs")) or (core in terms("body_stops") and not bureau):
            return None
        if scope is not None and (core or (strong and suffix not in terms("body_generic")) or scope.kind is Kind.AGENCY and strong):
            return Found(Kind.AGENCY, scope.start, end, "agency.composed", core=self.sheet.text[start:end], scope=scope)
        if scope is not None or len(core) < 2:
            return None
        if bureau and (place := self._last_place(start)):
            return Found(Kind.AGENCY, start, end, "agency.bare.bureau", core=self.sheet.text[start:end], scope=place)
        return Found(Kind.AGENCY, start, end, "agency.named" if strong else "agency.tagged")

    def _trim(self, start: int, end: int) -> int:
        """Leave out leading words that introduce a body and are no part of its name."""
        while start < end:
            word = self.sheet.word_at(start)
            text = self.norm[start : word.end]
            if text in terms("body_stops") or word.tag in ("m", "a", "f", "r") and text not in terms("body_words"):
                start = word.end
            else:
                break
        return min(start, end)

    def _bare_organ(self, end: int, organ: str) -> Found | None:
        """河长办, 人社局 without a place: completed by the last division named before it."""
        start = end - len(organ)
        if len(organ) < 3 or not self._begins(start) or organ in terms("body_generic"):
            return None
        scope = self._last_place(start)
        return Found(Kind.AGENCY, start, end, "agency.bare", core=self.sheet.text[start:end], scope=scope) if scope else None

    def _last_place(self, before: int) -> Found | None:
        """The nearest earlier place of the same sentence that can have bureaus (a division or a zone)."""
        floor = self.sheet.sentence_at(before).start
        able = [p for p in self.places if floor <= p.start < before and (p.relative or "division" in p.rule or "zone" in p.rule)]
        return able[-1] if able else None

    # -- enterprises ------------------------------------------------------------------------------------------------

    def _enterprise(self, end: int) -> Found | None:
        suffix = ending(self.norm, end, terms("enterprise_suffixes"), 8)
        if not suffix or end not in self.sheet.word_ends and len(suffix) < 3:
            return None
        strong = values("enterprise_suffixes")[suffix] == "strong"
        word = self.sheet.word_at(end - 1)
        if not strong and word.tag not in ("ORG", "nt"):
            return None
        start = self._trim(self._left(end - len(suffix)), end - len(suffix))
        return self._firm(start, end, suffix, strong)

    def _firm(self, start: int, end: int, suffix: str, strong: bool) -> Found | None:
        scope = self.by_end.get(start)
        own = self.norm[start : end - len(suffix)]
        if scope is not None and scope.kind is not Kind.PERSON and not scope.relative and (own or len(suffix) > 2):
            return Found(Kind.ENTERPRISE, scope.start, end, "enterprise.placed", core="", scope=None)
        if len(own) < 2 or own in terms("body_stops"):
            return None
        return Found(Kind.ENTERPRISE, start, end, "enterprise.suffix" if strong else "enterprise.tagged")

    def _tagged(self, start: int, end: int) -> Found | None:
        """An organisation by the tagger that no ending explains: a firm where a list or a cue says so."""
        name = self.norm[start:end]
        if not _HAN.match(name) or len(name) < 3 or name in terms("body_stops"):
            return None
        if re.match(r"(?:[、和][^,。;]{2,30}){0,12}等?(?:\d+|[一二三四五六七八九十百多余数几]+)?(?:余|多)?(?:家|户|个)?[^,。;]{0,8}(?:企业|公司|厂商|商户|品牌)", self.norm[end : end + 120]):
            return Found(Kind.ENTERPRISE, start, end, "enterprise.listed")
        return None

    def _known_enterprises(self) -> None:
        """A well-known firm by its name, with what it adds to it (中车|电机)."""
        for match in re.finditer(pattern("enterprises"), self.norm):
            end = match.end()
            more = re.compile(pattern("enterprise_suffixes")).match(self.norm, end)
            end = more.end() if more else end
            if not any(f.start < end and match.start() < f.end for f in self.found) and match.start() in self.sheet.word_starts:
                if end in self.sheet.word_ends:
                    self.found.append(Found(Kind.ENTERPRISE, match.start(), end, "enterprise.known"))

    def _stands_alone(self, start: int, end: int) -> bool:
        return start in self.sheet.word_starts and (end in self.sheet.word_ends or self.sheet.word_at(end).tag in ("ORG", "nt"))


def _end_class() -> str:
    ends = {t[-1] for table in ("organs", "agency_suffixes", "enterprise_suffixes", "national_bodies") for t in terms(table)}
    return "[" + "".join(sorted(map(re.escape, ends))) + "]"
