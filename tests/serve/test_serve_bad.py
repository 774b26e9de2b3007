"""Bad input and bad people: each gets a clear 4xx or 5xx, nothing is written, and the next request is answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import TOKEN, WRITE, serving, until
from starlette.testclient import TestClient

from kg.serve.settings import Settings

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
FORM = "application/x-www-form-urlencoded"
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}


def _alive(client: TestClient) -> bool:
    return client.get("/sparql", params={"query": "ASK {}"}).json() == {"head": {}, "boolean": True}


def _request(method: str, url: str, **options: Any) -> dict[str, Any]:
    return {"method": method, "url": url, **options}


def _query(text: str, **headers: str) -> dict[str, Any]:
    return _request("GET", "/sparql", params={"query": text}, headers=headers)


SERVICE = "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}"
CASES = {
    "malformed": (_query("SELECT * { ?s"), 400),
    "empty query": (_query(""), 400),
    "null byte": (_query("ASK {}\0"), 400),
    "update as query": (_query("INSERT DATA { <http://a> <http://b> 1 }"), 400),
    "huge by GET": (_query("ASK {} #" + "x" * 60_000), 413),
    "10 MB by POST": (_request("POST", "/sparql", content=b"ASK {} #" + b"x" * 10_000_000,
                               headers={"Content-Type": "application/sparql-query"}), 413),
    "10 MB form": (_request("POST", "/sparql", content=b"query=" + b"x" * 10_000_000,
                              headers={"Content-Type": FORM}), 413),
    "wrong length": (_request("POST", "/sparql", content=b"ASK {}",
                              headers={"Content-Type": "application/sparql-query", "Content-Length": "9" * 11}), 413),
    "deep nesting": (_request("POST", "/sparql", content="SELECT * " + "{" * 20_000 + "}" * 20_000,
                              headers={"Content-Type": "application/sparql-query"}), None),
    "bad accept": (_query("ASK {}", Accept="not a type"), 406),
    "unoffered accept": (_query("ASK {}", Accept="image/png"), 406),
    "unoffered accept for triples": (_query("DESCRIBE <http://a>", Accept="text/csv"), 406),
    "two queries": (_request("GET", "/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D"), 400),
    "many fields": (_request("GET", "/sparql?" + "&".join(f"a{n}=1" for n in range(300))), 400),
    "bad encoding": (_request("GET", "/sparql?query=%ff"), 400),
    "relative graph": (_request("GET", "/sparql?query=ASK%20%7B%7D&default-graph-uri=a"), 400),
    "graph that breaks out": (_request("GET", "/sparql?query=ASK%20%7B%7D&named-graph-uri=http://a%3E%20x"), 400),
    "service to loopback": (_query(SERVICE.format("http://127.0.0.1:22/")), 403),
    "service to metadata": (_query(SERVICE.format("http://169.254.169.254/")), 403),
    "custom function": (_query("SELECT (<http://a/f>(1) AS ?x) {}"), 400),
    "update when read-only": (_request("POST", "/sparql", content="CLEAR ALL", headers=UPDATE | WRITE), 403),
    "form update when read-only": (_request("POST", "/sparql", data={"update": "CLEAR ALL"}, headers=WRITE), 403),
    "put when read-only": (_request("PUT", "/store?default", content="", headers=TURTLE | WRITE), 403),
    "delete when read-only": (_request("DELETE", "/store?default", headers=WRITE), 403),
    "path trick": (_request("GET", "/static/..%2fsettings.py"), 404),
    "encoded path trick": (_request("GET", "/static/%2e%2e/settings.py"), 404),
    "page path trick": (_request("GET", "/page/..%2f..%2f..%2fetc/passwd"), 404),
    "data path trick": (_request("GET", "/data/../../graph.ttl"), 404),
    "impossible iri": (_request("GET", "/page/person/%3Cx%3E%20%22"), 404),
    "broken escape": (_request("GET", "/page/person/%ff%zz"), 404),
    "no such page": (_request("GET", "/page/person/nobody"), 404),
    "no such room": (_request("GET", "/admin"), 404),
    "foreign host": (_request("GET", "/sparql?query=ASK%7B%7D", headers={"Host": "rebind.example"}), 421),
    "foreign host, page": (_request("GET", "/", headers={"Host": "localhost.evil.example"}), 421),
    "wrong method": (_request("PATCH", "/sparql"), 405),
    "long search": (_request("GET", "/search?q=" + "x" * 300), 400),
    "queries no json": (_request("POST", "/reconcile", data={"queries": "{"}), 400),
    "queries deep json": (_request("POST", "/reconcile", data={"queries": "[" * 90_000}), 400),
    "queries a list": (_request("POST", "/reconcile", data={"queries": "[1]"}), 400),
    "too many queries": (_request("POST", "/reconcile", data={
        "queries": "{" + ",".join(f'"q{n}": {{"query": "a"}}' for n in range(300)) + "}"}), 400),
    "extend no lists": (_request("POST", "/reconcile", data={"extend": "{}"}), 400),
    "cursor no number": (_request("GET", "/reconcile/suggest/entity?prefix=a&cursor=-1"), 400),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_refused_and_still_answering(client: TestClient, name: str) -> None:
    request, status = CASES[name]
    answer = client.request(**request, follow_redirects=False)
    assert 400 <= answer.status_code < 504
    assert status is None or answer.status_code == status, answer.text
    assert "Traceback" not in answer.text
    assert 3 < len(answer.text) < 2000
    assert _alive(client)


def test_an_endless_query_is_really_stopped(client: TestClient) -> None:
    pool = client.app.state.house.pool  # type: ignore[attr-defined]
    before = {process._process.pid for process in pool._all}
    started = time.monotonic()
    answer = client.get("/sparql", params={"query": ENDLESS})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "took longer" in answer.text
    assert time.monotonic() - started < 30
    assert _alive(client)
    until(lambda: len(before - {process._process.pid for process in pool._all}) == 1)
    (ended,) = before - {process._process.pid for process in pool._all}
    assert not Path(f"/proc/{ended}").exists()
    until(lambda: len(pool._all) == len(before))


def test_a_query_that_eats_memory_ends_alone(output: Path) -> None:
    greedy = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?i ?a ?l"
    with serving(Settings(output, workers=1, timeout=60, max_memory=1_000_000_000)) as client:
        answer = client.get("/sparql", params={"query": greedy})
        assert answer.status_code == 503
        assert "memory" in answer.text
        assert _alive(client)


def test_the_memory_limit_counts_what_a_query_takes_and_not_the_open_store(output: Path) -> None:
    with serving(Settings(output, workers=1, max_memory=50_000_000)) as client:
        assert _alive(client)


def test_an_answer_that_grows_too_large(output: Path) -> None:
    with serving(Settings(output, workers=1, max_rows=0, max_answer=20_000)) as client:
        answer = client.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"})
        assert (answer.status_code, "larger" in answer.text) == (503, True)
        assert _alive(client)


WRITES = {
    "update": _request("POST", "/sparql", content="CLEAR ALL", headers=UPDATE),
    "form": _request("POST", "/sparql", data={"update": "CLEAR ALL"}),
    "put": _request("PUT", "/store?default", content="", headers=TURTLE),
    "post": _request("POST", "/store?graph=http://a/", content="<http://a> <http://b> 1 .", headers=TURTLE),
    "delete": _request("DELETE", "/store?default"),
}
TOKENS = (None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer \xe9")


@pytest.fixture(scope="module")
def guarded(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = tmp_path_factory.mktemp("guarded") / "store"
    with serving(Settings(output, store=store, writable=True, token=TOKEN, workers=1, max_upload=100_000)) as client:
        yield client


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("token", TOKENS)
def test_no_write_without_the_token(guarded: TestClient, name: str, token: str | None) -> None:
    before = _count(guarded)
    request = WRITES[name]
    headers = request.get("headers", {}) | ({} if token is None else {"Authorization": token.encode("latin-1")})
    answer = guarded.request(**{**request, "headers": headers})
    assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")
    assert _count(guarded) == before > 0


def _count(client: TestClient) -> int:
    rows = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()["results"]["bindings"]
    return int(rows[0]["n"]["value"])


REFUSED_WRITES = {
    "malformed turtle": (_request("PUT", "/store?default", content="<a> <b>", headers=TURTLE), 400),
    "wrong type": (_request("PUT", "/store?default", content="x", headers={"Content-Type": "text/html"}), 415),
    "no graph": (_request("PUT", "/store", content="", headers=TURTLE), 400),
    "both graphs": (_request("PUT", "/store?default&graph=http://a", content="", headers=TURTLE), 400),
    "relative graph": (_request("PUT", "/store?graph=a", content="", headers=TURTLE), 400),
    "too large": (_request("PUT", "/store?default", content="#" * 200_000, headers=TURTLE), 413),
    "missing graph": (_request("DELETE", "/store?graph=http://nothing.example/"), 404),
    "load from inside": (_request("POST", "/sparql", content="LOAD <http://127.0.0.1:22/>", headers=UPDATE), 403),
    "service in update": (_request("POST", "/sparql", headers=UPDATE, content=(
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:22/> { ?s ?p ?o } }")), 403),
    "second half fails": (_request("POST", "/sparql", content="CLEAR ALL; INSERT DATA { <a> }", headers=UPDATE), 400),
    "named graphs in one": (_request("POST", "/store?default", content="<http://a> <http://b> 1 <http://g> .",
                                     headers={"Content-Type": "application/n-quads"}), 400),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_WRITES)
def test_a_refused_write_changes_nothing(guarded: TestClient, name: str) -> None:
    before = _count(guarded)
    request, status = REFUSED_WRITES[name]
    answer = guarded.request(**{**request, "headers": request.get("headers", {}) | WRITE})
    assert answer.status_code == status, answer.text
    assert _count(guarded) == before > 0


def test_an_update_that_never_ends_is_stopped_and_undone(output: Path, tmp_path: Path) -> None:
    endless = "INSERT { ?a <http://p> ?z } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?z }"
    settings = Settings(output, store=tmp_path / "store", writable=True, token=TOKEN, workers=2, write_timeout=2)
    with serving(settings) as client:
        before = _count(client)
        answer = client.post("/sparql", content=endless, headers=UPDATE | WRITE)
        assert answer.status_code == 503
        assert _count(client) == before
        done = client.post("/sparql", content="INSERT DATA { <http://a> <http://b> 1 }", headers=UPDATE | WRITE)
        assert (done.status_code, _count(client)) == (204, before + 1)
