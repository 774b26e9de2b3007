"""Where things are, by the words of a sentence: 落户, 在…举行, 包含甲路、乙路."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import terms
from kg.model import Kind, Predicate
from kg.relate.cues import objects_of
from kg.relate.sentence import Cue, Sentence
from kg.relate.stated import Stated
from kg.tag.sheet import Found, chain_start

_PLACE = frozenset({Kind.PLACE})
_LOCATED = frozenset({Kind.PROGRAM, Kind.ENTERPRISE, Kind.AGENCY})
_BRANCH = re.compile(
    r"[\u4e00-\u9fff]{0,3}(?:设立|开设|新设|成立|设有|注册|开出|开)[^,。]{0,8}?(?:公司|分部|门店|店|办事处|工厂|基地|中心)"
)
_CONTAINS = re.compile(r"(?:[\u4e00-\u9fff]{0,6})(?:包含|包括|涵盖|下辖|辖|含)")


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
    yield from _staged(sentence, cue)
    if not things:
        return
    behind = [p for p in sentence.after(cue.end, sentence.span.end, _PLACE) if p.start - cue.end <= 2]
    if cue.text in terms("settling_cues") and behind:
        places = sentence.after(cue.end, sentence.span.end, _PLACE)
        yield Stated(things[-1], Predicate.LOCATED_IN, _smallest(places), cue.start, "cue.located-in", status=status)
        return
    held = [
        p
        for p in sentence.before(cue.start, sentence.span.start, _PLACE)
        if _in(sentence, p) and cue.start - p.end <= 8
    ]
    thing = things[-1]
    if not held or thing.end > held[-1].start or thing.kind is Kind.AGENCY:
        return
    if not re.search("[,;]", sentence.text(thing.end, chain_start(held[-1]))):
        yield Stated(thing, Predicate.LOCATED_IN, held[-1], cue.start, "cue.held-in", status=status)


def _staged(sentence: Sentence, cue: Cue) -> Iterator[Stated]:
    """甲在 Z 举办 P: the program behind the verb is held in the place before it."""
    scene = [
        p for p in sentence.before(cue.start, sentence.span.start, _PLACE) if p.end == cue.start and _in(sentence, p)
    ]
    events = objects_of(sentence, cue, frozenset({Kind.PROGRAM})) if scene and "runs" in cue.predicates else []
    for event in events[:1]:
        yield Stated(
            event, Predicate.LOCATED_IN, scene[-1], cue.start, "cue.staged-in", status=sentence.status(cue.start)
        )


def _in(sentence: Sentence, place: Found) -> bool:
    start = chain_start(place)
    return sentence.text(start - 1, start) == "在"


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
        if places and places[0].start == firm.end + 1 and not _BRANCH.match(sentence.sheet.norm, _smallest(places).end):
            yield Stated(firm, Predicate.LOCATED_IN, _smallest(places), firm.start, "adjacent.firm-in")


def _contained(sentence: Sentence) -> Iterator[Stated]:
    """Z…包含甲路、乙路、丙路."""
    places = [name for name in sentence.names if name.kind is Kind.PLACE]
    for whole in places:
        match = _CONTAINS.match(sentence.sheet.norm, whole.end)
        parts = [p for p in places if match and p.start == match.end()]
        for part in sentence.run_on(parts[0], places) if parts else []:
            yield Stated(part, Predicate.WITHIN, whole, part.start, "cue.contains")
