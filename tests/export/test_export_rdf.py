"""The RDF formats, read again by rdflib and pyoxigraph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from kg.export import export
from kg.ontology import KG, RDF
from tests.export.sample import HOSTILE, ID, dataset

OXIGRAPH = {
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
RDFLIB = {"nt": "nt", "rdfxml": "xml", "jsonld": "json-ld"}


def flat() -> Graph:
    graph = Graph()
    for s, p, o, _ in dataset().quads():
        graph.add((s, p, o))
    return graph


@pytest.fixture
def expected(build: Path) -> set[Quad]:
    return set(parse(path=str(build / "graph.nq"), format=RdfFormat.N_QUADS))


@pytest.mark.parametrize("name", RDFLIB)
def test_rdflib_reads_the_same_triples(name: str, build: Path, tmp_path: Path) -> None:
    done = export(build, name, tmp_path / "graph")
    assert isomorphic(Graph().parse(done.path, format=RDFLIB[name]), flat())
    assert done.notes == ()


@pytest.mark.parametrize("name", ["nq", "trig"])
def test_rdflib_reads_the_same_named_graphs(name: str, build: Path, tmp_path: Path) -> None:
    read = Dataset()
    read.parse(export(build, name, tmp_path / "graph").path, format={"nq": "nquads", "trig": "trig"}[name])
    assert {(s, p, o, str(g)) for s, p, o, g in read.quads()} == {(s, p, o, str(g)) for s, p, o, g in dataset().quads()}


@pytest.mark.parametrize("name", OXIGRAPH)
def test_oxigraph_reads_the_same(name: str, build: Path, tmp_path: Path, expected: set[Quad]) -> None:
    read = set(parse(path=str(export(build, name, tmp_path / "graph").path), format=OXIGRAPH[name]))
    if name in ("nq", "trig"):
        assert read == expected
    else:
        assert {quad.triple for quad in read} == {quad.triple for quad in expected}


def test_line_formats_are_sorted_and_keep_han(build: Path, tmp_path: Path) -> None:
    lines = export(build, "nt", tmp_path / "graph").path.read_text("utf-8").splitlines()
    assert any("云泽市水利局" in line for line in lines)
    assert [line.partition(" ")[0] for line in lines] == sorted(line.partition(" ")[0] for line in lines)


def test_jsonld_is_one_thing_a_line_with_short_names(build: Path, tmp_path: Path) -> None:
    text = export(build, "jsonld", tmp_path / "graph").path.read_text("utf-8")
    nodes = {node["@id"]: node for node in json.loads(text)["@graph"]}
    assert nodes[str(ID["enterprise/hostile"])]["skos:prefLabel"] == {"@value": HOSTILE, "@language": "zh"}
    assert set(nodes[str(ID["person/安如山"])]["@type"]) == {"kg:Official", "kg:Person"}
    assert len(text.splitlines()) == len(nodes) + 3


def test_rdf12_claims_reify_their_triples(build: Path, tmp_path: Path, expected: set[Quad]) -> None:
    store = Store()
    store.load(path=str(export(build, "rdf12", tmp_path / "graph.ttl").path), format=RdfFormat.TURTLE)
    ask = f"""PREFIX rdf: <{RDF}> PREFIX kg: <{KG}>
      SELECT ?claim ?s ?p ?o WHERE {{ ?claim rdf:reifies <<( ?s ?p ?o )>> ; kg:status ?status . %s }}"""
    every = {tuple(row) for row in store.query(ask % "")}
    old = Store()
    old.extend(quad for quad in (Quad(q.subject, q.predicate, q.object) for q in expected))
    parts = f"""PREFIX rdf: <{RDF}> SELECT ?claim ?s ?p ?o
      WHERE {{ ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }}"""
    assert every == {tuple(row) for row in old.query(parts)}
    unsaid = {row[0].value for row in store.query(ask % "FILTER NOT EXISTS { ?s ?p ?o }")}
    assert {iri.rsplit("@", 1)[-1] for iri in unsaid} == {"planned", "negated"}
    assert not list(store.quads_for_pattern(None, NamedNode(f"{RDF}subject"), None))
    reified = sum(1 for _ in store.quads_for_pattern(None, NamedNode(f"{RDF}reifies"), None))
    assert len(store) == len(old) - 4 * reified + reified


def test_rdf12_can_be_asked_by_annotation(build: Path, tmp_path: Path) -> None:
    store = Store()
    store.load(path=str(export(build, "rdf12", tmp_path / "graph.ttl").path), format=RdfFormat.TURTLE)
    ask = f"PREFIX kg: <{KG}> SELECT ?t {{ <{ID['person/安如山']}> kg:holdsPostIn ?b {{| kg:postTitle ?t |}} }}"
    assert [row["t"].value for row in store.query(ask)] == ["局长"]


def test_rdfxml_marks_what_xml_cannot_hold(tmp_path: Path) -> None:
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    (tmp_path / "graph.ttl").write_text(f'<http://a/1> a <{KG}Place> ; {label} "前\\u000B后\\r\\n"@zh .')
    done = export(tmp_path, "rdfxml", tmp_path / "graph.rdf")
    assert [str(o) for o in Graph().parse(done.path, format="xml").objects() if "前" in o] == ["前\ufffd后\r\n"]
    assert done.notes == ("1 characters that XML cannot hold were written as U+FFFD",)
