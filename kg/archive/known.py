"""The things and facts of a build, asked for one at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from kg.archive.linking import inferred, shares_of, statement_of
from kg.export.tables import Called
from kg.link.facts import Fact
from kg.link.local import Share
from kg.link.things import Thing, things
from kg.model import Entity, Kind, Statement

KINDS = {kind.lower(): kind for kind in Kind}
Shares = dict[str, Share]  # by page


class Known:
    """What is known after linking. Every method takes an id, or what else the method names."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.called = lru_cache(maxsize=20_000)(self._called)
        self._of_base = lru_cache(maxsize=8)(self._together)

    def entities(self, identifier: str) -> Iterator[Entity]:
        """The things of one id, almost always one."""
        official = self._is_official(identifier)
        yield from (thing.entity(identifier, official) for thing, _ in self._things(identifier))
        for (name,) in self._database.execute("SELECT name FROM above WHERE id = ?", (identifier,)):
            yield Entity(identifier, Kind.PLACE, name, inferred=True)

    def surfaces(self, identifier: str) -> dict[str, list[str]]:
        """Surface → the pages that print it."""
        forms: dict[str, list[str]] = defaultdict(list)
        for thing, shares in self._things(identifier):
            for page in thing.pages:
                for surface in shares[page].surfaces:
                    forms[surface].append(page)
        return forms

    def said_of(self, identifier: str) -> Iterator[Statement]:
        """The statements of which it is the subject."""
        yield from self._statements("subject = ?", identifier)
        for (target,) in self._database.execute("SELECT object FROM inferred WHERE subject = ?", (identifier,)):
            yield inferred(identifier, target)

    def posts(self, body: str, title: str) -> Iterator[Statement]:
        """The statements by which somebody has a post of that title in the body."""
        yield from self._statements("object = ? AND predicate = 'holdsPostIn' AND title = ?", body, title)

    def statement(self, fact: Fact) -> Statement | None:
        """The statement of a fact; None where there is none."""
        stated = statement_of(self._database, fact)
        return stated or next((one for one in self._inferred(fact)), None)

    def _inferred(self, fact: Fact) -> Iterator[Statement]:
        told = "SELECT subject, object FROM inferred WHERE subject = ? AND object = ?"
        for pair in self._database.execute(told, (fact.subject, fact.object)):
            one = inferred(*pair)
            if (one.predicate, one.title, one.status) == (fact.predicate, fact.title, fact.status):
                yield one

    def _statements(self, which: str, *given: str) -> Iterator[Statement]:
        for (packed,) in self._database.execute(f"SELECT statement FROM statements WHERE {which}", given):
            yield msgspec.msgpack.decode(packed, type=Statement)

    def _called(self, identifier: str) -> Called:
        told = "SELECT path FROM things WHERE id = ? UNION ALL SELECT 'place/' || name FROM above WHERE id = ?"
        (path,) = self._database.execute(told, (identifier, identifier)).fetchone()
        kind, _, name = path.partition("/")
        return Called(name, "Official" if self._is_official(identifier) else KINDS[kind].value)

    def _is_official(self, identifier: str) -> bool:
        return self._database.execute("SELECT 1 FROM officials WHERE id = ?", (identifier,)).fetchone() is not None

    def _things(self, identifier: str) -> Iterator[tuple[Thing, Shares]]:
        told = "SELECT key, base FROM things WHERE id = ? ORDER BY key"
        for key, base in self._database.execute(told, (identifier,)):
            together, shares = self._of_base(base)
            yield together[key], shares

    def _together(self, base: str) -> tuple[dict[str, Thing], Shares]:
        """The things of one key, and what each page says of it: namesakes are made all at once."""
        shares = {share.page: share for share in shares_of(self._database, base)}
        return {thing.key: thing for thing in things(shares.values())}, shares
