"""`kg push` into Virtuoso Open Source 7, started here on loopback: its Graph Store and Update, by digest."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import PushError
from kg.push import push
from kg.push.connection import Connection, Credentials
from kg.push.issues import read_graphs
from kg.push.marks import PUSHED
from kg.push.sparql import Sparql
from kg.push.stores import GraphStore, UpdateStore, open_store
from tests.export.sample import HOSTILE, ID, write
from tests.push.cutting import opener, rounds
from tests.push.paper import issue, paper

SERVER = shutil.which("virtuoso-t")
XSD = "http://www.w3.org/2001/XMLSchema#"

pytestmark = pytest.mark.skipif(SERVER is None, reason="virtuoso-t is missing: apt-get install virtuoso-opensource-7")


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server, new and empty; user dba, password dba."""
    folder = tmp_path_factory.mktemp("virtuoso")
    sql_port, http_port = free_ports(2)
    template = (Path(__file__).parent / "virtuoso.ini").read_text("utf-8")
    (folder / "virtuoso.ini").write_text(template.format(sql_port=sql_port, http_port=http_port), "utf-8")
    with (folder / "out.log").open("wb") as log:
        command = [str(SERVER), "+foreground", "+configfile", "virtuoso.ini"]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{http_port}"
        wait_for(address, process, folder / "out.log")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if process.poll() is not None:
            break
        try:
            httpx.get(f"{address}/sparql", params={"query": "ASK {}"})
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"Virtuoso does not start: {log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture
def build(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A build of its own name for every test: they share one server."""
    return write(tmp_path / request.node.name.replace("[", "-").replace("]", ""))


def connect(password: str = "dba") -> Connection:
    return Connection(Credentials("dba", password), sleep=lambda _: None)


def held(address: str, graph: str) -> set[Triple]:
    """What the server holds in a graph. It says 1 for true, which is the same xsd:boolean."""
    params = {"query": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"}
    answer = httpx.get(f"{address}/sparql", params=params, headers={"Accept": "application/n-triples"})
    return set(map(alike, (quad.triple for quad in parse(answer.content, format=RdfFormat.N_TRIPLES))))


def alike(triple: Triple) -> Triple:
    value = triple.object
    if isinstance(value, Literal) and value.datatype.value == f"{XSD}boolean":
        value = Literal(str(value.value in ("1", "true")).lower(), datatype=NamedNode(f"{XSD}boolean"))
    return Triple(triple.subject, triple.predicate, value)


def expected(build: Path) -> dict[str, set[Triple]]:
    return {
        graph.iri: {alike(quad.triple) for quad in parse("".join(graph.lines), format=RdfFormat.N_TRIPLES)}
        for graph in read_graphs(build, build.name)[1]
    }


@pytest.mark.parametrize("protocol", ["graph store", "update"])
def test_everything_comes_back_right(virtuoso: str, build: Path, protocol: str) -> None:
    endpoint = f"{virtuoso}/sparql-auth"
    store = (
        open_store(endpoint, "", connect())
        if protocol == "graph store"
        else UpdateStore(Sparql(endpoint, endpoint, connect()))
    )
    assert isinstance(store, GraphStore) == (protocol == "graph store")
    goal = expected(build)
    assert set(push(build, store, name=build.name, chunk_bytes=4000).sent) == set(goal)
    assert {graph: held(virtuoso, graph) for graph in goal} == goal
    assert push(build, store, name=build.name, chunk_bytes=4000).sent == []
    (build / "graph.nq").write_text(
        "".join(x for x in (build / "graph.nq").open(encoding="utf-8") if "yunze-b" not in x), "utf-8"
    )
    gone = str(ID["issue/云泽日报/2021-03-06"])
    assert push(build, store, name=build.name, chunk_bytes=4000).removed == [gone]
    assert held(virtuoso, gone) == set()
    for graph in (*goal, PUSHED):
        store.sparql.update(f"DROP SILENT GRAPH <{graph}>")


def test_han_and_hostile_text_can_be_asked_for(virtuoso: str, build: Path) -> None:
    push(build, open_store(f"{virtuoso}/sparql-auth", "", connect()))
    query = f"""SELECT ?name WHERE {{ GRAPH <{ID["issue/云泽日报/2021-03-05"]}>
      {{ <{ID["enterprise/hostile"]}> <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }} }}"""
    answer = httpx.get(f"{virtuoso}/sparql", params={"query": query, "format": "application/sparql-results+json"})
    found = [row["name"] for row in answer.json()["results"]["bindings"]]
    assert [(name["value"], name["xml:lang"]) for name in found] == [(HOSTILE, "zh")]


def test_an_interrupted_push_goes_on(virtuoso: str, build: Path) -> None:
    store = open_store(f"{virtuoso}/sparql-auth", "", connect())
    for graph in (*expected(build), PUSHED):
        store.sparql.update(f"DROP SILENT GRAPH <{graph}>")
    sent = 0

    def stop(_: object) -> None:
        nonlocal sent
        sent += 1
        if sent == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(build, store, name=build.name, chunk_bytes=4000, told=stop)
    rest = push(build, store, name=build.name, chunk_bytes=4000)
    assert rest.sent
    goal = expected(build)
    assert {graph: held(virtuoso, graph) for graph in goal} == goal


def test_wrong_password(virtuoso: str, build: Path) -> None:
    with pytest.raises(PushError, match="refuses these"):
        push(build, open_store(f"{virtuoso}/sparql-auth", "", connect("wrong")))


def test_the_command(virtuoso: str, build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGZHI_PASSWORD", "dba")
    store = open_store(f"{virtuoso}/sparql-auth", "", connect())
    store.sparql.update(f"DROP SILENT GRAPH <{PUSHED}>")
    command = ["push", str(build), "--endpoint", f"{virtuoso}/sparql-auth", "--user", "dba", "--name", "news"]
    first = CliRunner().invoke(app(), command)
    assert (first.exit_code, first.stdout) == (0, "news: 4 graphs sent in 4 requests, 0 unchanged, 0 removed\n")
    assert "100% " in first.stderr
    again = CliRunner().invoke(app(), command)
    assert again.stdout == "news: 0 graphs sent in 0 requests, 4 unchanged, 0 removed\n"


def test_two_names_and_a_push_cut_twenty_times(virtuoso: str, tmp_path: Path) -> None:
    rounds(tmp_path, opener(f"{virtuoso}/sparql-auth", "", Credentials("dba", "dba")), days=3)


def test_readers_never_see_half_a_graph(virtuoso: str, tmp_path: Path) -> None:
    """Virtuoso's own PUT empties a graph first; ours is seen as it was, or as it is to be."""
    store, day = open_store(f"{virtuoso}/sparql-auth", "", connect()), issue("2001-02-03")
    push(paper(tmp_path / "p", "旧", ("2001-02-03",), pages=300), store, name="p")
    query = {"query": f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{day}> {{ ?s ?p ?o }} }}", "format": "text/csv"}
    counts: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            counts.add(httpx.get(f"{virtuoso}/sparql", params=query).text.split()[-1])

    reader = threading.Thread(target=look)
    reader.start()
    try:
        push(paper(tmp_path / "p", "新", ("2001-02-03",), pages=200), store, name="p")
    finally:
        done.set()
        reader.join()
    assert counts <= {"4500", "3000"}
    assert counts
