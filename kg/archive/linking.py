"""Linking of what has changed: pages → keys → names → facts, each step asking for what the one before has touched.

The functions of kg/link say what a page, a key, a name and a fact give; here is only which of them are asked again.
What was touched stands in the temporary tables of schema.sql: `new_ids`, `new_facts`, `moved`, `new_quotes`, and the
statements as they were `before`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from kg.archive.pages import Packed, Pages
from kg.archive.render import inferred
from kg.link.context import context
from kg.link.facts import Fact, fact, makes_official, rivals, statement, yields_to
from kg.link.local import Said, Share, local
from kg.link.things import identifiers, things
from kg.model import Evidence, Predicate, Reading, Statement, Status
from kg.workers import Workers, some

_pack, _unpack = msgspec.msgpack.encode, msgspec.msgpack.decode
_PAGES = 8  # pages that go to a process in one go
_AS_SAID = "subject = ? AND predicate = ? AND object = ? AND title = ? AND status = ?"
_POSTS = "SELECT subject, predicate, object, title, status FROM statements WHERE subject = ? AND predicate = ?"
_LIES_IN = (
    "SELECT 1 FROM statements WHERE subject = ? AND predicate = 'within' AND object = ? AND status = 'asserted' LIMIT 1"
)


def link(database: sqlite3.Connection, pages: Pages, workers: Workers) -> None:
    """Bring things and facts up to date with the pages."""
    _pages(database, pages, workers)
    _keys(database)
    _names(database)
    _claims(database)
    _facts(database)
    _context(database)
    _officials(database)


class Alone(NamedTuple):
    """What one page gives by itself: how many articles and mentions, (key, packed Share)s, packed Saids."""

    articles: int
    mentions: int
    shares: list[tuple[str, bytes]]
    said: list[bytes]


def alone(pages: Sequence[Packed], minimum: float) -> list[Alone]:
    """`kg.link.local` of pages as they are kept."""
    return [_alone(packed.unpacked(minimum)) for packed in pages]


def _alone(reading: Reading) -> Alone:
    found = local(reading)
    shares = [(share.key, _pack(share)) for share in found.shares]
    return Alone(len(reading.articles), len(reading.mentions), shares, [_pack(said) for said in found.said])


def _pages(database: sqlite3.Connection, pages: Pages, workers: Workers) -> None:
    """Take pages out that are gone or have changed, and in that are new or have changed."""
    for changed in (
        "SELECT p.id FROM pages p LEFT JOIN linked l ON l.page = p.id WHERE l.key IS NOT p.key",
        "SELECT page FROM linked WHERE page NOT IN (SELECT id FROM pages)",
    ):
        database.execute(f"INSERT INTO new_pages {changed}")
    changes = [page for (page,) in database.execute("SELECT page FROM new_pages ORDER BY page")]
    for page in changes:
        _take_out(database, page)
    there = [page for (page,) in database.execute("SELECT id FROM pages WHERE id IN new_pages ORDER BY id")]
    kept = (packed for page in there if (packed := pages.packed(page)) is not None)
    found = workers.each(alone, some(kept, _PAGES), pages.minimum)
    for page, one in zip(there, chain.from_iterable(found), strict=True):
        _take_in(database, page, one)


def _take_out(database: sqlite3.Connection, page: str) -> None:
    database.execute("INSERT OR IGNORE INTO new_keys SELECT key FROM shares WHERE page = ?", (page,))
    database.execute(
        "INSERT OR IGNORE INTO new_facts SELECT subject, predicate, object, title, status FROM said"
        " WHERE page = ? AND subject IS NOT NULL", (page,)
    )  # fmt: skip
    for table in ("shares", "said", "linked"):
        database.execute(f"DELETE FROM {table} WHERE page = ?", (page,))


def _take_in(database: sqlite3.Connection, page: str, found: Alone) -> None:
    size = found.articles, found.mentions
    database.execute("INSERT INTO linked SELECT id, key, ?, ? FROM pages WHERE id = ?", (*size, page))
    shares = ((key, page, share) for key, share in found.shares)
    database.executemany("INSERT INTO shares (key, page, share) VALUES (?, ?, ?)", shares)
    database.executemany("INSERT OR IGNORE INTO new_keys VALUES (?)", ((key,) for key, _ in found.shares))
    said = ((page, number, said) for number, said in enumerate(found.said))
    database.executemany("INSERT INTO said (page, number, said) VALUES (?, ?, ?)", said)


def shares_of(database: sqlite3.Connection, key: str) -> list[Share]:
    """What pages say of the things of a key."""
    rows = database.execute("SELECT share FROM shares WHERE key = ? ORDER BY page", (key,))
    return [_unpack(share, type=Share) for (share,) in rows]


def _keys(database: sqlite3.Connection) -> None:
    """The things of each key, and which of them each page speaks of."""
    database.execute("INSERT OR IGNORE INTO new_ids SELECT t.id FROM new_keys n CROSS JOIN things t ON t.base = n.key")
    for (key,) in database.execute("SELECT key FROM new_keys ORDER BY key"):
        shares = shares_of(database, key)
        found = things(shares) if shares else []
        parts = ((thing.key, key, page, thing.key) for thing in found for page in thing.pages)
        database.executemany("UPDATE shares SET part = ? WHERE key = ? AND page = ? AND part IS NOT ?", parts)
        before = set(database.execute("SELECT key, path FROM things WHERE base = ?", (key,)))
        now = {(thing.key, thing.path) for thing in found}
        if before != now:
            _put_things(database, key, before, now)


def _put_things(
    database: sqlite3.Connection, base: str, before: set[tuple[str, str]], now: set[tuple[str, str]]
) -> None:
    """Other things, each a key and a path, stand under a key than before."""
    paths = sorted({(path,) for _, path in before ^ now})
    database.executemany("INSERT OR IGNORE INTO new_paths VALUES (?)", paths)
    database.executemany("DELETE FROM things WHERE key = ?", sorted({(own,) for own, _ in before - now}))
    rows = ((own, base, path) for own, path in sorted(now - before))
    database.executemany("INSERT INTO things (key, base, path) VALUES (?, ?, ?)", rows)


def _names(database: sqlite3.Connection) -> None:
    """The ids of all things that share a name, and the mentions that stand for another id now."""
    for (path,) in database.execute("SELECT path FROM new_paths ORDER BY path"):
        rows = list(database.execute("SELECT key, base, id FROM things WHERE path = ? ORDER BY key", (path,)))
        ids = identifiers(path, [key for key, _, _ in rows])
        moved = [(key, base, old) for key, base, old in rows if ids[key] != old]
        database.executemany("INSERT OR IGNORE INTO new_ids VALUES (?)", ((old,) for _, _, old in moved if old))
        database.executemany("UPDATE things SET id = ? WHERE key = ?", ((ids[key], key) for key, _, _ in moved))
        database.executemany("INSERT OR IGNORE INTO new_keys VALUES (?)", ((base,) for _, base, _ in moved))
    database.execute(
        "INSERT INTO moved SELECT s.page, s.key FROM new_keys n CROSS JOIN shares s ON s.key = n.key"
        " CROSS JOIN things t ON t.key = s.part WHERE s.id IS NOT t.id"
    )
    database.execute("INSERT OR IGNORE INTO new_ids SELECT t.id FROM new_keys n CROSS JOIN things t ON t.base = n.key")
    database.execute(
        "UPDATE shares SET id = (SELECT id FROM things WHERE key = part)"
        " WHERE (key, page) IN (SELECT key, page FROM moved)"
    )


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
