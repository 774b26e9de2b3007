"""Queries over HTTP: forms of the answer, errors with their place, limits that are told, caching."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from unittest.mock import MagicMock

import pyoxigraph as ox
import pytest
from serving import GRAPH
from starlette.testclient import TestClient

ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
MANY = "SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y }"  # far more than the row limit of the fixture
RESULTS = {
    "application/sparql-results+json": lambda text: len(json.loads(text)["results"]["bindings"]),
    "application/sparql-results+xml": lambda text: text.count("<result>"),
    "text/csv": lambda text: len(list(csv.reader(io.StringIO(text)))) - 1,
    "text/tab-separated-values": lambda text: len(text.splitlines()) - 1,
}
TRIPLES = len(set(ox.parse(GRAPH, ox.RdfFormat.TURTLE)))


@pytest.mark.parametrize("media", RESULTS)
def test_rows_in_every_form(client: TestClient, media: str) -> None:
    answer = client.get("/sparql", params={"query": ALL}, headers={"Accept": media})
    assert answer.headers["content-type"].split(";")[0] == media
    assert RESULTS[media](answer.text) == TRIPLES
    assert "林远" in answer.text


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_triples_in_every_form(client: TestClient, media: str) -> None:
    query = "CONSTRUCT WHERE { ?s a kg:Agency ; ?p ?o }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": media})
    assert answer.headers["content-type"].split(";")[0] == media
    quads = list(ox.parse(answer.content, ox.RdfFormat.from_media_type(media)))
    assert {"云泽市清河区水利局", "清河区人力资源和社会保障局"} <= {q.object.value for q in quads}


LOOSE = (("application/json", "ASK {}", json.loads), ("text/xml", "ASK {}", ElementTree.fromstring),
         ("application/xml", "DESCRIBE <http://a>", ElementTree.fromstring))  # fmt: skip


@pytest.mark.parametrize(("media", "query", "reads"), LOOSE)
def test_loose_types(client: TestClient, media: str, query: str, reads: object) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": media})
    assert answer.headers["content-type"].split(";")[0] == media
    assert callable(reads)
    reads(answer.text)


def test_format_parameter(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT (1 AS ?x) {}", "format": "csv"})
    assert answer.text == "x\r\n1\r\n"


ERRORS = (
    ("SELECT *\nWHERE {\n  ?s ?p \n}", 4, None),
    ("SELEKT * {}", 1, 1),
    ("SELECT ?s { ?s foo:bar ?o }", 1, None),
)


@pytest.mark.parametrize(("query", "line", "column"), ERRORS)
def test_an_error_names_its_place(client: TestClient, query: str, line: int, column: int | None) -> None:
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == 400
    assert answer.text.startswith(f"line {line}, column {column or ''}")
    assert query.splitlines()[line - 1].strip() in answer.text


def test_a_long_line_is_shown_around_the_place(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT * { " + "?s ?p ?o . " * 100 + "} }"})
    assert answer.status_code == 400
    assert max(map(len, answer.text.splitlines())) < 400


def test_service_description(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    quads = list(ox.parse(answer.content, ox.RdfFormat.TURTLE))
    sd = "http://www.w3.org/ns/sparql-service-description#"
    stated = {(q.predicate.value, q.object.value) for q in quads}
    assert (sd + "endpoint", "http://localhost/sparql") in stated
    assert (sd + "supportedLanguage", sd + "SPARQL11Query") in stated
    assert (sd + "supportedLanguage", sd + "SPARQL11Update") not in stated
    assert client.get("/sparql", headers={"Accept": "text/html"}, follow_redirects=False).status_code == 303
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def test_a_cut_answer_says_so(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": MANY})
    assert answer.headers["x-rows-cut-at"] == "1000"
    assert len(answer.json()["results"]["bindings"]) == 1000


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rows_are_counted_in_every_form(client: TestClient, form: str) -> None:
    odd = 'VALUES ?z { "a\\r\\n,\\"<result>" "{}" UNDEF }'
    query = f"SELECT ?z {{ {{ {MANY} }} {odd} }}"
    full = client.get("/sparql", params={"query": query, "format": form})
    assert full.headers["x-rows-cut-at"] == "1000"
    almost = client.get("/sparql", params={"query": f"SELECT ?z {{ {{ {MANY} LIMIT 333 }} {odd} }}", "format": form})
    assert "x-rows-cut-at" not in almost.headers
    assert "x-rows-limit" not in almost.headers


def test_a_limited_query_runs_once(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a limit cut an answer is counted or told, not asked of the store by a second query."""
    from kg.serve import worker
    from kg.serve.jobs import Begun, Granted, Query, Whole

    store, ran, pipe = ox.Store(), [], MagicMock()
    pipe.receive.return_value = Granted(True)
    store.bulk_load(path=output / "graph.ttl")
    run = worker._run
    monkeypatch.setattr(worker, "_run", lambda *given: ran.append(given[2]) or run(*given))
    for rows, size in ((1000, Whole), (40_000, Begun)):
        job = Query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "text/csv", "", spool=str(output / "spool"),
                    most_bytes=10**9, most_rows=rows)  # fmt: skip
        reply = worker._answer(store, job, pipe)
        told = reply if isinstance(reply, Whole) else pipe.send.call_args.args[0]
        assert (type(told), told.cut) == (size, rows)
    assert len(ran) == 2


@pytest.mark.parametrize("query", [ALL, f"{MANY} LIMIT 1000", f"{MANY} LIMIT 10"])
def test_a_whole_answer_does_not(client: TestClient, query: str) -> None:
    assert "x-rows-cut-at" not in client.get("/sparql", params={"query": query}).headers


def test_a_large_answer_is_spooled_and_whole(client: TestClient) -> None:
    query = "SELECT * { ?a ?p ?x . ?b ?q ?y . ?b ?r ?z } LIMIT 1000"
    answer = client.get("/sparql", params={"query": query})
    assert len(answer.content) > 200_000
    assert len(answer.json()["results"]["bindings"]) == 1000


def test_etag_and_gzip(client: TestClient) -> None:
    first = client.get("/sparql", params={"query": ALL})
    assert first.headers["content-encoding"] == "gzip"
    assert {"Accept", "Accept-Encoding"} <= {one.strip() for one in first.headers["vary"].split(",")}
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/sparql", params={"query": ALL}, headers=known).status_code == 304
    assert client.get("/sparql", params={"query": ALL, "format": "csv"}, headers=known).status_code == 200
    assert client.get("/sparql", params={"query": ALL + " LIMIT 1"}, headers=known).status_code == 200


def test_chance_and_clock_are_not_cached(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT (RAND() AS ?x) {}"})
    assert "etag" not in answer.headers


def test_head_has_no_body(client: TestClient) -> None:
    answer = client.head("/sparql", params={"query": "ASK {}"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_ready_questions_run_as_they_are(client: TestClient) -> None:
    """The prefixes of the contract need not be declared, as in `kg query`."""
    query = 'SELECT ?post { ?c rdf:subject/skos:prefLabel "林远"@zh ; kg:postTitle ?post }'
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [row["post"]["value"] for row in rows] == ["副局长"]
