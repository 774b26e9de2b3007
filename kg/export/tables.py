"""Tables for people and for other programs: entities.csv, relations.csv, mentions.jsonl, findings.jsonl.

The CSV files begin with a byte-order mark, without which Excel reads Chinese as rubbish, and no cell of theirs is
taken for a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from kg.confidence import DECIMALS, told, written
from kg.export.sheets import RELATIONS
from kg.iri import Minter
from kg.model import Entity, Evidence, Finding, Knowledge, Mention, Page, Reading, Statement
from kg.ontology import ID, load
from kg.rdf import observed

ENTITY_COLUMNS = (
    "id", "class", "name", "aliases", "printed_as", "name_inferred", "mentions", "pages", "iri",
    "confidence",
)  # fmt: skip
RELATION_COLUMNS = tuple(name for name, _ in RELATIONS)
# What a spreadsheet takes for the beginning of a formula (Excel also in full width): of a cell, or of a line in it,
# which becomes a cell of its own where the text is pasted or read by a program that knows no quotes.
_FORMULA = re.compile(r"\A(?=[=+\-@＝＋－＠\t\r\n])|(?<=[\r\n])(?=[=+\-@＝＋－＠])")
_ODD = re.compile(r"\A[=+\-@＝＋－＠\t]|[\r\n]")  # without it a cell is as it is
RETURN = re.compile(r"\r\n?")  # alone it ends a row for many readers, and `csv` quotes only what ends its own
_BREAK = re.compile(r"\s*[\r\n]\s*")
json_text = json.JSONEncoder(ensure_ascii=False).encode


class Cited(NamedTuple):
    """What a table says of a sentence on which a relation stands, and of its page."""

    sentence: str
    newspaper: str
    issued: str
    certain: str  # whether the page prints its date: true or false
    number: str

    @classmethod
    def of(cls, evidence: Evidence, page: Page, quote: bool) -> Cited:
        """The sentence on its page; without its words unless `quote`."""
        sentence = _BREAK.sub("", page.text[evidence.span.start : evidence.span.end]).strip() if quote else ""
        certain = str(page.issued_certain).lower() if page.issued else "false"
        return cls(sentence, page.newspaper, page.issued, certain, page.number)


class Called(NamedTuple):
    """What a table says of the thing at an end of a relation."""

    name: str
    type: str  # its most specific class

    @classmethod
    def of(cls, entity: Entity) -> Called:
        """The name and class of an entity."""
        return cls(entity.name, _class(entity))


def entities_csv(knowledge: Knowledge, *, base: str = ID) -> str:
    """One row for each entity, sorted by id."""
    mint = Minter(base)
    return _whole(ENTITY_COLUMNS, (entity_row(e, mint) for e in sorted(knowledge.entities, key=lambda e: e.id)))


def entity_row(entity: Entity, mint: Minter) -> tuple[str, ...]:
    """The row of one entity."""
    return (
        entity.id, _class(entity), entity.name, "；".join(entity.aliases), "；".join(entity.printed_as),
        "true" if entity.inferred else "", str(len(entity.mentions)), "；".join(entity.pages), mint.entity(entity.id),
        written(told(entity)),
    )  # fmt: skip


def relations_csv(knowledge: Knowledge, *, base: str = ID, evidence: str = "text") -> str:
    """One row for each claim and sentence that it stands on, sorted; the sentence's line breaks are joined.

    The columns are those of `kg export --to csv`.
    """
    called = {e.id: Called.of(e) for e in knowledge.entities}
    pages = {r.page.id: r.page for r in knowledge.readings}
    mint, quote = Minter(base), evidence == "text"

    def rows_of(s: Statement) -> Iterator[tuple[str, ...]]:
        cited = {e: Cited.of(e, pages[e.page], quote) for e in s.evidence}
        return relation_rows(s, mint.claim(s), called[s.subject], called[s.object], cited)

    rows = (row for s in sorted(knowledge.statements, key=relation_order) for row in rows_of(s))
    return _whole(RELATION_COLUMNS, rows)


def relation_order(s: Statement) -> tuple[str, ...]:
    """What relations.csv is sorted by."""
    return (s.subject, s.predicate, s.object, s.title, s.date, s.status)


def relation_rows(
    s: Statement, claim: str, subject: Called, object_: Called, cited: Mapping[Evidence, Cited]
) -> Iterator[tuple[str, ...]]:
    """The rows of one statement: `claim` is its IRI, `cited` has every sentence on which it stands."""
    left = (subject.name, s.predicate.value, load().term(s.predicate).label_zh, object_.name, s.title, s.status.value)
    days = {date.value for e in s.evidence if (date := observed(s, cited[e].issued))}
    right = (
        "；".join(sorted(days)), "；".join(sorted(s.rules)), "；".join(sorted(s.inferred_from)), str(s.order or ""),
        s.group, subject.type, object_.type, s.subject, s.object, claim, written(told(s)),
    )  # fmt: skip
    for e in sorted(s.evidence):
        yield (*left, *cited[e], e.page, str(e.span.start), str(e.span.end), *right)
    if not s.evidence:
        yield (*left, *[""] * 8, *right)


def _class(entity: Entity) -> str:
    return "Official" if entity.official else entity.kind.value


def mentions_jsonl(knowledge: Knowledge) -> str:
    """One line for each mention, in page coordinates, in the order of the pages' text."""
    entity_of = {m: e.id for e in knowledge.entities for m in e.mentions}
    ordered = sorted(knowledge.readings, key=lambda reading: reading.page.id)
    return jsonl(chain.from_iterable(mention_rows(reading, entity_of) for reading in ordered))


