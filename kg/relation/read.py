"""Document + names → relations: what may be related is proposed, weighed, and kept where it is likely enough."""

from __future__ import annotations

from collections.abc import Sequence

from kg.document import Document
from kg.lexicon import terms
from kg.mention.name import Name
from kg.model import Status
from kg.network.scorer import scored
from kg.relation.features import features
from kg.relation.propose import Proposal, proposals
from kg.relation.stated import Stated

THRESHOLD = 0.4
BESIDE = 6  # characters beside a post in which a word may say that it is only proposed


def relations(document: Document, names: Sequence[Name]) -> tuple[list[Stated], list[Name]]:
    """Every relation that the article states, and the bodies that only a title names (市长: the city's government)."""
    found, implied = proposals(document, names)
    if not found:
        return [], []
    chances = scored("claims", features(document, found)).tolist()
    stated = [_stated(document, one, chance) for one, chance in zip(found, chances, strict=True) if chance >= THRESHOLD]
    needed = {id(end) for one in stated for end in (one.subject, one.object)}
    bodies = [name for name in implied if id(name) in needed]
    return stated, [*bodies, *(b.scope for b in bodies if b.scope is not None and id(b.scope) not in needed)]


def _stated(document: Document, one: Proposal, chance: float) -> Stated:
    if one.title is None:
        return Stated(one.subject, one.predicate, one.object, one.at, one.reason, confidence=chance)
    title = document.text[one.title.start : one.title.end]
    status = Status.PLANNED if _is_planned(document, one, one.title) else Status.ASSERTED
    return Stated(one.subject, one.predicate, one.object, one.at, one.reason, title, status, chance)


def _is_planned(document: Document, one: Proposal, title: Name) -> bool:
    """拟任某局局长: nobody holds a post that a notice proposes; the word stands beside or between person and title."""
    ends = (one.subject.start, one.subject.end, title.start, title.end, one.object.start)
    sentence = document.sentence_at(one.at)
    start, end = max(min(ends) - BESIDE, sentence.start), min(max(ends) + BESIDE, sentence.end)
    said = document.text[start:end]
    return any(word in said for word in terms("planned_posts"))
