"""Graph Store Protocol on a writable server, and Update: what is written is there for every reader at once."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from serving import WRITE
from starlette.testclient import TestClient

G = "/store?graph=http%3A%2F%2Fg.example%2F1"
TURTLE = WRITE | {"Content-Type": "text/turtle"}


def _objects(client: TestClient, url: str) -> set[str]:
    answer = client.get(url, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200
    return {quad.object.value for quad in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}


def test_put_post_get_delete(writable: TestClient) -> None:
    assert writable.put(G, headers=TURTLE, content='<http://a> <http://b> "甲" .').status_code == 201
    assert writable.post(G, headers=TURTLE, content='<http://a> <http://b> "乙" .').status_code == 204
    assert _objects(writable, G) == {"甲", "乙"}
    assert writable.put(G, headers=TURTLE, content='<http://a> <http://b> "丙" .').status_code == 204
    assert _objects(writable, G) == {"丙"}
    assert writable.head(G).status_code == 200
    assert writable.delete(G, headers=WRITE).status_code == 204
    assert writable.get(G).status_code == 404
    assert writable.delete(G, headers=WRITE).status_code == 404


def test_the_default_graph(writable: TestClient) -> None:
    before = _objects(writable, "/store?default")
    assert "林远" in before
    writable.post("/store?default", headers=TURTLE, content='<http://a> <http://b> "甲" .')
    assert _objects(writable, "/store?default") == before | {"甲"}


def test_an_empty_graph_is_there(writable: TestClient) -> None:
    assert writable.put(G, headers=TURTLE, content="").status_code == 201
    assert _objects(writable, G) == set()


BODIES = {
    "text/turtle": "<http://a> <http://b> <x> .",
    "application/n-triples": "<http://a> <http://b> <http://g.example/x> .",
    "application/rdf+xml": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<r:Description r:about="http://a"><e:b r:resource="x"/></r:Description></r:RDF>',
    "application/ld+json": '{"@id": "http://a", "http://b": {"@id": "http://g.example/x"}}',
}


@pytest.mark.parametrize("media", BODIES)
def test_every_form_is_read(writable: TestClient, media: str) -> None:
    sent = writable.put(G, headers=WRITE | {"Content-Type": media}, content=BODIES[media])
    assert sent.status_code == 201, sent.text
    assert _objects(writable, G) == {"http://g.example/x"}


def test_blank_nodes_of_two_requests_stay_two(writable: TestClient) -> None:
    for _ in range(2):
        writable.post(G, headers=TURTLE, content='_:x <http://b> "甲" .')
    count = "SELECT (COUNT(*) AS ?n) { GRAPH <http://g.example/1> { ?s ?p ?o } }"
    rows = writable.get("/sparql", params={"query": count}).json()["results"]["bindings"]
    assert rows[0]["n"]["value"] == "2"


def test_a_write_changes_etag_and_names(writable: TestClient) -> None:
    query = {"query": "SELECT * { ?s ?p ?o }"}
    etag = writable.get("/sparql", params=query).headers["etag"]
    assert writable.get("/search?q=新来的").text.count("/page/person/") == 0
    person = '<https://w3id.org/fangzhi/id/person/新来的> a kg:Person ; skos:prefLabel "新来的"@zh'
    update = {"update": f"INSERT DATA {{ {person} }}"}
    assert writable.post("/sparql", data=update, headers=WRITE).status_code == 204
    assert writable.get("/sparql", params=query, headers={"If-None-Match": etag}).status_code == 200
    assert writable.get("/search?q=新来的").text.count("/page/person/") == 1


def test_named_graphs_alone_are_asked_together(writable: TestClient) -> None:
    writable.post("/sparql", data={"update": "CLEAR ALL"}, headers=WRITE)
    writable.put(G, headers=TURTLE, content='<http://a> <http://b> "甲" .')
    assert writable.get("/sparql", params={"query": 'ASK { ?s ?p "甲" }'}).json()["boolean"] is True
