"""`kg push` into our own `kg serve --writable`, over its Graph Store and over Update, with its token."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from kg.errors import PushError
from kg.push import push
from kg.push.connection import Connection, Credentials
from kg.push.issues import read_graphs
from kg.push.marks import PUSHED
from kg.push.stores import GraphStore, UpdateStore, open_store
from tests.export.sample import ID
from tests.push.cutting import opener, rounds

TOKEN = "a-token-for-the-tests"
OTHER = '<http://example.org/place/x> a <https://w3id.org/fangzhi/ontology#Place> ; <http://p> "别处"@zh .'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a writable server over another small build."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "other").mkdir()
    (folder / "other" / "graph.ttl").write_text(OTHER, "utf-8")
    options = ["--port", "0", "--store", str(folder / "store"), "--writable"]
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", str(folder / "other"), *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "FANGZHI_TOKEN": TOKEN})
    try:
        yield address_of(process)
    finally:
        process.terminate()
        process.wait(timeout=60)


def address_of(process: subprocess.Popen[bytes]) -> str:
    """What the server says on its first lines."""
    assert process.stderr
    said = b""
    for line in process.stderr:
        said += line
        if found := re.search(rb"http://127\.0\.0\.1:\d+(?=/)", line):
            return found[0].decode()
    pytest.fail(f"kg serve does not start: {said.decode('utf-8', 'replace')}")


def connect(token: str = TOKEN) -> Connection:
    return Connection(Credentials(token=token), sleep=lambda _: None)


def held(server: str, graph: str) -> set[str]:
    answer = httpx.get(f"{server}/store", params={"graph": graph}, headers={"Accept": "application/n-triples"})
    if answer.status_code == 404:
        return set()
    return {f"{q.subject} {q.predicate} {q.object} .\n" for q in parse(answer.content, format=RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("kind", [GraphStore, UpdateStore])
def test_everything_comes_back_right(server: str, build: Path, kind: type) -> None:
    store = open_store(f"{server}/sparql", f"{server}/store" if kind is GraphStore else "", connect())
    assert isinstance(store, kind)
    goal = {graph.iri: set(graph.lines) for graph in read_graphs(build, build.name)[1]}
    assert set(push(build, store, name=build.name, chunk_bytes=4000).sent) == set(goal)
    assert {graph: held(server, graph) for graph in goal} == goal
    assert push(build, store, name=build.name, chunk_bytes=4000).sent == []
    lines = (build / "graph.nq").read_text("utf-8").splitlines(keepends=True)
    (build / "graph.nq").write_text("".join(line for line in lines if "yunze-b" not in line), "utf-8")
    gone = str(ID["issue/云泽日报/2021-03-06"])
    assert push(build, store, name=build.name, chunk_bytes=4000).removed == [gone]
    assert held(server, gone) == set()
    for graph in (*goal, PUSHED):
        store.sparql.update(f"DROP SILENT GRAPH <{graph}>")


def test_a_wrong_token_writes_nothing(server: str, build: Path) -> None:
    with pytest.raises(PushError, match="FANGZHI_TOKEN"):
        push(build, open_store(f"{server}/sparql", f"{server}/store", connect("wrong")))
    assert held(server, str(ID["issue/云泽日报/2021-03-05"])) == set()


def test_two_names_and_a_push_cut_twenty_times(server: str, tmp_path: Path) -> None:
    rounds(tmp_path, opener(f"{server}/sparql", f"{server}/store", Credentials(token=TOKEN)), days=1)
