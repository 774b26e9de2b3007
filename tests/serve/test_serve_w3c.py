"""The W3C's SPARQL 1.1 protocol tests (rdf-tests, sparql11/protocol/manifest.ttl), each under its own name there.

Requests are sent in order to one writable server whose store holds the suite's four documents as named graphs.
Those that cannot apply are listed with the reason in docs/serve.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import TOKEN, WRITE, serving
from starlette.testclient import TestClient

from kg.serve.settings import Settings

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
D1, D2, D3 = (DATA.format(number) for number in (1, 2, 3))
FORM = "application/x-www-form-urlencoded"
POST = "POST"
QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
TEST = "http://example.org/protocol-update-dataset-test/"
COPY = f"INSERT {{ GRAPH <{TEST}> {{ ?s a <http://purl.org/dc/terms/BibliographicResource> }} }} WHERE "
PREPARE = f"CLEAR SILENT GRAPH <{TEST}> ; "
BASE_TEST = "http://example.org/protocol-base-test/"


def _url(**parameters: str | list[str]) -> str:
    pairs = [(name.replace("_", "-"), one) for name, value in parameters.items()
             for one in (value if isinstance(value, list) else [value])]  # fmt: skip
    return "/sparql/" + ("?" if pairs else "") + "&".join(f"{name}={quote(one, safe='')}" for name, one in pairs)


@dataclass(frozen=True)
class Case:
    """One request, and what must come: a class of status, and for some a truth, a type, or a graph's content."""

    name: str
    method: str
    url: str
    kind: str | None = None
    body: bytes = b""
    status: str = "2"
    truth: bool | None = None
    types: tuple[str, ...] = ()
    then: dict[str, bool] = field(default_factory=dict)  # ASK → its truth afterwards


SELECTS = ("application/sparql-results+xml", "application/sparql-results+json", "text/csv", "text/tab-separated-values")
GRAPHS = ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
ASK_BOTH = f"ASK {{ <{D1}> a ?type . <{D2}> a ?type . }}"
ASK_NAMED = f"ASK {{ GRAPH ?g1 {{ <{D1}> a ?type }} GRAPH ?g2 {{ <{D2}> a ?type }} }}"
ASK_FULL = f"ASK {{ <{D3}> a ?type GRAPH ?g1 {{ <{D1}> a ?type }} GRAPH ?g2 {{ <{D2}> a ?type }} }}"


def _copied(*which: str) -> dict[str, bool]:
    return {f"ASK {{ GRAPH <{TEST}> {{ <{one}> a ?t }} }}": one in which for one in (D1, D2, D3)}


