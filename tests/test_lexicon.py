"""The lexicon: every table is well formed, and it knows the language of city news, not these pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.errors import LexiconError
from kg.gazetteer import gazetteer
from kg.lexicon import COLUMNS, FOLDER, parse, rows

ROOT = Path(__file__).parents[1]
REAL = sorted((ROOT.parent / "shared" / "pages").glob("*.txt"))
CODES = "divisions"  # code and name, sorted by code
TABLES = sorted(path.stem for path in FOLDER.glob("*.tsv") if path.stem != CODES)
PROPER = {CODES, "newspapers", "national_bodies", "lookalikes", "rules"}  # proper names are what they are for
SHARE, LONG_SHARE = 0.25, 0.15  # of the terms of 4+ and of 6+ characters that may stand on the real pages


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_sorted_unique_and_of_four_columns(table: str) -> None:
    text = (FOLDER / f"{table}.tsv").read_text("utf-8")
    assert text.endswith("\n")
    assert "\r" not in text
    header, *lines = text.splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")]
    terms = [row[0] for row in cells]
    assert header.split("\t") == COLUMNS
    assert [row for row in cells if len(row) != 4 or not row[0] or any(cell != cell.strip() for cell in row)] == []
    assert terms == sorted(set(terms))


@pytest.mark.parametrize("table", [table for table in TABLES if table != "rules"])
def test_a_term_says_where_it_is_from(table: str) -> None:
    assert [row.term for row in rows(table) if not row.source] == []


def test_the_divisions_are_sorted_by_code() -> None:
    header, *lines = (FOLDER / f"{CODES}.tsv").read_text("utf-8").splitlines()
    codes = [line.split("\t")[0] for line in lines]
    assert header == "code\tname"
    assert codes == sorted(set(codes))
    assert len(codes) > 40_000


WRONG = {
    "twice": (["term\tvalue\tnote\tsource", "局\t\t\tx", "局\t\t\tx"], r"t\.tsv:3: .*twice"),
    "five cells": (["term\tvalue\tnote\tsource", "局\ta\tb\tc\td"], r"t\.tsv:2: "),
    "no term": (["term\tvalue\tnote\tsource", "\ta\tb\tc"], r"t\.tsv:2: "),
}


@pytest.mark.parametrize(("lines", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_row_stops_the_run_with_its_line(lines: list[str], says: str) -> None:
    with pytest.raises(LexiconError, match=says):
        parse(lines, "t.tsv")


@pytest.fixture(scope="module")
def real() -> str:
    """The real pages as one text without white space; what they print stays there."""
    if not REAL:
        pytest.skip("the real pages are not at hand")
    return "".join(re.sub(r"\s", "", page.read_text("utf-8-sig")) for page in REAL)


def general(shortest: int) -> dict[str, list[str]]:
    """The terms of so many characters by table, the tables of proper names left out."""
    tables = {table: [row.term for row in rows(table) if len(row.term) >= shortest] for table in TABLES}
    return {table: terms for table, terms in tables.items() if terms and table not in PROPER}


@pytest.mark.parametrize(("shortest", "bound"), [(4, SHARE), (6, LONG_SHARE)])
def test_few_long_terms_stand_on_the_pages_that_the_rules_were_made_by(real: str, shortest: int, bound: float) -> None:
    tables = general(shortest)
    there = {table: [term for term in terms if term in real] for table, terms in tables.items()}
    hits, every = (sum(map(len, of.values())) for of in (there, tables))
    print(f"\nof {every} terms of {shortest}+ characters, {hits} ({hits / every:.1%}) stand on the real pages")
    for table, terms in there.items():
        print(f"  {table}: {len(terms)} of {len(tables[table])}" if terms else "", end="\n" if terms else "")
    assert hits / every <= bound, there


def test_no_term_is_a_name_of_the_city_of_the_real_pages() -> None:
    """Lists must hold for any city: no term outside the lists of proper names holds a name of this one."""
    gaz = gazetteer()
    city = gaz.home("株洲市")
    assert city is not None
    names = {city.name[:-1], *(county.name[:2] for county in gaz.children(city))} - {"市辖"}
    assert len(names) >= 10
    held = {table: [t for t in terms if any(name in t for name in names)] for table, terms in general(2).items()}
    assert {table: terms for table, terms in held.items() if terms} == {}
