"""Which two names of an article may be related at all, and what is seen of two names beside the network's states."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kg.network.layers import ALLOWED, LAYERS


class Spot(Protocol):
    """A name in an article: its layer, characters start ≤ i < end."""

    @property
    def layer(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


REACH = 2  # sentences between two names that may be related; the headline reaches everything near the top
TOP = 4  # sentences that a name of the headline reaches
NEAR = 14  # names on each side of a name that are looked at
MOST = 100  # names of the sentences below that a name of the headline reaches; far more than any headline has
Ints = npt.NDArray[np.int64]
FEATURES = ("layers", "gap", "sentences", "order", "between", "alike", "top", "main", "first", "often")
SIZES = (len(LAYERS) ** 2, 13, 6, 6, 10, 8, 4, 4, 4, 16)
_GAPS = (0, 1, 2, 3, 5, 8, 13, 21, 40, 80, 200)
_APART = (0, 1, 2, 3, 6)
_BETWEEN = (0, 1, 2, 3, 4, 5, 8, 13, 25)
_OFTEN = (1, 2, 4)
_SOME: npt.NDArray[np.bool_] = np.asarray(ALLOWED.any(axis=2))  # whether two layers may be related, in this order
_ASKED: list[list[bool]] = _SOME.tolist()
_MAY: list[list[bool]] = np.logical_or(_SOME, _SOME.T).tolist()


class Candidates:
    """The pairs of one article; `spots` need not be in order, `starts` are those of its sentences."""

    def __init__(self, text: str, spots: Sequence[Spot], starts: Sequence[int]) -> None:
        self.spots = spots
        self.order = sorted(range(len(spots)), key=lambda i: (spots[i].start, -spots[i].end, spots[i].layer))
        self.rank = {i: rank for rank, i in enumerate(self.order)}
        self._ranks = [self.rank[i] for i in range(len(spots))]
        self.layer = [LAYERS.index(spot.layer) for spot in spots]
        self.sentence = [bisect_right(starts, spot.start) - 1 for spot in spots]
        self.surface = [(layer, text[spot.start : spot.end]) for layer, spot in zip(self.layer, spots, strict=True)]
        self.counts = Counter(self.surface[i] for i in self.order)
        self.first: dict[int, int] = {}
        for i in self.order:
            self.first.setdefault(self.layer[i], i)
        self.topmost = {layer: self.surface[i] for layer, i in self.first.items()}
        # Of each layer what is named most often, the earliest of several: what the article is about.
        self.main = {surface[0]: surface for surface, _ in reversed(self.counts.most_common())}
        self.is_main = [self.main[layer] == own for layer, own in zip(self.layer, self.surface, strict=True)]
        self.is_first = [self.topmost[layer] == own for layer, own in zip(self.layer, self.surface, strict=True)]
        self.often = [bisect_left(_OFTEN, self.counts[own]) for own in self.surface]

    def read(self) -> tuple[Ints, Ints]:
        """(P, 2) indexes of ordered pairs of spots, (P, len(FEATURES)) what is seen of them."""
        found = dict.fromkeys([*self._near(), *self._far()])
        pairs = [(a, b) for i, j in found for a, b in ((i, j), (j, i)) if _ASKED[self.layer[a]][self.layer[b]]]
        ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return ends, self._seen(ends) if len(pairs) else np.zeros((0, len(FEATURES)), np.int64)

    def _near(self) -> Iterator[tuple[int, int]]:
        """Names of the same and of neighbouring sentences; the earlier one comes first."""
        below = sum(number == 0 for number in self.sentence)  # the rank of the first name below the headline
        for rank, i in enumerate(self.order):
            near = self.order[rank + 1 : rank + 1 + NEAR]
            head = self.sentence[i] == 0
            for j in [*near, *self.order[max(below, rank + 1 + NEAR) : below + MOST]] if head else near:
                if self.sentence[j] - self.sentence[i] > (TOP if head else REACH):
                    break
                yield i, j

    def _far(self) -> Iterator[tuple[int, int]]:
        """For each name the first and the last one of every layer before it, however far, and what is named most."""
        last: dict[int, int] = {}
        main: dict[int, int] = {}
        for j in self.order:
            named = {i for known in (self.first, last, main) for i in known.values() if self.rank[i] < self.rank[j]}
            yield from ((i, j) for i in sorted(named) if _MAY[self.layer[i]][self.layer[j]])
            last[self.layer[j]] = j
            if self.is_main[j]:
                main[self.layer[j]] = j

    def _seen(self, pairs: Ints) -> Ints:
        """(P, len(FEATURES)) of pairs (P, 2), for all of them at once."""
        a, b = pairs.T
        rank, layer, sentence = (np.array(of, np.int64) for of in (self._ranks, self.layer, self.sentence))
        start, end = (np.array([getattr(s, of) for s in self.spots], np.int64) for of in ("start", "end"))
        turned = rank[a] > rank[b]  # nested names come with the outer one first
        first, second = np.where(turned, b, a), np.where(turned, a, b)
        gap = start[second] - end[first]
        between = self._between(rank[first], rank[second], end[first], start, layer)
        top = sentence == 0
        return np.stack([
            layer[a] * len(LAYERS) + layer[b],
            np.where(gap < 0, 0, np.searchsorted(_GAPS, gap) + 1),
            np.searchsorted(_APART, sentence[second] - sentence[first]),
            turned + np.where(gap >= 0, 0, np.where(start[second] == start[first], 2, 4)),
            np.searchsorted(_BETWEEN, rank[second] - rank[first] - 1),
            (between >> layer[a] & 1) + 2 * (between >> layer[b] & 1) + 4 * (between > 0),
            2 * top[first] + top[second],
            *self._weights(a, b),
        ], 1)  # fmt: skip

    def _between(self, low: Ints, high: Ints, end: Ints, start: Ints, layer: Ints) -> Ints:
        """The layers of the last names before each second one that begin behind the first: a bit for each layer."""
        order = np.array(self.order, np.int64)
        bits = np.zeros(len(low), np.int64)
        for step in range(1, NEAR + 1):
            at = order[(high - step).clip(0)]
            bits |= np.where((high - step > low) & (start[at] >= end), 1 << layer[at], 0)
        return bits

    def _weights(self, a: Ints, b: Ints) -> tuple[Ints, Ints, Ints]:
        """Which of the two is what the article is about, which its first of that layer, how often each is named."""
        main, first, often = (np.array(of, np.int64) for of in (self.is_main, self.is_first, self.often))
        return 2 * main[a] + main[b], 2 * first[a] + first[b], 4 * often[a] + often[b]
