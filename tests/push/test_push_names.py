"""Several outputs in one store: none loses what another has, and only what nobody has any more goes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph

from kg.errors import PushError
from kg.push import foresee, push
from kg.push.issues import read_graphs
from kg.push.marks import CHECKSUM, PUSHED
from kg.push.stores import Store as Remote
from tests.export.sample import ID
from tests.push.fake import FakeStore
from tests.push.paper import DAYS, Run, goal, held, issue, paper


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
