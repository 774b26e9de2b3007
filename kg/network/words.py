"""The words of a text and their tags, from the emissions of the network's first head, by a CRF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

BATCH = 64  # pieces that are decoded together
Labels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
TAGS = (
    "a ad an c d f m n nr ns nt nw nz p q r s t u v vd vn w xc PER LOC ORG TIME"
).split()  # the label 2 n begins tag n, 2 n + 1 goes on with it; the last label is for everything else


class Word(NamedTuple):
    """Characters start ≤ i < end of the text. Tags: PER LOC ORG TIME, nr ns nt nw nz, n v a d m q p c r t f s u w …"""

    start: int
    end: int
    tag: str


def words(emissions: Sequence[Floats]) -> list[list[Word]]:
    """The words of each piece from its emissions (length, labels), in the order given."""
    order = sorted(range(len(emissions)), key=lambda i: -len(emissions[i]))
    told: list[list[Word]] = [[] for _ in emissions]
    for at in range(0, len(order), BATCH):
        batch = order[at : at + BATCH]
        lengths = np.array([len(emissions[i]) for i in batch])
        grid = np.zeros((lengths[0], len(batch), emissions[batch[0]].shape[1]), dtype=np.float32)
        for column, i in enumerate(batch):
            grid[: lengths[column], column] = emissions[i]
        paths = _viterbi(grid, lengths)
        for column, i in enumerate(batch):
            told[i] = list(_words(paths[: lengths[column], column]))
    return told


def _viterbi(emissions: Floats, lengths: npt.NDArray[Any]) -> Labels:
    """The best path of each column, (length, batch). X-I (odd labels) may only follow X-B or X-I, and never begins.

    Columns come longest first, so the sentences that still run at step t are the first `live[t]` columns.
    """
    start, stop, moves = _crf()
    steps, _, size = emissions.shape
    live = (lengths[None, :] > np.arange(steps)[:, None]).sum(axis=1)
    into_heads = np.ascontiguousarray(moves[:, 0::2].T)  # X-B and O from anything
    tails = np.arange(1, size, 2)
    from_head, from_tail = moves[tails - 1, tails], moves[tails, tails]
    back = np.zeros(emissions.shape, dtype=np.uint8)
    score = emissions[0] + start
    score[:, tails] = -np.inf
    for t in range(1, steps):
        n = live[t]
        before = score[:n]
        ways = before[:, None, :] + into_heads
        best = ways.argmax(axis=2)
        begun, kept = before[:, tails - 1] + from_head, before[:, tails] + from_tail
        back[t, :n, 0::2] = best
        back[t, :n, 1::2] = np.where(begun >= kept, tails - 1, tails)
        score[:n, 0::2] = np.take_along_axis(ways, best[:, :, None], axis=2)[:, :, 0] + emissions[t, :n, 0::2]
        score[:n, 1::2] = np.maximum(begun, kept) + emissions[t, :n, 1::2]
    return _backtrack(back, (score + stop).argmax(axis=1), live)


def _backtrack(back: Labels, last: npt.NDArray[np.intp], live: npt.NDArray[np.intp]) -> Labels:
    """Follow the pointers from each sentence's last label; `last` still holds at every step beyond its end."""
    paths = np.zeros(back.shape[:2], dtype=np.uint8)
    state = last.astype(np.uint8)
    columns = np.arange(len(last))
    for t in range(len(back) - 1, -1, -1):
        paths[t] = state
        if t:
            n = live[t]
            state[:n] = back[t, columns[:n], state[:n]]
    return paths


def _words(path: Labels) -> Iterator[Word]:
    """Words begin at X-B and O labels, which are the even ones."""
    starts = np.flatnonzero(path % 2 == 0).tolist()
    ends = [*starts[1:], len(path)]
    for start, end in zip(starts, ends, strict=True):
        label = path[start] // 2
        yield Word(start, end, TAGS[label] if label < len(TAGS) else "O")


@cache
def _crf() -> tuple[Floats, Floats, Floats]:
    """Weights of the first label (labels,), of the last (labels,), and of label i followed by j (labels, labels)."""
    from kg.network.read import table

    rows = table("words")["crf"]
    return rows[0], rows[1], rows[2:]
