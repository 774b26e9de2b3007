"""What is known of a proposed relation beside the network's log-odds: its rivals, its likes, how the names are made."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from kg.document import Document
from kg.gazetteer import gazetteer, holders
from kg.mention.name import Name
from kg.mention.rivals import Rivals
from kg.mention.rows import rows
from kg.model import Predicate
from kg.network.read import Floats
from kg.relation.propose import NONE, Proposal
from kg.relation.short import LIES

FEATURES = (
    "odds", "second odds", "best odds elsewhere", "times elsewhere", "odds of another relation", "odds turned round",
    "sure of subject", "sure of object", "sure of title", "best of subject", "best of object", "second best",
    "completes it", "completes what completes it", "object stands for a place", "subject stands for a place",
    "object inside", "subject inside", "gap",
    "sentences apart", "in the heading", "subject in the heading", "known to lie there", "known to lie elsewhere",
    "by its name alone", "by its title alone", "by a short form alone", "subject begins with a short form",
    "of the subject", "of the object", "best odds in the subject's row",
    "mean odds in the subject's row", "best odds in the object's row", "mean odds in the object's row",
    *(f"is {predicate}" for predicate in Predicate),
)  # fmt: skip
_PREDICATES = {one: [one is predicate for predicate in Predicate] for one in Predicate}


def features(document: Document, proposals: Sequence[Proposal]) -> Floats:
    """(proposals, FEATURES)."""
    if not proposals:
        return np.zeros((0, len(FEATURES)), np.float32)
    around = _Around(document, proposals)
    return np.array([around.of(one) for one in proposals], dtype=np.float32)


class _Around:
    def __init__(self, document: Document, proposals: Sequence[Proposal]) -> None:
        self.document, self.text = document, document.text
        self.same: dict[tuple[str, ...], Rivals] = defaultdict(Rivals)
        self.by_subject: dict[tuple[int, str], Rivals] = defaultdict(Rivals)
        self.by_object: dict[tuple[int, str], Rivals] = defaultdict(Rivals)
        self.row = rows(self.text, {id(name): name for p in proposals for name in (p.subject, p.object)}.values())
        self.subject_rows: dict[tuple[object, ...], list[float]] = defaultdict(list)
        self.object_rows: dict[tuple[object, ...], list[float]] = defaultdict(list)
        self.turned = {(id(p.object), id(p.subject), p.predicate): p.odds for p in proposals}
        for one in proposals:
            self.same[self._key(one)].add(one, one.odds)
            self.by_subject[self._subject(one), one.predicate].add(one, _weight(one))
            self.by_object[id(one.object), one.predicate].add(one, _weight(one))
            self.subject_rows[self._subject_row(one)].append(_weight(one))
            self.object_rows[self._object_row(one)].append(_weight(one))

    def _key(self, one: Proposal) -> tuple[str, ...]:
        title = self._words(one.title) if one.title is not None else ""
        return self._words(one.subject), one.predicate, self._words(one.object), title

    def _subject(self, one: Proposal) -> int:
        """Posts of one title are rivals, not those of one person."""
        return id(one.title) if one.title is not None else id(one.subject)

    def _words(self, name: Name) -> str:
        return self.text[name.start : name.end]

    def _subject_row(self, one: Proposal) -> tuple[object, ...]:
        return self.row[id(one.subject)], one.predicate, id(one.object), id(one.title)

    def _object_row(self, one: Proposal) -> tuple[object, ...]:
        return self.row[id(one.object)], one.predicate, id(one.subject), id(one.title)

    def of(self, one: Proposal) -> list[float]:
        kind = _PREDICATES[one.predicate]
        return [*self._network(one), *self._names(one), *self._places(one), *self._rows(one), *kind]

    def _rows(self, one: Proposal) -> list[float]:
        """What the network finds of the same relation with the other names of a row (甲、乙和丙)."""
        likes = (self.subject_rows[self._subject_row(one)], self.object_rows[self._object_row(one)])
        return [value for odds in likes for value in (max(odds), sum(odds) / len(odds))]

    def _network(self, one: Proposal) -> list[float]:
        likes = self.same[self._key(one)]
        elsewhere = likes.beside(one)
        other = max((v for k, v in one.seen.items() if k != one.predicate), default=NONE)
        weight = _weight(one)
        best_subject = self.by_subject[self._subject(one), one.predicate].beside(one)
        best_object = self.by_object[id(one.object), one.predicate].beside(one)
        return [
            one.odds, one.second, elsewhere, math.log(likes.count), other,
            self.turned.get((id(one.subject), id(one.object), one.predicate), NONE),
            one.subject.confidence, one.object.confidence, one.title.confidence if one.title else 1.0,
            weight - best_subject, weight - best_object, max(best_subject, best_object),
        ]  # fmt: skip

    def _names(self, one: Proposal) -> list[float]:
        subject, target = one.subject, one.object
        first, second = (subject, target) if subject.start <= target.start else (target, subject)
        apart = self.document.sentence_number(second.start) - self.document.sentence_number(first.start)
        return [
            subject.scope is target, _in_chain(subject, target) and subject.scope is not target, target.relative,
            subject.relative,
            subject.covers(target), target.covers(subject), max(-1.0, min(second.start - first.end, 200) / 20),
            min(apart, 10), one.at < self.document.heading, subject.start < self.document.heading,
        ]  # fmt: skip

    def _places(self, one: Proposal) -> list[float]:
        inside = self._known(one) if one.predicate is Predicate.WITHIN else 0
        return [
            inside > 0, inside < 0, one.reason == "name", one.reason == "title", one.reason == "short",
            one.predicate in LIES and self._words(one.object) in holders(self._words(one.subject)),
            self.by_subject[self._subject(one), one.predicate].count / 5,
            self.by_object[id(one.object), one.predicate].count / 5,
        ]  # fmt: skip

    def _known(self, one: Proposal) -> int:
        """1 where the gazetteer has a division so called inside one called as the object, -1 where it has not."""
        gaz = gazetteer()
        inner, outer = (
            [*gaz.named(words), *gaz.short(words)] for words in (self._words(one.subject), self._words(one.object))
        )
        if not inner or not outer:
            return 0
        return 1 if any(a != b and a.code.startswith(b.code) for a in inner for b in outer) else -1


def _weight(one: Proposal) -> float:
    return one.odds + min(one.second, 4.0)


def _in_chain(name: Name, other: Name) -> bool:
    while name.scope is not None:
        name = name.scope
        if name is other:
            return True
    return False
