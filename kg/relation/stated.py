"""A relation between two names of one article, before the names have ids."""

from __future__ import annotations

from dataclasses import dataclass

from kg.mention.name import Name
from kg.model import Predicate, Status


@dataclass(frozen=True, slots=True)
class Stated:
    """`at` is a character of the sentence that says it (running text)."""

    subject: Name
    predicate: Predicate
    object: Name
    at: int
    source: str
    title: str = ""
    status: Status = Status.ASSERTED
    confidence: float = 1.0
