"""What is known of a fact once its article is gathered: its claims, its rivals, what its two things are."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from kg.gazetteer import holders
from kg.judge.gathered import Fact, Gathered, Thing
from kg.judge.things import KINDS, log_odds, top
from kg.mention.rivals import Rivals
from kg.model import Kind, Predicate
from kg.network.read import Floats
from kg.relation.short import LIES

REASONS = ("name", "chain", "network", "title", "short")
WAYS = 10  # things through which a fact may follow from two others
FEATURES = (
    "surest", "second", "third", "sum", "claims", "log-odds of the surest", "chance of the subject",
    "chance of the object", "surest mention of the subject", "surest mention of the object", "mentions of the subject",
    "mentions of the object", "subject begins with the object", "object begins with the subject", "object in subject",
    "subject begins with a short form", "subject in object", "length of the subject", "length of the object",
    "subject inferred", "object inferred", "another object", "other objects", "another subject", "other subjects",
    "another relation", "turned round",
    *(f"by {reason}" for reason in REASONS), "divisions", "level of the subject", "level of the object",
    "subject composed with a place", "follows from others", "things", "subject in the heading", "object in the heading",
    "another by its name", "object completes the subject", "by words for a place alone", "articles",
    *(f"is {p}" for p in Predicate), *(f"subject is {k}" for k in Kind), *(f"object is {k}" for k in Kind),
)  # fmt: skip
_FOLLOWS = (Predicate.WITHIN, Predicate.PART_OF, Predicate.GOVERNS, Predicate.LOCATED_IN)
_PREDICATES = {one: [one is p for p in Predicate] for one in Predicate}
Ends = tuple[int, int]


def features(page: Gathered) -> Floats:
    """(facts, FEATURES)."""
    if not page.facts:
        return np.zeros((0, len(FEATURES)), np.float32)
    around = _Around(page)
    return np.array([around.of(fact) for fact in page.facts], dtype=np.float32)


class _End(NamedTuple):
    """What a fact says of one of its things, whichever fact it is."""

    mentions: float
    length: float
    in_heading: bool
    kinds: list[bool]


class _Around:
    def __init__(self, page: Gathered) -> None:
        self.page = page
        self.scopes = {mention.id: mention.scope for mention in page.reading.mentions}
        self.relative = {mention.id for mention in page.reading.mentions if mention.relative}
        self.best: dict[tuple[int, Predicate, int], float] = defaultdict(float)
        self.pairs: dict[Ends, dict[Predicate, float]] = defaultdict(dict)
        self.named: dict[tuple[int, Predicate], Rivals] = defaultdict(Rivals)
        for fact in page.facts:
            ends = fact.subject.number, fact.object.number
            key = (ends[0], fact.predicate, ends[1])
            self.best[key] = self.pairs[ends][fact.predicate] = max(self.best[key], fact.chance)
            if any(claim.rule == "name" for claim in fact.claims):
                self.named[key[:2]].add(key, fact.chance)
        self.by_subject: dict[tuple[int, Predicate], Rivals] = defaultdict(Rivals)
        self.by_object: dict[tuple[int, Predicate], Rivals] = defaultdict(Rivals)
        self.objects: dict[tuple[int, Predicate], list[tuple[float, int]]] = defaultdict(list)
        for key, chance in self.best.items():
            self.by_subject[key[0], key[1]].add(key, chance)
            self.by_object[key[2], key[1]].add(key, chance)
            self.objects[key[0], key[1]].append((chance, key[2]))
        self.ways = {key: sorted(found, reverse=True)[:WAYS] for key, found in self.objects.items()}
        self.ends = [self._end(thing) for thing in page.things]
        self.size = math.log(len(page.things))

    def _end(self, thing: Thing) -> _End:
        heading = {a.id: a.blocks[0].span.end if a.blocks else 0 for a in self.page.reading.articles}
        return _End(
            math.log(len(thing.mentions)), len(thing.name) / 10,
            any(m.span.start < heading[m.article] for m in thing.mentions), KINDS[thing.kind],
        )  # fmt: skip

    def of(self, fact: Fact) -> list[float]:
        subject, target = self.ends[fact.subject.number], self.ends[fact.object.number]
        return [
            *self._claims(fact), *self._ends(fact, subject, target), *self._rivals(fact), *self._places(fact),
            self.size, subject.in_heading, target.in_heading, *self._page(fact),
            *_PREDICATES[fact.predicate], *subject.kinds, *target.kinds,
        ]  # fmt: skip

    def _claims(self, fact: Fact) -> list[float]:
        sure = sorted((claim.confidence for claim in fact.claims), reverse=True)
        return [*top(sure), sum(sure), math.log(len(sure)), log_odds(sure[0])]

    def _ends(self, fact: Fact, one: _End, other: _End) -> list[float]:
        subject, target = fact.subject, fact.object
        return [
            subject.chance, target.chance, subject.share.confidence, target.share.confidence,
            one.mentions, other.mentions,
            subject.name.startswith(target.name), target.name.startswith(subject.name),
            target.name in subject.name, fact.predicate in LIES and target.name in holders(subject.name),
            subject.name in target.name, one.length, other.length,
            subject.inferred, target.inferred,
        ]  # fmt: skip

    def _rivals(self, fact: Fact) -> list[float]:
        key = (fact.subject.number, fact.predicate, fact.object.number)
        same, turned = self.pairs[key[0], key[2]], self.pairs.get((key[2], key[0]), {})
        reasons = {claim.rule for claim in fact.claims}
        objects, subjects = self.by_subject[key[0], key[1]], self.by_object[key[2], key[1]]
        return [
            max(objects.beside(key), 0.0), objects.count - 1, max(subjects.beside(key), 0.0), subjects.count - 1,
            max((chance for p, chance in same.items() if p is not fact.predicate), default=0.0),
            max(turned.values(), default=0.0), *(reason in reasons for reason in REASONS),
        ]  # fmt: skip

    def _places(self, fact: Fact) -> list[float]:
        inner, outer = fact.subject.code, fact.object.code
        return [_order(inner, outer), len(inner) / 2, len(outer) / 2, fact.subject.composed, self._follows(fact)]

    def _follows(self, fact: Fact) -> float:
        """How sure the surest thing is through which the fact follows: a village in a town, the town in a county."""
        if fact.predicate not in _FOLLOWS:
            return 0.0
        ways = self.ways[fact.subject.number, fact.predicate]
        steps = {fact.predicate, Predicate.WITHIN}
        return max(
            (min(chance, self.best.get((middle, step, fact.object.number), 0.0))
             for chance, middle in ways if middle != fact.object.number for step in steps),
            default=0.0,
        )  # fmt: skip

    def _page(self, fact: Fact) -> list[float]:
        key = (fact.subject.number, fact.predicate, fact.object.number)
        named = self.named.get(key[:2])
        return [
            max(named.beside(key), 0.0) if named is not None else 0.0,
            any(self.scopes[claim.subject] == claim.object for claim in fact.claims),
            all({claim.subject, claim.object} & self.relative for claim in fact.claims),
            len(self.page.reading.articles),
        ]  # fmt: skip


def _order(inner: str, outer: str) -> int:
    """How two divisions lie: 0 one is none, 1 the same, 2 first in second, 3 second in first, 4 apart."""
    if not inner or not outer:
        return 0
    return 1 if inner == outer else 2 if inner.startswith(outer) else 3 if outer.startswith(inner) else 4
