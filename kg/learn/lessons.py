"""Examples → what one step of teaching needs, as arrays: rows, the spans wanted, the pairs and which are related."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.learn.align import Spot
from kg.learn.examples import Example
from kg.learn.vary import stems
from kg.network.layers import ALLOWED, LABELS, LAYERS, LONGEST
from kg.network.pairs import Candidates, Ints
from kg.network.rows import pieces

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[Any]  # of any width: there may be many lessons
OPTIONAL = 0.3  # how much an optional relation counts: a careful reader could leave it out
_NAMES = list(LABELS)


@dataclass(frozen=True)
class Lesson:
    """One article, read in the pieces `cut`.

    `spans` (S, 3): first character, length less one, layer; `sure` (S,): how surely each is a name; `starts`, `ends`:
    first and last character of each spot; `related` (P, labels): how surely each pair is; `weight`: what it matters.
    """

    source: str
    text: str
    cut: list[tuple[int, int]]
    stems: list[tuple[str, str]]
    size: int
    spans: Numbers
    sure: Numbers
    starts: Numbers
    ends: Numbers
    pairs: Numbers
    seen: Numbers
    related: Numbers
    weight: Numbers


def lesson(example: Example) -> Lesson:
    """The lesson of one article; a spot that runs over the end of a piece is not taught."""
    cut = list(pieces(example.text, example.sentences))
    index, stop = numbers(len(example.text), cut)
    spots = example.gold.spots
    places = [(index[s.start], index[s.end - 1]) for s in spots]
    whole = [a >= 0 and a <= b < stop[a] and b - a < LONGEST for a, b in places]
    named = [ok and not s.relative for s, ok in zip(spots, whole, strict=True)]
    spans = [(a, b - a, LAYERS.index(s.layer)) for s, (a, b), ok in zip(spots, places, named, strict=True) if ok]
    pairs, seen = Candidates(example.text, spots, [s.start for s in example.sentences]).read()
    related, weight = _wanted(example, pairs)
    known = np.array([a >= 0 and b >= 0 for a, b in places], dtype=bool)
    if len(pairs):
        weight[~(known[pairs[:, 0]] & known[pairs[:, 1]])] = 0
    ends = np.array(places, dtype=np.int64).reshape(-1, 2).clip(0)
    return Lesson(
        example.source, example.text, cut, stems(example), sum(b - a for a, b in cut),
        np.array(spans, dtype=np.int64).reshape(-1, 3), np.ones(len(spans), dtype=np.float32),
        ends[:, 0], ends[:, 1], pairs, seen, related, weight,
    )  # fmt: skip


def numbers(length: int, cut: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    """The number of each character among those read (-1 for others), and where the piece of each number ends."""
    index = np.full(length + 1, -1, dtype=np.int64)
    stops: list[Ints] = []
    at = 0
    for start, end in cut:
        index[start:end] = np.arange(at, at + end - start)
        at += end - start
        stops.append(np.full(end - start, at, dtype=np.int64))
    return index, np.concatenate(stops) if stops else np.zeros(0, dtype=np.int64)


def _wanted(example: Example, pairs: Ints) -> tuple[Floats, Floats]:
    """What each pair should say. Two things that are related elsewhere in the article are not taught as unrelated."""
    spots = example.gold.spots
    related = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
    weight = np.zeros_like(related)
    at: dict[tuple[int, int], int] = {}
    for row, (i, j) in enumerate(pairs.tolist()):
        at[i, j] = row
        weight[row] = ALLOWED[LAYERS.index(spots[i].layer), LAYERS.index(spots[j].layer)]
        weight[row, [_NAMES.index(p) for p in _elsewhere(example, spots[i], spots[j])]] = 0
    for bond in sorted(example.gold.bonds, key=lambda bond: not bond.optional):  # what must be found has the last word
        label = _NAMES.index(bond.label)
        ways = [(bond.left, bond.right), (bond.right, bond.left)][: 1 + (bond.label == "cooperatesWith")]
        for row in (at[way] for way in ways if way in at):
            related[row, label] = 1
            weight[row, label] = OPTIONAL if bond.optional else 1
    return related, weight


def _elsewhere(example: Example, left: Spot, right: Spot) -> set[str]:
    said = example.gold.related.get((left.id, right.id), set()) & set(_NAMES)
    turned = example.gold.related.get((right.id, left.id), set())
    return said | (turned & {"cooperatesWith"})


def batches(lessons: Sequence[Lesson], characters: int) -> list[list[Lesson]]:
    """Consecutive lessons with about so many characters together."""
    found: list[list[Lesson]] = [[]]
    size = 0
    for one in lessons:
        if found[-1] and size + one.size > characters:
            found.append([])
            size = 0
        found[-1].append(one)
        size += one.size
    return [batch for batch in found if batch]
