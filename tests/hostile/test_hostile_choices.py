"""A `pages.toml`, options and output folders that are malformed or odd: one line, or an output that is whole."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import odd_tables
import odd_texts
import pytest
from pyoxigraph import RdfFormat, Store
from sheets import held

from commands import Ran, kg

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good page, in the folder that is the current one."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "p.txt").write_text(odd_texts.GOOD, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "pages" / "p.txt"


def build(*arguments: object) -> Ran:
    return kg("build", "--workers", "1", "-q", "--no-html", *arguments)


def is_refused(ran: Ran) -> bool:
    """In a line or two (typer puts a box around wrong usage), without a traceback or anything that moves the cursor."""
    said = [line for line in ran.err.splitlines() if line.strip()]
    told = said[:1] and said[0].startswith("kg: ") and len(said) <= 2
    wrong = said[:1] and said[-1].startswith("╰")
    return ran.code == 2 and ran.out == "" and bool(told or wrong) and not CONTROL.search(ran.err)


def is_whole(out: Path) -> bool:
    store = Store()
    store.load(path=str(out / "graph.ttl"), format=RdfFormat.TURTLE)
    store.load(path=str(out / "graph.nq"), format=RdfFormat.N_QUADS)
    assert json.loads((out / "pages.json").read_text("utf-8"))
    return len(store) > 10


@pytest.mark.parametrize("name", odd_tables.TABLES)
def test_a_table_of_pages(page: Path, name: str) -> None:
    data, fine = odd_tables.TABLES[name]
    page.with_name("pages.toml").write_bytes(data)
    ran = build("pages", "-o", "out")
    if fine:
        assert (ran.code, ran.err) == (0, "")
        assert is_whole(Path("out"))
    else:
        assert is_refused(ran), ran
        assert "pages.toml" in ran.err
        assert not Path("out").exists()


@pytest.mark.parametrize("name", odd_tables.REFUSED)
def test_options_that_are_refused(page: Path, name: str) -> None:
    options = odd_tables.REFUSED[name]
    ran = build(*(["pages"] if options[0].startswith("-") else []), "-o", "out", *options)
    assert is_refused(ran), ran
    assert not Path("out").exists()


@pytest.mark.parametrize("name", odd_tables.TAKEN)
def test_options_that_are_strange_and_fine(page: Path, name: str) -> None:
    ran = build("pages", "-o", "out", *odd_tables.TAKEN[name])
    assert (ran.code, ran.err) == (0, "")
    assert is_whole(Path("out"))
    assert kg("check", "out").code == 0


@pytest.mark.parametrize("name", odd_tables.UNWRITABLE)
def test_an_output_folder_that_cannot_be_written(page: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    out = odd_tables.UNWRITABLE[name](place)
    before = held(place)
    ran = build("pages", "-o", out)
    assert is_refused(ran), ran
    assert held(place) == before


@pytest.mark.parametrize("name", odd_tables.WRITABLE)
def test_an_output_folder_that_is_odd_and_fine(page: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    out = odd_tables.WRITABLE[name](place)
    ran = build("pages", "-o", out)
    assert (ran.code, ran.err) == (0, "")
    assert is_whole(out)
    assert kg("check", out).code == 0


def test_an_output_folder_inside_the_input_is_no_input(page: Path) -> None:
    first = build("pages", "-o", "pages/out")
    files = held(Path("pages/out"))
    again = build("pages", "-o", "pages/out")
    assert (first.code, again.code) == (0, 0)
    assert held(Path("pages/out")) == files


def test_an_output_folder_that_is_the_input(page: Path) -> None:
    assert build("pages", "-o", "pages").code == 0
    files = held(Path("pages"))
    assert build("pages", "-o", "pages").code == 0
    assert held(Path("pages")) == files
    shutil.rmtree("pages")
