"""Log-odds of every relation for pairs of names, from the network's outputs; as `Pairs` in kg/learn/model.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kg.network.layers import WINDOW
from kg.network.pairs import Ints
from kg.network.read import Floats, Signals, session

BATCH = 8_192  # pairs in memory at a time; an article has a tenth of them


def scored_pairs(signals: Signals, spots: Sequence[Any], pairs: Ints, seen: Ints) -> Floats:
    """(P, labels): spots have start and end in the article; `pairs` and `seen` are those of `kg.network.pairs`."""
    starts = signals.index[[spot.start for spot in spots]]
    ends = signals.index[[spot.end - 1 for spot in spots]]
    out = signals.outputs
    spans = np.maximum(out["left"][starts] + out["right"][ends], 0)
    sums = np.concatenate([np.zeros((1, out["around"].shape[1]), np.float32), out["around"].cumsum(0)])
    found = []
    for at in range(0, len(pairs), BATCH):
        x = _told(pairs[at : at + BATCH], starts, ends, spans, sums)
        found += session("pairs").run(["scores"], {"x": x, "seen": seen[at : at + BATCH]})
    return np.concatenate(found)


def _told(pairs: Ints, starts: Ints, ends: Ints, spans: Floats, sums: Floats) -> Floats:
    """(P, …): what the network says of the names of each pair, and of what stands between and around them."""
    a, b = pairs.T
    turned = starts[a] > starts[b]
    first, second = np.where(turned, b, a), np.where(turned, a, b)
    between = _mean(sums, ends[first] + 1, starts[second])
    before = _mean(sums, (starts[first] - WINDOW).clip(0), starts[first])
    behind = _mean(sums, np.maximum(ends[first], ends[second]) + 1, (ends[second] + 1 + WINDOW).clip(max=len(sums) - 1))
    x: Floats = np.concatenate([spans[a], spans[b], spans[a] * spans[b], between, before, behind], 1)
    return x


def _mean(sums: Floats, start: Any, end: Any) -> Floats:
    end = np.maximum(start, end)
    mean: Floats = (sums[end] - sums[start]) / np.maximum(end - start, 1)[:, None].astype(np.float32)
    return mean
