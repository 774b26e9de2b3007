"""How the classes and relations of the ontology look and read in the viewer (labels, shapes, colours)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Term:
    """A row of vocabulary.tsv. Shapes are vis-network's; colours are Okabe and Ito's, told apart by everybody."""

    term: str
    group: str
    zh: str
    en: str
    inverse_zh: str
    inverse_en: str
    shape: str
    colour: str


@cache
def terms(group: str) -> tuple[Term, ...]:
    """The terms of one group, "class" (most specific first) or "relation", in the order of the legend."""
    with files("kg.view").joinpath("vocabulary.tsv").open(encoding="utf-8", newline="") as rows:
        return tuple(Term(**row) for row in csv.DictReader(rows, delimiter="\t") if row["group"] == group)
