"""Which two names of an article may be related at all, and what is seen of two names beside the network's states."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.network.layers import ALLOWED, LAYERS

REACH = 2  # sentences between two names that may be related; the headline reaches everything near the top
TOP = 4  # sentences that a name of the headline reaches
NEAR = 14  # names on each side of a name that are looked at
Ints = npt.NDArray[np.int64]
FEATURES = ("layers", "gap", "sentences", "order", "between", "alike", "top")
SIZES = (len(LAYERS) ** 2, 12, 4, 6, 8, 8, 4)


def candidates(spots: Sequence[Any], sentence_starts: Sequence[int]) -> tuple[Ints, Ints]:
    """(P, 2) indexes of ordered pairs of spots (anything with layer, start, end), (P, len(FEATURES)) what is seen."""
    order = sorted(range(len(spots)), key=lambda i: (spots[i].start, -spots[i].end, spots[i].layer))
    layer = [LAYERS.index(spot.layer) for spot in spots]
    sentence = [bisect_right(sentence_starts, spot.start) - 1 for spot in spots]
    pairs: list[tuple[int, int]] = []
    seen: list[tuple[int, ...]] = []
    for rank, i in enumerate(order):
        for later in range(rank + 1, len(order)):
            j = order[later]
            apart = sentence[j] - sentence[i]
            head = sentence[i] == 0 and apart <= TOP
            if apart > REACH and not head:
                if sentence[i] != 0 or apart > TOP:
                    break
                continue
            if later - rank > NEAR and not (head and apart):
                continue
            for a, b in ((i, j), (j, i)):
                if ALLOWED[layer[a], layer[b]].any():
                    pairs.append((a, b))
                    seen.append(_seen(spots, layer, sentence, order, rank, later, a, b))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2), np.array(seen, dtype=np.int64).reshape(-1, len(FEATURES))


def _seen(
    spots: Sequence[Any], layer: list[int], sentence: list[int], order: list[int], rank: int, later: int, a: int, b: int
) -> tuple[int, ...]:
    i, j = order[rank], order[later]
    first, second = spots[i], spots[j]
    gap = second.start - first.end
    nested = gap < 0
    between = [k for k in order[rank + 1 : later] if spots[k].start >= first.end and spots[k].end <= second.start]
    kinds = {layer[k] for k in between}
    turned = a != i  # nested names come with the outer one first
    return (
        layer[a] * len(LAYERS) + layer[b],
        0 if nested else _bucket(gap, (0, 1, 2, 3, 5, 8, 13, 21, 40, 80)) + 1,
        min(sentence[j] - sentence[i], 3),
        int(turned) + (0 if not nested else 2 if second.start == first.start else 4),
        min(len(between), 7),
        (layer[a] in kinds) + 2 * (layer[b] in kinds) + 4 * bool(kinds),
        2 * (sentence[i] == 0) + (sentence[j] == 0),
    )


def _bucket(value: int, bounds: Sequence[int]) -> int:
    return next((n for n, bound in enumerate(bounds) if value <= bound), len(bounds))
