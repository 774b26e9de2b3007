"""Several names on one page for one thing: 林业局 for 通化市林业局, a brand for the firm, a word dropped inside.

Pairs of names that share characters are weighed by what a scorer learned from annotated aliases; each name joins at
most one fuller name of its kind.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from kg.lexicon import terms
from kg.link.naming import Named
from kg.model import Kind
from kg.network.read import Floats
from kg.network.scorer import scored

THRESHOLD = 0.5
CLOSE = 8  # characters behind a name in which its short form is as good as beside it
_KINDS = (Kind.AGENCY, Kind.ENTERPRISE, Kind.PLACE, Kind.PROGRAM)
FEATURES = (
    "stands in it", "begins it", "ends it", "in order in it", "common part of the short", "common part of the long",
    "same first two", "same last two", "length", "length of the long", "others that hold it", "others that it holds",
    "behind it", "how far", "how far behind", "times", "times of the long", "place of its own", "place of the long",
    "close behind it", "three or fewer", "same article", *(f"is {kind}" for kind in _KINDS),
)  # fmt: skip


class _Places(NamedTuple):
    """Where the mentions of one thing stand in one article, in order."""

    starts: list[int]
    ends: list[int]  # sorted by themselves
    reach: list[int]  # how far the mentions up to each start go

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> _Places:
        starts, ends = zip(*sorted(spans), strict=True)
        return cls(list(starts), sorted(ends), list(accumulate(ends, max)))


@dataclass
class Called:
    """A thing of one page as it is called there, before names are joined."""

    key: str
    kind: Kind
    name: str
    bound: bool  # the name is complete: a division, or composed with a place
    whole: bool  # it is the one organ of its kind that a place has (市委): short for nothing else
    at: list[tuple[str, int, int]] = field(default_factory=list)  # (article, start, end) of each mention

    @cached_property
    def places(self) -> dict[str, _Places]:
        """article → where; asked for when all mentions are there."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for article, start, end in self.at:
            found[article].append((start, end))
        return {article: _Places.of(spans) for article, spans in found.items()}


def united(named: Iterable[Named]) -> dict[str, str]:
    """key → key of the thing that it is, for the things of one page that bear another name there."""
    things = called(named)
    found = pairs(things)
    if not found:
        return {}
    chances = scored("aliases", features(things, found)).tolist()
    best: dict[str, tuple[float, str]] = {}
    for (short, long), chance in zip(found, chances, strict=True):
        if chance > max(THRESHOLD, best.get(things[short].key, (0.0, ""))[0]):
            best[things[short].key] = chance, things[long].key
    joined = {key: target for key, (_, target) in best.items()}
    return {key: _root(joined, key) for key in joined}


def _root(joined: dict[str, str], key: str) -> str:
    seen = {key}
    while key in joined and joined[key] not in seen:
        key = joined[key]
        seen.add(key)
    return key


def called(named: Iterable[Named]) -> list[Called]:
    """The things of one page that may have other names, in the order of their keys."""
    found: dict[str, Called] = {}
    for one in named:
        if one.mention.kind in _KINDS and not (one.mention.kind is Kind.PLACE and one.division is not None):
            bound = "place:" in one.key.partition(":")[2]
            whole = bound and one.key.rpartition("/")[2] in terms("top_organs")
            thing = found.setdefault(one.key, Called(one.key, one.mention.kind, one.name, bound, whole))
            thing.name = max(thing.name, one.name, key=len)
            thing.at.append((one.mention.article, one.mention.span.start, one.mention.span.end))
    return [found[key] for key in sorted(found)]


def pairs(things: Sequence[Called]) -> list[tuple[int, int]]:
    """(short, long): two of a kind that share two characters in a row; the one with the shorter name comes first."""
    by_piece: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for number, thing in enumerate(things):
        for piece in _pieces(thing.name):
            by_piece[thing.kind, piece].append(number)
    found = {pair for same in by_piece.values() if len(same) < 40 for pair in _ordered(things, same)}
    return sorted(found)


def _pieces(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(len(name) - 1)}


def _ordered(things: Sequence[Called], numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for i, left in enumerate(numbers):
        for right in numbers[i + 1 :]:
            short, long = sorted((left, right), key=lambda n: (len(things[n].name), n))
            if len(things[short].name) < len(things[long].name) and not things[short].whole:
                yield short, long


def features(things: Sequence[Called], found: Sequence[tuple[int, int]]) -> Floats:
    """(pairs, FEATURES)."""
    holders: dict[int, int] = defaultdict(int)
    held: dict[int, int] = defaultdict(int)
    for short, long in found:
        if _in_order(things[short].name, things[long].name):
            holders[short] += 1
            held[long] += 1
    return np.array([_pair(things[a], things[b], holders[a], held[b]) for a, b in found], np.float32)


def _pair(one: Called, fuller: Called, holders: int, held: int) -> list[float]:
    short, long = one.name, fuller.name
    common = _common(short, long)
    behind, apart, bracket = _distances(one, fuller)
    return [
        short in long, long.startswith(short), long.endswith(short), _in_order(short, long),
        common / len(short), common / len(long), short[:2] == long[:2], short[-2:] == long[-2:],
        len(short) / 10, len(long) / 10, holders, held, behind < math.inf,
        math.log1p(min(apart, 2000)), math.log1p(min(behind, 2000)), math.log(len(one.at)), math.log(len(fuller.at)),
        one.bound, fuller.bound, bracket, len(short) < 4, bool({a for a, *_ in one.at} & {a for a, *_ in fuller.at}),
        *(one.kind is kind for kind in _KINDS),
    ]  # fmt: skip


def _distances(one: Called, fuller: Called) -> tuple[float, float, bool]:
    """Characters from a fuller name to the next short one, to the nearest either way, and whether they touch."""
    behind = apart = math.inf
    inside = False
    for article, start, end in one.at:
        if (there := fuller.places.get(article)) is not None:
            at, ended = bisect_right(there.starts, start), bisect_right(there.ends, start)
            apart = min(apart, *(abs(start - other) for other in there.starts[max(at - 1, 0) : at + 1]))
            behind = min(behind, start - there.ends[ended - 1] if ended else math.inf)
            inside |= at > 0 and end <= there.reach[at - 1]
    return behind, apart, inside or behind < CLOSE


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


def _common(short: str, long: str) -> int:
    """The longest stretch of the short name that stands in the long one."""
    lengths = range(len(short), 0, -1)
    return next((n for n in lengths if any(short[i : i + n] in long for i in range(len(short) - n + 1))), 0)
