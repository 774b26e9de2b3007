"""The whole flow on one screen: pages → readings → knowledge. The only module that knows the order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.model import Finding, Knowledge, Reading
from kg.page import PageSource, find_pages, read_page
from kg.reading import read
from kg.resolve.merge import resolve


def read_and_resolve(
    pages: Sequence[str | Path], *, newspaper: str = "", issued: str = "", home: str = "", workers: int = 1
) -> Knowledge:
    """Read the pages (files, folders, globs) and link what they say.

    Pages that cannot be read become findings of level ERROR; the others are read all the same.
    """
    sources = find_pages([str(page) for page in pages])
    readings, findings = [], []
    for source in sources:
        reading, odd = read_source(source, newspaper, issued, home)
        findings.extend(odd)
        if reading is not None:
            readings.append(reading)
    knowledge = resolve(readings)
    return Knowledge(knowledge.readings, knowledge.entities, knowledge.statements, (*findings, *knowledge.findings))


def read_source(source: PageSource, newspaper: str, issued: str, home: str) -> tuple[Reading | None, list[Finding]]:
    """One page read by itself, or the findings that say why it cannot be."""
    page, findings = read_page(source, newspaper=newspaper, issued=issued, home=home)
    if page is None:
        return None, findings
    return read(page, tuple(findings)), []
