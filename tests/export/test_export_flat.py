"""What an export holds at once does not grow with the graph; nor does it leave anything behind."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from bench.quads import write_whole
from kg.export import FORMATS, export
from kg.sorting import ordered

IN_MEMORY = ("graphml", "gexf")  # networkx has the whole graph, as the programs have that open these files
# So small that even the small graph fills them.
BATCHES = {"kg.graph_file.BATCH": 20, "kg.export.cypher.BATCH": 4, "kg.export.sheet_files.GROUP": 50}
SMALL, LARGE = 3_000, 12_000


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("graphs")
    for triples in (SMALL, LARGE):
        write_whole(folder / f"{triples}.nq", triples)
    return {triples: folder / f"{triples}.nq" for triples in (SMALL, LARGE)}


def peak(graph: Path, form: str, place: Path) -> int:
    """The most bytes that one export held."""
    tracemalloc.start()
    try:
        export(graph, form, place)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", [known.name for known in FORMATS if known.name not in IN_MEMORY])
def test_four_times_the_graph_in_the_same_memory(
    form: str, graphs: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for batch, size in BATCHES.items():
        monkeypatch.setattr(batch, size)
    export(graphs[SMALL], form, tmp_path / "warm")  # modules and lists are loaded once
    small, large = (peak(graphs[triples], form, tmp_path / f"{triples}") for triples in (SMALL, LARGE))
    assert large < 1.5 * small


def test_rows_are_sorted_by_code_point_and_told_once() -> None:
    odd = ["", "a", "a\x00b", "a\x00", "￿", "😀", "中", "'", "\n"]
    rows = [(one, other) for one in reversed(odd) for other in odd]
    assert [*ordered(rows + rows, 2)] == sorted(rows)


SPILL = """
import os, sys
from kg.sorting import scratch
with scratch() as database:
    database.execute("CREATE TABLE rows (a)")
    database.executemany("INSERT INTO rows VALUES (?)", (("x" * 1000,) for _ in range(20_000)))
    every = [f"/proc/self/fd/{fd}" for fd in range(3, 20)]
    places = [os.readlink(fd) for fd in every if os.path.lexists(fd)]
    print(any(place.startswith(sys.argv[1]) for place in places), os.listdir(sys.argv[1]))
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc")
def test_nothing_lies_in_the_temporary_folder(tmp_path: Path) -> None:
    """What SQLite puts aside goes where TMPDIR says, has no name there, and is gone with the process."""
    command = [sys.executable, "-u", "-c", SPILL, str(tmp_path)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[2])
    assert done.stdout.split() == ["True", "[]"], done.stderr
    assert [*tmp_path.iterdir()] == []


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
from kg.cli import main
sys.argv[1:] = ["export", sys.argv[1], "--to", sys.argv[2], "-o", sys.argv[3]]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of files")
@pytest.mark.parametrize("form", ["nt", "csv", "sqlite", "xlsx"])
def test_no_room_is_told_in_one_line_and_leaves_nothing(form: str, tmp_path: Path) -> None:
    """No file may grow beyond 300 KB: neither the result nor what SQLite puts aside."""
    write_whole(tmp_path / "graph.nq", 60_000)
    (tmp_path / "out").mkdir()
    command = [sys.executable, "-c", FULL, str(tmp_path / "graph.nq"), form, str(tmp_path / "out" / "x")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "cannot be written" in done.stderr
    assert [*(tmp_path / "out").iterdir()] == []
