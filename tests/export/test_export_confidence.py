"""Every export says how sure a thing and a statement are, and leaves it empty where no page says them."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

from kg.contents import opened
from kg.entries import Fact, Thing
from kg.errors import OntologyError
from kg.export import export
from kg.export.folder import write_all
from kg.ontology import ID, KG
from knowledge import AGENCY, CITY, DISTRICT, PERSON, knowledge, scored

POST = f"{ID}claim/{PERSON}/holdsPostIn/{AGENCY}/局长"
INFERRED = f"{ID}claim/{DISTRICT}/within/{CITY}"


@pytest.fixture(scope="module")
def sure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scored")
    write_all(scored(), folder)
    return folder


def read(source: Path) -> tuple[list[Thing], list[Fact]]:
    with opened(source) as contents:
        return [*contents.things()], [*contents.facts()]


def test_contents(sure: Path) -> None:
    things, facts = read(sure)
    assert {f.iri: f.confidence for f in facts}[POST] == 0.95
    assert {f.iri: f.confidence for f in facts}[INFERRED] is None
    assert {t.iri: t.confidence for t in things}[ID + CITY] is None


def test_builds_put_together_keep_the_higher(sure: Path, tmp_path: Path) -> None:
    write_all(knowledge(), tmp_path)
    both = (sure / "graph.nq").read_text("utf-8") + (tmp_path / "graph.nq").read_text("utf-8")
    (tmp_path / "both.nq").write_text(both, "utf-8")
    assert {f.confidence for f in read(tmp_path / "both.nq")[1]} == {1.0, None}


def test_what_is_no_probability_is_refused_by_name(sure: Path, tmp_path: Path) -> None:
    text = (sure / "graph.ttl").read_text("utf-8").replace("kg:confidence 0.950", "kg:confidence 9.5")
    (tmp_path / "graph.ttl").write_text(text, "utf-8")
    with pytest.raises(OntologyError, match=r"confidence “9\.5”"):
        read(tmp_path)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_csv_and_parquet(sure: Path, tmp_path: Path) -> None:
    folder = export(sure, "csv", tmp_path / "csv").path
    said = {row["claim"]: row["confidence"] for row in _rows(folder / "relations.csv")}
    assert (said[POST], said[INFERRED]) == ("0.950", "")
    things = {row["id"]: row["confidence"] for row in _rows(folder / "entities.csv")}
    assert (things[ID + AGENCY], things[ID + CITY]) == ("0.950", "")
    table = pq.read_table(export(sure, "parquet", tmp_path / "parquet").path / "relations.parquet").to_pylist()
    typed = {row["claim"]: row["confidence"] for row in table}
    assert (typed[POST], typed[INFERRED]) == (0.95, None)


def test_sqlite(sure: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(export(sure, "sqlite", tmp_path / "graph.sqlite").path)) as database:
        claims = dict(database.execute("SELECT iri, confidence FROM claims"))
        things = dict(database.execute("SELECT iri, confidence FROM entities"))
        surest = database.execute("SELECT DISTINCT person FROM posts WHERE confidence > 0.9").fetchall()
    assert (claims[POST], claims[INFERRED]) == (0.95, None)
    assert (things[ID + AGENCY], things[ID + CITY]) == (0.95, None)
    assert surest == [("周明远",)]


@pytest.mark.parametrize(("form", "reader"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_networks(form: str, reader: object, sure: Path, tmp_path: Path) -> None:
    graph = reader(export(sure, form, tmp_path / f"graph.{form}").path)  # type: ignore[operator]
    said = {edge["claim"]: edge.get("confidence") for _, _, edge in graph.edges(data=True)}
    assert (said[POST], said[INFERRED]) == (0.95, None)
    assert graph.nodes[ID + AGENCY]["confidence"] == 0.95
    assert "confidence" not in graph.nodes[ID + CITY]


def test_cypher_and_its_tables(sure: Path, tmp_path: Path) -> None:
    script = export(sure, "cypher", tmp_path / "graph.cypher").path.read_text("utf-8").splitlines()
    said = {iri: row for line in script for row in line.split("}, {") for iri in (POST, INFERRED) if f"'{iri}'" in row}
    assert "confidence: 0.950" in said[POST]
    assert "confidence: null" in said[INFERRED]
    folder = export(sure, "neo4j-csv", tmp_path / "neo4j").path
    said = {row["claim"]: row["confidence:double"] for row in _rows(folder / "relationships.csv")}
    assert (said[POST], said[INFERRED]) == ("0.950", "")
    assert {row["id:ID"]: row["confidence:double"] for row in _rows(folder / "nodes.csv")}[ID + CITY] == ""


def test_ftm_tells_it_in_the_summary(sure: Path, tmp_path: Path) -> None:
    lines = export(sure, "ftm", tmp_path / "graph.json").path.read_text("utf-8").splitlines()
    told = {
        p["recordId"][0]: p["summary"] for p in (json.loads(line)["properties"] for line in lines) if "recordId" in p
    }
    assert told[POST] == ["rule: post.before-name", "confidence: 0.950"]
    assert told[INFERRED] == ["inferred from: gazetteer"]


@pytest.mark.parametrize(
    ("form", "ending"), [("jsonld", "jsonld"), ("rdf12", "ttl"), ("rdfxml", "rdf"), ("trig", "trig")]
)
def test_rdf_forms(form: str, ending: str, sure: Path, tmp_path: Path) -> None:
    path = export(sure, form, tmp_path / f"graph.{ending}").path
    quads = ox.parse(path=str(path), format=ox.RdfFormat.from_extension(ending))
    said = {q.subject.value: q.object for q in quads if q.predicate.value == f"{KG}confidence"}
    assert said[POST] == ox.Literal("0.950", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    assert INFERRED not in said
