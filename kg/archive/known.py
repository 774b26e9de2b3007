"""The things and facts of a build, asked for some at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from kg.archive.render import OfThing, inferred
from kg.export.tables import Called
from kg.link.facts import Fact
from kg.model import Kind, Predicate, Status

TOGETHER = 256  # things that are asked for in one go
KINDS = {kind.lower(): kind for kind in Kind}
_FACTS = """
    SELECT n.subject, n.predicate, n.object, n.title, n.status, s.statement FROM new_facts n
    LEFT JOIN statements s USING (subject, predicate, object, title, status) ORDER BY 1, 2, 3, 4, 5
"""
_CALLED = """
    SELECT path, EXISTS (SELECT 1 FROM officials o WHERE o.id = ?1) FROM (
        SELECT path FROM things WHERE id = ?1 UNION ALL SELECT 'place/' || name FROM above WHERE id = ?1
    ) LIMIT 1
"""


class Known:
    """What is known after linking. Every method takes ids, or what else the method names."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.called = lru_cache(maxsize=20_000)(self._called)
        self._shares = lru_cache(maxsize=1)(self._shares_of)  # namesakes have one key, and stand side by side

    def things(self, ids: Sequence[str]) -> Iterator[OfThing]:
        """All that bears each id, with what it is said to do: much, of some, so one thing is asked for at a time."""
        parts = by_first(self._database, "SELECT id, key, base FROM things WHERE id", ids)
        official = by_first(self._database, "SELECT id, '' FROM officials WHERE id", ids)
        above = by_first(self._database, "SELECT id, name FROM above WHERE id", ids)
        within = by_first(self._database, "SELECT subject, object FROM inferred WHERE subject", ids)
        for one in ids:
            own = [(key, self._shares(base)) for key, base in sorted(parts[one])]
            said = self._column("SELECT statement FROM statements WHERE subject = ?", one)
            rest = ([value for (value,) in sorted(known[one])] for known in (above, within))
            yield OfThing(one, one in official, own, said, *rest)

    def _column(self, told: str, *given: str) -> list[Any]:
        return [value for (value,) in self._database.execute(told, given)]

    def _shares_of(self, base: str) -> tuple[bytes, ...]:
        return tuple(self._column("SELECT share FROM shares WHERE key = ? ORDER BY page", base))

    def posts(self, body: str, title: str) -> list[bytes]:
        """The statements by which somebody has a post of that title in the body."""
        told = "SELECT statement FROM statements WHERE object = ? AND predicate = 'holdsPostIn' AND title = ?"
        return self._column(told, body, title)

    def statements(self) -> Iterator[bytes]:
        """The statements of the facts that were touched, packed, sorted."""
        for subject, predicate, target, title, status, packed in self._database.execute(_FACTS):
            fact = Fact(subject, Predicate(predicate), target, title, Status(status))
            if (one := packed or self._inferred(fact)) is not None:
                yield one

    def _inferred(self, fact: Fact) -> bytes | None:
        told = "SELECT 1 FROM inferred WHERE subject = ? AND object = ?"
        one = inferred(fact.subject, fact.object)
        same = (one.predicate, one.title, one.status) == (fact.predicate, fact.title, fact.status)
        there = same and self._database.execute(told, (fact.subject, fact.object)).fetchone() is not None
        return msgspec.msgpack.encode(one) if there else None

    def _called(self, identifier: str) -> Called:
        path, official = self._database.execute(_CALLED, (identifier,)).fetchone()
        kind, _, name = path.partition("/")
        return Called(name, "Official" if official else KINDS[kind].value)


def by_first(database: sqlite3.Connection, told: str, values: Sequence[str]) -> dict[str, list[Any]]:
    """What is told of some values (as many as SQLite takes) by the value, which is the first column; `told` ends with
    the column that has to be one of them."""
    found: dict[str, list[Any]] = defaultdict(list)
    for first, *rest in database.execute(f"{told} IN ({', '.join('?' * len(values))})", values):
        found[first].append(rest)
    return found
