"""A probability for every span of an article in every layer, from the network's outputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.network.layers import LAYERS, LONGEST
from kg.network.read import Floats, Signals, table

BLOCK = LONGEST  # starts that are scored together
WORTH = -3.0  # log-odds below which a span is not worth a candidate


@dataclass(frozen=True, slots=True)
class Scored:
    """Characters start ≤ i < end of the article may be a name of this layer, with these log-odds."""

    layer: str
    start: int
    end: int
    odds: float


def scored_spans(signals: Signals) -> list[Scored]:
    """Every span with log-odds above WORTH, in the order of the text."""
    n = len(signals.stop)
    if n == 0:
        return []
    scores = _scores(signals.outputs, n)
    block, layer, start, end = np.nonzero(scores > WORTH)
    first, last = block * BLOCK + start, block * BLOCK + end
    inside = (last >= first) & (last - first < LONGEST) & (first < n)
    inside[inside] = last[inside] < signals.stop[first[inside]]
    back = _places(signals)
    found = [
        Scored(LAYERS[k], int(back[a]), int(back[b]) + 1, float(scores[m, k, i, j]))
        for m, k, i, j, a, b in zip(*(x[inside] for x in (block, layer, start, end, first, last)), strict=True)
    ]
    return sorted(found, key=lambda s: (s.start, -s.end, s.layer))


def _places(signals: Signals) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The article's character of each character that was read."""
    return np.flatnonzero(signals.index >= 0)


def _scores(outputs: dict[str, Floats], n: int) -> Floats:
    """(blocks, layers, BLOCK, 2 * BLOCK): a block's starts by the ends from its first on; as in kg/learn/model.py."""
    count, blocks = len(LAYERS), -(-n // BLOCK)
    pad = ((0, (blocks + 1) * BLOCK - n), (0, 0))
    starts, ends = (np.pad(outputs[k], pad).reshape((blocks + 1) * BLOCK, count, -1) for k in ("starts", "ends"))
    first, last, inside = np.pad(outputs["single"], pad).reshape(-1, 3, count).transpose(1, 0, 2)
    total = inside.cumsum(0)
    left = starts[: blocks * BLOCK].reshape(blocks, BLOCK, count, -1).transpose(0, 2, 1, 3)
    right = _reach(ends, blocks).transpose(0, 2, 3, 1)
    at_start = (first - total + inside)[: blocks * BLOCK].reshape(blocks, BLOCK, count).transpose(0, 2, 1)
    at_end = _reach(last + total, blocks).transpose(0, 2, 1)
    lengths = (np.arange(2 * BLOCK)[None] - np.arange(BLOCK)[:, None]).clip(0, LONGEST - 1)
    by_length = table("heads")["length"][lengths].transpose(2, 0, 1)
    scores: Floats = left @ right / starts.shape[-1] ** 0.5 + at_start[..., None] + at_end[:, :, None] + by_length
    return scores


def _reach(x: Floats, blocks: int) -> Floats:
    """((blocks + 1) * BLOCK, ...) → (blocks, 2 * BLOCK, ...): each block with the one behind it."""
    parts = x.reshape(blocks + 1, BLOCK, *x.shape[1:])
    return np.concatenate([parts[:-1], parts[1:]], 1)
