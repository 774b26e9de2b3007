"""For whoever looks after the server: health, numbers, logs, running queries, tokens, dumps, reloading, deployment."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import GRAPH, TOKEN, WRITE, serving
from starlette.testclient import TestClient

from kg.serve.app import make_app
from kg.serve.ondisk import open_store, renewed
from kg.serve.reload import follow
from kg.serve.settings import Settings
from kg.serve.watch import open_logs

ROOT = Path(__file__).parents[2]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }"
READ = "look-at-it"
HERE = ("127.0.0.1", 50000)


@pytest.fixture(scope="module")
def client(output: Path) -> Iterator[TestClient]:
    with serving(Settings(output, workers=1)) as client:
        yield client


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.05)


def test_health(client: TestClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["store"] in client.app.state.house.store.version  # type: ignore[attr-defined]


def test_health_says_what_fails(output: Path) -> None:
    with serving(Settings(output, workers=1)) as client:
        client.app.state.house.pool.stop()  # type: ignore[attr-defined]
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (503, "failing")
        assert answer.json()["why"]


def _numbers(client: TestClient) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(one.name, one.labels.get("room", "") + one.labels.get("status", "")): one.value
            for family in families for one in family.samples}  # fmt: skip


def test_metrics_count_requests(client: TestClient) -> None:
    before = _numbers(client)
    client.get("/sparql", params={"query": "ASK {}"})
    client.get("/sparql", params={"query": "ASK {"})
    client.get("/no/such/room/" + "x" * 50)
    after = _numbers(client)
    for key in (("fangzhi_requests_total", "sparql200"), ("fangzhi_requests_total", "sparql400"),
                ("fangzhi_requests_total", "other404"), ("fangzhi_request_seconds_count", "other")):  # fmt: skip
        assert after[key] == before.get(key, 0) + 1, key
    assert after["fangzhi_pool_processes", ""] >= 1
    assert after["fangzhi_sent_bytes_total", ""] > before["fangzhi_sent_bytes_total", ""]


def test_logs_hold_one_json_object_a_line(output: Path, tmp_path: Path) -> None:
    settings = Settings(output, workers=1, access_log=tmp_path / "access", slow_log=tmp_path / "slow", slow=0.0)
    open_logs(settings)
    try:
        with serving(settings) as client:
            client.get("/search", params={"q": 'x"\n{"status": 1}'})
            client.post("/sparql", data={"query": "ASK { ?水 ?b 1 }"})
        lines = [json.loads(line) for line in (tmp_path / "access").read_text("utf-8").splitlines()]
        assert [(line["method"], line["path"], line["status"]) for line in lines] == [
            ("GET", "/search", 200), ("POST", "/sparql", 200)]  # fmt: skip
        assert all(line["ms"] >= 0 and line["bytes"] > 0 and line["time"].endswith("+00:00") for line in lines)
        slow = [json.loads(line) for line in (tmp_path / "slow").read_text("utf-8").splitlines()]
        assert slow[1]["asked"] == "ASK { ?水 ?b 1 }"
    finally:
        open_logs(Settings(output))
    assert not logging.getLogger("kg.serve.access").handlers


def test_what_is_fast_is_not_slow(output: Path, tmp_path: Path) -> None:
    settings = Settings(output, workers=1, slow_log=tmp_path / "slow", slow=1000)
    open_logs(settings)
    try:
        with serving(settings) as client:
            client.get("/health")
        assert (tmp_path / "slow").read_text() == ""
    finally:
        open_logs(Settings(output))


def test_a_running_query_is_listed_and_stopped(output: Path) -> None:
    with serving(Settings(output, workers=1, token=TOKEN, timeout=600)) as client:
        assert client.get("/queries", headers=WRITE).json() == {"queries": []}
        answers = []
        asking = threading.Thread(target=lambda: answers.append(client.get("/sparql", params={"query": ENDLESS})))
        asking.start()
        _until(lambda: bool(client.get("/queries", headers=WRITE).json()["queries"]))
        (one,) = client.get("/queries", headers=WRITE).json()["queries"]
        assert one["text"] == ENDLESS
        assert one["seconds"] >= 0
        assert client.delete(f"/queries/{one['number']}").status_code == 403
        assert client.delete(f"/queries/{one['number'] + 1}", headers=WRITE).status_code == 404
        assert client.delete(f"/queries/{one['number']}", headers=WRITE).status_code == 204
        asking.join(60)
        assert (answers[0].status_code, "stopped by the operator" in answers[0].text) == (503, True)
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_a_request_may_have_less_time(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": ENDLESS, "timeout": "1"})
    assert (answer.status_code, "took longer" in answer.text) == (503, True)
    assert client.get("/sparql", params={"query": "ASK {}", "timeout": "soon"}).status_code == 400


LOOK_AFTER = (
    (HERE, {}, 200), (("::1", 1), {}, 200), (("192.0.2.7", 1), {}, 403), (("192.0.2.7", 1), WRITE, 200),
    (HERE, {"Origin": "http://localhost"}, 403), (HERE, {"X-Forwarded-For": "192.0.2.7"}, 403),
    (HERE, {"Forwarded": "for=192.0.2.7"}, 403), (HERE, {"Authorization": "Bearer wrong"}, 200),
    (("192.0.2.7", 1), {"Authorization": "Bearer wrong"}, 403), (("192.0.2.7", 1), {"Authorization": "Bearer "}, 403),
)  # fmt: skip


def test_only_administrators_look_after_it(output: Path) -> None:
    settings = Settings(output, workers=1, token=TOKEN)
    store, _ = open_store(output, None, writable=False)
    app = make_app(settings, store)
    with TestClient(app, "http://localhost", client=HERE):
        for client, headers, status in LOOK_AFTER:
            asked = TestClient(app, "http://localhost", client=client)
            assert asked.get("/queries", headers=headers).status_code == status, (client, headers)
        other = TestClient(app, "http://localhost", client=HERE)
        assert other.get("/queries", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    store.close()


def _basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"me:{password}".encode()).decode()}


KEYS = (
    ({}, 401), ({"Authorization": f"Bearer {READ}"}, 200), (WRITE, 200), (_basic(READ), 200), (_basic("x"), 401),
    ({"Authorization": "Bearer "}, 401), ({"Authorization": "Basic !"}, 401), ({"Authorization": READ}, 401),
    ({"Authorization": f"Bearer {READ}x"}, 401), ({"Authorization": b"Bearer \xe9"}, 401),
)  # fmt: skip


def test_a_read_token_guards_everything_but_health(output: Path) -> None:
    with serving(Settings(output, workers=1, token=TOKEN, read_token=READ)) as client:
        for headers, status in KEYS:
            for url in ("/", "/sparql?query=ASK{}", "/reconcile", "/static/style.css", "/dump.nq", "/metrics"):
                assert client.get(url, headers=headers).status_code == status, (url, headers)
        refused = client.get("/")
        assert refused.headers["www-authenticate"].startswith("Basic ")
        assert "FANGZHI_READ_TOKEN" in refused.text
        assert client.get("/health").status_code == 200
        preflight = {"Origin": "http://a.example", "Access-Control-Request-Method": "POST"}
        assert client.options("/reconcile", headers=preflight).status_code == 200


def _quads(content: bytes, form: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(content, form))


FORMS = (("/dump.nq", {}, ox.RdfFormat.N_QUADS), ("/dump.trig", {}, ox.RdfFormat.TRIG),
         ("/dump", {"Accept": "application/trig"}, ox.RdfFormat.TRIG), ("/dump", {}, ox.RdfFormat.N_QUADS))  # fmt: skip


def test_a_dump_is_all_that_was_said(writable: TestClient) -> None:
    graph = "/store?graph=" + quote("http://g.example/", safe="")
    shared = "<https://w3id.org/fangzhi/id/place/清河区> a <https://w3id.org/fangzhi/ontology#Place> ."
    turtle = WRITE | {"Content-Type": "text/turtle"}
    assert writable.put(graph, headers=turtle, content=f'<http://a> <http://b> "甲" . {shared}').status_code == 201
    said = set(ox.parse(GRAPH, ox.RdfFormat.TURTLE))
    said |= {ox.Quad(*one.triple, ox.NamedNode("http://g.example/"))
             for one in ox.parse(f'<http://a> <http://b> "甲" . {shared}', ox.RdfFormat.TURTLE)}  # fmt: skip
    for url, headers, form in FORMS:
        answer = writable.get(url, headers=headers)
        assert _quads(answer.content, form) == said, url
        assert "attachment" in answer.headers["content-disposition"]
        again = writable.get(url, headers=headers | {"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    assert writable.get("/dump.ttl").status_code == 404
    assert writable.get("/dump", headers={"Accept": "text/turtle"}).status_code == 406


def test_a_large_dump_is_streamed(tmp_path: Path) -> None:
    lines = [f'<http://a/{n}> <http://b> "{n:0100}" <http://g/{n % 7}> .\n' for n in range(20_000)]
    (tmp_path / "graph.nq").write_text("".join(lines))
    with serving(Settings(tmp_path, workers=1)) as client:
        answer = client.get("/dump.nq")
        assert sorted(answer.text.splitlines(keepends=True)) == sorted(lines)
        assert "content-length" not in answer.headers


def test_the_description_says_only_what_is_so(writable: TestClient) -> None:
    graph = "http://g.example/图"
    turtle = WRITE | {"Content-Type": "text/turtle"}
    writable.put(f"/store?graph={quote(graph, safe='')}", headers=turtle, content="<http://a> <http://b> 1 .")
    text = writable.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    assert "DereferencesURIs" not in text
    sd, void = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#"
    stated = {(one.predicate.value, one.object.value) for one in ox.parse(text, ox.RdfFormat.N_TRIPLES)}
    assert {(sd + "namedGraph", graph), (sd + "name", graph), (void + "dataDump", "http://localhost/dump.nq"),
            (void + "class", "https://w3id.org/fangzhi/ontology#Place"), (void + "entities", "3"),
            (void + "sparqlEndpoint", "http://localhost/sparql")} <= stated  # fmt: skip
    for one in (writable.get("/dump.nq"), writable.get("/dump.trig")):
        assert one.status_code == 200


MORE = '\n<https://w3id.org/fangzhi/id/place/新镇> a kg:Place ; skos:prefLabel "新镇"@zh .\n'


def _build(folder: Path, text: str) -> None:
    half = folder / "half"
    half.write_text(text, "utf-8")
    half.rename(folder / "graph.ttl")


@pytest.mark.parametrize("kept", [True, False])
def test_a_build_made_anew_is_served_without_a_restart(
    tmp_path: Path, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.serve.app.follow", lambda output, writer: follow(output, writer, 0.05))
    output = tmp_path / "out"
    output.mkdir()
    _build(output, GRAPH)
    with serving(Settings(output, store=tmp_path / "s" if kept else None, workers=1, reload=True)) as client:
        assert client.get("/search?q=新镇").text.count("/page/place/") == 0
        _build(output, "no turtle {")  # a build that is broken is not served, and the old one still is
        _build(output, GRAPH + MORE)
        _until(lambda: client.get("/search?q=新镇").text.count("/page/place/") == 1)
        assert client.get("/api/search?q=林远&in=sentences").json()["total"] == 1


def test_a_broken_build_is_not_served(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    _build(tmp_path, GRAPH)
    with serving(Settings(tmp_path, workers=1)) as client:
        house = client.app.state.house  # type: ignore[attr-defined]
        _build(tmp_path, GRAPH + "<a <b")
        before = house.store.version

        async def look() -> None:
            following = asyncio.create_task(follow(tmp_path, house.writer, 0.01))
            await asyncio.sleep(0)
            _build(tmp_path, GRAPH + "<a <b>")
            while "is not served" not in caplog.text:
                await asyncio.sleep(0.02)
            following.cancel()

        asyncio.run(asyncio.wait_for(look(), 60))
        assert house.store.version == before
        assert client.get("/sparql", params={"query": "ASK { ?s a kg:Official }"}).json()["boolean"] is True


def test_what_was_written_is_not_lost_to_a_new_build(tmp_path: Path) -> None:
    _build(tmp_path, GRAPH)
    settings = Settings(tmp_path, store=tmp_path / "s", writable=True, token=TOKEN, workers=1)
    with serving(settings) as client:
        update = {"update": 'INSERT DATA { <http://a> <http://b> "written" }'}
        assert client.post("/sparql", data=update, headers=WRITE).status_code == 204
        _build(tmp_path, GRAPH + MORE)
        old, note = renewed(client.app.state.house.store, tmp_path, True)  # type: ignore[attr-defined]
        assert (old, "writes of its own" in note) == (None, True)
        assert client.get("/sparql", params={"query": 'ASK { ?s ?p "written" }'}).json()["boolean"] is True


def _blocks(name: str) -> dict[str, str]:
    """The files that docs/deploy.md shows, by the name that stands before each."""
    text = (ROOT / "docs" / name).read_text("utf-8")
    return dict(re.findall(r"^`([^`\n]+)`[^\n]*:\n\n```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    unit = _blocks("deploy.md")["/etc/systemd/system/fangzhi.service"]
    program = tmp_path / "kg"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert "/opt/fangzhi/bin/kg serve" in unit
    file = tmp_path / "fangzhi.service"
    file.write_text(unit.replace("/opt/fangzhi/bin/kg", str(program)))
    ran = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False)
    assert [line for line in ran.stderr.splitlines() if "fangzhi" in line] == []


def test_what_the_documents_start_is_a_command() -> None:
    from kg.cli.serve import run

    known = {f"--{name.replace('_', '-')}" for name in signature(run).parameters}
    blocks = [_blocks("deploy.md")[name] for name in ("Containerfile", "/etc/systemd/system/fangzhi.service")]
    lines = [line for block in blocks for line in block.splitlines() if re.search(r"kg\W+serve", line)]
    assert len(lines) == 2
    assert {option for line in lines for option in re.findall(r"--[a-z-]+", line)} <= known
