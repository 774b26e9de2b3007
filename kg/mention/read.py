"""Document → names: the network proposes, the scorer weighs, the decoder selects, composition completes."""

from __future__ import annotations

import math

from kg.document import Document
from kg.mention.compose import compose
from kg.mention.name import Name
from kg.mention.select import select
from kg.network.spans import scored_spans

THRESHOLD = 0.5


def proposed(document: Document) -> list[Name]:
    """Every candidate of a document."""
    return [
        Name(s.layer, s.start, s.end, "network", odds=s.odds, confidence=1 / (1 + math.exp(-s.odds)))
        for s in scored_spans(document.signals)
    ]


def names(document: Document) -> list[Name]:
    """The names and titles of one article, with the relative places that complete some of them."""
    return compose(document.text, select(proposed(document), THRESHOLD))
