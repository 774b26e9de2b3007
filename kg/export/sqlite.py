"""One SQLite file: tidy tables, full-text search over names and sentences, and views for readers (sqlite.sql)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from kg import ontology
from kg.contents import Contents, Fact, Thing, read

Row = tuple[str | int | float | None, ...]


def write(source: Path, target: Path) -> tuple[str, ...]:
    """Write the file `target`. Rows are numbered in the order of their IRIs."""
    contents = read(source)
    schema = files("kg.export").joinpath("sqlite.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(target)) as database:
        database.execute("PRAGMA journal_mode = OFF")  # a half-written file is never renamed into place
        database.executescript(schema)
        for table, rows in _rows(contents):
            _insert(database, table, rows)
        for search in ("name_search", "sentence_search"):
            database.execute(f"INSERT INTO {search} ({search}) VALUES ('rebuild')")
        database.commit()
        database.execute("ANALYZE")
    return ()


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _rows(contents: Contents) -> Iterator[tuple[str, Iterable[Row]]]:
    """Every table with its rows, parents before children."""
    things, facts = _numbers(contents.things), _numbers(contents.facts)
    pages, sentences = _numbers(contents.pages), _numbers(contents.sentences)
    yield "entities", (_entity(things[t.iri], t) for t in contents.things)
    yield "names", ((number, *row) for number, row in enumerate(_names(contents, things), 1))
    yield (
        "pages",
        (
            (pages[p.iri], p.iri, p.file, p.sha256, p.newspaper, p.issued, int(p.certain), p.number)
            for p in contents.pages
        ),
    )
    yield "mentions", ((things[t.iri], pages[page]) for t in contents.things for page in t.pages if page in pages)
    articles = [(n, a) for n, a in enumerate(contents.articles, 1) if a.page in pages]
    yield "articles", ((n, a.iri, pages[a.page], a.headline, a.start, a.end) for n, a in articles)
    yield "journalists", ((n, name) for n, a in articles for name in a.journalists)
    yield "sentences", ((sentences[s.iri], s.iri, pages[s.page], s.start, s.end, s.text) for s in contents.sentences)
    yield "claims", (_claim(facts[f.iri], f, things) for f in contents.facts)
    yield "claim_notes", ((facts[f.iri], *row) for f in contents.facts for row in _notes(f))
    yield "evidence", ((facts[f.iri], sentences[e]) for f in contents.facts for e in f.evidence)


def _numbers(rows: Iterable[object]) -> dict[str, int]:
    return {getattr(row, "iri"): number for number, row in enumerate(rows, 1)}  # noqa: B009


def _entity(number: int, thing: Thing) -> Row:
    kind_zh = ontology.load().term(thing.kind).label_zh
    return number, thing.iri, thing.kind, kind_zh, thing.name, int(thing.inferred), thing.confidence


def _names(contents: Contents, numbers: dict[str, int]) -> Iterator[Row]:
    for thing in contents.things:
        yield numbers[thing.iri], thing.name, "name"
        yield from ((numbers[thing.iri], alias, "alias") for alias in thing.aliases)
        yield from ((numbers[thing.iri], misprint, "misprint") for misprint in thing.printed_as)


def _claim(number: int, fact: Fact, things: dict[str, int]) -> Row:
    relation_zh = ontology.load().term(fact.predicate).label_zh
    subject, target = things[fact.subject], things[fact.object]
    return (
        number, fact.iri, subject, fact.predicate, relation_zh, target, fact.title, fact.status, fact.order, fact.group,
        fact.confidence,
    )  # fmt: skip


def _notes(fact: Fact) -> Iterator[Row]:
    yield from (("rule", rule) for rule in fact.rules)
    yield from (("observed", date) for date in fact.dates)
    yield from (("inferred_from", premise) for premise in fact.inferred_from)
