"""Document + names → relations: what may be related is proposed, weighed, and kept where it is likely enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.document import Document
from kg.lexicon import terms
from kg.mention.name import Name
from kg.model import Status
from kg.network.scorer import scored
from kg.relation.features import features
from kg.relation.propose import Proposal, proposals
from kg.relation.stated import Stated

WORTH = 0.06  # a relation less likely is not proposed; the article as a whole decides on the others (kg.judge)
BESIDE = 6  # characters behind a post in which a word may say that it is only proposed
_CLAUSE_ENDS = "。；;！？\n"


def relations(document: Document, names: Sequence[Name]) -> tuple[list[Stated], list[Name]]:
    """Every relation that the article states, and the bodies that only a title names (市长: the city's government)."""
    found, implied = proposals(document, names)
    if not found:
        return [], []
    chances = scored("claims", features(document, found)).tolist()
    stated = [_stated(document, one, chance) for one, chance in zip(found, chances, strict=True) if chance >= WORTH]
    needed = {id(end) for one in stated for end in (one.subject, one.object)}
    bodies = [name for name in implied if id(name) in needed]
    return stated, [*bodies, *(b.scope for b in bodies if b.scope is not None and id(b.scope) not in needed)]


def _stated(document: Document, one: Proposal, chance: float) -> Stated:
    if one.title is None:
        return Stated(one.subject, one.predicate, one.object, one.at, one.reason, confidence=chance)
    title = document.text[one.title.start : one.title.end]
    status = _status(document, one, one.title)
    return Stated(one.subject, one.predicate, one.object, one.at, one.reason, title, status, chance)


def _status(document: Document, one: Proposal, title: Name) -> Status:
    """拟任某局局长: nobody holds a post that a notice proposes; 免去某某的局长职务: nor one that has ended.

    The last such word before the end of person and title decides (现任镇长，拟任书记), or 候选人 right behind them.
    """
    end = max(one.subject.end, title.end)
    if any(word in document.text[end : end + BESIDE] for word in terms("post_status", "proposed")):
        return Status.PLANNED
    clause = _clause(document, one, title)
    last = {
        Status.ASSERTED: _last(clause, terms("post_status", "asserted")),
        Status.PLANNED: _last(clause, terms("post_status", "planned")),
        Status.NEGATED: _last(clause, terms("post_status", "negated")),
    }
    return max(last, key=lambda status: last[status])


def _clause(document: Document, one: Proposal, title: Name) -> str:
    """The clause up to the end of person and title: 免去 stands before both, 不再担任 between them."""
    start = max(document.text.rfind(mark, 0, min(one.subject.end, title.end)) for mark in _CLAUSE_ENDS)
    return document.text[start + 1 : max(one.subject.end, title.end)]


def _last(text: str, words: Iterable[str]) -> int:
    """Where the last of these words begins; -1 where none stands."""
    return max((text.rfind(word) for word in words), default=-1)
