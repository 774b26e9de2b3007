"""The store that is kept beside a large build: loaded once, never stale, never half there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions
from typer.testing import CliRunner

from kg import kept
from kg.cli import app
from kg.query import run
from kg.serve import ondisk

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
IN_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def line(number: int, graph: int) -> str:
    return f'<http://s/{number}> <http://p> "{number}" <http://g/{graph}> .\n'


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A build of five triples, two of them in two graphs; taken for large."""
    monkeypatch.setattr(kept, "_LARGE", 1)
    (tmp_path / "graph.nq").write_text("".join(line(n, 1) for n in range(5)) + line(0, 2) + line(1, 2))
    yield tmp_path
    for disk, _ in kept._open.values():
        disk.close()
    kept._open.clear()


def count(built: Path, query: str = COUNT) -> int:
    results = run(built, query)
    assert isinstance(results, QuerySolutions)
    return int(next(results)["n"].value)


def loads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Notes each load that is made from now on."""
    made: list[object] = []
    load = ondisk.load_files
    monkeypatch.setattr(ondisk, "load_files", lambda *given: made.append(given) or load(*given))
    return made


def closed() -> None:
    """As if the command had ended."""
    for disk, _ in kept._open.values():
        disk.close()
    kept._open.clear()


def test_it_is_loaded_once(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = loads(monkeypatch)
    assert (count(built), count(built, IN_GRAPHS)) == (5, 7)
    closed()
    assert (count(built), count(built, IN_GRAPHS)) == (5, 7)
    assert len(made) == 1
    assert (built / "graph.store").is_dir()


def test_a_build_made_anew_is_loaded_anew(built: Path) -> None:
    assert count(built) == 5
    for end in (lambda: None, closed):
        with (built / "graph.nq").open("a") as file:
            file.write(line(100 + count(built), 3))
        end()
        before = count(built)
        assert before == 1 + 5 + (end is closed)


def test_a_small_build_keeps_nothing(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_LARGE", 1_000_000)
    assert count(built) == 5
    assert not (built / "graph.store").exists()


def test_a_file_keeps_nothing(built: Path) -> None:
    assert count(built / "graph.nq") == 5
    assert [path.name for path in built.iterdir()] == ["graph.nq"]


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="rights")
def test_where_nothing_can_be_kept_it_is_read_into_memory(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert count(built) == 5
    assert not (built / "graph.store").exists()


def test_while_another_reads_the_earlier_build_it_is_read_into_memory(built: Path) -> None:
    assert count(built) == 5
    other, _ = ondisk.open_store(built, built / "graph.store", writable=False)
    closed()
    with (built / "graph.nq").open("a") as file:
        file.write(line(9, 1))
    assert count(built) == 6
    other.close()


def test_a_load_that_breaks_off_leaves_nothing(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ondisk, "load_files", stopped)
    with pytest.raises(KeyboardInterrupt):
        count(built)
    assert [path.name for path in built.iterdir()] == ["graph.nq"]


def test_the_command_says_once_that_it_loads(built: Path) -> None:
    said = [CliRunner().invoke(app(), ["query", str(built), COUNT]) for _ in range(2)]
    assert [result.exit_code for result in said] == [0, 0]
    assert ["graph.store" in result.stderr for result in said] == [True, False]
