"""The graph as plain tables: CSV for spreadsheets, Parquet for data tools. One definition of the tables for both."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from kg import ontology
from kg.confidence import written
from kg.contents import Contents, Fact, Sheet, Story, Thing, read
from kg.errors import MissingExtraError
from kg.export.provenance import Cited, citations
from kg.export.tables import cell as guarded

if TYPE_CHECKING:
    import pyarrow as pa

Cell = str | int | float | bool | tuple[str, ...] | None


class Type(StrEnum):
    """What a column holds. None is unknown."""

    TEXT = "text"
    LIST = "list"
    NUMBER = "number"
    SHARE = "share"  # from 0 to 1
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, and its rows with a cell a column."""

    name: str
    columns: tuple[tuple[str, Type], ...]
    rows: tuple[tuple[Cell, ...], ...]


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

README = """\
entities.csv   every person, body, place and program       人、机构、企业、地点、项目
relations.csv  a row for each relation and sentence        每条关系、每个出处一行
pages.csv      the newspaper pages                         报纸版面
articles.csv   the articles on them                        稿件

UTF-8 with a byte order mark, so that Excel shows the characters. Lists are parted by ；.
A cell that a spreadsheet would run as a formula (= + - @ first) starts with an apostrophe.
`confidence` is the probability (0 to 1) that a careful reader would agree; empty for what no page says.
`status` tells what the sentence says: asserted (is so), planned (is to be so), negated (is not so).
"""


def tables(contents: Contents) -> tuple[Table, ...]:
    """The four tables; relations has a row for each fact and sentence, and one for a fact that was inferred."""
    return (
        Table("entities", ENTITIES, tuple(map(_entity, contents.things))),
        Table("relations", RELATIONS, tuple(_relations(contents))),
        Table("pages", PAGES, tuple(map(_page, contents.pages))),
        Table(
            "articles",
            ARTICLES,
            tuple((a.iri, a.page, a.headline, a.start, a.end, a.journalists) for a in contents.articles),
        ),
    )


def write_csv(source: Path, target: Path) -> tuple[str, ...]:
    """Write the folder `target`: a CSV file a table and a README.txt."""
    target.mkdir()
    count = sum(_write_csv(table, target / f"{table.name}.csv") for table in tables(read(source)))
    (target / "README.txt").write_text(README, encoding="utf-8")
    return (f"{count} cells that a spreadsheet would run as formulas start with an apostrophe",) if count else ()


def write_parquet(source: Path, target: Path) -> tuple[str, ...]:
    """Write the folder `target`: a Parquet file a table. Raises MissingExtraError without pyarrow."""
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError("Parquet needs one more package: pip install 'fangzhi[export]'") from error
    contents = tables(read(source))
    target.mkdir()
    for table in contents:
        parquet.write_table(_arrow(table), target / f"{table.name}.parquet")
    (target / "README.txt").write_text(README.replace(".csv", ".parquet").partition("\n\n")[0] + "\n", encoding="utf-8")
    return ()


def _entity(thing: Thing) -> tuple[Cell, ...]:
    kind_zh = ontology.load().term(thing.kind).label_zh
    return (
        thing.iri, thing.kind, kind_zh, thing.name, thing.aliases, thing.printed_as, thing.inferred, len(thing.pages),
        thing.confidence,
    )  # fmt: skip


def _article(article: Story) -> tuple[Cell, ...]:
    return article.iri, article.page, article.headline, article.start, article.end, article.journalists


def _page(page: Sheet) -> tuple[Cell, ...]:
    return page.iri, page.file, page.newspaper, page.issued, page.certain, page.number, page.sha256


def _relations(contents: Contents) -> Iterator[tuple[Cell, ...]]:
    things = {thing.iri: thing for thing in contents.things}
    cited = citations(contents)
    for fact in contents.facts:
        for one in cited[fact.iri] or (None,):
            yield _relation(fact, things[fact.subject], things[fact.object], one)


def _relation(fact: Fact, subject: Thing, target: Thing, cited: Cited | None) -> tuple[Cell, ...]:
    relation_zh = ontology.load().term(fact.predicate).label_zh
    return (
        subject.name, fact.predicate, relation_zh, target.name, fact.title, fact.status, *_place(cited), fact.dates,
        fact.rules, fact.inferred_from, fact.order or None, fact.group, subject.kind, target.kind, fact.subject,
        fact.object, fact.iri, fact.confidence,
    )  # fmt: skip


def _place(cited: Cited | None) -> tuple[Cell, ...]:
    if not cited:
        return (None,) * 8
    sentence, page = cited.sentence, cited.page
    return (
        sentence.text, page.newspaper, page.issued, page.certain, page.number, page.file, sentence.start, sentence.end,
    )  # fmt: skip


def _write_csv(table: Table, path: Path) -> int:
    """Write one table; the number of cells that were guarded against being run."""
    rows = [[_text(cell) for cell in row] for row in table.rows]
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(name for name, _ in table.columns)
        writer.writerows([guarded(cell) for cell in row] for row in rows)
    return sum(guarded(cell) != cell for row in rows for cell in row)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return "；".join(cell)
    if isinstance(cell, float):
        return written(cell)
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _arrow(table: Table) -> pa.Table:
    import pyarrow as pa

    types = {
        Type.TEXT: pa.string(), Type.LIST: pa.list_(pa.string()), Type.NUMBER: pa.int64(), Type.FLAG: pa.bool_(),
        Type.SHARE: pa.float64(),
    }  # fmt: skip
    schema = pa.schema([(name, types[kind]) for name, kind in table.columns])
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
