"""Linking of what has changed, as far as facts go: what pages state of the things of `kg.archive.things`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from kg.archive.render import inferred
from kg.link.context import context
from kg.link.facts import Fact, fact, makes_official, rivals, statement, yields_to
from kg.link.local import Said
from kg.model import Evidence, Predicate, Statement, Status

_pack, _unpack = msgspec.msgpack.encode, msgspec.msgpack.decode
_AS_SAID = "subject = ? AND predicate = ? AND object = ? AND title = ? AND status = ?"
_POSTS = "SELECT subject, predicate, object, title, status FROM statements WHERE subject = ? AND predicate = ?"
_LIES_IN = (
    "SELECT 1 FROM statements WHERE subject = ? AND predicate = 'within' AND object = ? AND status = 'asserted' LIMIT 1"
)


def link_facts(database: sqlite3.Connection) -> None:
    """Bring the facts up to date with the pages and things."""
    _claims(database)
    _facts(database)
    _context(database)
    _officials(database)


def _claims(database: sqlite3.Connection) -> None:
    """The facts that pages state whose mentions stand for another id now."""
    told = "SELECT number, said, subject, predicate, object, title, status FROM said WHERE page = ?"
    for (page,) in database.execute("SELECT DISTINCT page FROM moved ORDER BY page"):
        ids = dict(database.execute("SELECT key, id FROM shares WHERE page = ?", (page,)))
        changed = list(_changed(database.execute(told, (page,)), ids))
        touched = (one for _, old, new in changed for one in ((old, new) if old[0] is not None else (new,)))
        database.executemany("INSERT OR IGNORE INTO new_facts VALUES (?, ?, ?, ?, ?)", touched)
        database.executemany(
            "UPDATE said SET subject = ?, predicate = ?, object = ?, title = ?, status = ?"
            " WHERE page = ? AND number = ?", ((*new, page, number) for number, _, new in changed)
        )  # fmt: skip


def _changed(rows: Iterable[tuple[Any, ...]], ids: Mapping[str, str]) -> Iterator[tuple[int, tuple[Any, ...], Fact]]:
    """Number, old and new fact of the claims that state another fact now."""
    for number, packed, *old in rows:
        said = _unpack(packed, type=Said)
        if said.subject != said.object and tuple(old) != (new := fact(said, ids[said.subject], ids[said.object])):
            yield number, tuple(old), new


def _facts(database: sqlite3.Connection) -> None:
    """The statement of each touched fact."""
    others = {other for one in new_facts(database) for other in yields_to(one) if _is_said(database, other)}
    database.executemany("INSERT OR IGNORE INTO new_facts VALUES (?, ?, ?, ?, ?)", sorted(others))
    quoting = set[str]()
    for one, packed in _with_statements(database):
        now = _stated(database, one)
        before = _unpack(packed, type=Statement) if packed is not None else None
        if packed is not None:
            database.execute("INSERT INTO before VALUES (?)", (packed,))
        if (before is None) != (now is None) and makes_official(one):
            database.execute("INSERT OR IGNORE INTO new_officials VALUES (?)", (one.subject,))
        if now is not None:
            database.execute("INSERT OR REPLACE INTO statements VALUES (?, ?, ?, ?, ?, ?)", (*one, _pack(now)))
        else:
            database.execute(f"DELETE FROM statements WHERE {_AS_SAID}", one)
        quoting.update(each.page for each in _evidence(before) ^ _evidence(now))
    database.executemany("INSERT OR IGNORE INTO new_quotes VALUES (?)", ((page,) for page in sorted(quoting)))
    database.execute("INSERT OR IGNORE INTO new_ids SELECT subject FROM new_facts")


def _with_statements(database: sqlite3.Connection) -> Iterator[tuple[Fact, bytes | None]]:
    """The touched facts, sorted, each with its statement as it is stored."""
    for *one, packed in database.execute(
        "SELECT n.*, s.statement FROM new_facts n LEFT JOIN statements s"
        " USING (subject, predicate, object, title, status) ORDER BY 1, 2, 3, 4, 5"
    ):
        subject, predicate, target, title, status = one
        yield Fact(subject, Predicate(predicate), target, title, Status(status)), packed


def new_facts(database: sqlite3.Connection) -> Iterator[Fact]:
    """The touched facts, sorted."""
    for subject, predicate, target, title, status in database.execute("SELECT * FROM new_facts ORDER BY 1, 2, 3, 4, 5"):
        yield Fact(subject, Predicate(predicate), target, title, Status(status))


def _evidence(one: Statement | None) -> set[Evidence]:
    return set(one.evidence) if one is not None else set()


def _stated(database: sqlite3.Connection, one: Fact) -> Statement | None:
    """What the pages say of a fact; None where they do not, or what they say elsewhere stands against it."""
    if any(_is_said(database, other) for other in rivals(one)):
        return None
    rows = database.execute(f"SELECT said FROM said WHERE {_AS_SAID}", one)
    said = [_unpack(packed, type=Said) for (packed,) in rows]
    return statement(one, said) if said else None


def _is_said(database: sqlite3.Connection, one: Fact) -> bool:
    return database.execute(f"SELECT 1 FROM said WHERE {_AS_SAID} LIMIT 1", one).fetchone() is not None


class _Within:
    """The pairs of ids of which pages say that the first lies in the second."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __contains__(self, pair: object) -> bool:
        return self._database.execute(_LIES_IN, pair).fetchone() is not None  # type: ignore[arg-type]


