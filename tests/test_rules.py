"""Every family of rules against its cases: what a careful reader would take from a sentence, and what not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rule_cases import Case, cases, families, knowledge, said, wrong

ROOT = Path(__file__).parents[1]
REAL = sorted((ROOT.parent / "shared" / "pages").glob("*.txt"))
FAMILIES = ("agencies", "enterprises", "linking", "people", "places", "posts", "programs", "relations")
LEAST = 12  # cases a family
WINDOW = 12  # Han characters in a row that must not be a newspaper's
READ = [case for family in FAMILIES if family != "linking" for case in cases(family)]


def marked(case: Case) -> object:
    mark = pytest.mark.xfail(strict=True, reason="known to fail")
    return pytest.param(case, id=f"{case.family}: {case.name}", marks=[mark] if case.fails else [])


@pytest.mark.parametrize("case", [marked(case) for case in READ])
def test_a_page_says_what_a_careful_reader_takes_from_it(case: Case) -> None:
    known = knowledge(case.pages)
    problems = [problem for item in case.expect if (problem := wrong(item, known))]
    assert problems == [], said(known)


def test_every_family_has_its_file() -> None:
    assert tuple(families()) == FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_enough_cases_of_both_kinds(family: str) -> None:
    rows = cases(family)
    assert len(rows) >= LEAST
    assert len({row.name for row in rows}) == len(rows)
    items = [item for row in rows for item in row.expect]
    assert any(item.startswith("!") for item in items)
    assert any(not item.startswith("!") for item in items)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_case_is_a_newspapers_sentence(family: str) -> None:
    if not REAL:
        pytest.skip("the real pages are not at hand")
    printed = "\n".join(re.sub(r"\s", "", page.read_text("utf-8-sig")) for page in REAL)
    assert [run for row in cases(family) for run in windows(row) if run in printed] == []


def windows(case: Case) -> list[str]:
    """Every stretch of so many Han characters of a case."""
    text = "\n".join(text for _, text in case.pages)
    runs = re.findall(rf"[\u4e00-\u9fff]{{{WINDOW},}}", text.replace("\n", ""))
    return [run[at : at + WINDOW] for run in runs for at in range(len(run) - WINDOW + 1)]
