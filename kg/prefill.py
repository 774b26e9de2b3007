"""Which pages would teach most, and gold for them to correct: what is read today, in the schema of the gold files."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from kg.confidence import DEFAULT_MIN_CONFIDENCE, confident
from kg.errors import PageError
from kg.flow import Read, Told, read_one, read_pages, workers_for
from kg.graph import nothing_read
from kg.link.merge import resolve
from kg.model import Entity, Finding, Kind, Reading, Statement
from kg.page import find_pages
from kg.publish import publishing
from kg.workers import working


class Picked(NamedTuple):
    """Gold files with the doubt (bits) of their pages, the highest first, and why some pages could not be read."""

    golds: tuple[tuple[Path, float], ...]
    findings: tuple[Finding, ...]


def most_teaching(pages: Sequence[str], output: Path, number: int, workers: int | None = None) -> Picked:
    """Write the `number` pages about which the reader is least sure into `output`, each with gold to correct.

    A page that has gold there is passed over: what was corrected stays. The files appear all together or not at all.
    Raises PageError where no page is left or not one can be read, OutputError where the folder cannot be written.
    """
    sources = [one for one in find_pages(pages) if not (output / f"{_stem(one.id)}.json").exists()]
    if not sources:
        raise PageError(f"every page has gold in {output} already; name others 这些版面均已标注，请另选版面")
    findings: list[Finding] = []
    with working(workers_for(len(sources), workers)) as crew:
        doubted = _doubted(read_pages(sources, Told(), crew, read_one), findings)
        best = nsmallest(number, doubted, key=itemgetter(0, 1))
    if not best:
        raise PageError(nothing_read(tuple(findings)))
    with publishing(output) as folder:
        for _, page, reading in best:
            if not _is_at(output / f"{_stem(page)}.txt", reading.page.path):  # a page of the folder stays as it is
                (folder / f"{_stem(page)}.txt").write_bytes(reading.page.text.encode("utf-8", "replace"))
            gold = json.dumps(gold_of(reading), ensure_ascii=False, indent=1)
            (folder / f"{_stem(page)}.json").write_text(gold + "\n", "utf-8")
    return Picked(tuple((output / f"{_stem(page)}.json", -less) for less, page, _ in best), tuple(findings))


def _doubted(results: Iterable[Read], findings: list[Finding]) -> Iterator[tuple[float, str, Reading]]:
    """(doubt as a negative number, page, reading); what could not be read goes to `findings`."""
    for reading, odd in results:
        if reading is not None:
            yield -doubt(reading), reading.page.id, reading
        findings.extend(odd)


def _stem(page: str) -> str:
    """The name of a page's files without its ending: of a page in an archive, that of both."""
    return os.path.splitext(page)[0].replace("/", "_")


def _is_at(path: Path, page: str) -> bool:
    return bool(page) and path.exists() and path.samefile(page)


def doubt(reading: Reading) -> float:
    """The mean entropy of all names and claims: 0 where everything is sure. A claim of two sentences is one."""
    claims = {(c.subject, c.predicate, c.object, c.title): c.confidence for c in reading.claims}
    chances = [*(m.confidence for m in reading.mentions), *claims.values()]
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
        "doc": f"{_stem(reading.page.id)}.txt",
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
