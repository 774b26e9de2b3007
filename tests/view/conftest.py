"""A real Chromium for the viewer's tests: offline, and any request, console error or page error fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.model import Knowledge
from kg.view import write_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=zh-CN"]
Open = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the viewer's tests need playwright (extra dev)")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("the viewer's tests need Chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Write a knowledge as HTML (or take a file), open it offline; at the end nothing may have gone wrong in it."""
    contexts, wrong = [], []

    def watch(page: Page) -> None:
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: wrong.append(request.url) if fetched(request.url) else None)

    def open_it(shown: Knowledge | Path, place: str = "", size: tuple[int, int] = (1440, 900), **options: Any) -> Page:
        path = shown if isinstance(shown, Path) else tmp_path / "graph.html"
        if isinstance(shown, Knowledge):
            write_html(shown, path, **options)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, reduced_motion="reduce", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(path.as_uri() + place)
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert wrong == []


def fetched(url: str) -> bool:
    """Whether a request is for anything but the file itself and what it holds."""
    return not url.startswith(("file:", "data:", "blob:"))
