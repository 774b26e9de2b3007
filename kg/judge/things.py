"""What is known of a thing once its article is gathered: its mentions, its facts, things with names like its own."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from kg.judge.gathered import Gathered, Thing
from kg.model import Kind, Mention, Predicate
from kg.network.read import Floats

KINDS = {one: [one is kind for kind in Kind] for one in Kind}
SURE = 0.4  # a fact from which on it counts as one
FEATURES = (
    "surest", "second", "third", "sum", "mean", "mentions", "log-odds of the surest", "surfaces", "aliases",
    "name inferred", "length", "shortest surface", "in the heading", "where it begins", "relative", "division", "level",
    "composed with a place", "completes others", "surest that it completes", "of another kind",
    "names that hold it", "surest that holds it", "of its kind that holds it", "names that it holds",
    "surest that it holds", "of its kind that it holds", "how like", "share inside others", "times printed",
    "surfaces printed", "facts", "surest fact as subject", "surest fact as object",
    *(f"as subject of {p}" for p in Predicate), *(f"as object of {p}" for p in Predicate),
    "things", "characters", "articles", *(f"is {kind}" for kind in Kind),
)  # fmt: skip


def features(page: Gathered) -> Floats:
    """(things, FEATURES)."""
    if not page.things:
        return np.zeros((0, len(FEATURES)), np.float32)
    around = _Around(page)
    return np.array([around.of(thing) for thing in page.things], dtype=np.float32)


class _Around:
    def __init__(self, page: Gathered) -> None:
        self.page = page
        self.texts = [article.text for article in page.reading.articles]
        self.size = sum(map(len, self.texts)) + 1
        self.heading = {a.id: a.blocks[0].span.end if a.blocks else 0 for a in page.reading.articles}
        self.printed: dict[str, int] = {}
        self.held = held(page.reading.mentions)
        self.completed = self._completed()
        none = [0.0] * len(Predicate)
        self.subject: dict[int, list[float]] = defaultdict(none.copy)
        self.object: dict[int, list[float]] = defaultdict(none.copy)
        self.facts: dict[int, int] = defaultdict(int)
        self._take_facts()

    def _take_facts(self) -> None:
        order = {predicate: number for number, predicate in enumerate(Predicate)}
        counted = set()
        for fact in self.page.facts:
            at = order[fact.predicate]
            for thing, best in ((fact.subject, self.subject), (fact.object, self.object)):
                best[thing.number][at] = max(best[thing.number][at], fact.chance)
                key = (thing.number, fact.subject.number, at, fact.object.number)
                if fact.chance > SURE and key not in counted:
                    counted.add(key)
                    self.facts[thing.number] += 1

    def _completed(self) -> dict[int, list[float]]:
        """How sure those names are that each thing completes."""
        whose = {mention.id: thing.number for thing in self.page.things for mention in thing.mentions}
        found: dict[int, list[float]] = defaultdict(list)
        for thing in self.page.things:
            for mention in thing.mentions:
                if mention.scope in whose:
                    found[whose[mention.scope]].append(mention.confidence)
        return found

    def of(self, thing: Thing) -> list[float]:
        return [
            *self._mentions(thing), *self._name(thing), *self._alike(thing), *self._facts(thing),
            math.log(len(self.page.things)), math.log(self.size), len(self.texts),
            *KINDS[thing.kind],
        ]  # fmt: skip

    def _mentions(self, thing: Thing) -> list[float]:
        sure = sorted((mention.confidence for mention in thing.mentions), reverse=True)
        surfaces = thing.share.surfaces
        return [
            *top(sure), sum(sure), sum(sure) / len(sure), math.log(len(sure)), log_odds(sure[0]),
            len(surfaces), len(thing.share.aliases), thing.inferred, len(thing.name) / 10, min(map(len, surfaces)) / 10,
            any(mention.span.start < self.heading[mention.article] for mention in thing.mentions),
            min(mention.span.start for mention in thing.mentions) / self.size,
        ]  # fmt: skip

    def _name(self, thing: Thing) -> list[float]:
        completes = self.completed.get(thing.number, [])
        twins = [o.chance for o in self.page.alike[thing.number] if o.name == thing.name and o.kind is not thing.kind]
        return [
            any(mention.relative for mention in thing.mentions), bool(thing.code), len(thing.code) / 2,
            thing.composed, len(completes), max(completes, default=0.0),
            max(twins, default=0.0),
        ]  # fmt: skip

    def _alike(self, thing: Thing) -> list[float]:
        near = self.page.alike[thing.number]
        around = [other for other in near if thing.name in other.name]
        inside = [other for other in near if other.name in thing.name]
        like = max((likeness(thing.name, other.name) for other in near if other.kind is thing.kind), default=0.0)
        return [*_count(thing, around), *_count(thing, inside), like, self._held(thing), *self._printed(thing)]

    def _held(self, thing: Thing) -> float:
        return sum(mention.id in self.held for mention in thing.mentions) / len(thing.mentions)

    def _printed(self, thing: Thing) -> list[float]:
        surfaces = sum(self._times(surface) for surface in thing.share.surfaces)
        return [math.log1p(self._times(thing.name)), math.log1p(surfaces)]

    def _times(self, words: str) -> int:
        if words not in self.printed:
            self.printed[words] = sum(text.count(words) for text in self.texts)
        return self.printed[words]

    def _facts(self, thing: Thing) -> list[float]:
        subject, target = self.subject[thing.number], self.object[thing.number]
        return [self.facts[thing.number], max(subject), max(target), *subject, *target]


def _count(thing: Thing, others: Sequence[Thing]) -> list[float]:
    same = [other.chance for other in others if other.kind is thing.kind]
    return [len(others), max((other.chance for other in others), default=0.0), max(same, default=0.0)]


def likeness(name: str, other: str) -> float:
    """The share of a name's pairs of characters that another has."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return len(pairs & {other[i : i + 2] for i in range(len(other) - 1)}) / max(1, len(pairs))


def top(ordered: Sequence[float]) -> list[float]:
    """The first three, 0 where there are fewer."""
    return [*ordered, 0.0, 0.0][:3]


def log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-3), 1 - 1e-3)
    return math.log(chance / (1 - chance))


def held(mentions: Sequence[Mention]) -> set[str]:
    """The ids of mentions that stand inside a longer one."""
    found: set[str] = set()
    article, reach, longest = "", -1, None
    for mention in sorted(mentions, key=lambda m: (m.article, m.span.start, -m.span.end)):
        if mention.article != article:
            article, reach, longest = mention.article, -1, None
        if mention.span.end <= reach and mention.span != longest:
            found.add(mention.id)
        if mention.span.end > reach:
            reach, longest = mention.span.end, mention.span
    return found
