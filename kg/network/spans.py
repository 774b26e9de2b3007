"""A probability for every span of an article in every layer, from the network's outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.network.layers import LAYERS, LONGEST
from kg.network.read import Floats, Signals, table

BLOCK, STRETCH = LONGEST, 128  # starts that are scored together; blocks in memory at a time
WORTH = -3.0  # log-odds below which a span is not worth a candidate
CROWD = 32  # candidates that may share a character; of 3,867 on twelve pages never more than nine do


@dataclass(frozen=True, slots=True)
class Scored:
    """Characters start ≤ i < end of the article may be a name of this layer, with these log-odds."""

    layer: str
    start: int
    end: int
    odds: float


def scored_spans(signals: Signals) -> list[Scored]:
    """Every span with log-odds above WORTH, in the order of the text; where they crowd, the likeliest of them."""
    n = len(signals.stop)
    if n == 0:
        return []
    back = _places(signals)
    found = [
        Scored(LAYERS[layer], int(back[first]), int(back[last]) + 1, odds)
        for layer, first, last, odds in _worth(signals, n)
    ]
    return sorted(_thinned(found, len(signals.index)), key=lambda s: (s.start, -s.end, s.layer))


def _thinned(spans: list[Scored], length: int) -> list[Scored]:
    """Of the spans that hold one character, the CROWD likeliest: beyond that it is one character over and over."""
    depth = np.zeros(length + 1, dtype=np.int64)
    np.add.at(depth, [span.start for span in spans], 1)
    np.add.at(depth, [span.end for span in spans], -1)
    if depth.cumsum().max() <= CROWD:
        return spans
    room, kept = np.full(length, CROWD), []
    for span in sorted(spans, key=lambda s: (-s.odds, s.start, s.end, s.layer)):
        if room[span.start : span.end].min() > 0:
            room[span.start : span.end] -= 1
            kept.append(span)
    return kept


def _places(signals: Signals) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The article's character of each character that was read."""
    return np.flatnonzero(signals.index >= 0)


def _worth(signals: Signals, n: int) -> Iterator[tuple[int, int, int, float]]:
    """Layer, first and last character (of those that were read) and log-odds of every span above WORTH."""
    for behind, scores in _stretches(signals.outputs, n):
        flat = np.flatnonzero(scores > WORTH)
        block, layer, start, end = np.unravel_index(flat, scores.shape)
        first, last = (behind + block) * BLOCK + start, (behind + block) * BLOCK + end
        inside = (last >= first) & (last - first < LONGEST) & (first < n)
        inside[inside] = last[inside] < signals.stop[first[inside]]
        odds = scores.ravel()[flat]
        yield from zip(*(x[inside].tolist() for x in (layer, first, last, odds)), strict=True)


def _stretches(outputs: dict[str, Floats], n: int) -> Iterator[tuple[int, Floats]]:
    """The scores of STRETCH blocks at a time, each time with the number of blocks before them."""
    count, blocks = len(LAYERS), -(-n // BLOCK)
    pad = ((0, (blocks + 1) * BLOCK - n), (0, 0))
    starts, ends = (np.pad(outputs[k], pad).reshape((blocks + 1) * BLOCK, count, -1) for k in ("starts", "ends"))
    first, last, inside = np.pad(outputs["single"], pad).reshape(-1, 3, count).transpose(1, 0, 2)
    total = inside.cumsum(0)
    at_start, at_end = first - total + inside, last + total
    for block in range(0, blocks, STRETCH):
        rows = slice(block * BLOCK, (min(block + STRETCH, blocks) + 1) * BLOCK)
        yield block, _scores(starts[rows], ends[rows], at_start[rows], at_end[rows])


def _scores(starts: Floats, ends: Floats, at_start: Floats, at_end: Floats) -> Floats:
    """(blocks, layers, BLOCK, 2 * BLOCK): a block's starts by the ends from its first on; as in kg/learn/model.py."""
    blocks, count = len(starts) // BLOCK - 1, starts.shape[1]
    left = starts[: blocks * BLOCK].reshape(blocks, BLOCK, count, -1).transpose(0, 2, 1, 3)
    right = _reach(ends, blocks).transpose(0, 2, 3, 1)
    begin = at_start[: blocks * BLOCK].reshape(blocks, BLOCK, count).transpose(0, 2, 1)
    stop = _reach(at_end, blocks).transpose(0, 2, 1)
    lengths = (np.arange(2 * BLOCK)[None] - np.arange(BLOCK)[:, None]).clip(0, LONGEST - 1)
    by_length = table("heads")["length"][lengths].transpose(2, 0, 1)
    scores: Floats = left @ right
    scores /= starts.shape[-1] ** 0.5  # in place: these are the largest arrays of all reading
    scores += begin[..., None]
    scores += stop[:, :, None]
    scores += by_length
    return scores


def _reach(x: Floats, blocks: int) -> Floats:
    """((blocks + 1) * BLOCK, ...) → (blocks, 2 * BLOCK, ...): each block with the one behind it."""
    parts = x.reshape(blocks + 1, BLOCK, *x.shape[1:])
    return np.concatenate([parts[:-1], parts[1:]], 1)
