"""One SQLite file: tidy tables, full-text search over names and sentences, and views for readers (sqlite.sql)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from kg import ontology
from kg.contents import Contents, opened
from kg.entries import Fact, Sentence, Sheet, Story, Thing

Row = tuple[str | int | float | None, ...]


def write(source: Path, target: Path) -> tuple[str, ...]:
    """Write the file `target`. Rows are numbered in the order of their IRIs."""
    schema = files("kg.export").joinpath("sqlite.sql").read_text(encoding="utf-8")
    with opened(source) as contents, closing(sqlite3.connect(target)) as database:
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
    number = contents.number
    yield "entities", (_entity(n, thing) for n, thing in enumerate(contents.things(), 1))
    yield "names", ((n, *row) for n, row in enumerate(_names(contents), 1))
    yield "pages", (_page(n, page) for n, page in enumerate(contents.pages(), 1))
    yield "mentions", ((n, number("pages", p)) for n, t in enumerate(contents.things(), 1) for p in t.pages)
    yield "articles", (_article(n, a, number("pages", a.page)) for n, a in enumerate(contents.articles(), 1))
    yield "journalists", ((n, name) for n, a in enumerate(contents.articles(), 1) for name in a.journalists)
    yield "sentences", (_sentence(n, s, number("pages", s.page)) for n, s in enumerate(contents.sentences(), 1))
    yield "claims", (_claim(n, fact, contents) for n, fact in enumerate(contents.facts(), 1))
    yield "claim_notes", ((n, *row) for n, fact in enumerate(contents.facts(), 1) for row in _notes(fact))
    yield "evidence", ((n, number("sentences", e)) for n, f in enumerate(contents.facts(), 1) for e in f.evidence)


def _entity(number: int, thing: Thing) -> Row:
    kind_zh = ontology.load().term(thing.kind).label_zh
    return number, thing.iri, thing.kind, kind_zh, thing.name, int(thing.inferred), thing.confidence


def _names(contents: Contents) -> Iterator[Row]:
    for number, thing in enumerate(contents.things(), 1):
        yield number, thing.name, "name"
        yield from ((number, alias, "alias") for alias in thing.aliases)
        yield from ((number, misprint, "misprint") for misprint in thing.printed_as)


def _page(number: int, page: Sheet) -> Row:
    return (
        number, page.iri, page.file, page.sha256, page.newspaper, page.issued, int(page.certain), page.number,
    )  # fmt: skip


def _article(number: int, article: Story, page: int) -> Row:
    return number, article.iri, page, article.headline, article.start, article.end


def _sentence(number: int, sentence: Sentence, page: int) -> Row:
    return number, sentence.iri, page, sentence.start, sentence.end, sentence.text


def _claim(number: int, fact: Fact, contents: Contents) -> Row:
    relation_zh = ontology.load().term(fact.predicate).label_zh
    subject, target = contents.number("things", fact.subject), contents.number("things", fact.object)
    return (
        number, fact.iri, subject, fact.predicate, relation_zh, target, fact.title, fact.status, fact.order, fact.group,
        fact.confidence,
    )  # fmt: skip


def _notes(fact: Fact) -> Iterator[Row]:
    yield from (("rule", rule) for rule in fact.rules)
    yield from (("observed", date) for date in fact.dates)
    yield from (("inferred_from", premise) for premise in fact.inferred_from)
