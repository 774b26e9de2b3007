"""An output folder holds one build or the other, wherever the program is killed while it publishes."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from kg import publish
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


def parts(folder: Path, text: str) -> None:
    for number in range(2):
        folder.mkdir(exist_ok=True)
        (folder / f"part-{number}").write_text(text)


def test_a_folder_of_parts_takes_turns_with_a_file(out: Path) -> None:
    for _ in range(2):  # over the file, then over the folder of the build before
        with publishing(out, ("entities.csv",)) as folder:
            parts(folder / "graph.ttl", "new")
    assert sorted(part.name for part in (out / "graph.ttl").iterdir()) == ["part-0", "part-1"]
    assert not (out / "entities.csv").exists()
    with publishing(out, ("graph.html",)) as folder:
        (folder / "graph.ttl").write_text("one")
    assert held(out) == {"graph.ttl": "one", "rulings.tsv": "mine"}


@pytest.mark.parametrize("name", ["graph.ttl", "entities.parquet"])
def test_a_folder_of_the_users_own_stays(out: Path, name: str) -> None:
    (out / name).unlink(missing_ok=True)
    (out / name).mkdir()
    (out / name / "mine.txt").write_text("mine")
    with suppress(OutputError), publishing(out, ("entities.parquet",)) as folder:
        (folder / "graph.ttl").write_text("new")
    assert (out / name / "mine.txt").read_text() == "mine"


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


def test_a_build_that_was_ready_first_is_put_in_place_before(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with publish.publishing(out) as folder:
        (folder / "a.txt").write_text("second", "utf-8")
        (out / publish.READY).mkdir()  # another build, between its two strokes
        (out / publish.READY / "b.txt").write_text("first", "utf-8")
    assert {file.name: file.read_text("utf-8") for file in out.iterdir()} == {"a.txt": "second", "b.txt": "first"}


def test_of_two_that_are_ready_at_once_both_are_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, settle = tmp_path / "out", publish._settle
    calls = iter((lambda out: None,))  # the other one becomes ready behind the first look
    monkeypatch.setattr(publish, "_settle", lambda out: next(calls, settle)(out))
    with publish.publishing(out) as folder:
        (folder / "a.txt").write_text("second", "utf-8")
        (out / publish.READY).mkdir()
        (out / publish.READY / "b.txt").write_text("first", "utf-8")
    assert {file.name: file.read_text("utf-8") for file in out.iterdir()} == {"a.txt": "second", "b.txt": "first"}


def test_a_folder_that_another_build_takes_away_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, missed = Path.mkdir, iter((True, True))

    def mkdir(path: Path, *how: int, **options: bool) -> None:
        if next(missed, False):
            raise FileNotFoundError(path)
        make(path, *how, **options)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with publish.publishing(tmp_path / "out") as folder:
        (folder / "a.txt").write_text("here", "utf-8")
    assert (tmp_path / "out" / "a.txt").read_text("utf-8") == "here"
