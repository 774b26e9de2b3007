"""Document → names: the network proposes, the scorer weighs, the decoder selects, composition completes."""

from __future__ import annotations

from kg.document import Document
from kg.mention.compose import compose
from kg.mention.features import features
from kg.mention.name import Name
from kg.mention.select import select
from kg.network.scorer import voted
from kg.network.spans import scored_spans

WORTH = 0.2  # a name less likely is not proposed; the article as a whole decides on the others (kg.judge)


def proposed(document: Document) -> list[Name]:
    """Every candidate of a document, in the order of the text."""
    return [Name(s.layer, s.start, s.end, "network", odds=s.odds) for s in scored_spans(document.signals)]


def weighed(document: Document) -> list[Name]:
    """The candidates with their calibrated probabilities."""
    candidates = proposed(document)
    if candidates:
        for name, chance in zip(candidates, voted("mentions", features(document, candidates)), strict=True):
            name.confidence = float(chance)
    return candidates


def names(document: Document) -> list[Name]:
    """The names and titles of one article, with the relative places that complete some of them."""
    return compose(document.text, select(name for name in weighed(document) if name.confidence >= WORTH))
