"""The lexicon: every table is well formed, read by some code, at one with the others, and knows any city's news."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from kg.errors import LexiconError
from kg.gazetteer import gazetteer
from kg.lexicon import COLUMNS, FOLDER, parse, rows, terms, values

ROOT = Path(__file__).parents[1]
REAL = sorted((ROOT.parent / "shared" / "pages").glob("*.txt"))
CODES = "divisions"  # code and name, sorted by code
TABLES = sorted(path.stem for path in FOLDER.glob("*.tsv") if path.stem != CODES)
CODE = {path: path.read_text("utf-8") for path in sorted((ROOT / "kg").rglob("*.py"))}
PROPER = {CODES, "newspapers", "national_bodies", "lookalikes", "rules"}  # proper names are what they are for
SHARE, LONG_SHARE = 0.25, 0.15  # of the terms of 4+ and of 6+ characters that may stand on the real pages

# What the code that reads a table tells apart.
KNOWN = {
    "byline": {"archive", "both", "correspondent", "editor", "filler", "mark", "picture", "word", "writer"},
    "layout": {
        "box", "continues", "lede-start", "masthead", "paper", "picture", "prose-end", "prose-start", "section",
        "sidebar", "wire",
    },
    "post_status": {"asserted", "negated", "planned", "proposed"},
    "relative_words": {"before", "head", "other"},
    "surname_weights": {"frequent", "given"},
    "surnames": {"common", "rare"},
}  # fmt: skip
# Values are words: tests of their own.
FREE = {"abbreviations", "lookalikes", "newspapers", "organs", "program_names", "rules", "zones"}
PLAIN = sorted(set(TABLES) - FREE - set(KNOWN))  # a term is in it or not
# Each says that its terms are a thing of another sort; a word of two of them would be read by chance.
SORTS = ("countries", "levels", "national_bodies", "organs", "place_stops", "program_names", "zones")


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


def readers(table: str) -> list[str]:
    """The modules that name a table where they read it."""
    call = re.compile(rf"\b(?:rows|terms|values|pattern|_lines)\(\s*['\"]{table}(?:\.tsv)?['\"]")
    return [str(path.relative_to(ROOT)) for path, code in CODE.items() if call.search(code)]


@pytest.mark.parametrize("table", [*TABLES, CODES])
def test_a_table_is_read_by_some_code(table: str) -> None:
    assert readers(table) != [], f"no code under kg/ reads {table}.tsv: delete it"


def test_every_table_that_code_names_is_there() -> None:
    named = {name for code in CODE.values() for name in re.findall(r"\blexicon\.\w+\(['\"](\w+)['\"]", code)}
    assert len(named) >= 5
    assert named - {*TABLES, CODES} == set()


@pytest.mark.parametrize("table", KNOWN)
def test_a_value_is_one_that_some_code_reads(table: str) -> None:
    assert set(values(table).values()) == KNOWN[table]
    code = "".join(code for path, code in CODE.items() if str(path.relative_to(ROOT)) in readers(table))
    told_apart = {value for value in KNOWN[table] if re.search(rf"['\"]{value}['\"]", code)}
    assert KNOWN[table] - told_apart <= {"rare", "word"}, "what is none of the others needs no word in the code"


@pytest.mark.parametrize("table", PLAIN)
def test_a_plain_list_has_no_values(table: str) -> None:
    assert set(values(table).values()) == {""}


def test_an_organ_is_one_thing_under_one_name() -> None:
    """A value is the organ's own word: itself an organ, with the party's 委 before it or not, and no other's alias."""
    known = values("organs")
    own = {value for value in known.values() if value}
    assert {value for value in own if value.removeprefix("委") not in known and not value.startswith("委")} == set()
    assert {value: known[value] for value in own if known.get(value, value) not in ("", value)} == {}


@pytest.mark.parametrize("table", ["abbreviations", "zones", "program_names"])
def test_a_full_form_is_nobodys_short_form(table: str) -> None:
    known = values(table)
    assert {value for value in known.values() if value and known.get(value, "")} == set()


def test_a_newspaper_is_at_home_in_a_division() -> None:
    homes = set(values("newspapers").values()) - {""}
    assert [home for home in sorted(homes) if not gazetteer().named(home)] == []


@pytest.mark.parametrize("pair", list(combinations(SORTS, 2)), ids=" and ".join)
def test_two_lists_do_not_contradict_each_other(pair: tuple[str, str]) -> None:
    assert terms(pair[0]) & terms(pair[1]) == set()


def test_a_weight_is_of_a_surname_and_a_stop_of_a_short_form() -> None:
    assert terms("surname_weights") <= terms("surnames")
    assert [term for term in terms("place_stops") if not gazetteer().short(term)] == [], "it would stop nothing"


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
    for table, found in there.items():
        print(f"  {table}: {len(found)} of {len(tables[table])}" if found else "", end="\n" if found else "")
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
