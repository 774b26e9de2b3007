"""A disk that is full, however much of it was left: the old output or the new, one line, and the next run completes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sheets import held, put_pages

from commands import kg
from kg.export import FORMATS

LEFT = (0, 4, 16, 64, 128, 160, 192, 224, 256, 288, 320, 384, 448, 512, 1_024)  # KiB
FILLER = "filler"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of its own, another device than the folder of temporary files."""
    place = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a disk cannot be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
def old_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put_pages(tmp_path_factory.mktemp("old"), 3)


@pytest.fixture(scope="module")
def new_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put_pages(tmp_path_factory.mktemp("new"), 5, "会议由云泽市政府主持召开。")


def built(pages: Path, out: Path) -> dict[str, bytes]:
    ran = kg("build", pages, "-o", out, "--workers", "1", "-q")
    assert (ran.code, ran.err) == (0, "")
    return held(out)


def fill(disk: Path, left: int) -> None:
    """Fill a disk up to so many KiB."""
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / FILLER).write_bytes(bytes(max(free - left * 1024, 0)))


def one_line(err: str) -> bool:
    return len(err.splitlines()) == 1 and re.match("kg: .*(No space left|disk is full)", err) is not None


def test_a_build_on_a_full_disk(disk: Path, old_pages: Path, new_pages: Path) -> None:
    out, codes = disk / "out", set()
    new = built(new_pages, out)
    old = built(old_pages, out)
    for left in LEFT:
        fill(disk, left)
        ran = kg("build", new_pages, "-o", out, "--workers", "1", "-q")
        codes.add(ran.code)
        assert held(out) == (new if ran.code == 0 else old)
        assert ran.code == 0 or one_line(ran.err), ran.err
        (disk / FILLER).unlink()
        assert built(new_pages, out) == new
        assert built(old_pages, out) == old
    assert codes == {0, 2}, "some did and some did not have room"


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", [form.name for form in FORMATS])
def test_an_export_to_a_full_disk(disk: Path, old_pages: Path, tmp_path: Path, name: str) -> None:
    built(old_pages, tmp_path / "out")
    target, left = disk / "export", 0
    while True:
        fill(disk, left)
        ran = kg("export", tmp_path / "out", "--to", name, "-o", target)
        (disk / FILLER).unlink()
        if ran.code == 0:
            break
        assert (ran.code, one_line(ran.err)) == (2, True), ran.err
        assert not target.exists()
        left = 2 * left + 4
    whole = kg("export", tmp_path / "out", "--to", name, "-o", tmp_path / "export")
    assert whole.code == 0
    assert left > 0
    for file in [path for path in (target, *target.rglob("*")) if path.is_file()]:
        other = tmp_path / "export" / file.relative_to(target)
        assert file.stat().st_size == other.stat().st_size
    subprocess.run(["rm", "-r", str(target)], check=True)
    assert {path.name for path in disk.iterdir()} <= {"out"}


def test_a_web_page_on_a_full_disk(disk: Path, old_pages: Path, tmp_path: Path) -> None:
    built(old_pages, tmp_path / "out")
    fill(disk, 8)
    ran = kg("view", tmp_path / "out", "-o", disk / "page.html")
    (disk / FILLER).unlink()
    assert ran.code == 2
    assert one_line(ran.err), ran.err
    assert not (disk / "page.html").exists()


LIMITED = """
import resource, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.argv[:2] = ["kg"]
from kg.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
@pytest.mark.parametrize("limit", [0, 3_000, 30_000])
def test_a_build_whose_files_may_not_grow(old_pages: Path, new_pages: Path, tmp_path: Path, limit: int) -> None:
    """The same where nobody may mount a disk: no file gets longer than so many bytes."""
    out = tmp_path / "out"
    old = built(old_pages, out)
    command = [sys.executable, "-c", LIMITED, str(limit), "build", str(new_pages), "-o", str(out), "-q"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=300)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1
    assert str(out) in ran.stderr
    assert held(out) == old
