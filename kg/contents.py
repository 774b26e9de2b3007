"""All that a graph file under the contract holds for its readers: what every export reads, in the order of IRIs.

The entries (`kg.entries`) lie in a scratch database, not in memory, so that a graph may be larger than that. A graph
that breaks the contract is refused before anything is read from it: the error names the node at fault.
"""

from __future__ import annotations

import marshal
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from kg.entries import BrokenError, Entry, Fact, Sentence, Sheet, Story, Thing, broken, check, entries, relations
from kg.errors import OntologyError
from kg.graph_file import graph_file, stream
from kg.model import Status
from kg.ontology import KG
from kg.sorting import ordered, scratch

# `body` is all of an entry; beside it stands what it is looked up or checked by. `n` counts in the order of IRIs.
TABLES = """
CREATE TABLE things (n INTEGER PRIMARY KEY, iri UNIQUE, kind, name, body);
CREATE TABLE facts (n INTEGER PRIMARY KEY, iri UNIQUE, subject, predicate, object, status, body);
CREATE TABLE sentences (n INTEGER PRIMARY KEY, iri UNIQUE, page, body);
CREATE TABLE pages (n INTEGER PRIMARY KEY, iri UNIQUE, body);
CREATE TABLE articles (n INTEGER PRIMARY KEY, iri UNIQUE, page, body);
CREATE TABLE mentions (thing, page);
CREATE TABLE citations (fact, sentence, PRIMARY KEY (fact, sentence)) WITHOUT ROWID;
CREATE TABLE direct (subject, predicate, object);
CREATE INDEX facts_by_triple ON facts (subject, predicate, object);
"""
# Who refers to what: table, its column, the table where that must be, and what it should have been.
REFERENCES = (
    ("facts", "iri", "subject", "things", "thing"),
    ("facts", "iri", "object", "things", "thing"),
    ("citations", "fact", "sentence", "sentences", "sentence"),
    ("mentions", "thing", "page", "pages", "page"),
    ("sentences", "iri", "page", "pages", "page"),
    ("articles", "iri", "page", "pages", "page"),
)
BODIES = {kind: attrgetter(*(field.name for field in fields(kind))) for kind in (Thing, Fact, Sentence, Sheet, Story)}


class End(NamedTuple):
    """A thing at one end of a fact."""

    iri: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Cited:
    """One sentence and the page that it stands on."""

    sentence: Sentence
    page: Sheet

    @property
    def place(self) -> str:
        """`file:start-end`, in code points of the page file."""
        return f"{self.page.file}:{self.sentence.start}-{self.sentence.end}"


class Told(NamedTuple):
    """A fact with its two ends and the sentences that it stands on, in the order of date, file and place."""

    fact: Fact
    subject: End
    object: End
    cited: tuple[Cited, ...]


