"""`import kg`: the Python face, as its docstrings and the README promise it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import networkx
import pytest
import rdflib

import kg
from kg.errors import PageError, QueryError
from kg.graph import KnowledgeGraph
from kg.model import Kind

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "seeds" / "yunze_front.txt"
HEAVY = ("numpy", "rdflib", "onnxruntime", "networkx", "pyoxigraph", "rich", "typer", "jinja2")
NAMES = "SELECT ?name { ?x a kg:Official ; skos:prefLabel ?name } ORDER BY ?name"


@pytest.fixture(scope="module")
def k() -> KnowledgeGraph:
    return kg.build(PAGE)


def test_importing_it_loads_nothing_heavy() -> None:
    code = f"import kg, sys; print([m for m in {HEAVY} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT).stdout.strip() == "[]"


def test_rows_of_a_query_are_read_by_name_position_and_attribute(k: KnowledgeGraph) -> None:
    rows = list(k.query(NAMES))
    assert len(rows) == sum(entity.official for entity in k.entities) > 5
    assert all(row.name == row[0] == row["name"] for row in rows)  # type: ignore[index,union-attr]


def test_the_rdflib_graph_answers_the_same(k: KnowledgeGraph) -> None:
    assert isinstance(k.graph, rdflib.Graph)
    assert [str(row[0]) for row in k.graph.query(NAMES)] == [str(row[0]) for row in k.query(NAMES)]  # type: ignore[index]
    assert not [term for triple in k.graph for term in triple if isinstance(term, rdflib.BNode)]


def test_ask_and_construct(k: KnowledgeGraph) -> None:
    assert bool(k.query("ASK { ?x a kg:Agency }"))
    built = k.query("CONSTRUCT { ?x a kg:Person } { ?x a kg:Official }").graph
    assert built is not None
    assert len(built) > 5


def test_a_malformed_query_says_where(k: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="line 1, column"):
        k.query("SELECT ?x {")


def test_networkx_carries_names_classes_titles_and_sentences(k: KnowledgeGraph) -> None:
    graph = k.to_networkx()
    assert isinstance(graph, networkx.MultiDiGraph)
    assert graph.number_of_nodes() == len(k.entities)
    assert graph.number_of_edges() == len(k.statements)
    assert {data["kind"] for _, data in graph.nodes(data=True)} >= {"Official", "Agency", "Place", "Program"}
    text = PAGE.read_text("utf-8")
    posts = [data for *_, data in graph.edges(data=True) if data["predicate"] == "holdsPostIn"]
    assert len(posts) > 5
    for post in posts:
        assert post["title"]
        assert post["rules"]
        assert post["evidence"]
        assert all(text[e["start"] : e["end"]] == e["sentence"] for e in post["evidence"])


def test_what_it_saves_is_what_the_command_writes(k: KnowledgeGraph, tmp_path: Path) -> None:
    from commands import kg as command

    written = k.save(tmp_path / "a")
    assert command("build", PAGE, "-o", tmp_path / "b").code == 0
    assert {path.name for path in written} == {path.name for path in (tmp_path / "b").iterdir()} - {"readings.sqlite"}
    for path in written:
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_pages_that_cannot_be_read_are_findings_unless_all_are(tmp_path: Path) -> None:
    built = kg.build([PAGE, tmp_path / "none.txt"])
    assert [f.where for f in built.findings if f.level == "error"] == ["none.txt"]
    with pytest.raises(PageError, match=r"none\.txt"):
        kg.build(tmp_path / "none.txt")


def test_progress_is_told_page_by_page() -> None:
    told: list[tuple[int, int, str]] = []
    kg.build([PAGE, ROOT / "seeds" / "luoyang_city.txt"], progress=lambda *step: told.append(step))
    assert told == [(1, 2, "luoyang_city.txt"), (2, 2, "yunze_front.txt")]


def test_tag_gives_kind_place_surface_full_name_and_confidence() -> None:
    text = "芦淞区水利局局长李明昨日来到株洲市水利局。\n\n他说:“李明!”"
    names = kg.tag(text, home="株洲市")
    assert {"Agency", "Person"} <= {n.kind for n in names} <= set(Kind)
    assert all(n.name for n in names)
    assert all(text[n.start : n.end] == n.surface for n in names)
    assert all(0 <= n.confidence <= 1 for n in names)
    assert [(n.start, -n.end) for n in names] == sorted((n.start, -n.end) for n in names)


@pytest.mark.parametrize("text", ["", " \n\r\n", "hello", "。。。", "\x00\ud7ff", "1" * 500])
def test_text_without_names_gives_none(text: str) -> None:
    assert kg.tag(text) == []


def test_every_public_name_says_what_it_takes_and_gives() -> None:
    for name in kg.__all__:
        assert len(getattr(kg, name).__doc__) > 200, name
    members = [m for m in vars(KnowledgeGraph) if not m.startswith("_") and m not in KnowledgeGraph.__annotations__]
    assert all(getattr(KnowledgeGraph, m).__doc__ for m in members), members
