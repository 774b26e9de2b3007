"""A build that is stopped ends at once, leaves nothing half-written and no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import kg
from kg.export.folder import STATE
from kg.workers import working

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PAGES = 40
SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """More pages than are read before the signal comes."""
    folder = tmp_path / "pages"
    folder.mkdir()
    text = "云泽市水利局局长骆知行昨日到望舒区白蘋镇检查“清溪”行动。\n" * 60
    for number in range(PAGES):
        (folder / f"p{number}.txt").write_text(f"云泽市开渠{number}\n\n{text}", "utf-8")
    return folder


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def waits_for(what: object, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if callable(what) and what():
            return True
        time.sleep(0.05)
    return False


def test_processes_share_the_work_and_the_files_are_the_same(pages: Path, tmp_path: Path) -> None:
    """Read by two, then linked and written anew by two from what was read."""
    for file in SEEDS.glob("*.txt"):
        (pages / file.name).write_bytes(file.read_bytes())
    for out, workers in (("one", 1), ("two", 2), ("anew", 1), ("anew", 2)):
        sure = 0.5 if (out, workers) == ("anew", 1) else 0.35
        command = ["build", pages, "-o", tmp_path / out, "--workers", workers, "--min-confidence", sure]
        assert kg(*command, "--no-html", "--quiet").code == 0
    files = [file.name for file in (tmp_path / "one").iterdir() if file.name != STATE]
    assert len(files) == 7
    for name in files:
        whole = (tmp_path / "one" / name).read_bytes()
        assert [(tmp_path / out / name).read_bytes() == whole for out in ("two", "anew")] == [True, True], name


def double(number: int, times: int) -> tuple[int, int]:
    return number * times, os.getpid()


def test_results_come_in_order_whoever_made_them() -> None:
    with working(2) as workers:
        results = list(workers.each(double, range(50), 2, here=lambda number: number == 7))
    assert [result for result, _ in results] == list(range(0, 100, 2))
    assert [number for number, (_, who) in enumerate(results) if who == os.getpid()] == [7]


def test_what_is_begun_early_goes_on_piece_by_piece() -> None:
    """So many are asked for at once, and one more for each that is taken; all come, in their order."""
    asked: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(9):
            asked.append(number)
            yield number

    with working(2) as workers:
        found = (result for result, _ in workers.begun(double, numbers(), 2, first=4))
        first = next(found)
        assert (first, asked) == (0, [0, 1, 2, 3, 4])
        assert list(found) == list(range(2, 18, 2))


def test_a_result_that_is_half_handed_over_holds_nobody_up() -> None:
    large = "bytes, [60_000_000] * 20"  # more than a pipe holds: the processes are killed while they write
    block = f"with working(2) as workers:\n    next(workers.each({large}))\n    sys.exit(7)"
    ran = subprocess.run([sys.executable, "-c", f"import sys; from kg.workers import working\n{block}"], timeout=60)
    assert ran.returncode == 7


@linux
@pytest.mark.parametrize("begun", [1, 2, 3])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_build_that_is_stopped_leaves_nothing(
    pages: Path, tmp_path: Path, number: int, code: int, begun: int
) -> None:
    out = tmp_path / "out"
    # Ctrl-C is ignored by what a shell runs in the background, and that is inherited.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{heard}; from kg.cli import main; main()", "build", str(pages), "-o", str(out)]
    command += ["--workers", "2"]
    build = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert waits_for(lambda: len(children(build.pid)) >= begun)  # the one that tracks resources, then the workers
    mine = children(build.pid)
    build.send_signal(number)
    _, said = build.communicate(timeout=120)
    assert build.returncode == code
    if number is not signal.SIGKILL:  # a worker that was just starting then finds nobody to tell it what to do
        assert "Traceback" not in said
    assert waits_for(lambda: not any(map(is_alive, mine)))
    assert not out.exists() or {file.name.partition("-")[0] for file in out.iterdir()} <= {STATE}  # no output
