"""The search box: by characters, pinyin, initials, traditional characters, and by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reader import find
from view_sample import sample

pytest.importorskip("playwright.sync_api", reason="the viewer's tests need playwright (extra dev)")

if TYPE_CHECKING:
    from conftest import Open

SEARCHES = [
    ("单晓岚", "单晓岚"),
    ("單曉嵐", "单晓岚"),
    ("sxl", "单晓岚"),
    ("shanxiaolan", "单晓岚"),
    ("danxl", "单晓岚"),
    ("Shan Xiaolan", "单晓岚"),
    ("晓l", "单晓岚"),
    ("oywj", "欧阳文静"),
    ("歐陽", "欧阳文静"),
    ("shuiwu", "临湖水务集团有限公司"),
    ("市一中", "临湖市第一中学"),
    ("syz", "临湖市第一中学"),
]


@pytest.mark.parametrize(("typed", "name"), SEARCHES)
def test_search_finds(open_page: Open, typed: str, name: str) -> None:
    page = open_page(sample())
    find(page, typed)
    hits = page.locator("#hits [role=option]")
    assert name in hits.first.inner_text()
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == name


def test_search_by_keyboard_alone(open_page: Open) -> None:
    page = open_page(sample())
    find(page, "lh")
    second = page.locator("#hits [role=option]").nth(1).locator(".who").inner_text()
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#query", "aria-activedescendant") == "hit-1"
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == second
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")


def test_search_that_finds_nothing_says_so(open_page: Open) -> None:
    page = open_page(sample())
    find(page, "qqqq")
    assert page.inner_text("#hits") == "没有找到"
