"""A graph too large to draw whole: the most central things first, the rest on zoom, search, expansion or request."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from bench.synthetic import synthetic_knowledge
from kg.model import Knowledge

pytest.importorskip("playwright.sync_api", reason="the viewer's tests need playwright (extra dev)")

if TYPE_CHECKING:
    from conftest import Open
    from playwright.sync_api import Page

ENTITIES = 1500


@cache
def large() -> Knowledge:
    return synthetic_knowledge(ENTITIES, 4000)


def ranks(page: Page) -> list[int]:
    return sorted(page.evaluate("[...fangzhi.drawn.things].map((thing) => thing.rank)"))


def test_the_most_central_come_first_and_the_cut_is_said(open_page: Open) -> None:
    page = open_page(large())
    shown = ranks(page)
    assert shown[:220] == list(range(220))
    assert len(shown) < 600
    assert f"画面上 {len(shown)} / 1,500 个事物" in page.inner_text("#shown")
    assert "放大、查找或双击" in page.inner_text("#shown")


def test_more_can_be_asked_for_until_nothing_is_cut(open_page: Open) -> None:
    page = open_page(large())
    for _ in range(4):
        if page.is_visible("#do-more"):
            page.click("#do-more")
    assert len(ranks(page)) == ENTITIES
    assert page.is_hidden("#do-more")
    assert "全部在画面上" in page.inner_text("#shown")


def test_zoom_brings_what_is_there(open_page: Open) -> None:
    page = open_page(large())
    before = set(ranks(page))
    page.mouse.move(720, 450)
    for _ in range(4):
        page.mouse.wheel(0, -240)
    for _ in range(5):
        page.keyboard.press("+")
    page.wait_for_timeout(500)
    assert set(ranks(page)) - before
    missing = page.evaluate(
        """(() => { const {clientWidth: w, clientHeight: h} = document.getElementById("canvas");
          return fangzhi.THINGS.filter((thing) => { const [x, y] = fangzhi.placeOf(thing);
            const at = fangzhi.network().canvasToDOM({x, y});
            return at.x > 0 && at.y > 0 && at.x < w && at.y < h && !fangzhi.drawn.things.has(thing); }).length; })()"""
    )
    assert missing == 0


def test_search_shows_a_thing_that_was_not_drawn(open_page: Open) -> None:
    page = open_page(large())
    last = page.evaluate(
        "(() => { const one = fangzhi.THINGS.findLast((t) => t.links.length); return [one.rank, one.id]; })()"
    )
    assert last[0] not in ranks(page)
    page.evaluate("(id) => { location.hash = '#' + id; }", last[1])
    page.wait_for_selector("#panel h2")
    assert last[0] in ranks(page)


def test_double_click_expands_to_all_neighbours(open_page: Open) -> None:
    page = open_page(large())
    spot = page.evaluate(
        """(() => { const [x, y] = fangzhi.placeOf(fangzhi.THINGS[0]); const at = fangzhi.network().canvasToDOM({x, y});
          const box = document.getElementById("canvas").getBoundingClientRect();
          return [at.x + box.left, at.y + box.top]; })()"""
    )
    around = page.evaluate("fangzhi.THINGS[0].bundles.map((b) => (b.a.rank === 0 ? b.b.rank : b.a.rank))")
    assert set(around) - set(ranks(page))
    page.mouse.dblclick(*spot)
    page.wait_for_function("location.hash.includes('open=')")  # a busy machine takes its time
    page.wait_for_timeout(600)
    assert set(around) <= set(ranks(page))
