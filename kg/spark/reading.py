"""One page source → all rows that it gives by itself: findings, quads, table rows, and what is to be linked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import msgspec

from kg.confidence import confident
from kg.errors import KgError
from kg.export.folder import texts_jsonl
from kg.export.tables import findings_jsonl, mention_rows
from kg.export.turtle import nquads
from kg.flow import read_one
from kg.link.local import Local, Said, local
from kg.model import Finding, Level, Reading
from kg.network.read import use
from kg.page import PageSource
from kg.page.reader import held
from kg.page.readers import HEAD, LARGEST_FILE, Part, check_form, reader_of, too_large
from kg.page.source import legible, stated_in
from kg.rdf import Fact
from kg.spark.blocks import Mark, Row
from kg.spark.job import Job
from kg.spark.tables import article_row, page_row

encode = msgspec.msgpack.encode


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to be read, its path as bytes: file names need not be UTF-8.

    Of a file that Spark fetches, `stated` is what the pages.toml beside it says, by name; `large` is not fetched.
    """

    source: PageSource
    path: bytes
    stated: dict[str, dict[str, str]] = field(default_factory=dict)
    large: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A claim with its sentence, and the date of its page."""

    said: Said
    sentence: str
    issued: str


def rows_of(job: Job, row: tuple[str, str, bytes, bytes | None]) -> Iterator[Row]:
    """The rows of a file: a row of `kg.spark.sources.sources`."""
    _use(job.weights)
    sheet, data = msgspec.msgpack.decode(row[2], type=Sheet), row[3]
    if sheet.large:
        why = str(too_large(legible(os.fsdecode(sheet.path)), LARGEST_FILE))
        yield from findings([Finding(Level.ERROR, "page-unreadable", sheet.source.id, why)])
        return
    for source in _sources(sheet, data):
        reading, failed = read_one(source, job.told, data)
        yield from findings(failed if reading is None else reading.findings)
        if reading is not None:
            yield from rows_of_reading(job, confident(reading, job.told.min_confidence))


@lru_cache(maxsize=1)  # the next build in this process may have others
def _use(weights: Path | None) -> None:
    use(str(weights.resolve()) if weights is not None else "")


def _sources(sheet: Sheet, data: bytes | None) -> Iterator[PageSource]:
    """The pages in a file; one of this machine was looked into when it was found."""
    whole = replace(sheet.source, path=os.fsdecode(sheet.path))
    if data is None:
        yield whole
        return
    for part in _parts(whole, data):
        said = stated_in(sheet.stated, Path(whole.path).name, part)
        yield replace(whole, id="/".join((whole.id, *part)), part=part, **said)


def _parts(source: PageSource, data: bytes) -> list[Part]:
    reader, name = reader_of(source.path), legible(source.path)
    if reader is None or not reader.listing:
        return [()]
    try:
        with held(data) as file:
            check_form(reader, file.read(HEAD), name)
            file.seek(0)
            return reader.parts(file, name)
    except (KgError, OSError):
        return [()]  # reading it says why


def findings(found: Iterable[Finding]) -> Iterator[Row]:
    """The lines of findings.jsonl."""
    for one in found:
        yield Mark.FINDING, "\0".join((one.where, one.code, one.message)), _line(findings_jsonl([one]))


def rows_of_reading(job: Job, reading: Reading) -> Iterator[Row]:
    """The rows of a page that was read, but for its findings."""
    page, here = reading.page, local(reading)
    yield from quads(job.writer.reading(reading))
    yield Mark.PAGE, page.id, page_row(page, job.writer.mint)
    for article in reading.articles:
        yield Mark.ARTICLE, article.id, article_row(article, job.writer.mint)
    yield Mark.FILE, page.id, encode((os.fsencode(page.path), replace(page, text="", path="")))
    if page.form and job.quote:
        yield Mark.TEXT, page.id, _line(texts_jsonl([page]))
    yield from _linking(reading, here)


def _linking(reading: Reading, here: Local) -> Iterator[Row]:
    page = reading.page
    yield Mark.NAMING, page.id, encode([(row["entity"], row) for row in mention_rows(reading, here.keys)])
    for share in here.shares:
        yield Mark.SHARE, share.key, encode(share)
    for said in here.said:
        if said.subject != said.object:
            span = said.claim.evidence
            yield Mark.SAID, page.id, encode(Quoted(said, page.text[span.start : span.end], page.issued))


def quads(facts: Iterable[Fact]) -> Iterator[Row]:
    """The facts as rows, each line of N-Quads without its end."""
    for line in nquads(facts).split("\n")[:-1]:
        yield Mark.QUAD, "", line.encode()


def _line(text: str) -> bytes:
    return text.removesuffix("\n").encode()


def source_row(source: PageSource, stated: dict[str, dict[str, str]] | None = None, large: bool = False) -> Row:
    """The row of a file to be read."""
    sheet = Sheet(replace(source, path=""), os.fsencode(source.path), stated or {}, large)
    return Mark.SOURCE, source.id, encode(sheet)
