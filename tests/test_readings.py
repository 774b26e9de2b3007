"""Readings kept from build to build: only what changed is read again, and the output is that of a fresh build."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from commands import kg as command
from kg.errors import KgError
from kg.export.folder import STATE as NAME
from kg.model import Finding, Page, Reading
from kg.network.read import use, weights
from kg.reading import read as really_read

TITLE = "云泽市水利局部署防汛工作"
DAYS = ("林岚", "周启明", "沈越", "何青")


def page(person: str, more: str = "") -> str:
    said = f"云泽市水利局局长{person}昨天到清溪区柳树村检查防汛工作。{more}"
    return f"{TITLE}\n　　{said}\n　　会议由云泽市政府主持召开。\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, person in enumerate(DAYS):
        (pages / f"day{number}.txt").write_text(page(person), "utf-8")
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the pages that were read since it was cleared."""
    done: list[str] = []

    def counted(page: Page, findings: tuple[Finding, ...] = ()) -> Reading:
        done.append(page.id)
        return really_read(page, findings)

    monkeypatch.setattr("kg.flow.read", counted)
    return done


def built(shelf: Path, *options: str) -> dict[str, bytes]:
    """The output of a build, without what is no output."""
    ran = command("build", shelf / "pages", "-o", shelf / "out", "--workers", "1", "-q", "--no-html", *options)
    assert ran.code == 0
    return {file.name: file.read_bytes() for file in sorted((shelf / "out").iterdir()) if file.name != NAME}


def fresh(shelf: Path, *options: str) -> dict[str, bytes]:
    (shelf / "out" / NAME).unlink(missing_ok=True)
    return built(shelf, *options)


def test_nothing_is_read_twice(shelf: Path, read: list[str]) -> None:
    first = built(shelf)
    assert len(read) == len(DAYS)
    read.clear()
    assert built(shelf) == first
    assert read == []


def _edit(pages: Path, random: Random) -> None:
    act, file = random.randrange(4), pages / f"day{random.randrange(6)}.txt"
    if act == 0 and len(list(pages.iterdir())) > 1:
        file.unlink(missing_ok=True)
    elif act == 1:
        file.write_text(page(random.choice(DAYS), "云泽大学也派人参加。"), "utf-8")
    else:
        file.write_text(page(random.choice(DAYS)), "utf-8")


@pytest.mark.parametrize("seed", range(3))
def test_pages_added_edited_and_removed_give_the_bytes_of_a_fresh_build(shelf: Path, seed: int) -> None:
    random = Random(seed)
    built(shelf)
    for _ in range(4):
        _edit(shelf / "pages", random)
        kept = built(shelf)
        assert kept == fresh(shelf)


def test_one_page_more_is_one_page_read(shelf: Path, read: list[str]) -> None:
    built(shelf)
    read.clear()
    (shelf / "pages" / "day9.txt").write_text(page("秦宇"), "utf-8")
    assert "秦宇" in built(shelf)["entities.csv"].decode("utf-8")
    assert read == ["day9.txt"]


def test_what_is_known_of_a_page_decides_too(shelf: Path, read: list[str]) -> None:
    built(shelf)
    read.clear()
    built(shelf, "--issued", "2024-05-01")
    assert len(read) == len(DAYS)


def test_other_weights_read_everything_again(shelf: Path, tmp_path: Path, read: list[str]) -> None:
    built(shelf)
    read.clear()
    own = tmp_path / "weights"
    own.mkdir()
    for file in weights("encoder.onnx").parent.iterdir():
        (own / file.name).write_bytes(file.read_bytes())
    (own / "note.txt").write_text("mine")
    before = use("")
    try:
        built(shelf, "--weights", str(own))
    finally:
        use(before)
    assert len(read) == len(DAYS)


def test_pages_that_are_gone_are_forgotten(shelf: Path) -> None:
    built(shelf)
    (shelf / "pages" / "day0.txt").unlink()
    built(shelf)
    with sqlite3.connect(shelf / "out" / NAME) as file:
        assert file.execute("SELECT COUNT(*) FROM pages").fetchone() == (len(DAYS) - 1,)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:3000])


def _spoil(file: Path) -> None:
    with sqlite3.connect(file) as open_file:
        open_file.execute("UPDATE pages SET reading = x'00'")


@pytest.mark.parametrize(
    "spoil", [lambda file: file.write_bytes(b"no database" * 1000), lambda file: file.write_bytes(b""), _cut, _spoil]
)
def test_a_damaged_file_costs_time_alone(shelf: Path, spoil: Callable[[Path], None]) -> None:
    first = built(shelf)
    spoil(shelf / "out" / NAME)
    assert built(shelf) == first
    assert built(shelf) == first


@pytest.fixture
def locked(shelf: Path) -> Iterator[Path]:
    built(shelf)
    file = sqlite3.connect(shelf / "out" / NAME)
    file.execute("BEGIN EXCLUSIVE")
    yield shelf
    file.close()


def test_a_file_that_another_build_has_open_is_left_alone(locked: Path, read: list[str]) -> None:
    read.clear()
    built(locked)
    assert len(read) == len(DAYS)


def test_a_build_that_is_stopped_leaves_what_it_had_read(
    shelf: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KgError("stopped")

    with monkeypatch.context() as context:
        context.setattr("kg.archive.build.link_things", stop)
        command("build", shelf / "pages", "-o", shelf / "out", "--workers", "1", "-q")
    assert len(read) == len(DAYS)
    read.clear()
    built(shelf)
    assert read == []
