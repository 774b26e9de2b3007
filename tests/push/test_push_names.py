"""Several outputs in one store: cut anywhere, none loses what another has, and each graph ends as its file says."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.errors import PushError
from kg.push import Pushed, foresee, push, verify
from kg.push.connection import PAUSES, Connection, Credentials
from kg.push.issues import read_graphs
from kg.push.marks import CHECKSUM, PUSHED
from kg.push.stores import Store as Remote
from kg.push.stores import open_store
from tests.export.sample import ID
from tests.push.fake import FakeStore
from tests.push.paper import DAYS, issue, paper

PROTOCOLS = {
    "graph store": ("http://store/graphs", True),
    "update": ("", True),
    "no COPY": ("http://store/graphs", False),
}
Run = Callable[..., Pushed]


@pytest.fixture
def fake() -> FakeStore:
    return FakeStore()


@pytest.fixture(params=PROTOCOLS)
def store(request: pytest.FixtureRequest, fake: FakeStore) -> Remote:
    graphs, fake.copies = PROTOCOLS[request.param]
    connection = Connection(Credentials(), httpx.MockTransport(fake.handle), sleep=lambda _: None)
    return open_store("http://store/sparql", graphs, connection)


@pytest.fixture
def run(store: Remote) -> Run:
    return lambda source, **options: push(source, store, **{"chunk_bytes": 600, **options})


def goal(source: Path, name: str) -> dict[str, set[str]]:
    return {graph.iri: set(graph.lines) for graph in read_graphs(source, name)[1]}


def held(fake: FakeStore) -> dict[str, set[str]]:
    return {iri: lines for iri, lines in fake.graphs().items() if not iri.startswith(PUSHED)}


def cut_at(stop: int, how: str, fake: FakeStore) -> None:
    """Let the request of this number end in one of four ways; `heal` ends it."""
    fake.requests = []
    fault = {"killed": KeyboardInterrupt(), "dropped": httpx.RemoteProtocolError("cut"), "ill": httpx.Response(503)}
    if how == "torn":
        fake.torn = stop
        fake.before = lambda number, _: httpx.ConnectError("down") if number > stop else None
        return
    lasts = range(stop, stop + 1 if how == "killed" else stop + len(PAUSES) + 1)
    moment = "after" if how == "dropped" else "before"
    setattr(fake, moment, lambda number, _: fault[how] if number in lasts else None)


def heal(fake: FakeStore) -> None:
    fake.torn, fake.before, fake.after = -1, lambda number, _: None, lambda number, _: None


def length(fake: FakeStore, act: Callable[[], object]) -> int:
    """How many requests `act` makes."""
    fake.requests = []
    act()
    return len(fake.requests)


CUTS = ("killed", "dropped", "ill", "torn")


def test_a_cut_push_of_one_name_and_then_the_other(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    """The reproduction: a push of c is cut, and that of a, which was complete before, found its graphs «unchanged»."""
    a, c = paper(tmp_path / "a", "甲", DAYS[:2]), paper(tmp_path / "c", "丙", DAYS[:2])
    chance = random.Random(20)
    whole = length(fake, lambda: (run(a, name="a"), run(c, name="c"))[1])
    for number in range(20):
        fake.data = Store()
        run(a, name="a")
        cut_at(chance.randrange(1, whole // 2), CUTS[number % len(CUTS)], fake)
        with pytest.raises((KeyboardInterrupt, PushError)):
            run(c, name="c")
        heal(fake)
        run(a, name="a")
        now = held(fake)
        assert {iri: now[iri] for iri in goal(a, "a")} == goal(a, "a")
        run(c, name="c")
        now = held(fake)
        assert {iri: now[iri] for iri in goal(c, "c")} == goal(c, "c")
        assert set(now) == {*goal(a, "a"), *goal(c, "c")}
        assert not [iri for iri in fake.graphs() if "/staging/" in iri and fake.graphs()[iri]]


@pytest.mark.parametrize("how", CUTS)
def test_cut_anywhere_no_mark_vouches_for_what_is_not_there(
    run: Run, fake: FakeStore, tmp_path: Path, how: str
) -> None:
    a, c = paper(tmp_path / "a", "甲", DAYS[:2]), paper(tmp_path / "c", "丙", DAYS[1:3])
    run(a, name="a")
    before = fake.data.dump(format=RdfFormat.N_QUADS)
    requests = length(fake, lambda: run(c, name="c"))
    for stop in range(requests):
        fake.data = Store()
        fake.data.load(before, format=RdfFormat.N_QUADS)
        cut_at(stop, how, fake)
        with suppress(KeyboardInterrupt, PushError):
            run(c, name="c")
        heal(fake)
        digests = {graph.digest: set(graph.lines) for s, n in ((a, "a"), (c, "c")) for graph in read_graphs(s, n)[1]}
        for quad in fake.data.quads_for_pattern(None, NamedNode(CHECKSUM), None, NamedNode(PUSHED)):
            if quad.object.value in digests:
                lines = fake.graphs().get(quad.subject.value, set())
                assert lines == digests[quad.object.value], (stop, quad.subject)


@pytest.mark.parametrize("store", ["graph store", "update"], indirect=True)
def test_readers_never_see_half_a_graph(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    a, c = paper(tmp_path / "a", "甲", pages=3), paper(tmp_path / "c", "丙", pages=3)
    run(a, name="x")
    allowed = {iri: (goal(a, "x").get(iri, set()), lines) for iri, lines in goal(c, "x").items()}
    seen: list[str] = []

    def look(_: int, __: httpx.Request) -> None:
        for iri, lines in held(fake).items():
            assert lines in allowed[iri]
            seen.append(iri)

    fake.after = look
    run(c, name="x")
    assert len(seen) > 50


def test_a_store_without_copy_is_written_all_the_same(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    done = run(paper(tmp_path / "a", "甲"), name="a")
    assert done.staged == fake.copies
    assert held(fake) == goal(tmp_path / "a", "a")


def test_two_outputs_that_are_both_called_output(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    here, there = paper(tmp_path / "x" / "output", "甲", DAYS[:2]), paper(tmp_path / "y" / "output", "乙", DAYS[2:])
    owners = [run(here).owner, run(there).owner]
    for source in (here, there, here):
        assert run(source).sent == []
    assert owners[0] != owners[1]
    assert all(owner.startswith("output-") for owner in owners)
    assert held(fake) == goal(here, owners[0]) | goal(there, owners[1])


def test_a_folder_that_is_built_anew_is_the_same_output(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    out = paper(tmp_path / "output", "甲")
    owner = run(out).owner
    shutil.rmtree(out)
    paper(out, "甲", DAYS[1:])
    done = run(out)
    assert (done.owner, done.removed) == (owner, [issue(DAYS[0])])
    assert run(out / "graph.nq").owner == owner


def test_another_machine_is_another_output(tmp_path: Path, store: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    out = paper(tmp_path / "output", "甲")
    first = foresee(out, store).owner
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    assert foresee(out, store).owner != first
    assert foresee(out, store, name="news").owner == "news"


def test_nowhere_to_keep_what_tells_a_machine(tmp_path: Path, store: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    with pytest.raises(PushError, match="--name"):
        push(paper(tmp_path / "output", "甲"), store)


def test_a_graph_goes_only_when_no_name_has_it(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    a, b = paper(tmp_path / "a", "同"), paper(tmp_path / "b", "同")
    assert len(run(a, name="a").sent) == 5
    assert len(run(b, name="b").unchanged) == 4
    paper(a, "同", DAYS[1:])
    assert (run(a, name="a").left, DAYS[0] in str(fake.graphs())) == ([issue(DAYS[0])], True)
    assert held(fake) == goal(a, "a") | goal(b, "b")
    paper(b, "同", DAYS[1:])
    assert run(b, name="b").removed == [issue(DAYS[0])]
    assert held(fake) == goal(a, "a") | goal(b, "b")


def test_a_graph_that_another_name_pushes_meanwhile_stays(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    a, b = paper(tmp_path / "a", "同"), paper(tmp_path / "b", "同")
    run(a, name="a")
    paper(a, "新", DAYS[1:])
    once = iter([True])

    def meanwhile(number: int, request: httpx.Request) -> None:
        if not request.content.startswith(b"query") and next(once, False):
            run(b, name="b")

    fake.before = meanwhile
    run(a, name="a")
    assert issue(DAYS[0]) in held(fake)


def test_pushes_of_one_output_at_the_same_time(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    """Wherever a second push runs within the first: no false mark is left, and the next push makes all well."""
    a = paper(tmp_path / "a", "甲", DAYS[:1])
    requests = length(fake, lambda: run(a, name="a"))
    for stop in range(requests):
        fake.data, fake.requests = Store(), []
        once = iter([True])

        def meanwhile(number: int, _: httpx.Request, stop: int = stop, once: object = once) -> None:
            if number == stop and next(once, False):  # type: ignore[call-overload]
                run(a, name="a")

        fake.before = meanwhile
        with suppress(PushError):
            run(a, name="a")
        heal(fake)
        run(a, name="a")
        assert held(fake) == goal(a, "a"), stop


def test_a_page_renamed_and_a_page_deleted(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    out = paper(tmp_path / "out", "甲", pages=2)
    run(out, name="n")
    text = (out / "graph.nq").read_text("utf-8")
    (out / "graph.nq").write_text(text.replace(f"{DAYS[0]}-0>", "renamed>"), "utf-8")
    assert run(out, name="n").sent == [issue(DAYS[0])]
    assert held(fake) == goal(out, "n")
    text = (out / "graph.nq").read_text("utf-8")
    (out / "graph.nq").write_text("".join(x for x in text.splitlines(True) if f"{DAYS[1]}-1>" not in x), "utf-8")
    assert run(out, name="n").sent == [issue(DAYS[1])]
    assert held(fake) == goal(out, "n")


def test_an_empty_output_removes_nothing_unless_told(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    out = paper(tmp_path / "out", "甲")
    run(out, name="n")
    run(paper(tmp_path / "other", "同"), name="m")
    before = held(fake)
    (out / "graph.nq").write_text("", "utf-8")
    fake.requests = []
    with pytest.raises(PushError, match=r"remove 1 of the 5 graphs.*--yes"):
        run(out, name="n")
    assert (fake.writes(), held(fake)) == ([], before)
    done = run(out, name="n", agreed=lambda _: True)
    assert (len(done.removed), len(done.left)) == (1, 4)
    assert held(fake) == goal(tmp_path / "other", "m")


SHARES = {1: True, 2: False}  # of 5 graphs: how many may go unasked


@pytest.mark.parametrize("gone", SHARES)
def test_a_share_is_removed_unasked_and_no_more(run: Run, fake: FakeStore, tmp_path: Path, gone: int) -> None:
    out = paper(tmp_path / "out", "甲")
    run(out, name="n")
    paper(out, "甲", DAYS[gone:])
    if SHARES[gone]:
        assert len(run(out, name="n").removed) == gone
    else:
        with pytest.raises(PushError, match="remove 2 of the 5"):
            run(out, name="n")
        assert len(held(fake)) == 5


def test_foreseeing_writes_nothing_and_tells_all(run: Run, store: Remote, fake: FakeStore, tmp_path: Path) -> None:
    out, other = paper(tmp_path / "out", "甲"), paper(tmp_path / "other", "甲", DAYS[1:2])
    run(out, name="n")
    run(other, name="m")
    paper(out, "甲", DAYS[2:])
    text = (out / "graph.nq").read_text("utf-8")
    (out / "graph.nq").write_text(
        text.replace(f'"甲第3句"@zh <{ID["page/"]}{DAYS[3]}', f'"乙"@zh <{ID["page/"]}{DAYS[3]}')
    )
    fake.requests = []
    plan = foresee(out, store, name="n")
    assert fake.writes() == []
    assert [graph.iri for graph in plan.send] == [issue(DAYS[3])]
    assert {graph.iri for graph in plan.stand} == {issue(DAYS[2]), str(ID["graph/n"])}
    assert (plan.leave, plan.remove, plan.held) == ((issue(DAYS[1]),), (issue(DAYS[0]),), 5)
    done = run(out, name="n")
    assert (done.sent, done.left, done.removed) == ([plan.send[0].iri], list(plan.leave), list(plan.remove))


def test_verifying_counts_and_compares(run: Run, store: Remote, fake: FakeStore, tmp_path: Path) -> None:
    out = paper(tmp_path / "out", "甲")
    run(out, name="n")
    assert all(compared.alike for compared in verify(out, store, name="n"))
    fake.data.update(
        f"DELETE WHERE {{ GRAPH <{issue(DAYS[0])}> {{ ?s <http://p> ?o }} }} ; DROP GRAPH <{issue(DAYS[1])}> ;"
        f"DELETE DATA {{ GRAPH <{issue(DAYS[2])}> {{ <{ID['page/']}{DAYS[2]}-0> <http://p> '甲第1句'@zh }} }} ;"
        f"INSERT DATA {{ GRAPH <{issue(DAYS[2])}> {{ <http://other> <http://p> 1 }} }}"
    )
    paper(out, "甲", DAYS[:3])
    fake.requests = []
    found = {c.graph: (c.in_file, c.in_store, c.missing, c.extra) for c in verify(out, store, name="n") if not c.alike}
    assert fake.writes() == []
    assert found == {
        issue(DAYS[0]): (15, 3, 12, 0),
        issue(DAYS[1]): (15, 0, 15, 0),
        issue(DAYS[2]): (15, 15, 1, 0),
        issue(DAYS[3]): (0, 15, 0, 15),
    }


def test_a_store_that_drops_statements_is_found_out(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    """A graph of which the store kept a part gets no mark."""

    def lose(_: int, __: httpx.Request) -> None:
        fake.data.update("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o FILTER(CONTAINS(?o, '第5')) } }")

    fake.after = lose
    with pytest.raises(PushError, match="the store keeps 14 of 15 statements"):
        run(paper(tmp_path / "out", "甲"), name="n")


def test_values_that_a_store_writes_otherwise_are_the_same(run: Run, store: Remote, tmp_path: Path) -> None:
    """Oxigraph keeps 01 and 1 as one number, so that the store holds fewer statements than the file."""
    number = "http://www.w3.org/2001/XMLSchema#integer"
    (tmp_path / "graph.nq").write_text(f'<a:b> <a:p> "01"^^<{number}> .\n<a:b> <a:p> "1"^^<{number}> .\n')
    assert len(run(tmp_path, name="n").sent) == 1
    assert [compared.alike for compared in verify(tmp_path, store, name="n")] == [True]


def test_lists_of_an_earlier_version(run: Run, store: Remote, fake: FakeStore, tmp_path: Path) -> None:
    """They tell who has what; what they say of digests is not believed."""
    a = paper(tmp_path / "a", "甲")
    run(a, name="a")
    marks = {graph.iri: graph.digest for graph in read_graphs(a, "a")[1]}
    fake.data.update(f"DROP GRAPH <{PUSHED}> ; DELETE WHERE {{ GRAPH <{issue(DAYS[3])}> {{ ?s <http://p> ?o }} }}")
    lists = {"a": marks, "b": {issue(DAYS[0]): "0" * 64, issue(DAYS[1]): "0" * 64}}
    for name, listed in lists.items():
        entries = " ".join(f'<{graph}> <{CHECKSUM}> "{digest}" .' for graph, digest in listed.items())
        fake.data.update(f"INSERT DATA {{ GRAPH <{ID[f'graph/{name}/pushed']}> {{ {entries} }} }}")
    paper(a, "甲", DAYS[1:])
    plan = foresee(a, store, name="a")
    assert plan.old == tuple(str(ID[f"graph/{name}/pushed"]) for name in lists)
    done = run(a, name="a")
    assert set(done.sent) == set(goal(a, "a"))
    assert (done.removed, done.left) == ([], [issue(DAYS[0])])
    assert not [iri for iri in fake.graphs() if iri.endswith("/pushed") and iri != PUSHED]
    assert {iri: held(fake)[iri] for iri in goal(a, "a")} == goal(a, "a")
    (tmp_path / "b.nq").write_text("")
    assert run(tmp_path / "b.nq", name="b", agreed=lambda _: True).removed == [issue(DAYS[0])]


def test_what_nobody_here_pushed_is_never_touched(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    strangers = ("http://mine", f"{ID}issue/别的报/1999-01-01", f"{ID}graph/other", f"{ID}graph/list/pushed")
    for iri in strangers:
        fake.data.update(f"INSERT DATA {{ GRAPH <{iri}> {{ <http://a> <http://b> 1 ; <{CHECKSUM}> 'no digest' }} }}")
    fake.data.update("INSERT DATA { <http://a> <http://b> 2 }")
    before = {iri: fake.graphs()[iri] for iri in strangers}
    out = paper(tmp_path / "out", "甲")
    run(out, name="n")
    (out / "graph.nq").write_text("")
    run(out, name="n", agreed=lambda _: True)
    assert held(fake) == before
    assert len([quad for quad in fake.data if quad.graph_name == DefaultGraph()]) == 1


def test_wrong_credentials_leave_everything(fake: FakeStore, run: Run, tmp_path: Path) -> None:
    a = paper(tmp_path / "a", "甲")
    run(a, name="a")
    before = fake.graphs()
    fake.before = lambda _, request: None if request.content.startswith(b"query") else httpx.Response(401)
    with pytest.raises(PushError, match="refuses these"):
        run(paper(tmp_path / "a", "丙"), name="a")
    assert fake.graphs() == before


@pytest.fixture
def kg(fake: FakeStore, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`kg push` as typed, with the made-up store at the other end."""
    transport = httpx.MockTransport(fake.handle)
    monkeypatch.setattr("kg.push.connection.Connection", lambda given: Connection(given, transport, lambda _: None))
    return lambda *words, **options: CliRunner().invoke(
        app(), ["push", *map(str, words), "--endpoint", "http://store/sparql", "--name", "n"], **options
    )