def _context(database: sqlite3.Connection) -> None:
    """What the gazetteer knows beside what pages say."""
    rows = database.execute("SELECT substr(key, 7), id FROM things WHERE key GLOB 'place:[0-9]*' ORDER BY key")
    entities, statements = context({code: one for code, one in rows if code.isdigit()}, _Within(database))
    above = {(one.id, one.name) for one in entities}
    for one, _ in sorted(above ^ set(database.execute("SELECT id, name FROM above"))):
        database.execute("INSERT OR IGNORE INTO new_ids VALUES (?)", (one,))
    now, before = {(s.subject, s.object) for s in statements}, set(database.execute("SELECT * FROM inferred"))
    for pair in sorted(now ^ before):
        database.execute("INSERT OR IGNORE INTO new_ids VALUES (?)", (pair[0],))
        database.execute("INSERT OR IGNORE INTO new_facts VALUES (?, 'within', ?, '', 'asserted')", pair)
    database.executemany("INSERT INTO before VALUES (?)", ((_pack(inferred(*pair)),) for pair in sorted(before - now)))
    for table, rows_ in (("above", above), ("inferred", now)):
        database.execute(f"DELETE FROM {table}")
        database.executemany(f"INSERT INTO {table} VALUES (?, ?)", sorted(rows_))


def _officials(database: sqlite3.Connection) -> None:
    """Who is an official now or no longer; every row that names the class is touched by that."""
    for (one,) in database.execute("SELECT id FROM new_officials ORDER BY id"):
        known = database.execute("SELECT 1 FROM officials WHERE id = ?", (one,)).fetchone() is not None
        posts = database.execute(_POSTS, (one, Predicate.HOLDS_POST_IN))
        holds = any(makes_official(Fact(s, Predicate(p), o, t, Status(status))) for s, p, o, t, status in posts)
        if known == holds:
            continue
        change = "INSERT INTO officials VALUES (?)" if holds else "DELETE FROM officials WHERE id = ?"
        database.execute(change, (one,))
        database.execute("INSERT OR IGNORE INTO new_ids VALUES (?)", (one,))
        for end in ("subject", "object"):
            told = f"SELECT subject, predicate, object, title, status FROM statements WHERE {end} = ?"
            database.execute(f"INSERT OR IGNORE INTO new_facts {told}", (one,))
            if one.startswith("place/"):
                told = f"SELECT subject, 'within', object, '', 'asserted' FROM inferred WHERE {end} = ?"
                database.execute(f"INSERT OR IGNORE INTO new_facts {told}", (one,))
