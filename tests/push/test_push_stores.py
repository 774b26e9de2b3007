"""What a push does to a store, over both protocols, with every kind of interruption."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg.errors import OutputError, PushError
from kg.ontology import KG, RDF
from kg.push import Progress, Pushed, push
from kg.push.connection import Connection, Credentials
from kg.push.issues import read_graphs
from kg.push.marks import PUSHED
from kg.push.sparql import in_sparql
from kg.push.stores import open_store
from tests.export.sample import HOSTILE, ID
from tests.push.fake import FakeStore

ISSUES = {
    str(ID["issue/云泽日报/2021-03-05"]),
    str(ID["issue/云泽日报/2021-03-06"]),
    str(ID["issue/unknown/undated"]),
    str(ID["graph/output"]),
}
PROTOCOLS = {"graph store": "http://store/graphs", "update": ""}

Run = Callable[..., Pushed]


@pytest.fixture
def fake() -> FakeStore:
    return FakeStore()


@pytest.fixture(params=PROTOCOLS)
def run(request: pytest.FixtureRequest, fake: FakeStore, build: Path) -> Run:
    """Push the build to the fake store, in chunks of 2,000 bytes unless told otherwise."""

    def pushed(source: Path = build, **options: object) -> Pushed:
        connection = Connection(Credentials(), httpx.MockTransport(fake.handle), sleep=lambda _: None)
        store = open_store("http://store/sparql", PROTOCOLS[request.param], connection)
        return push(source, store, **{"chunk_bytes": 2000, "name": source.name, **options})  # type: ignore[arg-type]

    return pushed


def expected(build: Path) -> dict[str, set[str]]:
    return {graph.iri: set(graph.lines) for graph in read_graphs(build, "output")[1]}


def held(fake: FakeStore) -> dict[str, set[str]]:
    return {iri: lines for iri, lines in fake.graphs().items() if iri != PUSHED}


def test_graphs_are_the_issues(build: Path) -> None:
    base, graphs = read_graphs(build, "output")
    assert base == str(ID)
    assert {graph.iri for graph in graphs} == ISSUES
    every = {line for graph in graphs for line in graph.lines}
    assert every == {
        f"{q.subject} {q.predicate} {q.object} .\n"
        for q in parse(path=str(build / "graph.ttl"), format=RdfFormat.TURTLE)
    }


def test_the_store_holds_the_build_and_the_words_in_it(run: Run, fake: FakeStore, build: Path) -> None:
    done = run()
    assert held(fake) == expected(build)
    assert set(done.sent) == ISSUES
    assert done.chunks > len(ISSUES)
    assert HOSTILE in {q.object.value for q in fake.data}


def test_a_second_push_sends_nothing(run: Run, fake: FakeStore) -> None:
    run()
    fake.requests.clear()
    done = run()
    assert fake.writes() == []
    assert (done.sent, done.removed, set(done.unchanged)) == ([], [], ISSUES)


def test_only_what_changed_is_sent_and_what_is_gone_is_removed(run: Run, fake: FakeStore, build: Path) -> None:
    run()
    lines = (build / "graph.nq").read_text("utf-8").splitlines(keepends=True)
    changed = [line for line in lines if "yunze-b" not in line and not ("nameless" in line and "苏记者" in line)]
    (build / "graph.nq").write_text("".join(changed), "utf-8")
    done = run()
    assert done.sent == [str(ID["issue/unknown/undated"])]
    assert done.removed == [str(ID["issue/云泽日报/2021-03-06"])]
    assert held(fake) == expected(build)
    assert not any("2021-03-06" in line for line in fake.graphs()[PUSHED])


def test_keep_leaves_graphs_of_an_earlier_build(run: Run, fake: FakeStore, build: Path) -> None:
    run()
    before = held(fake)
    lines = (build / "graph.nq").read_text("utf-8").splitlines(keepends=True)
    (build / "graph.nq").write_text("".join(line for line in lines if "yunze-b" not in line), "utf-8")
    assert run(keep=True).removed == []
    assert set(held(fake)) == set(before)
    assert run().removed == [str(ID["issue/云泽日报/2021-03-06"])]


def test_other_graphs_and_other_builds_are_left_alone(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    fake.data.update("INSERT DATA { GRAPH <http://mine> { <http://a> <http://b> 1 } }")
    other = tmp_path / "other"
    other.mkdir()
    page = f"<{ID['page/x.txt']}>"
    (other / "graph.nq").write_text(f"{page} <http://p> <{ID}> {page} .")
    run()
    run(other)
    run()
    assert {"http://mine", str(ID["graph/other"]), *ISSUES} <= set(fake.graphs())


@pytest.mark.parametrize("moment", ["before", "after"])
def test_interrupted_anywhere_the_next_push_ends_well(run: Run, fake: FakeStore, build: Path, moment: str) -> None:
    run()
    requests = len(fake.requests)
    goal = expected(build)
    for stop in range(requests):
        fake.data, fake.requests = Store(), []
        setattr(fake, moment, lambda number, _, stop=stop: KeyboardInterrupt() if number == stop else None)
        with pytest.raises(KeyboardInterrupt):
            run()
        setattr(fake, moment, lambda number, _: None)
        run()
        assert held(fake) == goal, stop
        assert run().sent == []


def test_going_back_to_an_older_build_after_an_interruption(run: Run, fake: FakeStore, build: Path) -> None:
    run()
    goal, older = expected(build), (build / "graph.nq").read_text("utf-8")
    newer = older.replace("苏记者", "新记者")
    requests = len(fake.requests)
    for stop in range(1, requests, 3):
        (build / "graph.nq").write_text(newer, "utf-8")
        fake.requests = []
        fake.before = lambda number, _, stop=stop: KeyboardInterrupt() if number == stop else None
        with suppress(KeyboardInterrupt):
            run()
        fake.before = lambda number, _: None
        (build / "graph.nq").write_text(older, "utf-8")
        run()
        assert held(fake) == goal, stop


def test_after_an_interruption_no_chunk_is_sent_twice(run: Run, fake: FakeStore) -> None:
    whole = run().chunks
    fake.data, fake.requests = Store(), []
    stop = 20
    fake.before = lambda number, _: KeyboardInterrupt() if number == stop else None
    with pytest.raises(KeyboardInterrupt):
        run()
    fake.before = lambda number, _: None
    rest = run().chunks
    assert 0 < rest < whole


def test_another_chunk_size_after_an_interruption(run: Run, fake: FakeStore, build: Path) -> None:
    fake.before = lambda number, _: KeyboardInterrupt() if number == 21 else None
    with pytest.raises(KeyboardInterrupt):
        run()
    fake.before = lambda number, _: None
    run(chunk_bytes=3000)
    assert held(fake) == expected(build)


def test_an_emptied_store_is_filled_again(run: Run, fake: FakeStore, build: Path) -> None:
    run()
    fake.data = Store()
    assert set(run().sent) == ISSUES
    assert held(fake) == expected(build)


def test_progress_reaches_the_end_and_never_goes_back(run: Run) -> None:
    told: list[Progress] = []
    run(told=told.append)
    assert [p.bytes for p in told] == sorted(p.bytes for p in told)
    assert told[-1].bytes == told[-1].of_bytes > 0
    assert {p.graph for p in told} == ISSUES


def test_turtle_alone_goes_into_one_graph(run: Run, fake: FakeStore, build: Path) -> None:
    (build / "graph.nq").unlink()
    assert run(agreed=lambda _: True).sent == [str(ID["graph/output"])]
    assert len(held(fake)[str(ID["graph/output"])]) == len(list(parse(path=str(build / "graph.ttl"))))


def test_name_tells_builds_apart(run: Run, fake: FakeStore) -> None:
    run(name="甲 乙")
    assert str(ID["graph/甲%20乙"]) in fake.graphs()


def test_blank_nodes_are_refused_before_anything_is_sent(run: Run, fake: FakeStore, build: Path) -> None:
    (build / "graph.nq").write_text("_:b <http://p> <http://o> .")
    with pytest.raises(OutputError, match="blank node"):
        run()
    assert fake.requests == []


def test_faults_that_pass_are_retried(run: Run, fake: FakeStore, build: Path) -> None:
    faults = {1: httpx.Response(503), 4: httpx.ReadTimeout("slow"), 6: httpx.Response(500, text="deadlock")}
    fake.before = lambda number, _: faults.get(number)
    run()
    assert held(fake) == expected(build)


def test_more_graphs_than_one_request_may_name(fake: FakeStore, tmp_path: Path) -> None:
    connection = Connection(Credentials(), httpx.MockTransport(fake.handle), sleep=lambda _: None)
    store = open_store("http://store/sparql", "", connection)
    rows = []
    for day in range(1, 1101):
        page = f"<{ID['page/']}{day}>"
        date = f"{2000 + day // 300}-{1 + day % 300 // 28:02}-{1 + day % 300 % 28:02}"
        rows.append(f"{page} <{RDF}type> <{KG}Page> {page} .")
        rows.append(f'{page} <http://purl.org/dc/terms/issued> "{date}" {page} .')
    (tmp_path / "graph.nq").write_text("\n".join(rows))
    assert len(push(tmp_path, store).sent) == 1100
    assert push(tmp_path, store).sent == []
    assert len(push(tmp_path, store, name="another").unchanged) == 1100


LINES = {
    "plain": ('<a:b> <a:b> "x\\n\\"y" .', '<a:b> <a:b> "x\\n\\"y" .'),
    "fake escape": ('<a:b> <a:b> "\\\\u0027" .', '<a:b> <a:b> "\\\\\\u00750027" .'),
    "two backslashes": ('<a:b> <a:b> "\\\\\\\\u" .', '<a:b> <a:b> "\\\\\\\\\\u0075" .'),
    "true escape": ('<a:b> <a:b> "\\u000B" .', '<a:b> <a:b> "\\u000B" .'),
}


@pytest.mark.parametrize("case", LINES)
def test_no_text_is_taken_for_a_sparql_escape(case: str) -> None:
    line, safe = LINES[case]
    assert in_sparql(line) == safe
    store = Store()
    store.update(f"INSERT DATA {{ {in_sparql(line)} }}")
    assert [q.object for q in store] == [q.object for q in parse(line, format=RdfFormat.N_TRIPLES)]


ADDRESSES = {
    "http://h:8890/sparql-auth": ("http://h:8890/sparql-auth", "http://h:8890/sparql-graph-crud-auth"),
    "http://h:7200/repositories/news": (
        "http://h:7200/repositories/news/statements",
        "http://h:7200/repositories/news/rdf-graphs/service",
    ),
    "http://h:7878/query": ("http://h:7878/update", "http://h:7878/store"),
    "http://h:3030/news/query": ("http://h:3030/news/update", ""),
    "http://h/sparql": ("http://h/sparql", ""),
}


@pytest.mark.parametrize("endpoint", ADDRESSES)
def test_addresses_that_the_endpoint_tells(endpoint: str) -> None:
    store = open_store(endpoint, "", Connection(Credentials()))
    assert (store.sparql.updates, getattr(store, "url", "")) == ADDRESSES[endpoint]


def test_answers_that_are_cut_short_are_not_believed(run: Run, fake: FakeStore) -> None:
    run()

    def cut(_: int, request: httpx.Request) -> httpx.Response | None:
        asked = parse_qs(request.content.decode()).get("query", [""])[0]
        short = {"results": {"bindings": [{"graph": {"value": str(ID["graph/output"])}}]}}
        return httpx.Response(200, json=short) if asked.startswith("SELECT DISTINCT ?graph ") else None

    fake.after = cut
    with pytest.raises(PushError, match="row limit"):
        run()
