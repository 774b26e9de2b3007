"""Pushes that are cut, or meet another: each graph ends as its file says, and no mark says more than is there."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.errors import PushError
from kg.push.connection import PAUSES
from kg.push.issues import read_graphs
from kg.push.marks import CHECKSUM, PUSHED
from tests.push.fake import FakeStore
from tests.push.paper import DAYS, Run, goal, held, issue, paper


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


def test_a_store_that_drops_statements_is_found_out(run: Run, fake: FakeStore, tmp_path: Path) -> None:
    """A graph of which the store kept a part gets no mark."""

    def lose(_: int, __: httpx.Request) -> None:
        fake.data.update("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o FILTER(CONTAINS(?o, '第5')) } }")

    fake.after = lose
    with pytest.raises(PushError, match="the store keeps 14 of 15 statements"):
        run(paper(tmp_path / "out", "甲"), name="n")


def test_wrong_credentials_leave_everything(fake: FakeStore, run: Run, tmp_path: Path) -> None:
    a = paper(tmp_path / "a", "甲")
    run(a, name="a")
    before = fake.graphs()
    fake.before = lambda _, request: None if request.content.startswith(b"query") else httpx.Response(401)
    with pytest.raises(PushError, match="refuses these"):
        run(paper(tmp_path / "a", "丙"), name="a")
    assert fake.graphs() == before
