"""All claims of one fact → one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.link.local import Said
from kg.model import Evidence, Predicate, Statement, Status

PUBLIC = ("agency/", "place/")  # who holds a post in one of these is an official


class Fact(NamedTuple):
    """What statements are one by: `subject` and `object` are ids."""

    subject: str
    predicate: Predicate
    object: str
    title: str
    status: Status


def fact(said: Said, subject: str, target: str) -> Fact:
    """The fact that a claim between two ids states; to cooperate is the same seen from either side."""
    claim = said.claim
    if claim.predicate is Predicate.COOPERATES_WITH and target < subject:
        subject, target = target, subject
    return Fact(subject, claim.predicate, target, claim.title, claim.status)


def rivals(one: Fact) -> list[Fact]:
    """The facts beside which this one is not written: a place cannot lie in what lies in it (of two such neither is
    kept), and what a page states as done is not written once more as planned."""
    return _beside(one, Status.PLANNED, Status.ASSERTED)


def yields_to(one: Fact) -> list[Fact]:
    """The facts of which this one is a rival."""
    return _beside(one, Status.ASSERTED, Status.PLANNED)


def _beside(one: Fact, own: Status, other: Status) -> list[Fact]:
    """The same the other way round, of places; the same with the status `other`, where it has its `own`."""
    turned = [one._replace(subject=one.object, object=one.subject)] if one.predicate is Predicate.WITHIN else []
    return [*turned, one._replace(status=other)] if one.status is own else turned


def statement(one: Fact, said: Sequence[Said]) -> Statement:
    """One statement with all its sentences; it has a day of its own where all of them give the same."""
    claims = [each.claim for each in said]
    days = {claim.date for claim in claims}
    return Statement(
        one.subject, one.predicate, one.object,
        evidence=tuple(sorted({Evidence(each.page, each.claim.evidence) for each in said})),
        rules=tuple(sorted({claim.rule for claim in claims})),
        title=one.title,
        date=days.pop() if len(days) == 1 else "",
        status=one.status,
        order=min((claim.order for claim in claims if claim.order), default=0),
        group=min((claim.group for claim in claims if claim.group), default=""),
        confidence=max(claim.confidence for claim in claims),
    )  # fmt: skip


def makes_official(one: Fact | Statement) -> bool:
    """Whether its subject is an official by it."""
    public = one.object.startswith(PUBLIC)
    return public and one.predicate is Predicate.HOLDS_POST_IN and one.status is Status.ASSERTED
