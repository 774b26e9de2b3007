"""Linking: one thing under many names is one, two things under one name are two, whichever page comes first."""

from __future__ import annotations

import pytest

from rule_cases import Case, cases, knowledge, orders, said, wrong
from test_rules import marked

LINKING = cases("linking")


@pytest.mark.parametrize("case", [marked(case) for case in LINKING])
def test_names_are_linked_as_a_careful_reader_links_them(case: Case) -> None:
    known = knowledge(case.pages)
    problems = [problem for item in case.expect if (problem := wrong(item, known))]
    assert problems == [], said(known)


@pytest.mark.parametrize("case", [case for case in LINKING if len(case.pages) > 1], ids=lambda case: case.name)
def test_the_order_of_pages_does_not_matter(case: Case) -> None:
    first = knowledge(case.pages)
    for order in orders(case):
        other = knowledge(case.pages, order)
        assert other.entities == first.entities
        assert other.statements == first.statements
