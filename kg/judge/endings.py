"""How the name of a body ends, and what it governs or is part of: a 水利局 governs the place that its name begins with,
a 大学 hardly ever does.

`endings.tsv` is written by kg/learn/endings.py and travels with the weights whose scorer of facts it goes with.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from kg.judge.gathered import Fact
from kg.model import Predicate
from kg.network.read import Floats, weights

FILE = "endings.tsv"
LONGEST = 3  # characters
SPOKEN_OF = (Predicate.GOVERNS, Predicate.PART_OF)  # of other relations the end of a name says nothing more

Ending = tuple[Predicate, str]


def endings(fact: Fact) -> Iterator[Ending]:
    """What counts for a fact: the last characters of its subject's name, and "" for every fact of its kind."""
    name = fact.subject.name
    if fact.predicate in SPOKEN_OF:
        yield from ((fact.predicate, name[len(name) - n :]) for n in range(min(LONGEST, len(name)) + 1))


def said_by_endings(facts: Sequence[Fact]) -> Floats:
    """(facts,) log-odds to add to those of the other scorer."""
    known = _known(weights("facts.onnx").parent)
    return np.array([sum(known.get(ending, 0.0) for ending in endings(fact)) for fact in facts], np.float32)


@cache
def _known(folder: Path) -> dict[Ending, float]:
    """None in weights that were made without."""
    file = folder / FILE
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as rows:
        return {(Predicate(p), ending): float(odds) for p, ending, odds in csv.reader(rows, delimiter="\t")}
