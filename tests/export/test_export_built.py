"""A build as the graph writer makes it, through every format: nothing is lost between the two."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kg.contents import read
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
    known, contents = knowledge(), read(built)
    assert contents == read(built / "graph.nq")
    assert {t.iri: t.name for t in contents.things} == {MINT.entity(e.id): e.name for e in known.entities}
    assert {t.iri: (t.aliases, t.printed_as, t.inferred, len(t.pages)) for t in contents.things} == {
        MINT.entity(e.id): (e.aliases, e.printed_as, e.inferred, len(e.pages)) for e in known.entities
    }
    assert {f.iri: (f.title, f.status, f.rules, f.order, f.group, f.inferred_from) for f in contents.facts} == {
        MINT.claim(s): (s.title, s.status, tuple(sorted(s.rules)), s.order, s.group, tuple(sorted(s.inferred_from)))
        for s in known.statements
    }
    assert {f.iri: set(f.evidence) for f in contents.facts} == {
        MINT.claim(s): {MINT.evidence(e) for e in s.evidence} for s in known.statements
    }
    assert [a.journalists for a in contents.articles]


@pytest.mark.parametrize("name", [known.name for known in FORMATS])
def test_every_format_writes_it(name: str, built: Path, tmp_path: Path) -> None:
    assert export(built, name, tmp_path / "out").path.exists()


SHARED = ("subject", "relation", "object", "post_title", "status", "newspaper", "issued", "page_number", "start", "end")


def relations(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sorted(tuple(row[column] for column in SHARED) for row in csv.DictReader(file))


def test_tables_and_build_agree(built: Path, tmp_path: Path) -> None:
    """The relations of `--to csv` say what the build's own relations.csv says."""
    folder = export(built, "csv", tmp_path / "csv").path
    rows = [relations(path) for path in (folder / "relations.csv", built / "relations.csv")]
    assert rows[0] == rows[1] != []


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
