"""The graph as plain tables. One definition of them for CSV, JSON Lines, Parquet and the workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kg import ontology
from kg.contents import Cited, Contents, Told
from kg.entries import Sheet, Story, Thing

Cell = str | int | float | bool | tuple[str, ...] | None
Cells = tuple[Cell, ...]
Columns = tuple[tuple[str, "Type"], ...]


class Type(StrEnum):
    """What a column holds. None is unknown."""

    TEXT = "text"
    LIST = "list"
    NUMBER = "number"
    SHARE = "share"  # from 0 to 1
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, and its rows with a cell a column, which can be gone through once."""

    name: str
    columns: Columns
    rows: Iterable[Cells]


ENTITIES = (
    ("id", Type.TEXT), ("class", Type.TEXT), ("class_zh", Type.TEXT), ("name", Type.TEXT), ("aliases", Type.LIST),
    ("printed_as", Type.LIST), ("name_inferred", Type.FLAG), ("pages", Type.NUMBER),
    ("confidence", Type.SHARE),
)  # fmt: skip
RELATIONS = (
    ("subject", Type.TEXT), ("relation", Type.TEXT), ("relation_zh", Type.TEXT), ("object", Type.TEXT),
    ("post_title", Type.TEXT), ("status", Type.TEXT), ("sentence", Type.TEXT), ("newspaper", Type.TEXT),
    ("issued", Type.TEXT), ("date_certain", Type.FLAG), ("page_number", Type.TEXT), ("page", Type.TEXT),
    ("start", Type.NUMBER), ("end", Type.NUMBER), ("dates", Type.LIST), ("rules", Type.LIST),
    ("inferred_from", Type.LIST), ("list_order", Type.NUMBER), ("group", Type.TEXT), ("subject_class", Type.TEXT),
    ("object_class", Type.TEXT), ("subject_id", Type.TEXT), ("object_id", Type.TEXT), ("claim", Type.TEXT),
    ("confidence", Type.SHARE),
)  # fmt: skip
PAGES = (
    ("id", Type.TEXT), ("page", Type.TEXT), ("newspaper", Type.TEXT), ("issued", Type.TEXT),
    ("date_certain", Type.FLAG), ("page_number", Type.TEXT), ("sha256", Type.TEXT),
)  # fmt: skip
ARTICLES = (
    ("id", Type.TEXT), ("page_id", Type.TEXT), ("headline", Type.TEXT), ("start", Type.NUMBER), ("end", Type.NUMBER),
    ("journalists", Type.LIST),
)  # fmt: skip


def tables(contents: Contents) -> tuple[Table, ...]:
    """The four tables; relations has a row for each fact and sentence, and one for a fact that was inferred."""
    return (
        Table("entities", ENTITIES, map(entity, contents.things())),
        Table("relations", RELATIONS, relations(contents)),
        Table("pages", PAGES, map(page, contents.pages())),
        Table("articles", ARTICLES, map(article, contents.articles())),
    )


def entity(thing: Thing) -> Cells:
    """The row of a thing."""
    kind_zh = ontology.load().term(thing.kind).label_zh
    return (
        thing.iri, thing.kind, kind_zh, thing.name, thing.aliases, thing.printed_as, thing.inferred, len(thing.pages),
        thing.confidence,
    )  # fmt: skip


def article(story: Story) -> Cells:
    """The row of an article."""
    return story.iri, story.page, story.headline, story.start, story.end, story.journalists


def page(sheet: Sheet) -> Cells:
    """The row of a page."""
    return sheet.iri, sheet.file, sheet.newspaper, sheet.issued, sheet.certain, sheet.number, sheet.sha256


def relations(contents: Contents) -> Iterator[Cells]:
    """The rows of all facts."""
    for told in contents.told():
        yield from (relation(told, one) for one in told.cited or (None,))


def relation(told: Told, cited: Cited | None) -> Cells:
    """The row of a fact and one of its sentences; None where it was inferred."""
    fact, subject, target, _ = told
    relation_zh = ontology.load().term(fact.predicate).label_zh
    return (
        subject.name, fact.predicate, relation_zh, target.name, fact.title, fact.status, *_place(cited), fact.dates,
        fact.rules, fact.inferred_from, fact.order or None, fact.group, subject.kind, target.kind, fact.subject,
        fact.object, fact.iri, fact.confidence,
    )  # fmt: skip


def _place(cited: Cited | None) -> Cells:
    if not cited:
        return (None,) * 8
    sentence, sheet = cited.sentence, cited.page
    return (
        sentence.text, sheet.newspaper, sheet.issued, sheet.certain, sheet.number, sheet.file, sentence.start,
        sentence.end,
    )  # fmt: skip
