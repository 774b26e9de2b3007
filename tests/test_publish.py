"""An output folder holds one build or the other, wherever the program is killed while it publishes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import OutputError
from kg.graph_file import graph_file
from kg.publish import READY, publishing, settle

ROOT = Path(__file__).parents[1]
OLD = {"graph.ttl": "old", "entities.csv": "old", "graph.html": "old", "rulings.tsv": "mine"}
NEW = {"graph.ttl": "new", "entities.csv": "new", "texts.jsonl": "new", "rulings.tsv": "mine"}
# Publishes NEW's own files over OLD, and dies like one that is killed at the n-th stroke on the disk.
CHILD = """
import os, sys
from pathlib import Path
left = [int(sys.argv[2])]
def dying(act):
    def stroke(*given, **named):
        if left[0] == 0:
            os._exit(9)
        left[0] -= 1
        return act(*given, **named)
    return stroke
for name in ("mkdir", "write_text", "rename", "replace", "unlink", "rmdir"):
    setattr(Path, name, dying(getattr(Path, name)))
from kg.publish import publishing
with publishing(Path(sys.argv[1]), ("graph.html", "texts.jsonl")) as folder:
    for name in ("graph.ttl", "entities.csv", "texts.jsonl"):
        (folder / name).write_text("new")
"""


def held(out: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in out.iterdir() if file.is_file()}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for name, text in OLD.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def published(out: Path) -> None:
    with publishing(out, ("graph.html", "texts.jsonl")) as folder:
        for name in ("graph.ttl", "entities.csv", "texts.jsonl"):
            (folder / name).write_text("new")


def killed(out: Path, stroke: int) -> int:
    command = [sys.executable, "-c", CHILD, str(out), str(stroke)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def test_files_appear_and_those_of_the_earlier_build_go(out: Path) -> None:
    published(out)
    assert held(out) == NEW
    assert {path.name for path in out.iterdir()} == set(NEW)


@pytest.mark.parametrize("stroke", range(13))
def test_killed_at_any_stroke_it_is_the_old_build_or_the_new(out: Path, stroke: int) -> None:
    code = killed(out, stroke)
    settle(out)
    assert held(out) == (OLD if stroke < 6 else NEW)
    assert code == (9 if stroke < 12 else 0)
    published(out)
    assert {path.name for path in out.iterdir()} == set(NEW), "nothing is left of the build that was killed"


def test_whoever_opens_the_folder_puts_the_files_in_place(out: Path) -> None:
    assert killed(out, 8) == 9
    assert (out / READY).is_dir()
    assert graph_file(out).read_text() == "new"
    assert held(out) == NEW


def half_published(out: Path) -> None:
    with publishing(out, ("graph.html",)) as folder:
        (folder / "graph.ttl").write_text("half")
        raise OSError(28, "No space left on device")


def test_a_build_that_fails_leaves_nothing(out: Path) -> None:
    with pytest.raises(OutputError, match="No space left"):
        half_published(out)
    assert held(out) == OLD
    assert {path.name for path in out.iterdir()} == set(OLD)


def test_what_another_machine_or_a_running_process_builds_is_left_alone(out: Path) -> None:
    other, running = out / ".building-elsewhere-1", out / f".building-here-{os.getppid()}"
    for folder in (other, running):
        folder.mkdir()
    published(out)
    assert other.is_dir()
    assert running.is_dir()
