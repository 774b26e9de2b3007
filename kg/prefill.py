"""Which pages would teach most, and gold for them to correct: what is read today, in the schema of the gold files."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.confidence import DEFAULT_MIN_CONFIDENCE, confident
from kg.errors import PageError
from kg.link.merge import resolve
from kg.model import Entity, Kind, Reading, Statement
from kg.page import find_pages, read_page
from kg.reading import read


def most_teaching(pages: Sequence[str], output: Path, number: int) -> Iterator[tuple[Path, float]]:
    """Write the `number` pages about which the reader is least sure into `output`, each with gold to correct.

    Yields (gold file, doubt): the mean uncertainty (bits) of what was read, the highest first.
    Raises PageError where not one page can be read.
    """
    readings = [(source.path, read(page)) for source in find_pages(pages) if (page := read_page(source)[0]) is not None]
    if not readings:
        raise PageError("not one page could be read; name files or folders of pages 没有可读的版面")
    output.mkdir(parents=True, exist_ok=True)
    ranked = sorted(((doubt(reading), path, reading) for path, reading in readings), key=lambda r: (-r[0], r[1]))
    for value, path, reading in ranked[:number]:
        copy = output / Path(reading.page.id).name
        shutil.copyfile(path, copy)
        target = copy.with_suffix(".json")
        target.write_text(json.dumps(gold_of(reading), ensure_ascii=False, indent=1) + "\n", "utf-8")
        yield target, value


def doubt(reading: Reading) -> float:
    """The mean entropy of all names and claims: 0 where everything is sure."""
    chances = [*(m.confidence for m in reading.mentions), *(c.confidence for c in reading.claims)]
    return sum(map(_entropy, chances)) / max(len(chances), 1)


def _entropy(chance: float) -> float:
    return -sum(p * math.log2(p) for p in (chance, 1 - chance) if p > 0)


def gold_of(reading: Reading) -> dict[str, Any]:
    """The reading as a gold file: what a careful reader has to correct."""
    knowledge = resolve([confident(reading, DEFAULT_MIN_CONFIDENCE)])
    entities = [entity for entity in knowledge.entities if entity.pages]
    number = {entity.id: f"e{n}" for n, entity in enumerate(entities, 1)}
    said = [s for s in knowledge.statements if s.evidence and s.subject in number and s.object in number]
    return {
        "doc": Path(reading.page.id).name,
        "issue_date": reading.page.issued or None,
        "issue_date_certain": reading.page.issued_certain,
        "articles": [
            {"id": a.id, "title": a.headline, "starts_with": reading.page.text[a.span.start : a.span.start + 12],
             "journalists": list(a.journalists)} for a in reading.articles
        ],
        "entities": [_entity(entity, number[entity.id]) for entity in entities],
        "relations": [_relation(statement, number, reading.page.text) for statement in said],
    }  # fmt: skip


def _entity(entity: Entity, number: str) -> dict[str, Any]:
    kind = "Official" if entity.official and entity.kind is Kind.PERSON else entity.kind.value
    out = {"id": number, "type": kind, "name": entity.name, "aliases": list(entity.aliases), "optional": False}
    return {**out, "inferred": True} if entity.inferred else out


def _relation(statement: Statement, number: dict[str, str], text: str) -> dict[str, Any]:
    span = statement.evidence[0].span
    title = {"title": statement.title} if statement.title else {}
    return {
        "s": number[statement.subject], "p": statement.predicate.value, "o": number[statement.object], **title,
        "evidence": text[span.start : span.end], "optional": False,
    }  # fmt: skip
