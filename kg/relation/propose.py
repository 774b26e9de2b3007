"""Relations that may be: pairs that the network finds likely, posts (a person, a title, a body), composed names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from kg.document import Document
from kg.mention.name import Name
from kg.model import Kind, Predicate
from kg.network.layers import ALLOWED, BEARS, LABELS, LAYERS, OF, TITLE
from kg.network.pairs import Candidates
from kg.network.relations import scored_pairs
from kg.relation.short import begun

WORTH = -3.5  # log-odds below which a pair is not worth a proposal
NONE = -8.0  # log-odds of what the network did not see
BODIES = 3  # bodies that are tried for one title
_VILLAGE = re.compile(r"(?:村|居|村民|居民)委(?:员)?会$")
_GOVERNOR = re.compile(r"^(?:常务|代理|代|第一|挂职)*副?(省|市|区|县|州|镇|乡|盟|旗|自治区)(?:长|主席)$")


@dataclass(slots=True, eq=False)
class Proposal:
    """A relation between two names, and how likely the network finds it. For a post `odds` is of person and title,
    `second` of title and body; `reason` says how it came about."""

    subject: Name
    predicate: Predicate
    object: Name
    at: int
    odds: float
    reason: str
    second: float = 0.0
    title: Name | None = None
    seen: dict[str, float] = field(default_factory=dict)  # log-odds of the same pair in other relations


Odds = dict[tuple[int, int], dict[str, float]]  # ids of two names → label → log-odds


def proposals(document: Document, names: Sequence[Name]) -> tuple[list[Proposal], list[Name]]:
    """Every relation worth weighing, and the bodies that only a title names (市长: the city's government)."""
    odds = _odds(document, [name for name in names if not name.part])
    by_id = {id(name): name for name in names}
    found = list(_plain(odds, by_id))
    implied: dict[int, tuple[Name, Name]] = {}
    found += _posts(document, odds, by_id, implied)
    bodies = [name for pair in implied.values() for name in pair]
    known = {(id(p.subject), p.predicate, id(p.object)) for p in found}
    composed = (*_composed([*names, *bodies]), *_begun(document, names))
    found += [p for p in composed if (id(p.subject), p.predicate, id(p.object)) not in known]
    return found, bodies


def _odds(document: Document, spots: Sequence[Name]) -> Odds:
    if len(spots) < 2:
        return {}
    pairs, seen = Candidates(document.text, spots, document.starts).read()
    if not len(pairs):
        return {}
    scores = scored_pairs(document.signals, spots, pairs, seen)
    layers = np.array([LAYERS.index(spot.layer) for spot in spots])
    allowed = ALLOWED[layers[pairs[:, 0]], layers[pairs[:, 1]]]
    labels = list(LABELS)
    found: Odds = defaultdict(dict)
    for row, label in zip(*np.nonzero(allowed & (scores > WORTH)), strict=True):
        a, b = pairs[row]
        found[id(spots[a]), id(spots[b])][labels[label]] = float(scores[row, label])
    return found


def _plain(odds: Odds, by_id: dict[int, Name]) -> Iterator[Proposal]:
    for (a, b), labels in odds.items():
        left, right = by_id[a], by_id[b]
        for label, value in labels.items():
            if label in (BEARS, OF):
                continue
            if label == Predicate.COOPERATES_WITH and left.start > right.start:
                continue
            at = max(left.start, right.start)
            yield Proposal(left, Predicate(label), right, at, value, "network", seen=labels)


def _posts(
    document: Document, odds: Odds, by_id: dict[int, Name], implied: dict[int, tuple[Name, Name]]
) -> Iterator[Proposal]:
    bodies: dict[int, list[tuple[Name, float]]] = defaultdict(list)
    for (a, b), labels in odds.items():
        if OF in labels:
            bodies[a].append((by_id[b], labels[OF]))
    for (a, b), labels in odds.items():
        if BEARS not in labels:
            continue
        person, title = by_id[a], by_id[b]
        at = max(title.start, person.start)
        for body, sure, reason in _bodies(document, title, bodies.get(b, []), implied):
            body, named = _of_village(document.text, body, title)
            yield Proposal(person, Predicate.HOLDS_POST_IN, body, at, labels[BEARS], reason, sure, named)


def _bodies(
    document: Document, title: Name, found: list[tuple[Name, float]], implied: dict[int, tuple[Name, Name]]
) -> list[tuple[Name, float, str]]:
    """The bodies that a title may be one of; a mayor's is printed right before the word, else it is a government."""
    governor = _GOVERNOR.match(document.text[title.start : title.end])
    best = sorted(found, key=lambda body: -body[1])
    if governor is None:
        return [(body, sure, "network") for body, sure in best[:BODIES]]
    beside = [(body, sure) for body, sure in best if title.start <= body.end <= title.start + 1]
    if beside:
        return [(*beside[0], "network")]
    return [(_implied(title, *governor.span(1), implied), 0.0, "title")]


def _implied(title: Name, start: int, end: int, implied: dict[int, tuple[Name, Name]]) -> Name:
    """市长 is one of the city's government, which nothing else need name; start and end of 市 count in the title."""
    if id(title) not in implied:
        at, to, sure = title.start + start, title.start + end, title.confidence
        place = Name(Kind.PLACE, at, to, "title", confidence=sure, relative=True, part=True)
        body = Name(
            Kind.AGENCY, at, to + 1, "title", confidence=sure, core="政府", scope=place, relative=True, part=True
        )
        implied[id(title)] = (place, body)
    return implied[id(title)][1]


def _of_village(text: str, body: Name, title: Name) -> tuple[Name, Name]:
    """永宁村|村委会主任: who heads a village's committee holds a post in the village."""
    place = body.scope
    if place is None or place.relative or body.end != title.start or not _VILLAGE.search(text[body.start : body.end]):
        return body, title
    shared = text[place.end - 1] in "村居" and text[place.end] == "委"  # 永宁村|委会 for 永宁村|村委会
    start = place.end - shared
    return place, Name(TITLE, start, title.end, title.source, title.odds, title.confidence)


def _composed(names: Sequence[Name]) -> Iterator[Proposal]:
    """What a name itself states: 市林业局 serves the city, …支队石峰大队 is part of …支队."""
    for name in names:
        scope, direct = name.scope, True
        while scope is not None:
            predicate = _by_name(name.layer, scope.layer)
            if predicate is not None:
                yield Proposal(name, predicate, scope, name.start, NONE, "name" if direct else "chain")
            if scope.layer == Kind.PLACE:
                break
            scope, direct = scope.scope, False


def _begun(document: Document, names: Sequence[Name]) -> Iterator[Proposal]:
    """What a name states by the short form with which it begins: 洛阳高新区 lies in 洛阳市."""
    for name, place in begun(document.text, names):
        if (predicate := _by_name(name.layer, place.layer)) is not None:
            yield Proposal(name, predicate, place, name.start, NONE, "short")


def _by_name(layer: str, scope: str) -> Predicate | None:
    if layer == Kind.PLACE:
        return Predicate.WITHIN
    if layer == Kind.AGENCY and scope == Kind.PLACE:
        return Predicate.GOVERNS
    if layer == Kind.ENTERPRISE and scope == Kind.PLACE:
        return Predicate.LOCATED_IN
    return Predicate.PART_OF if layer in (Kind.AGENCY, Kind.ENTERPRISE) and scope != Kind.PLACE else None
