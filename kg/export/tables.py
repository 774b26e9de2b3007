"""Tables for people and for other programs: entities.csv, relations.csv, mentions.jsonl, findings.jsonl.

The CSV files begin with a byte-order mark, without which Excel reads Chinese as rubbish, and no cell of theirs is
taken for a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from kg.confidence import DECIMALS, told, written
from kg.iri import Minter
from kg.model import Entity, Evidence, Finding, Knowledge, Mention, Page, Reading, Statement
from kg.ontology import ID, load

ENTITY_COLUMNS = (
    "id", "class", "name", "aliases", "printed_as", "name_inferred", "mentions", "pages", "iri",
    "confidence",
)  # fmt: skip
RELATION_COLUMNS = (
    "subject", "relation", "relation_zh", "object", "post_title", "status", "sentence", "newspaper", "issued",
    "page_number", "page", "start", "end", "date", "rule", "inferred_from", "list_order", "group",
    "subject_class", "object_class", "subject_id", "object_id", "confidence",
)  # fmt: skip
_FORMULA = re.compile(r"[=+\-@\t\r]")
_BREAK = re.compile(r"\s*[\r\n]\s*")


def entities_csv(knowledge: Knowledge, *, base: str = ID) -> str:
    """One row for each entity, sorted by id."""
    mint = Minter(base)
    return _csv(ENTITY_COLUMNS, (_entity_row(e, mint) for e in sorted(knowledge.entities, key=lambda e: e.id)))


def _entity_row(entity: Entity, mint: Minter) -> Iterator[str]:
    yield entity.id
    yield "Official" if entity.official else entity.kind.value
    yield entity.name
    yield "；".join(entity.aliases)
    yield "；".join(entity.printed_as)
    yield "true" if entity.inferred else ""
    yield str(len(entity.mentions))
    yield "；".join(entity.pages)
    yield mint.entity(entity.id)
    yield written(told(entity))


def relations_csv(knowledge: Knowledge, *, evidence: str = "text") -> str:
    """One row for each claim and sentence that it stands on, sorted; the sentence's line breaks are joined."""
    entities = {e.id: e for e in knowledge.entities}
    pages = {r.page.id: r.page for r in knowledge.readings}
    ordered = sorted(knowledge.statements, key=lambda s: (s.subject, s.predicate, s.object, s.title, s.date, s.status))
    rows = chain.from_iterable(_relation_rows(s, entities, pages, evidence == "text") for s in ordered)
    return _csv(RELATION_COLUMNS, rows)


def _relation_rows(
    s: Statement, entities: dict[str, Entity], pages: dict[str, Page], quote: bool
) -> Iterator[tuple[str, ...]]:
    subject, object_ = entities[s.subject], entities[s.object]
    left = (subject.name, s.predicate.value, load().term(s.predicate).label_zh, object_.name, s.title, s.status.value)
    right = (
        s.date, " ".join(s.rules), "；".join(s.inferred_from), str(s.order or ""), s.group,
        subject.kind.value, object_.kind.value, s.subject, s.object, written(told(s)),
    )  # fmt: skip
    for source in sorted(s.evidence):
        yield (*left, *_source(source, pages[source.page], quote), *right)
    if not s.evidence:
        yield (*left, *[""] * 7, *right)


def _source(evidence: Evidence, page: Page, quote: bool) -> tuple[str, ...]:
    start, end = evidence.span.start, evidence.span.end
    sentence = _BREAK.sub("", page.text[start:end]).strip() if quote else ""
    return sentence, page.newspaper, page.issued, page.number, page.id, str(start), str(end)


def mentions_jsonl(knowledge: Knowledge) -> str:
    """One line for each mention, in page coordinates, in the order of the pages' text."""
    entity_of = {m: e.id for e in knowledge.entities for m in e.mentions}
    lines = chain.from_iterable(_mentions(r, entity_of) for r in sorted(knowledge.readings, key=lambda r: r.page.id))
    return _jsonl(lines)


def _mentions(reading: Reading, entity_of: dict[str, str]) -> list[dict[str, object]]:
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

    return sorted(map(row, reading.mentions), key=lambda m: (m["start"], m["end"], m["kind"], m["entity"], m["rule"]))


def findings_jsonl(findings: Iterable[Finding]) -> str:
    """One line for each finding, sorted by where it is."""
    rows = sorted(set(findings), key=lambda f: (f.where, f.code, f.message))
    return _jsonl({"level": f.level.value, "code": f.code, "where": f.where, "message": f.message} for f in rows)


def _jsonl(rows: Iterable[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([*map(cell, row)] for row in rows)
    return "\ufeff" + out.getvalue()


def cell(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
