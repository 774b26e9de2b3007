"""Knowledge → facts → Turtle, N-Quads, rdflib and Oxigraph: the contract, one property at a time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, URIRef
from rdflib.namespace import SKOS

from from_gold import PAIRS, load
from kg.export.turtle import nquads, turtle
from kg.iri import LONGEST, Minter, is_base, segment
from kg.model import Entity, Kind, Knowledge, Predicate, Statement
from kg.ontology import ID, KG, OA, ORG
from kg.ontology import load as load_ontology
from kg.rdf import facts, to_graph, to_store, triples
from knowledge import BUREAU, FRONT, OTHER, PERSON, PROGRAM, knowledge, one_page


def iri(path: str) -> URIRef:
    return URIRef(ID + path)


def kg(name: str) -> URIRef:
    return URIRef(KG + name)


GRAPH = to_graph(knowledge())


def test_turtle_says_the_same_to_rdflib_and_to_oxigraph() -> None:
    text = turtle(facts(knowledge()))
    assert set(rdflib.Graph().parse(data=text)) == set(GRAPH)
    assert len(list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))) == len(GRAPH)
    assert len(GRAPH) == len(triples(facts(knowledge())))


def test_named_graphs_together_are_the_graph() -> None:
    text = nquads(facts(knowledge()))
    quads = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
    assert len({(q.subject, q.predicate, q.object) for q in quads}) == len(GRAPH)
    assert {q.graph_name.value for q in quads} == {ID + "page/front.txt", ID + "page/second.txt", ID + "graph/inferred"}


def test_no_blank_nodes_and_only_known_terms() -> None:
    known = load_ontology().terms
    for s, p, o in GRAPH:
        assert not isinstance(s, rdflib.BNode)
        assert not isinstance(o, rdflib.BNode)
        assert str(p) in known
    assert {str(o) for o in GRAPH.objects(None, RDF.type)} <= known.keys()


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (PERSON, RDF.type, kg("Official")),
        (PERSON, RDF.type, kg("Person")),
        (PERSON, kg("mentionedIn"), iri("page/second.txt")),
        (PERSON, kg("holdsPostIn"), iri("agency/桥头区水利局")),
        ("agency/中共云泽市委", SKOS.altLabel, rdflib.Literal("市委", lang="zh")),
        ("agency/中共云泽市委", kg("nameInferred"), rdflib.Literal(True)),
        ("place/柳树村", kg("printedAs"), rdflib.Literal("柳村", lang="zh")),
        ("place/桥头区", kg("within"), iri("place/云泽市")),
        ("page/front.txt", kg("home"), rdflib.Literal("云泽市")),
        ("page/front.txt", kg("dateCertain"), rdflib.Literal(True)),
        ("claim/place/桥头区/within/place/云泽市", kg("inferredFrom"), rdflib.Literal("gazetteer")),
        ("claim/person/林岚/holdsPostIn/agency/中共云泽市委/副书记", kg("listOrder"), rdflib.Literal(1)),
        ("claim/person/林岚/holdsPostIn/agency/中共云泽市委/副书记", kg("group"), rdflib.Literal("出席")),
        (
            "claim/person/林岚/holdsPostIn/agency/中共云泽市委/副书记",
            URIRef(ORG + "role"),
            iri("post/agency/中共云泽市委/副书记"),
        ),
        ("post/agency/中共云泽市委/副书记", URIRef(ORG + "postIn"), iri("agency/中共云泽市委")),
        (
            "claim/agency/桥头区水利局/runs/program/清溪行动@2024-03-07",
            kg("observedOn"),
            rdflib.Literal("2024-03-07", datatype=rdflib.XSD.date),
        ),
    ],
)
def test_the_graph_says(subject: str, predicate: URIRef, value: rdflib.term.Node) -> None:
    assert (iri(subject), predicate, value) in GRAPH


def test_what_is_planned_is_a_claim_but_no_triple() -> None:
    claim = iri(f"claim/{BUREAU}/runs/{PROGRAM}@planned")
    assert (claim, kg("status"), rdflib.Literal("planned")) in GRAPH
    assert (iri(BUREAU), kg("runs"), iri(PROGRAM)) not in GRAPH


def test_a_thing_of_the_gazetteer_is_mentioned_nowhere() -> None:
    assert (iri("place/云泽市"), kg("mentionedIn"), None) not in GRAPH


def test_one_claim_for_a_fact_of_two_pages() -> None:
    claim = iri(f"claim/{PERSON}/holdsPostIn/agency/桥头区水利局/局长")
    assert {str(e).split("/")[-2] for e in GRAPH.objects(claim, kg("evidence"))} == {"front.txt", "second.txt"}
    assert {str(d) for d in GRAPH.objects(claim, kg("observedOn"))} == {"2024-03-08", "2024-03-09"}


def test_a_sentence_is_one_node_and_is_quoted_exactly() -> None:
    nodes = set(GRAPH.subjects(URIRef(OA + "hasSource"), iri("page/front.txt")))
    assert len(nodes) == 2
    for node in nodes:
        start, end = int(GRAPH.value(node, kg("start"))), int(GRAPH.value(node, kg("end")))
        assert str(GRAPH.value(node, URIRef(OA + "exact"))) == FRONT[start:end]


def test_offsets_leave_the_sentences_out() -> None:
    assert URIRef(OA + "exact") not in set(to_graph(knowledge(), evidence="offsets").predicates())


def test_another_base() -> None:
    graph = to_graph(knowledge(), base="https://example.org/")
    assert not [s for s in graph.subjects() if str(s).startswith(ID)]


def test_a_second_page_only_adds_lines() -> None:
    one, two = (turtle(facts(k)).splitlines() for k in (one_page(), knowledge()))
    rest = iter(two)
    assert all(line in rest for line in one), "a line of the first page's graph is changed or moved"


def test_order_does_not_matter() -> None:
    k, dice = knowledge(), random.Random(7)
    for _ in range(5):
        parts = [dice.sample(part, len(part)) for part in (k.readings, k.entities, k.statements)]
        assert turtle(facts(Knowledge(*map(tuple, parts)))) == turtle(facts(k))


def test_the_same_bytes_under_any_hash_seed() -> None:
    code = (
        "from knowledge import *; from kg.rdf import facts; from kg.export.turtle import *; f=list(facts(knowledge()));"
    )
    code += "import hashlib; print(hashlib.sha256((turtle(f)+nquads(f)).encode()).hexdigest())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("荷塘区人社局", "荷塘区人社局"),
        ("一个 空格", "一个%20空格"),
        ("全角\u3000空格", "全角%E3%80%80空格"),
        ('引"号', "引%22号"),
        ("“清溪行动”", "“清溪行动”"),
        ("甲/乙", "甲%2F乙"),
        ("100%", "100%25"),
        ("<尖>", "%3C尖%3E"),
        ("换\n行", "换%0A行"),
        ("反\u202e转", "反%E2%80%AE转"),
        ("𠮷野家", "𠮷野家"),
    ],
)
def test_segment(text: str, expected: str) -> None:
    assert segment(text) == expected
    pyoxigraph.NamedNode(ID + segment(text))


@settings(deadline=None)
@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_different_names_have_different_iris(one: str, two: str) -> None:
    if one != two and not any("\ud800" <= c <= "\udfff" for c in one + two):
        assert segment(one) != segment(two)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_name_survives_every_writer(name: str) -> None:
    entity = Entity(f"program/{name}", Kind.PROGRAM, name)
    known = Knowledge((), (entity,), ())
    text = turtle(facts(known))
    for format_, data in ((pyoxigraph.RdfFormat.TURTLE, text), (pyoxigraph.RdfFormat.N_QUADS, nquads(facts(known)))):
        names = [
            t.object.value for t in pyoxigraph.parse(data, format=format_) if t.predicate.value.endswith("prefLabel")
        ]
        assert names == [name]
    assert [str(o) for o in rdflib.Graph().parse(data=text).objects(None, SKOS.prefLabel)] == [name]


def test_a_very_long_claim_is_hashed() -> None:
    statement = Statement(PERSON, Predicate.RUNS, "program/" + "长" * LONGEST)
    assert len(Minter("").claim(statement)) < LONGEST
    assert Minter("").claim(statement) != Minter("").claim(replace(statement, subject=OTHER))


def test_a_store_holds_the_graph_and_its_pages() -> None:
    store = to_store(knowledge())
    default = list(store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()))
    assert len(default) == len(GRAPH)
    assert len(list(store.named_graphs())) == 3


@pytest.mark.skipif(not PAIRS, reason="the shared pages are not here")
@pytest.mark.parametrize(("gold", "page"), PAIRS)
def test_real_pages_write_and_parse(gold: Path, page: Path) -> None:
    known = load(gold, page)[2]
    assert set(rdflib.Graph().parse(data=turtle(facts(known)))) == set(to_graph(known))


@pytest.mark.parametrize("text", ["http://[::1", "http://[zz]/x/", "x", "http://a/ b/", "http://a/\udcb1/", "http://a"])
def test_what_makes_no_iris_is_no_base(text: str) -> None:
    assert not is_base(text)


@pytest.mark.parametrize("text", ["https://example.org/id/", "http://[::1]:8000/id#", "urn:x:y/"])
def test_what_makes_iris_is_a_base(text: str) -> None:
    assert is_base(text)
