"""What leaves the page: table and CSV, picture, print."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reader import drawn
from view_sample import one_person, sample

pytest.importorskip("playwright.sync_api", reason="the viewer's tests need playwright (extra dev)")

if TYPE_CHECKING:
    from conftest import Open
    from playwright.sync_api import Page


def saved(page: Page, button: str) -> bytes:
    with page.expect_download() as download:
        page.click(button)
    return Path(download.value.path()).read_bytes()


def test_table_and_csv_hold_what_is_on_screen(open_page: Open) -> None:
    page = open_page(sample())
    page.click("[data-key=Place]")
    page.click("#do-table")
    raw = saved(page, "#do-csv")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert rows[0][:2] == ["名称", "类别"]
    assert {row[-1] for row in rows[1:]} == drawn(page)
    page.get_by_role("button", name="关系", exact=True).first.click()
    links = list(csv.DictReader(io.StringIO(saved(page, "#do-csv").decode("utf-8-sig"))))
    told = next(row for row in links if row["主体"] == "石玉兰")
    assert told["原文"] == "市民石玉兰向市一中捐书三百册，支持全民读书月。"
    assert told["出处"] == "白雪. 全民读书月走进校园[N]. 临湖日报, 2023-03-06(01)."


def test_csv_cell_is_no_formula(open_page: Open) -> None:
    page = open_page(one_person("=1+1", sentence="=1+1到场。"))
    page.click("#do-table")
    assert b"'=1+1" in saved(page, "#do-csv")


def test_table_sorts_and_opens(open_page: Open) -> None:
    page = open_page(sample())
    page.keyboard.press("t")
    page.click("th[data-column=degree] button")
    page.click("th[data-column=degree] button")
    numbers = [int(text) for text in page.locator("td[data-column=degree]").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    name = page.locator("tbody tr").first.locator("td").first.inner_text()
    page.locator("tbody tr button").first.click()
    assert page.inner_text("#panel h2") == name


def test_picture_is_a_png(open_page: Open) -> None:
    assert saved(open_page(sample()), "#do-png").startswith(b"\x89PNG\r\n")


def test_print_shows_graph_and_sentences_without_tools(open_page: Open) -> None:
    page = open_page(sample(), "#person/单晓岚")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.is_hidden("#tools")
    assert page.is_visible("#printed")
    assert page.locator("#panel blockquote").count() == 3
    assert page.locator("#panel .citation:visible").count() == 3
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.is_hidden("#printed")
