"""Where things are: 落户, 在…举行, 包含甲路、乙路; and divisions of the gazetteer that a sentence names together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import terms
from kg.model import Kind, Predicate
from kg.relate.sentence import Cue, Sentence
from kg.relate.stated import Stated
from kg.tag.ground import Ground
from kg.tag.read import Tagged
from kg.tag.sheet import Found, Sheet

_PLACE = frozenset({Kind.PLACE})
_LOCATED = frozenset({Kind.PROGRAM, Kind.ENTERPRISE, Kind.AGENCY})
_CONTAINS = re.compile(r"(?:[\u4e00-\u9fff]{0,6})(?:包含|包括|涵盖|下辖|辖|含)")
_HOLDS = re.compile(r"在$")


def located(sentence: Sentence) -> Iterator[Stated]:
    """locatedIn and within that the words of one sentence state."""
    for cue in sentence.cues:
        if "locatedIn" in cue.predicates:
            yield from _at(sentence, cue)
    yield from _firm_in(sentence)
    yield from _contained(sentence)


def _at(sentence: Sentence, cue: Cue) -> Iterator[Stated]:
    """P 在 Z 举行; E 落户/位于 Z."""
    status = sentence.status(cue.start)
    things = sentence.before(cue.start, sentence.span.start, _LOCATED)
    if not things:
        return
    behind = [p for p in sentence.after(cue.end, sentence.span.end, _PLACE) if p.start - cue.end <= 2]
    if cue.text in terms("settling_cues") and behind:
        places = sentence.after(cue.end, sentence.span.end, _PLACE)
        yield Stated(things[-1], Predicate.LOCATED_IN, _smallest(places), cue.start, "cue.located-in", status=status)
        return
    held = [p for p in sentence.before(cue.start, sentence.span.start, _PLACE) if _in(sentence, p) and cue.start - p.end <= 8]
    if held and things[-1].end <= held[-1].start and things[-1].kind is not Kind.AGENCY:
        if not re.search("[,;]", sentence.text(things[-1].end, _head(sentence, held[-1]).start)):
            yield Stated(things[-1], Predicate.LOCATED_IN, held[-1], cue.start, "cue.held-in", status=status)


def _in(sentence: Sentence, place: Found) -> bool:
    return sentence.text(_head(sentence, place).start - 1, _head(sentence, place).start) == "在"


def _head(sentence: Sentence, place: Found) -> Found:
    """The largest link of the chain that ends in `place`."""
    while place.scope is not None and place.scope.end == place.start and place.scope.start >= sentence.span.start:
        place = place.scope
    return place


def _smallest(places: list[Found]) -> Found:
    chain = places[:1]
    for place in places[1:]:
        if place.start != chain[-1].end:
            break
        chain.append(place)
    return chain[-1]


def _firm_in(sentence: Sentence) -> Iterator[Stated]:
    """E在Z…: a firm that does something in a place is there."""
    for firm in sentence.names:
        if firm.kind is not Kind.ENTERPRISE or sentence.text(firm.end, firm.end + 1) != "在":
            continue
        places = [p for p in sentence.names if p.kind is Kind.PLACE and p.start >= firm.end + 1]
        if places and places[0].start == firm.end + 1:
            yield Stated(firm, Predicate.LOCATED_IN, _smallest(places), firm.start, "adjacent.firm-in")


def _contained(sentence: Sentence) -> Iterator[Stated]:
    """Z…包含甲路、乙路、丙路."""
    places = [name for name in sentence.names if name.kind is Kind.PLACE]
    for whole in places:
        match = _CONTAINS.match(sentence.sheet.norm, whole.end)
        parts = [p for p in places if match and p.start == match.end()]
        for part in sentence.run_on(parts[0], places) if parts else []:
            yield Stated(part, Predicate.WITHIN, whole, part.start, "cue.contains")


def together_in_gazetteer(tagged: Tagged, ground: Ground) -> Iterator[Stated]:
    """A division that lies in another one which the same sentence names; unknown members of a list go with the known."""
    sheet = tagged.sheet
    by_sentence: dict[int, list[Found]] = {}
    for name in tagged.names:
        if name.kind is Kind.PLACE and not name.relative:
            by_sentence.setdefault(sheet.sentence_number(name.start), []).append(name)
    for places in by_sentence.values():
        yield from _pairs(sheet, places, ground)


def _pairs(sheet: Sheet, places: list[Found], ground: Ground) -> Iterator[Stated]:
    known = {id(p): ground.full(text) or ground.short(text) for p in places if (text := sheet.norm[p.start : p.end])}
    homes: dict[int, Found] = {}
    for inner in places:
        division = known[id(inner)]
        holders = [o for o in places if division and (big := known[id(o)]) and ground.within(division, big) and big.level > 1]
        if division is not None and holders and division.level > 2:
            holder = max(holders, key=lambda o: (known[id(o)].level if known[id(o)] else 0, -abs(o.start - inner.start)))  # type: ignore[union-attr]
            homes[id(inner)] = holder
            if inner.scope is None:
                yield Stated(inner, Predicate.WITHIN, holder, inner.start, "gazetteer.same-sentence")
    yield from _siblings(sheet, places, known, homes)


def _siblings(sheet: Sheet, places: list[Found], known: dict[int, object], homes: dict[int, Found]) -> Iterator[Stated]:
    for run in _runs(sheet, places):
        holders = {id(homes[id(p)]): homes[id(p)] for p in run if id(p) in homes}
        if len({sheet.norm[h.start : h.end] for h in holders.values()}) != 1:
            continue
        holder = next(iter(holders.values()))
        for place in run:
            if known[id(place)] is None and place.scope is None and place is not holder and id(place) not in homes:
                yield Stated(place, Predicate.WITHIN, holder, place.start, "gazetteer.same-list")


def _runs(sheet: Sheet, places: list[Found]) -> Iterator[list[Found]]:
    """Places that stand in one list, by 、 and 和 (a body between them does not part the list)."""
    run: list[Found] = []
    for place in places:
        between = sheet.norm[run[-1].end : place.start] if run else ""
        if run and not re.fullmatch(r"(?:[\u4e00-\u9fff]{0,4}、(?:[\u4e00-\u9fff]{2,8}、)?|和|及|与|以及)", between):
            yield run
            run = []
        run.append(place)
    if run:
        yield run
