"""Lessons without gold → the names that they have: what is a name in many articles is likely one in the next.

Only names are kept, of bodies, firms, places and programs, and short of what would be a passage of somebody's text.
"""

from __future__ import annotations

import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from kg.learn.lessons import Lesson
from kg.mention.known import FILE
from kg.model import Kind
from kg.network.layers import LAYERS

LONGEST = 17  # characters
LEAST = 1.5  # articles, each counted by the probability that it has the name
_LAYERS = tuple(LAYERS.index(kind) for kind in (Kind.AGENCY, Kind.ENTERPRISE, Kind.PLACE, Kind.PROGRAM))

_Found = dict[tuple[str, int], float]  # surface, layer → articles that have it


def write(lessons: Sequence[Lesson], folder: Path) -> None:
    """Write the table that `kg.mention.known` reads into `folder`; the same lessons give the same bytes."""
    found = {name: sure for name, sure in _found(lessons).items() if sure >= LEAST}
    printed = _printed({surface for surface, _ in found}, lessons)
    rows = (
        f"{surface}\t{LAYERS[layer]}\t{sure / (printed[surface] + 1):.2f}\t{printed[surface]}\n"
        for (surface, layer), sure in sorted(found.items())
    )
    (folder / FILE).write_bytes(lzma.compress("".join(rows).encode("utf-8"), preset=9))


def _found(lessons: Iterable[Lesson]) -> _Found:
    total: _Found = defaultdict(float)
    for lesson in lessons:
        for name, sure in _best(lesson).items():
            total[name] += sure
    return total


def _best(lesson: Lesson) -> Mapping[tuple[str, int], float]:
    """The names of an article, each as sure as it is where it is surest."""
    best: _Found = defaultdict(float)
    back = np.concatenate([np.arange(a, b) for a, b in lesson.cut] or [np.zeros(0, np.int64)])
    for (first, more, layer), sure in zip(lesson.spans.tolist(), lesson.sure.tolist(), strict=True):
        surface = lesson.text[back[first] : back[first + more] + 1]
        if layer in _LAYERS and 1 < len(surface) <= LONGEST and not any(c.isspace() for c in surface):
            best[surface, layer] = max(best[surface, layer], sure)
    return best


def _printed(surfaces: Iterable[str], lessons: Iterable[Lesson]) -> dict[str, int]:
    """In how many articles each of the surfaces stands, as a name or not."""
    by_start: dict[str, list[str]] = defaultdict(list)
    for surface in surfaces:
        by_start[surface[:2]].append(surface)
    count: dict[str, int] = defaultdict(int)
    for lesson in lessons:
        for surface in set(_standing(lesson.text, by_start)):
            count[surface] += 1
    return count


def _standing(text: str, by_start: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for at in range(len(text) - 1):
        for surface in by_start.get(text[at : at + 2], ()):
            if text.startswith(surface, at):
                yield surface