def mention_rows(reading: Reading, entity_of: Mapping[str, str]) -> list[dict[str, object]]:
    """The mentions of one page; `entity_of` has the ids of what they stand for."""
    articles = {a.id: a for a in reading.articles}

    def row(mention: Mention) -> dict[str, object]:
        article = articles[mention.article]
        span = article.on_page(mention.span)
        return {
            "page": reading.page.id,
            "start": span.start,
            "end": span.end,
            "surface": mention.surface,
            "kind": mention.kind.value,
            "entity": entity_of.get(mention.id, ""),
            "rule": mention.rule,
            "relative": mention.relative,
            "article_start": article.span.start,
            "confidence": round(mention.confidence, DECIMALS),
        }

    return sorted(map(row, reading.mentions), key=mention_order)


def mention_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """How the lines of one page follow each other."""
    return row["start"], row["end"], row["kind"], row["entity"], row["rule"]


def findings_jsonl(findings: Iterable[Finding]) -> str:
    """One line for each finding, sorted by where it is."""
    rows = sorted(set(findings), key=lambda f: (f.where, f.code, f.message))
    return jsonl(map(finding_row, rows))


def finding_row(f: Finding) -> dict[str, object]:
    """The line of one finding."""
    return {"level": f.level.value, "code": f.code, "where": f.where, "message": f.message}


def jsonl(rows: Iterable[Mapping[str, object]]) -> str:
    """JSON Lines."""
    return "".join(json_text(row) + "\n" for row in rows)


def _whole(columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    return csv_head(columns) + csv_rows(rows)


def csv_head(columns: tuple[str, ...]) -> str:
    """The first line of a CSV file, after the byte-order mark."""
    return "\ufeff" + csv_rows([columns])


def csv_rows(rows: Iterable[Iterable[str]]) -> str:
    """The rows as lines of CSV."""
    out = io.StringIO()
    quoted = ([cell(RETURN.sub("\n", value)) if _ODD.search(value) else value for value in row] for row in rows)
    csv.writer(out, lineterminator="\n").writerows(quoted)
    return out.getvalue()


def cell(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return _FORMULA.sub("'", text)
