"""Document → names: the network proposes, the scorer weighs, the decoder selects, composition completes."""

from __future__ import annotations

from kg.document import Document
from kg.mention.compose import compose
from kg.mention.features import features
from kg.mention.name import Name
from kg.mention.select import select
from kg.model import Kind
from kg.network.scorer import voted
from kg.network.spans import scored_spans

# F1 is best where a name is kept that is as likely as half the F1 that is reached: for programs that is less.
THRESHOLD, PROGRAM_THRESHOLD = 0.4, 0.3


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
    return compose(document.text, select(filter(_is_likely, weighed(document))))


def _is_likely(name: Name) -> bool:
    return name.confidence >= (PROGRAM_THRESHOLD if name.layer == Kind.PROGRAM else THRESHOLD)
