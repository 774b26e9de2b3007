"""What is written is seen everywhere at once, and what is deleted nowhere any more."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import ID, TOKEN, WRITE, serving
from starlette.testclient import TestClient

from kg.serve.base import other_base
from kg.serve.ondisk import open_store
from kg.serve.settings import Settings

GRAPH = "/store?graph=" + quote("https://w3id.org/fangzhi/id/page/二版.txt", safe="")
NEW = f"""
@prefix kg: <https://w3id.org/fangzhi/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{ID}person/乔松年> a kg:Person, kg:Thing ; skos:prefLabel "乔松年"@zh .
<{ID}person/林远> a kg:Person, kg:Thing ; skos:prefLabel "林远"@zh .
"""
TURTLE = WRITE | {"Content-Type": "text/turtle"}


def _asked(client: TestClient) -> bool:
    query = 'ASK { ?x skos:prefLabel "乔松年"@zh }'
    return bool(client.get("/sparql", params={"query": query}).json()["boolean"])


def _found(client: TestClient) -> bool:
    return "/page/person/" in client.get("/search", params={"q": "乔松年"}).text


def _page(client: TestClient) -> bool:
    return client.get(f"/page/person/{quote('乔松年')}").status_code == 200


def _reconciled(client: TestClient) -> bool:
    queries = json.dumps({"q": {"query": "乔松年"}})
    return bool(client.post("/reconcile", data={"queries": queries}).json()["q"]["result"])


def _counted(client: TestClient) -> bool:
    query = "SELECT (COUNT(*) AS ?n) { <" + ID + "person/林远> ?p ?o }"
    (row,) = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert row["n"]["value"] == "6"  # as often as before: a triple of two graphs counts once
    return _asked(client)


SEEN = (_asked, _found, _page, _reconciled, _counted)


@pytest.mark.parametrize("seen", SEEN)
def test_a_graph_is_seen_when_it_is_put_and_not_when_it_is_gone(writable: TestClient, seen: object) -> None:
    assert callable(seen)
    for _ in range(2):
        assert not seen(writable)
        assert writable.put(GRAPH, headers=TURTLE, content=NEW.encode()).status_code == 201
        assert seen(writable)
        assert writable.delete(GRAPH, headers=WRITE).status_code == 204
    assert not seen(writable)
    query = f"ASK {{ <{ID}person/林远> a kg:Person }}"
    assert writable.get("/sparql", params={"query": query}).json()["boolean"]  # the build says so too


def test_a_server_that_ends_leaves_the_current_edition_alone(output: Path, tmp_path: Path) -> None:
    with serving(Settings(output, store=tmp_path / "s", writable=True, token=TOKEN, workers=1)) as client:
        for _ in range(3):
            assert client.put(GRAPH, headers=TURTLE, content=NEW.encode()).status_code in {201, 204}
    assert [path.name for path in (tmp_path / "s").glob("0*")] == ["00000003"]


def test_counts_are_asked_once_for_a_version(writable: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    house = writable.app.state.house  # type: ignore[attr-defined]
    asked, ask = [], house.pool.ask
    monkeypatch.setattr(house.pool, "ask", lambda query, *rest: asked.append(query) or ask(query, *rest))
    for number in range(2):
        before = [writable.get(address).text for address in ("/", "/sparql", "/", "/sparql")]
        assert before[:2] == before[2:]
        assert len(asked) == 3 * (number + 1)  # the size, the kinds, and the graphs
        writable.post("/store?default", headers=TURTLE, content=f"<http://a> <http://b> {number} .")


def test_queries_go_on_while_a_write_is_made(output: Path, tmp_path: Path) -> None:
    """A write that never ends holds up no query and, stopped, leaves nothing, also after a restart."""
    endless = "INSERT { ?a <http://p> ?z } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?z }"
    settings = Settings(output, store=tmp_path / "s", writable=True, token=TOKEN, workers=1, write_timeout=6)
    replies = []
    with serving(settings) as client:
        version = client.app.state.house.store.version  # type: ignore[attr-defined]
        headers = WRITE | {"Content-Type": "application/sparql-update"}
        send = lambda: replies.append(client.post("/sparql", content=endless, headers=headers))  # noqa: E731
        write = threading.Thread(target=send)
        write.start()
        answered = 0
        while write.is_alive():
            assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
            answered += 1
        assert answered > 1
        assert (replies[0].status_code, "nothing of it was kept" in replies[0].text) == (503, True)
    assert len(list((tmp_path / "s").glob("0*"))) == 1
    store, _ = open_store(output, tmp_path / "s", writable=True)
    assert (store.version, len(list((tmp_path / "s").glob("0*")))) == (version, 1)
    store.close()


BASES = (
    ("https://w3id.org/fangzhi/id/", ""),
    ("https://a.example/", "--base https://w3id.org/fangzhi/id/"),
)


@pytest.mark.parametrize(("base", "told"), BASES)
def test_another_base_is_told_in_one_line(output: Path, base: str, told: str) -> None:
    store, _ = open_store(output, None, writable=False)
    lines = other_base(store, base)
    store.close()
    assert len(lines) == bool(told)
    assert all(told in line and "\n" not in line for line in lines)
