"""How the classes and relations of the ontology look and read in the viewer.

Labels, definitions, colours and shapes come from the ontology; vocabulary.tsv adds the order of the legend and how a
relation reads from its object's side.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kg.ontology import load


@dataclass(frozen=True, slots=True)
class Word:
    """A class or relation as the viewer shows it. Shapes are vis-network's; colours are Okabe and Ito's."""

    term: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    inverse_zh: str
    inverse_en: str
    shape: str
    colour: str


@cache
def terms(group: str) -> tuple[Word, ...]:
    """The terms of one group, "class" (most specific first) or "relation", in the order of the legend."""
    lines = files("kg.view").joinpath("vocabulary.tsv").read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["group"] == group]
    return tuple(_word(row["term"], row["inverse_zh"], row["inverse_en"]) for row in rows)


def _word(name: str, inverse_zh: str, inverse_en: str) -> Word:
    term = load().term(name)
    notes = (term.comment_zh, term.comment_en)
    return Word(name, term.label_zh, term.label_en, *notes, inverse_zh, inverse_en, term.shape, term.colour)
