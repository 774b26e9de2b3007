"""kg show: what a reader sees of a page, and why."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from by_hand import on_page
from commands import kg
from kg.article import split
from kg.flow import read_and_resolve
from kg.lexicon import FOLDER, rows
from kg.model import Claim, Finding, Kind, Page, Predicate, Reading, Span
from kg.rule_words import described, in_words
from kg.show import bracketed, coloured

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "pages"
PLACES = {"start", "end", "in", "surface", "before", "after", "sentence", "title"}

HEAD = "云泽日报\n2023年9月5日 星期二\n\n望舒区水利局局长谈治水\n本报讯(记者 闵舟) "
BODY = "9月4日,望舒区水利局局长骆知行来到霁川县。该区启动“清水”工程。\n"
NAMES = (
    ("望舒区", Kind.PLACE),
    ("望舒区水利局", Kind.AGENCY),
    ("骆知行", Kind.PERSON),
    ("霁川县", Kind.PLACE),
    ("清水", Kind.PROGRAM),
)


def read(page: Page, odd: tuple[Finding, ...] = ()) -> Reading:
    """What a careful reader takes from the page, whatever the network's weights."""
    articles, _ = split(page)
    mentions = on_page(articles, NAMES)
    person, body = (next(m for m in mentions[::-1] if m.surface == name) for name in ("骆知行", "望舒区水利局"))
    said = page.text.index("9月4日"), page.text.index("。", page.text.index("9月4日")) + 1
    post = Claim(articles[0].id, person.id, Predicate.HOLDS_POST_IN, body.id, Span(*said), "network", "局长",
                 confidence=0.8736)  # fmt: skip
    return Reading(page, articles, tuple(replace(m, confidence=0.9) for m in mentions), (post,), odd)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(HEAD + BODY, "utf-8")
    monkeypatch.setattr("kg.flow.read", read)
    return path


def test_names_stand_in_brackets_with_their_class(page: Path) -> None:
    out = kg("show", page).out
    assert "[[望舒区:Place]水利局:Agency]局长[骆知行:Official]来到[霁川县:Place]。" in out


def test_a_claim_stands_under_its_sentence(page: Path) -> None:
    lines = kg("show", page).out.splitlines()
    sentence = next(i for i, line in enumerate(lines) if "来到[霁川县" in line)
    assert "    骆知行 —任职于 holdsPostIn→ 望舒区水利局 (局长)  [network] 0.874" in lines[sentence + 1 :]


def test_explain_names_the_rule_and_the_rows_that_it_read(page: Path) -> None:
    out = kg("show", page, "--explain", "骆知行").out
    assert f"network: {' '.join(in_words('network'))}" in out
    assert "清水" not in out
    assert "organs.tsv: 水利局" in kg("show", page, "--explain", "望舒区水利局").out
    assert re.search(r"divisions\.tsv: \d+  霁川县", out) is None, "it is no division of China"


def test_colours_are_those_of_the_classes(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = kg("show", page).out
    assert "\x1b[1;38;2;0;158;115m霁川县\x1b[0m" in out  # #009E73, the place green of ontology/kg.ttl
    assert "\x1b[" not in kg("show", page, "--plain").out


def test_what_a_page_holds_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(HEAD + BODY.replace("来到", "\x1b]0;pwned\x07来到\u202e[red]"), "utf-8")
    out = kg("show", tmp_path / "page.txt").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b]0;" in out
    assert "pwned\\x07" in out
    assert "[red]" in out


def test_a_name_that_is_not_there_is_told_with_those_that_are(page: Path) -> None:
    ran = kg("show", page, "望舒区水利")
    assert (ran.code, ran.out) == (2, "")
    assert "望舒区水利局" in ran.err


def test_a_page_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    ran = kg("show", tmp_path / "none.txt")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1


NESTED = [(Span(0, 4), "Agency"), (Span(0, 3), "Place"), (Span(6, 8), "Person")]


def test_brackets_and_colours_keep_every_character() -> None:
    text = "芦淞区委书记李明。"
    assert bracketed(text, Span(0, 9), NESTED).plain == "[[芦淞区:Place]委:Agency]书记[李明:Person]。"
    assert coloured(text, Span(0, 9), NESTED).plain == text
    assert coloured(text, Span(0, 9), NESTED).spans[0].style.endswith("underline")  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def rules() -> set[str]:
    """Every rule that made something on the pages at hand."""
    readings = read_and_resolve([p for p in (ROOT / "seeds", REAL) if p.is_dir()]).readings
    return {item.rule for r in readings for item in (*r.mentions, *r.claims)}


def test_every_rule_that_fires_is_described_in_two_languages(rules: set[str]) -> None:
    assert {"network", "name", "relative"} <= rules
    assert [rule for rule in sorted(rules) if described(rule) is None] == [], "describe them in kg/lexicon/rules.tsv"
    assert all(row.value and row.note for row in rows("rules"))


def test_descriptions_name_tables_and_places_that_there_are() -> None:
    for row in rows("rules"):
        for source in row.source.split():
            table, _, where = source.partition("@")
            assert (FOLDER / f"{table}.tsv").is_file(), (row.term, table)
            assert where in PLACES, (row.term, source)