def test_the_command_tells_what_it_would_do(kg: Callable[..., Result], fake: FakeStore, tmp_path: Path) -> None:
    out = paper(tmp_path / "out", "甲")
    assert kg(out).stdout == "n: 5 graphs sent in 5 requests, 0 unchanged, 0 removed\n"
    paper(out, "甲", DAYS[2:])
    before = fake.graphs()
    dry = kg(out, "--dry-run")
    assert dry.stdout.splitlines() == [
        f"keep   {ID['graph/n']}",
        *(f"keep   {issue(day)}" for day in DAYS[2:]),
        *(f"remove {issue(day)}" for day in DAYS[:2]),
        "n: would write 0 graphs, keep 3, leave 0 to other names, remove 2 (asks first, or --yes)",
    ]
    assert (dry.exit_code, fake.graphs()) == (0, before)
    refused = kg(out)
    assert isinstance(refused.exception, PushError)
    assert "--yes" in str(refused.exception)
    assert fake.graphs() == before
    assert kg(out, "--yes").stdout == "n: 0 graphs sent in 0 requests, 3 unchanged, 2 removed\n"


@pytest.mark.parametrize("answer", ["y", "n"])
def test_at_a_terminal_the_command_asks(
    kg: Callable[..., Result], fake: FakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    out = paper(tmp_path / "out", "甲")
    kg(out)
    paper(out, "甲", DAYS[2:])
    monkeypatch.setattr("kg.cli.push._at_terminal", lambda: True)
    done = kg(out, input=f"{answer}\n")
    assert "Remove 2 of the 5 graphs that n has in the store?" in done.stderr
    assert len(held(fake)) == (3 if answer == "y" else 5)


def test_the_command_verifies(kg: Callable[..., Result], fake: FakeStore, tmp_path: Path) -> None:
    out = paper(tmp_path / "out", "甲")
    kg(out)
    assert (kg(out, "--verify").exit_code, kg(out, "--verify").stdout[:17]) == (0, "5 graphs compared")
    fake.data.update(f"DELETE WHERE {{ GRAPH <{issue(DAYS[0])}> {{ ?s <http://p> ?o }} }}")
    found = kg(out, "--verify")
    assert found.exit_code == 1
    assert found.stdout.startswith(f"{issue(DAYS[0])}: 15 statements in the file, 3 in the store, 12 missing")
