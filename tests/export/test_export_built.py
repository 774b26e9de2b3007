"""A build as the graph writer makes it, through every format: nothing is lost between the two."""

from __future__ import annotations

import csv
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kg.contents import opened
from kg.export import FORMATS, export
from kg.export.folder import write_all
from kg.iri import Minter
from kg.model import Status
from kg.push.issues import read_graphs
from tests.knowledge import knowledge

MINT = Minter()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "output"
    write_all(knowledge(), folder)
    return folder


def test_reading_finds_all_that_was_known(built: Path) -> None:
    known = knowledge()
    with opened(built) as contents:
        things, facts, articles = [*contents.things()], [*contents.facts()], [*contents.articles()]
    assert {t.iri: t.name for t in things} == {MINT.entity(e.id): e.name for e in known.entities}
    assert {t.iri: (t.aliases, t.printed_as, t.inferred, len(t.pages)) for t in things} == {
        MINT.entity(e.id): (e.aliases, e.printed_as, e.inferred, len(e.pages)) for e in known.entities
    }
    assert {f.iri: (f.title, f.status, f.rules, f.order, f.group, f.inferred_from) for f in facts} == {
        MINT.claim(s): (s.title, s.status, tuple(sorted(s.rules)), s.order, s.group, tuple(sorted(s.inferred_from)))
        for s in known.statements
    }
    assert {f.iri: set(f.evidence) for f in facts} == {
        MINT.claim(s): {MINT.evidence(e) for e in s.evidence} for s in known.statements
    }
    assert [a.journalists for a in articles]


@pytest.mark.parametrize("name", [known.name for known in FORMATS])
def test_every_format_writes_it(name: str, built: Path, tmp_path: Path) -> None:
    assert export(built, name, tmp_path / "out").path.exists()


def relations(path: Path) -> list[dict[str, str]]:
    """The rows; the sentence on one line, and of IRIs under the base only the thing's own id."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["sentence"] = re.sub(r"\s*[\r\n]\s*'?", "", row["sentence"])
        row |= {end: row[end].removeprefix(MINT.base) for end in ("subject_id", "object_id")}
    return sorted(rows, key=lambda row: (row["claim"], row["page"], int(row["start"] or 0)))


@pytest.mark.parametrize("certain", [True, False])
def test_tables_and_build_agree(certain: bool, tmp_path: Path) -> None:
    """The relations of `--to csv` are the build's own relations.csv, column by column."""
    known = knowledge()
    readings = (replace(r, page=replace(r.page, issued_certain=certain)) for r in known.readings)
    write_all(replace(known, readings=tuple(readings)), tmp_path / "output")
    exported = export(tmp_path / "output", "csv").path / "relations.csv"
    rows = [relations(path) for path in (exported, tmp_path / "output" / "relations.csv")]
    assert rows[0] == rows[1] != []
    assert [*rows[0][0]] == [*rows[1][0]]  # and in the same order


def test_sqlite_keeps_planned_apart(built: Path, tmp_path: Path) -> None:
    path = export(built, "sqlite", tmp_path / "graph.sqlite").path
    with closing(sqlite3.connect(path)) as database:
        found = {row[0] for row in database.execute("SELECT DISTINCT status FROM statements")}
        said = {row[0] for row in database.execute("SELECT DISTINCT status FROM relations")}
    assert found == {s.status.value for s in knowledge().statements}
    assert said == {Status.ASSERTED.value}


def test_push_makes_a_graph_an_issue(built: Path) -> None:
    base, graphs = read_graphs(built, "output")
    pages = {(r.page.newspaper, r.page.issued) for r in knowledge().readings}
    assert base == MINT.base
    assert {g.iri for g in graphs} == {f"{base}issue/{n}/{d}" for n, d in pages} | {f"{base}graph/output"}