CASES = (
    Case("query_post_form", POST, _url(default_graph_uri=DATA.format(0)), FORM, b"query=ASK%20%7B%7D", truth=True),
    Case("query_dataset_default_graphs_get", "GET", _url(query=ASK_BOTH, default_graph_uri=[D1, D2]), truth=True),
    Case("query_dataset_default_graphs_post", POST, _url(default_graph_uri=[D1, D2]), QUERY, ASK_BOTH.encode(),
         truth=True),
    Case("query_dataset_named_graphs_post", POST, _url(named_graph_uri=[D1, D2]), QUERY, ASK_NAMED.encode(),
         truth=True),
    Case("query_dataset_named_graphs_get", "GET", _url(query=ASK_NAMED, named_graph_uri=[D1, D2]), truth=True),
    Case("query_dataset_full", POST, _url(default_graph_uri=D3, named_graph_uri=[D1, D2]), QUERY, ASK_FULL.encode(),
         truth=True),
    Case("query_multiple_dataset", POST, _url(default_graph_uri=D2), QUERY,
         f"ASK FROM <{D1}> {{ <{D1}> a ?type }}".encode()),
    Case("query_get", "GET", _url(query="ASK {}"), truth=True),
    Case("query_content_type_select", "GET", _url(query="SELECT (1 AS ?value) {}"), types=SELECTS),
    Case("query_content_type_ask", "GET", _url(query="ASK {}"), types=SELECTS),
    Case("query_content_type_describe", "GET", _url(query="DESCRIBE <http://example.org/>"), types=GRAPHS),
    Case("query_content_type_construct", "GET", _url(query="CONSTRUCT { <s> <p> 1 } WHERE {}"), types=GRAPHS),
    Case("update_dataset_default_graph", POST, _url(using_graph_uri=D1), UPDATE,
         (PREPARE + COPY + "{ ?s a ?any }").encode(), then=_copied(D1)),
    Case("update_dataset_default_graphs", POST, _url(using_graph_uri=[D1, D2]), UPDATE,
         (PREPARE + COPY + "{ ?s a ?any }").encode(), then=_copied(D1, D2)),
    Case("update_dataset_named_graphs", POST, _url(using_named_graph_uri=[D1, D2]), UPDATE,
         (PREPARE + COPY + "{ GRAPH ?g { ?s a ?any } }").encode(), then=_copied(D1, D2)),
    Case("update_dataset_full", POST, _url(using_graph_uri=D1, using_named_graph_uri=D2), UPDATE,
         (PREPARE + COPY + "{ GRAPH ?g { ?s a ?any } }").encode(), then=_copied(D2)),
    Case("update_post_form", POST, _url(), FORM,
         b"update=CLEAR%20SILENT%20GRAPH%20%3Chttp%3A%2F%2Fexample.org%2Fnone%3E"),
    Case("update_post_direct", POST, _url(), UPDATE, b"CLEAR SILENT GRAPH <http://example.org/none>"),
    Case("update_base_uri", POST, _url(), UPDATE,
         f"CLEAR SILENT GRAPH <{BASE_TEST}> ; INSERT DATA {{ GRAPH <{BASE_TEST}> {{ <{D1}> a <test> }} }}".encode(),
         then={f"ASK {{ GRAPH <{BASE_TEST}> {{ <{D1}> a ?o }} FILTER(REGEX(STR(?o), '^http')) }}": True}),
    Case("query_post_direct", POST, _url(), QUERY, b"ASK {}", truth=True),
    Case("bad_query_method", "PUT", _url(query="ASK {}"), status="4"),
    Case("bad_multiple_queries", "GET", _url(query=["ASK {}", "SELECT * {}"]), status="4"),
    Case("bad_query_wrong_media_type", POST, _url(), "text/plain", b"ASK {}", status="4"),
    Case("bad_query_missing_form_type", POST, _url(), None, b"query=ASK%20%7B%7D", status="4"),
    Case("bad_query_missing_direct_type", POST, _url(), None, b"ASK {}", status="4"),
    Case("bad_query_non_utf8", POST, _url(), f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16"), status="4"),
    Case("bad_query_syntax", "GET", _url(query="ASK { ?s ?p"), status="4"),
    Case("bad_update_get", "GET", _url(update="CLEAR ALL"), status="4"),
    Case("bad_multiple_updates", POST, _url(), FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", status="4"),
    Case("bad_update_wrong_media_type", POST, _url(), "text/plain", b"CLEAR NAMED", status="4"),
    Case("bad_update_missing_form_type", POST, _url(), None, b"update=CLEAR%20NAMED", status="4"),
    Case("bad_update_non_utf8", POST, _url(), f"{UPDATE};charset=UTF-16", "CLEAR NAMED".encode("utf-16"), status="4"),
    Case("bad_update_syntax", POST, _url(), FORM, b"update=CLEAR%20XYZ", status="4"),
    Case("bad_update_dataset_conflict", POST, _url(using_named_graph_uri="http://example/people"), FORM,
         b"update=" + quote("DELETE {} INSERT {} USING <http://example/addresses> WHERE {}").encode(), status="4"),
)  # fmt: skip


@pytest.fixture(scope="module")
def suite(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = tmp_path_factory.mktemp("w3c") / "store"
    settings = Settings(output, store=store, writable=True, token=TOKEN, workers=1)
    with serving(settings) as client:
        for number in range(4):
            iri = DATA.format(number)
            put = client.put(f"/store?graph={quote(iri, safe='')}", headers=WRITE | {"Content-Type": "text/turtle"},
                             content=f"<{iri}> a <{DOCUMENT}> .")  # fmt: skip
            assert put.status_code == 201
        yield client


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_manifest_case(suite: TestClient, case: Case) -> None:
    headers = WRITE | ({"Content-Type": case.kind} if case.kind else {})
    answer = suite.request(case.method, case.url, headers=headers, content=case.body or None)
    assert str(answer.status_code)[0] in case.status, answer.text
    if case.truth is not None:
        assert answer.json()["boolean"] is case.truth
    if case.types:
        assert answer.headers["content-type"].split(";")[0] in case.types
    for ask, truth in case.then.items():
        assert suite.get("/sparql", params={"query": ask}).json()["boolean"] is truth, ask


def test_every_case_of_the_manifest_is_here() -> None:
    assert len(CASES) == len({case.name for case in CASES}) == 34
