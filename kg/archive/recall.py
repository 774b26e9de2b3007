"""What the database of a build knows, as the nouns of kg/model.py: in figures, or all of it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

import msgspec

from kg.archive.known import KINDS, TOGETHER, Known
from kg.archive.pages import Pages
from kg.archive.render import inferred
from kg.link.merge import statement_order
from kg.model import Entity, Finding, Kind, Knowledge, Predicate, Statement
from kg.summary import Summary
from kg.workers import some

_EVERY_ID = "SELECT id FROM things UNION SELECT id FROM above ORDER BY id"


def summary(database: sqlite3.Connection, findings: Sequence[Finding]) -> Summary:
    """The counts of a build."""
    rows = database.execute("SELECT predicate, COUNT(*) FROM statements GROUP BY predicate")
    evidenced = Counter[str](dict(rows))
    (pages, articles, mentions), (more,) = (
        database.execute(told).fetchone()
        for told in (
            "SELECT COUNT(*), TOTAL(articles), TOTAL(mentions) FROM linked",
            "SELECT COUNT(*) FROM inferred",
        )
    )
    relations = evidenced + Counter({Predicate.WITHIN.value: more})
    return Summary.counted(pages, int(articles), int(mentions), _classes(database), relations, evidenced, findings)


def _classes(database: sqlite3.Connection) -> Counter[str]:
    rows = database.execute(
        "SELECT substr(path, 1, instr(path, '/') - 1), o.id IS NOT NULL, COUNT(*)"
        " FROM things t LEFT JOIN officials o ON o.id = t.id GROUP BY 1, 2"
    )
    found = Counter[str]()
    for kind, official, count in rows:
        found["Official" if official else KINDS[kind].value] += count
    (above,) = database.execute("SELECT COUNT(*) FROM above").fetchone()
    return found + Counter({Kind.PLACE.value: above})


def knowledge(database: sqlite3.Connection, pages: Pages) -> Knowledge:
    """All of it, in memory: what `kg.link.merge.resolve` would give."""
    ids = [page for (page,) in database.execute("SELECT page FROM linked ORDER BY page")]
    readings = tuple(reading for page in ids if (reading := pages.reading(page)) is not None)
    return Knowledge(readings, _entities(database), _statements(database), tuple(pages.findings()))


def _entities(database: sqlite3.Connection) -> tuple[Entity, ...]:
    known = Known(database)
    ids = (one for (one,) in database.execute(_EVERY_ID))
    return tuple(entity for part in some(ids, TOGETHER) for thing in known.things(part) for entity in thing.entities())


def _statements(database: sqlite3.Connection) -> tuple[Statement, ...]:
    rows = database.execute("SELECT statement FROM statements")
    stated = [msgspec.msgpack.decode(packed, type=Statement) for (packed,) in rows]
    known = [inferred(*pair) for pair in database.execute("SELECT subject, object FROM inferred")]
    return tuple(sorted([*stated, *known], key=statement_order))
