"""Linking of what has changed: pages → keys → names → facts, each step asking for what the one before has touched.

The functions of kg/link say what a page, a key, a name and a fact give; here is only which of them are asked again.
What was touched stands in the temporary tables of schema.sql: `new_ids`, `new_facts`, `moved`, `new_quotes`, and the
statements as they were `before`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec

from kg.archive.pages import Pages
from kg.link.context import context
from kg.link.facts import Fact, fact, makes_official, rivals, statement, yields_to
from kg.link.local import Said, Share, local
from kg.link.things import identifiers, things
from kg.model import Evidence, Predicate, Statement, Status

_pack = msgspec.msgpack.encode
_AS_SAID = "subject = ? AND predicate = ? AND object = ? AND title = ? AND status = ?"
_POSTS = "SELECT subject, predicate, object, title, status FROM statements WHERE subject = ? AND predicate = ?"
_LIES_IN = (
    "SELECT 1 FROM statements WHERE subject = ? AND predicate = 'within' AND object = ? AND status = 'asserted' LIMIT 1"
)


def link(database: sqlite3.Connection, pages: Pages) -> None:
    """Bring things and facts up to date with the pages."""
    _pages(database, pages)
    _keys(database)
    _names(database)
    _claims(database)
    _facts(database)
    _context(database)
    _officials(database)


def _pages(database: sqlite3.Connection, pages: Pages) -> None:
    """Take pages out that are gone or have changed, and in that are new or have changed."""
    for changed in (
        "SELECT p.id FROM pages p LEFT JOIN linked l ON l.page = p.id WHERE l.key IS NOT p.key",
        "SELECT page FROM linked WHERE page NOT IN (SELECT id FROM pages)",
    ):
        database.execute(f"INSERT INTO new_pages {changed}")
    for (page,) in database.execute("SELECT page FROM new_pages ORDER BY page"):
        _take_out(database, page)
        _take_in(database, page, pages)


def _take_out(database: sqlite3.Connection, page: str) -> None:
    database.execute("INSERT OR IGNORE INTO new_keys SELECT key FROM shares WHERE page = ?", (page,))
    database.execute(
        "INSERT OR IGNORE INTO new_facts SELECT subject, predicate, object, title, status FROM said"
        " WHERE page = ? AND subject IS NOT NULL", (page,)
    )  # fmt: skip
    for table in ("shares", "said", "linked"):
        database.execute(f"DELETE FROM {table} WHERE page = ?", (page,))


def _take_in(database: sqlite3.Connection, page: str, pages: Pages) -> None:
    if (reading := pages.reading(page)) is None:
        return
    found = local(reading)
    size = len(reading.articles), len(reading.mentions)
    database.execute("INSERT INTO linked SELECT id, key, ?, ? FROM pages WHERE id = ?", (*size, page))
    shares = [(share.key, page, _pack(share)) for share in found.shares]
    database.executemany("INSERT INTO shares (key, page, share) VALUES (?, ?, ?)", shares)
    database.executemany("INSERT OR IGNORE INTO new_keys VALUES (?)", ((key,) for key, _, _ in shares))
    said = ((page, number, _pack(said)) for number, said in enumerate(found.said))
    database.executemany("INSERT INTO said (page, number, said) VALUES (?, ?, ?)", said)


def shares_of(database: sqlite3.Connection, key: str) -> list[Share]:
    """What pages say of the things of a key."""
    rows = database.execute("SELECT share FROM shares WHERE key = ? ORDER BY page", (key,))
    return [msgspec.msgpack.decode(share, type=Share) for (share,) in rows]


def _keys(database: sqlite3.Connection) -> None:
    """The things of each key, and which of them each page speaks of."""
    for (key,) in database.execute("SELECT key FROM new_keys ORDER BY key"):
        shares = shares_of(database, key)
        found = things(shares) if shares else []
        parts = ((thing.key, key, page, thing.key) for thing in found for page in thing.pages)
        database.executemany("UPDATE shares SET part = ? WHERE key = ? AND page = ? AND part IS NOT ?", parts)
        before = set(database.execute("SELECT key, path FROM things WHERE base = ?", (key,)))
        now = {(thing.key, thing.path) for thing in found}
        database.execute("INSERT OR IGNORE INTO new_ids SELECT id FROM things WHERE base = ?", (key,))
        paths = sorted({(path,) for _, path in before ^ now})
        database.executemany("INSERT OR IGNORE INTO new_paths VALUES (?)", paths)
        database.executemany("DELETE FROM things WHERE key = ?", sorted({(own,) for own, _ in before - now}))
        rows = ((own, key, path) for own, path in sorted(now - before))
        database.executemany("INSERT INTO things (key, base, path) VALUES (?, ?, ?)", rows)


def _names(database: sqlite3.Connection) -> None:
    """The ids of all things that share a name, and the mentions that stand for another id now."""
    for (path,) in database.execute("SELECT path FROM new_paths ORDER BY path"):
        rows = list(database.execute("SELECT key, base, id FROM things WHERE path = ? ORDER BY key", (path,)))
        ids = identifiers(path, [key for key, _, _ in rows])
        moved = [(key, base, old) for key, base, old in rows if ids[key] != old]
        touched = ((one,) for key, _, old in moved for one in (old, ids[key]) if one)
        database.executemany("INSERT OR IGNORE INTO new_ids VALUES (?)", touched)
        database.executemany("UPDATE things SET id = ? WHERE key = ?", ((ids[key], key) for key, _, _ in moved))
        database.executemany("INSERT OR IGNORE INTO new_keys VALUES (?)", ((base,) for _, base, _ in moved))
    database.execute(
        "INSERT INTO moved SELECT s.page, s.key FROM new_keys n CROSS JOIN shares s ON s.key = n.key"
        " CROSS JOIN things t ON t.key = s.part WHERE s.id IS NOT t.id"
    )
    database.execute("INSERT OR IGNORE INTO new_ids SELECT t.id FROM new_keys n CROSS JOIN things t ON t.base = n.key")
    database.execute(
        "UPDATE shares SET id = (SELECT id FROM things WHERE key = part) FROM moved m"
        " WHERE shares.key = m.key AND shares.page = m.page"
    )


def _claims(database: sqlite3.Connection) -> None:
    """The facts that pages state whose mentions stand for another id now."""
    for (page,) in database.execute("SELECT DISTINCT page FROM moved ORDER BY page"):
        ids = dict(database.execute("SELECT key, id FROM shares WHERE page = ?", (page,)))
        rows = database.execute(
            "SELECT number, said, subject, predicate, object, title, status FROM said WHERE page = ?", (page,)
        ).fetchall()
        for number, packed, *old in rows:
            said = msgspec.msgpack.decode(packed, type=Said)
            if said.subject == said.object:
                continue
            new = fact(said, ids[said.subject], ids[said.object])
            if tuple(old) == new:
                continue
            touched = (old, new) if old[0] is not None else (new,)
            database.executemany("INSERT OR IGNORE INTO new_facts VALUES (?, ?, ?, ?, ?)", touched)
            database.execute(
                "UPDATE said SET subject = ?, predicate = ?, object = ?, title = ?, status = ?"
                " WHERE page = ? AND number = ?", (*new, page, number)
            )  # fmt: skip


def _facts(database: sqlite3.Connection) -> None:
    """The statement of each touched fact."""
    others = {other for one in new_facts(database) for other in yields_to(one) if _is_said(database, other)}
    database.executemany("INSERT OR IGNORE INTO new_facts VALUES (?, ?, ?, ?, ?)", sorted(others))
    for one in new_facts(database):
        before, now = statement_of(database, one), _stated(database, one)
        if before is not None:
            database.execute("INSERT INTO before VALUES (?)", (_pack(before),))
        if (before is None) != (now is None) and makes_official(one):
            database.execute("INSERT OR IGNORE INTO new_officials VALUES (?)", (one.subject,))
        if now is not None:
            database.execute("INSERT OR REPLACE INTO statements VALUES (?, ?, ?, ?, ?, ?)", (*one, _pack(now)))
        else:
            database.execute(f"DELETE FROM statements WHERE {_AS_SAID}", one)
        quoted = _evidence(before) ^ _evidence(now)
        database.executemany("INSERT OR IGNORE INTO new_quotes VALUES (?)", sorted({(e.page,) for e in quoted}))
        database.execute("INSERT OR IGNORE INTO new_ids VALUES (?)", (one.subject,))


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
    said = [msgspec.msgpack.decode(packed, type=Said) for (packed,) in rows]
    return statement(one, said) if said else None


def _is_said(database: sqlite3.Connection, one: Fact) -> bool:
    return database.execute(f"SELECT 1 FROM said WHERE {_AS_SAID} LIMIT 1", one).fetchone() is not None


def statement_of(database: sqlite3.Connection, one: Fact) -> Statement | None:
    """The statement of a fact as it was stored."""
    row = database.execute(f"SELECT statement FROM statements WHERE {_AS_SAID}", one).fetchone()
    return msgspec.msgpack.decode(row[0], type=Statement) if row is not None else None


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


def inferred(subject: str, target: str) -> Statement:
    """What the gazetteer alone says of two places."""
    return Statement(subject, Predicate.WITHIN, target, inferred_from=("gazetteer",))


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
