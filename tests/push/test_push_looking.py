"""What a person is told: before a push, at the question, and by comparing afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.errors import PushError
from kg.push import foresee, verify
from kg.push.connection import Connection
from kg.push.stores import Store as Remote
from tests.export.sample import ID
from tests.push.fake import FakeStore
from tests.push.paper import DAYS, Run, held, issue, paper


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


def test_values_that_a_store_writes_otherwise_are_the_same(run: Run, store: Remote, tmp_path: Path) -> None:
    """Oxigraph keeps 01 and 1 as one number, so that the store holds fewer statements than the file."""
    number = "http://www.w3.org/2001/XMLSchema#integer"
    (tmp_path / "graph.nq").write_text(f'<a:b> <a:p> "01"^^<{number}> .\n<a:b> <a:p> "1"^^<{number}> .\n')
    assert len(run(tmp_path, name="n").sent) == 1
    assert [compared.alike for compared in verify(tmp_path, store, name="n")] == [True]
