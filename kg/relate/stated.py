"""What the relaters hand over: a relation between two names of one article, before the names have ids."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Predicate, Status
from kg.tag.sheet import Found


@dataclass(frozen=True, slots=True)
class Stated:
    """`at` is a character of the sentence that says it (running text)."""

    subject: Found
    predicate: Predicate
    object: Found
    at: int
    rule: str
    title: str = ""
    status: Status = Status.ASSERTED
    order: int = 0
    group: str = ""
