"""The tables of a build, as `kg export --to parquet` has them: rows as JSON, which Spark makes columns of."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from kg.confidence import told
from kg.contents import Cited, End, Told
from kg.entries import Fact, Sentence, Sheet, Story
from kg.entries import Thing as Named
from kg.export import sheets
from kg.export.sheets import Cells, Columns, Type
from kg.iri import Minter
from kg.model import Article, Entity, Evidence, Page, Statement
from kg.rdf import observed

TYPES = {
    Type.TEXT: "string", Type.LIST: "array<string>", Type.NUMBER: "bigint", Type.FLAG: "boolean", Type.SHARE: "double",
}  # fmt: skip


def page_row(page: Page, mint: Minter) -> bytes:
    """A row of pages."""
    return _row(sheets.PAGES, sheets.page(_sheet(page, mint)))


def article_row(article: Article, mint: Minter) -> bytes:
    """A row of articles."""
    span, journalists = article.span, tuple(sorted(set(article.journalists)))
    story = Story(mint.article(article), mint.page(article.page), article.headline, span.start, span.end, journalists)
    return _row(sheets.ARTICLES, sheets.article(story))


def entity_row(entity: Entity, mint: Minter) -> bytes:
    """A row of entities."""
    named = Named(
        mint.entity(entity.id), class_of(entity), entity.name, entity.aliases, entity.printed_as,
        tuple(map(mint.page, entity.pages)), entity.inferred, told(entity),
    )  # fmt: skip
    return _row(sheets.ENTITIES, sheets.entity(named))


def relation_rows(
    one: Statement, mint: Minter, names: Mapping[str, str], issued: Mapping[str, str], sentences: Mapping[Evidence, str]
) -> list[bytes]:
    """A row of relations for each sentence; what is not of the statement itself is filled in by `filled`."""
    fact = _fact(one, mint, issued)
    ends = [End(mint.entity(end), "", names[end]) for end in (one.subject, one.object)]
    told_ = Told(fact, ends[0], ends[1], ())
    places = [Cited(Sentence("", "", e.span.start, e.span.end, sentences[e]), Sheet("", e.page)) for e in one.evidence]
    cited: list[Cited | None] = [*places] or [None]
    return [_row(sheets.RELATIONS, sheets.relation(told_, each)) for each in cited]


def columns(rows: DataFrame, table: Columns) -> DataFrame:
    """The bodies of rows as columns."""
    schema = ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in table)
    return rows.select(F.from_json(F.col("body").cast("string"), schema).alias("row")).select("row.*")


def filled(relations: DataFrame, entities: DataFrame, pages: DataFrame) -> DataFrame:
    """The relations with what the tables of entities and of pages say of their ends and of where they stand."""
    own = ("subject_class", "object_class", "newspaper", "issued", "date_certain", "page_number")
    kinds = [
        entities.select(F.col("id").alias(f"{end}_id"), F.col("class").alias(f"{end}_class"))
        for end in ("subject", "object")
    ]
    where = pages.select("page", "newspaper", "issued", "date_certain", "page_number")
    joined = relations.drop(*own).join(kinds[0], "subject_id").join(kinds[1], "object_id").join(where, "page", "left")
    return joined.select(*(name for name, _ in sheets.RELATIONS))


def _sheet(page: Page, mint: Minter) -> Sheet:
    certain = page.issued_certain and bool(page.issued)
    return Sheet(mint.page(page.id), page.id, page.sha256, page.newspaper, page.issued, certain, page.number)


def _fact(one: Statement, mint: Minter, issued: Mapping[str, str]) -> Fact:
    days = {day.value for e in one.evidence if (day := observed(one, issued[e.page]))}
    return Fact(
        mint.claim(one), mint.entity(one.subject), one.predicate.value, mint.entity(one.object), one.title,
        one.status.value, tuple(sorted(one.rules)), tuple(sorted(days)), (), tuple(sorted(one.inferred_from)),
        one.order, one.group, told(one),
    )  # fmt: skip


def class_of(entity: Entity) -> str:
    """Its most specific class."""
    return "Official" if entity.official else entity.kind.value


def _row(table: Columns, cells: Cells) -> bytes:
    return msgspec.json.encode(dict(zip((name for name, _ in table), cells, strict=True)))