class Contents:
    """The entries of one graph, each kind sorted by IRI; they can be read again and again while the graph is open."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def things(self, kind: str = "") -> Iterator[Thing]:
        """All things, or those of one kind."""
        where = "WHERE kind = ?" if kind else ""
        found = self._database.execute(f"SELECT body FROM things {where} ORDER BY n", (kind,) if kind else ())
        return (Thing(*marshal.loads(body)) for (body,) in found)

    def facts(self) -> Iterator[Fact]:
        return (Fact(*body) for body in self._bodies("facts"))

    def sentences(self) -> Iterator[Sentence]:
        return (Sentence(*body) for body in self._bodies("sentences"))

    def pages(self) -> Iterator[Sheet]:
        return (Sheet(*body) for body in self._bodies("pages"))

    def articles(self) -> Iterator[Story]:
        return (Story(*body) for body in self._bodies("articles"))

    def told(self, subject: str = "", *, asserted: bool = False) -> Iterator[Told]:
        """The facts with all that belongs to them; those of one subject, or only those that their pages say are so."""
        wanted = [("f.subject", subject)] if subject else []
        wanted += [("f.status", Status.ASSERTED.value)] if asserted else []
        where = " AND ".join(f"{column} = ?" for column, _ in wanted) or "TRUE"
        sql = f"""SELECT f.body, s.iri, s.kind, s.name, o.iri, o.kind, o.name FROM facts f
                  CROSS JOIN things s ON s.iri = f.subject CROSS JOIN things o ON o.iri = f.object
                  WHERE {where} ORDER BY f.n"""
        for body, *ends in self._database.execute(sql, [value for _, value in wanted]):
            fact = Fact(*marshal.loads(body))
            yield Told(fact, End(*ends[:3]), End(*ends[3:]), self._cited(fact.iri))

    def number(self, table: str, iri: str) -> int:
        """The place of an entry among those of its kind (things, facts, sentences, pages, articles), from 1."""
        (number,) = self._database.execute(f"SELECT n FROM {table} WHERE iri = ?", (iri,)).fetchone()
        return int(number)

    @cached_property
    def unasserted(self) -> int:
        """How many facts are planned or denied."""
        sql = "SELECT count(*) FROM facts WHERE status <> ?"
        return int(self._database.execute(sql, (Status.ASSERTED.value,)).fetchone()[0])

    def _bodies(self, table: str) -> Iterator[tuple[Any, ...]]:
        return (marshal.loads(body) for (body,) in self._database.execute(f"SELECT body FROM {table} ORDER BY n"))

    def _cited(self, fact: str) -> tuple[Cited, ...]:
        sql = """SELECT t.body, p.body FROM citations c
                 CROSS JOIN sentences t ON t.iri = c.sentence CROSS JOIN pages p ON p.iri = t.page
                 WHERE c.fact = ? ORDER BY c.sentence"""
        found = self._database.execute(sql, (fact,))
        every = (Cited(Sentence(*marshal.loads(t)), Sheet(*marshal.loads(p))) for t, p in found)
        return tuple(sorted(every, key=_reading_order))


def _reading_order(cited: Cited) -> tuple[str, str, int, int]:
    return cited.page.issued, cited.page.file, cited.sentence.start, cited.sentence.end


@contextmanager
def opened(source: Path) -> Iterator[Contents]:
    """The contents of a build's folder or a graph file (.ttl, .nq, .nt, .trig …); an empty file is an empty graph.

    Memory does not grow with the graph, but the temporary folder holds about three times the file meanwhile. Raises
    OutputError for a file that is missing or is no RDF, OntologyError for one that breaks the contract.
    """
    path = graph_file(source)
    with scratch() as database:
        try:
            database.executescript(TABLES)
            nodes = _fill(database, path)
            _check(database, nodes)
        except BrokenError as error:
            raise OntologyError(f"{path}: {error}; see docs/ontology.md, or run `kg check` on it") from None
        yield Contents(database)


def _fill(database: sqlite3.Connection, path: Path) -> int:
    """Put every entry of the file into the database; the number of nodes that the file has."""
    count = 0
    values = ((s.subject.value, s.predicate.value, s.object.value) for s in stream(path))
    for iri, rows in groupby(ordered(values, 3), itemgetter(0)):
        count += 1
        gathered = defaultdict(list)
        for _, predicate, value in rows:
            gathered[predicate].append(value)
        node = {predicate: tuple(found) for predicate, found in gathered.items()}
        for entry in entries(iri, node):
            _put(database, entry)
        _insert(database, "direct", *((iri, *relation) for relation in relations(node)))
    return count


def _put(database: sqlite3.Connection, entry: Entry) -> None:
    body = marshal.dumps(BODIES[type(entry)](entry))
    match entry:
        case Thing():
            _insert(database, "things", (None, entry.iri, entry.kind, entry.name, body))
            _insert(database, "mentions", *((entry.iri, page) for page in entry.pages))
        case Fact():
            row = (entry.iri, entry.subject, entry.predicate, entry.object, entry.status)
            _insert(database, "facts", (None, *row, body))
            _insert(database, "citations", *((entry.iri, sentence) for sentence in entry.evidence))
        case Sheet():
            _insert(database, "pages", (None, entry.iri, body))
        case Sentence():
            _insert(database, "sentences", (None, entry.iri, entry.page, body))
        case Story():
            _insert(database, "articles", (None, entry.iri, entry.page, body))


def _insert(database: sqlite3.Connection, table: str, *rows: tuple[object, ...]) -> None:
    if rows:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _check(database: sqlite3.Connection, nodes: int) -> None:
    """Refuse a graph of something else, relations without a claim, and references to what is not in the graph."""
    ours = database.execute("SELECT EXISTS (SELECT 1 FROM things) OR EXISTS (SELECT 1 FROM pages)").fetchone()[0]
    if nodes and not ours:
        raise BrokenError(f"holds no person, agency, place or page of {KG}: not a graph of this contract")
    unclaimed = """SELECT subject, predicate, object FROM direct d WHERE NOT EXISTS (SELECT 1 FROM facts f
                   WHERE f.subject = d.subject AND f.predicate = d.predicate AND f.object = d.object)"""
    for subject, predicate, target in database.execute(f"{unclaimed} LIMIT 1"):
        raise broken(subject, f"kg:{predicate} <{unquote(target)}> has no kg:Claim")
    for fact in Contents(database).facts():
        check(fact)
    for table, owner, column, where, what in REFERENCES:
        sql = f"""SELECT {owner}, {column} FROM {table} AS t
                  WHERE NOT EXISTS (SELECT 1 FROM {where} AS o WHERE o.iri = t.{column}) LIMIT 1"""
        for iri, other in database.execute(sql):
            raise broken(iri, f"refers to <{unquote(other)}>, which is no {what} in it")
