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
_MAY = np.logical_or(ALLOWED.any(axis=2), ALLOWED.any(axis=2).T)


class Candidates:
    """The pairs of one article; `spots` need not be in order, `starts` are those of its sentences."""

    def __init__(self, text: str, spots: Sequence[Spot], starts: Sequence[int]) -> None:
        self.spots = spots
        self.order = sorted(range(len(spots)), key=lambda i: (spots[i].start, -spots[i].end, spots[i].layer))
        self.rank = {i: rank for rank, i in enumerate(self.order)}
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

    def read(self) -> tuple[Ints, Ints]:
        """(P, 2) indexes of ordered pairs of spots, (P, len(FEATURES)) what is seen of them."""
        found = dict.fromkeys([*self._near(), *self._far()])
        pairs = [(a, b) for i, j in found for a, b in ((i, j), (j, i)) if ALLOWED[self.layer[a], self.layer[b]].any()]
        seen = [self._seen(a, b) for a, b in pairs]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2), np.array(seen, dtype=np.int64).reshape(-1, len(FEATURES))

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
            yield from ((i, j) for i in sorted(named) if _MAY[self.layer[i], self.layer[j]])
            last[self.layer[j]] = j
            if self.main[self.layer[j]] == self.surface[j]:
                main[self.layer[j]] = j

    def _seen(self, a: int, b: int) -> tuple[int, ...]:
        i, j = (a, b) if self.rank[a] < self.rank[b] else (b, a)
        first, second = self.spots[i], self.spots[j]
        gap = second.start - first.end
        low, high = self.rank[i], self.rank[j]
        apart = high - low - 1
        behind = self.order[max(low + 1, high - NEAR) : high]
        kinds = {self.layer[k] for k in behind if self.spots[k].start >= first.end}
        turned = a != i  # nested names come with the outer one first
        return (
            self.layer[a] * len(LAYERS) + self.layer[b],
            0 if gap < 0 else bisect_left(_GAPS, gap) + 1,
            bisect_left(_APART, self.sentence[j] - self.sentence[i]),
            int(turned) + (0 if gap >= 0 else 2 if second.start == first.start else 4),
            bisect_left(_BETWEEN, apart),
            (self.layer[a] in kinds) + 2 * (self.layer[b] in kinds) + 4 * bool(kinds),
            2 * (self.sentence[i] == 0) + (self.sentence[j] == 0),
            *self._weights(a, b),
        )

    def _weights(self, a: int, b: int) -> tuple[int, int, int]:
        """Which of the two is what the article is about, which its first of that layer, how often each is named."""
        main, first = ([x[self.layer[i]] for i in (a, b)] for x in (self.main, self.topmost))
        often = [bisect_left(_OFTEN, self.counts[self.surface[i]]) for i in (a, b)]
        return (
            2 * (main[0] == self.surface[a]) + (main[1] == self.surface[b]),
            2 * (first[0] == self.surface[a]) + (first[1] == self.surface[b]),
            4 * often[0] + often[1],
        )
