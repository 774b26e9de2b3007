"""A build that is stopped ends at once, leaves nothing half-written and no process behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.export.folder import STATE

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PAGES = 40


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


@linux
@pytest.mark.parametrize("begun", [1, 2, 3])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_build_that_is_stopped_leaves_nothing(
    pages: Path, tmp_path: Path, number: int, code: int, begun: int
) -> None:
    out = tmp_path / "out"
    # Ctrl-C is ignored by what a shell runs in the background, and that is inherited.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    kg = [sys.executable, "-c", f"{heard}; from kg.cli import main; main()"]
    command = [*kg, "build", str(pages), "-o", str(out), "--workers", "2"]
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
