"""Builds that are stopped, killed or meet each other: no traceback, no orphan, the old output or the new."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sheets import held, put_pages

from kg.publish import settle

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
# Ctrl-C is ignored by what a shell runs in the background, and that is inherited; it says when it begins.
KG = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from kg.cli import main
print("begun", flush=True)
main()
"""
CODES = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -9}
MOMENTS = 100  # of each signal, in the slow run; what is always run is the first of them
ALWAYS = 3


class Going:
    """A build under way."""

    def __init__(self, pages: Path, out: Path, workers: int = 2) -> None:
        given = [*map(str, ("build", pages, "-o", out, "--workers", workers, "-q"))]
        self.process = subprocess.Popen(
            [sys.executable, "-c", KG, *given], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "begun\n"

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            return [*map(int, listed.read_text().split())]
        except OSError:
            return []

    def end(self) -> tuple[int, str]:
        _, said = self.process.communicate(timeout=300)
        return self.process.returncode, said


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def waits_for(what: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of an old build and of a new one."""
    folder = tmp_path_factory.mktemp("pages")
    return put_pages(folder / "a", 4), put_pages(folder / "b", 12, "会议由云泽市政府主持召开。")


@pytest.fixture(scope="module")
def whole(pages: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, bytes]], float]:
    """What the two builds leave, and how long the second takes."""
    left = []
    for folder in pages:
        out, start = tmp_path_factory.mktemp("whole"), time.monotonic()
        code, said = Going(folder, out).end()
        assert (code, said) == (0, "")
        left.append(without_places(held(out)))
    return left, time.monotonic() - start


def without_places(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without the paths from the output folder to the pages, which differ from folder to folder."""
    return {name: data for name, data in files.items() if name != "pages.json"}


@pytest.mark.parametrize("number", CODES, ids=lambda number: number.name)
@pytest.mark.parametrize(
    "moment", [pytest.param(n, marks=[pytest.mark.slow] if n >= ALWAYS else []) for n in range(MOMENTS // 3)]
)
def test_a_build_stopped_at_any_moment(
    pages: tuple[Path, Path],
    whole: tuple[list[dict[str, bytes]], float],
    tmp_path: Path,
    number: signal.Signals,
    moment: int,
) -> None:
    (old, new), seconds = whole
    out = tmp_path / "out"
    assert Going(pages[0], out, workers=1).end() == (0, "")
    going = Going(pages[1], out)
    time.sleep(random.Random(f"{number} {moment}").uniform(0, 1.1 * seconds))  # whatever it is doing then
    mine = going.children()
    going.process.send_signal(number)
    code, said = going.end()
    assert code in (0, CODES[number], -number)  # the last where Python, all done, was taking itself down
    if number is not signal.SIGKILL:
        line = "kg: stopped 已停止\n"
        assert said == line if code == CODES[number] else said in ("", line)
    assert waits_for(lambda: not any(map(is_alive, mine)))
    settle(out)
    left = {name: data for name, data in without_places(held(out)).items() if not name.startswith(".building-")}
    assert left in (old, new)
    assert Going(pages[1], out).end() == (0, "")
    assert without_places(held(out)) == new
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_build_that_nobody_listens_to_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """That the line about it cannot be printed must not pass for a page that cannot be opened."""
    going = Going(put_pages(tmp_path / "pages", 40), tmp_path / "out")
    assert waits_for(lambda: bool(going.children()))
    for stream in (going.process.stdout, going.process.stderr):
        assert stream is not None
        stream.close()
    going.process.send_signal(number)
    assert going.process.wait(timeout=300) == CODES[number]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("killed", [None, 0, 1])
def test_two_builds_into_one_folder(
    pages: tuple[Path, Path],
    whole: tuple[list[dict[str, bytes]], float],
    tmp_path: Path,
    order: tuple[int, int],
    killed: int | None,
) -> None:
    out, both = tmp_path / "out", list(order)
    going = [Going(pages[one], out) for one in both]
    if killed is not None:
        assert waits_for(lambda: bool(going[killed].children()) or going[killed].process.poll() is not None)
        going[killed].process.kill()
    ends = [one.end() for one in going]
    assert [end for n, end in enumerate(ends) if n != killed and end != (0, "")] == []
    left = without_places(held(out))
    may = [whole[0][one] for n, one in enumerate(both) if n != killed or ends[n][0] == 0]
    assert {name: data for name, data in left.items() if not name.startswith(".building-")} in may
    assert Going(pages[0], out).end() == (0, "")
    assert without_places(held(out)) == whole[0][0]
    assert not [path for path in out.iterdir() if path.name.startswith(".")]
