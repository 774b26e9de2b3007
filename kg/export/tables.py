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
_BREAK = re.compile(r"\s*[\r\n]\s*")


def entities_csv(knowledge: Knowledge, *, base: str = ID) -> str:
    """One row for each entity, sorted by id."""
    mint = Minter(base)
    return _csv(ENTITY_COLUMNS, (_entity_row(e, mint) for e in sorted(knowledge.entities, key=lambda e: e.id)))


def _entity_row(entity: Entity, mint: Minter) -> Iterator[str]:
    yield entity.id
    yield _class(entity)
    yield entity.name
    yield "；".join(entity.aliases)
    yield "；".join(entity.printed_as)
    yield "true" if entity.inferred else ""
    yield str(len(entity.mentions))
    yield "；".join(entity.pages)
    yield mint.entity(entity.id)
    yield written(told(entity))


def relations_csv(knowledge: Knowledge, *, base: str = ID, evidence: str = "text") -> str:
    """One row for each claim and sentence that it stands on, sorted; the sentence's line breaks are joined.

    The columns are those of `kg export --to csv`.
    """
    entities = {e.id: e for e in knowledge.entities}
    pages = {r.page.id: r.page for r in knowledge.readings}
    ordered = sorted(knowledge.statements, key=lambda s: (s.subject, s.predicate, s.object, s.title, s.date, s.status))
    mint, quote = Minter(base), evidence == "text"
    rows = (row for s in ordered for row in _relation_rows(s, mint.claim(s), entities, pages, quote))
    return _csv(RELATION_COLUMNS, rows)


def _relation_rows(
    s: Statement, claim: str, entities: dict[str, Entity], pages: dict[str, Page], quote: bool
) -> Iterator[tuple[str, ...]]:
    subject, object_ = entities[s.subject], entities[s.object]
    left = (subject.name, s.predicate.value, load().term(s.predicate).label_zh, object_.name, s.title, s.status.value)
    days = {date.value for e in s.evidence if (date := observed(s, pages[e.page].issued))}
    right = (
        "；".join(sorted(days)), "；".join(sorted(s.rules)), "；".join(sorted(s.inferred_from)), str(s.order or ""),
        s.group, _class(subject), _class(object_), s.subject, s.object, claim, written(told(s)),
    )  # fmt: skip
    for source in sorted(s.evidence):
        yield (*left, *_source(source, pages[source.page], quote), *right)
    if not s.evidence:
        yield (*left, *[""] * 8, *right)


def _class(entity: Entity) -> str:
    return "Official" if entity.official else entity.kind.value


def _source(evidence: Evidence, page: Page, quote: bool) -> tuple[str, ...]:
    start, end = evidence.span.start, evidence.span.end
    sentence = _BREAK.sub("", page.text[start:end]).strip() if quote else ""
    certain = str(page.issued_certain).lower() if page.issued else "false"
    return sentence, page.newspaper, page.issued, certain, page.number, page.id, str(start), str(end)


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
    return _FORMULA.sub("'", text)
