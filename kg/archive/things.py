"""Linking of what has changed, as far as things go: pages → keys → names. `kg.archive.facts` goes on from there.

The functions of kg/link say what a page, a key, a name and a fact give; here and there is only which of them are asked
again. What was touched stands in the temporary tables of schema.sql: `new_ids`, `new_facts`, `moved`, `new_quotes`, and
the statements as they were `before`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec

from kg.archive.known import TOGETHER, by_first
from kg.archive.pages import Packed, Pages
from kg.link.local import Share, local
from kg.link.things import identifiers, things
from kg.model import Reading
from kg.workers import Workers, some

_pack, _unpack = msgspec.msgpack.encode, msgspec.msgpack.decode
_PAGES = 8  # pages that go to a process in one go
Stands = tuple[str, str, tuple[str, ...]]  # the key of a thing, its path, the pages that speak of it


def link_things(database: sqlite3.Connection, pages: Pages, workers: Workers) -> None:
    """Bring the things, and what each mention stands for, up to date with the pages."""
    _pages(database, pages, workers)
    _keys(database, workers)
    _names(database)


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


def _keys(database: sqlite3.Connection, workers: Workers) -> None:
    """The things of each key, and which of them each page speaks of."""
    database.execute("INSERT OR IGNORE INTO new_ids SELECT t.id FROM new_keys n CROSS JOIN things t ON t.base = n.key")
    for found in workers.each(told_apart, _shares(database)):
        _put_parts(database, found)
        _put_things(database, found)


def _shares(database: sqlite3.Connection) -> Iterator[list[tuple[str, list[bytes]]]]:
    """The keys that were touched, some at a time, each with what pages say of its things."""
    keys = (key for (key,) in database.execute("SELECT key FROM new_keys ORDER BY key"))
    for part in some(keys, TOGETHER):
        known = by_first(database, "SELECT key, page, share FROM shares WHERE key", part)
        yield [(key, [share for _, share in sorted(known[key])]) for key in part]


def told_apart(keys: Sequence[tuple[str, Sequence[bytes]]]) -> list[tuple[str, list[Stands]]]:
    """`kg.link.things` of some keys, each with its shares as they are kept."""
    return [(key, _told_apart(shares)) for key, shares in keys]


def _told_apart(shares: Sequence[bytes]) -> list[Stands]:
    found = things([_unpack(share, type=Share) for share in shares]) if shares else []
    return [(thing.key, thing.path, thing.pages) for thing in found]


def _put_parts(database: sqlite3.Connection, found: Sequence[tuple[str, Sequence[Stands]]]) -> None:
    parts = ((own, key, page, own) for key, known in found for own, _, pages in known for page in pages)
    database.executemany("UPDATE shares SET part = ? WHERE key = ? AND page = ? AND part IS NOT ?", parts)


def _put_things(database: sqlite3.Connection, found: Sequence[tuple[str, Sequence[Stands]]]) -> None:
    """The things that stand under some keys now, where others stood before."""
    known = by_first(database, "SELECT base, key, path FROM things WHERE base", [base for base, _ in found])
    before = {(key, base, path) for base in known for key, path in known[base]}
    now = {(key, base, path) for base, stand in found for key, path, _ in stand}
    paths = sorted({(path,) for _, _, path in before ^ now})
    database.executemany("INSERT OR IGNORE INTO new_paths VALUES (?)", paths)
    database.executemany("DELETE FROM things WHERE key = ?", sorted({(key,) for key, _, _ in before - now}))
    database.executemany("INSERT INTO things (key, base, path) VALUES (?, ?, ?)", sorted(now - before))


def _names(database: sqlite3.Connection) -> None:
    """The ids of all things that share a name, and the mentions that stand for another id now."""
    paths = (path for (path,) in database.execute("SELECT path FROM new_paths ORDER BY path"))
    for part in some(paths, TOGETHER):
        known = by_first(database, "SELECT path, key, base, id FROM things WHERE path", part)
        _put_ids(database, [one for path in part for one in _moved(path, sorted(known[path]))])
    database.execute(
        "INSERT INTO moved SELECT s.page, s.key FROM new_keys n CROSS JOIN shares s ON s.key = n.key"
        " CROSS JOIN things t ON t.key = s.part WHERE s.id IS NOT t.id"
    )
    database.execute("INSERT OR IGNORE INTO new_ids SELECT t.id FROM new_keys n CROSS JOIN things t ON t.base = n.key")
    database.execute(
        "UPDATE shares SET id = (SELECT id FROM things WHERE key = part)"
        " WHERE (key, page) IN (SELECT key, page FROM moved)"
    )


def _moved(path: str, known: Sequence[Sequence[str | None]]) -> Iterator[tuple[str | None, ...]]:
    """New id, key, base and old id of the things of a path (`known`: key, base and id of each) that get another id."""
    ids = identifiers(path, [str(key) for key, _, _ in known])
    return ((ids[str(key)], key, base, old) for key, base, old in known if ids[str(key)] != old)


def _put_ids(database: sqlite3.Connection, moved: Iterable[tuple[str | None, ...]]) -> None:
    known = list(moved)
    database.executemany("INSERT OR IGNORE INTO new_ids VALUES (?)", ((old,) for _, _, _, old in known if old))
    database.executemany("UPDATE things SET id = ? WHERE key = ?", ((new, key) for new, key, _, _ in known))
    database.executemany("INSERT OR IGNORE INTO new_keys VALUES (?)", ((base,) for _, _, base, _ in known))
