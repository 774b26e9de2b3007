"""The editor in a real browser: a ready question, an error under its place, and nothing fetched from elsewhere."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from serving import served

sync_api = pytest.importorskip("playwright.sync_api", reason="the editor's test needs playwright (extra dev)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the editor's test needs Chromium")


@pytest.fixture(scope="module")
def opened(output: Path) -> Iterator[tuple[Any, str]]:
    with served(str(output), "--workers", "1") as (_, address), sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(), address
        browser.close()


def test_a_ready_question_is_filled_and_answered(opened: tuple[Any, str]) -> None:
    page, address = opened
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(f"{address}/editor?question=posts-of")
    page.fill("#parameters input", "林远")
    page.click("#run")
    page.wait_for_selector("#answer table")
    assert "副局长" in page.inner_text("#answer")
    assert "<b>水</b>" in page.inner_text("#answer")
    with page.expect_download() as download:
        page.click("#downloads button")
    assert "云泽市清河区水利局" in Path(download.value.path()).read_text(encoding="utf-8")
    assert hosts == {address.removeprefix("http://")}


def test_quotes_in_an_answer_stay_text(opened: tuple[Any, str]) -> None:
    page, address = opened
    page.goto(f"{address}/editor?question=evidence-for")
    page.fill("#parameters input", '林远" } # \\')
    page.click("#run")
    page.locator("#status", has_text="0 行").wait_for()  # wait_for_function would need eval, which the page forbids


def test_an_error_is_marked(opened: tuple[Any, str]) -> None:
    page, address = opened
    page.goto(f"{address}/editor?query=SELECT%20*%20%7B%0A%3Fs%20%3Fp%20FOO%20%7D")
    page.click("#run")
    page.wait_for_selector("#status.error")
    assert page.inner_text("#status").startswith("line 2, column 10")
    assert page.locator(".cm-lintRange-error").count() == 1


@contextmanager
def _elsewhere(text: str) -> Iterator[str]:
    """A page on another port of this machine, as OpenRefine is one."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_the_preview_opens_in_a_frame_of_another_page_and_nothing_else_does(opened: tuple[Any, str]) -> None:
    page, address = opened
    frames = {"a": "/reconcile/preview?id=person/林远", "b": "/page/person/林远"}
    text = "".join(f'<iframe id="{name}" src="{address}{url}"></iframe>' for name, url in frames.items())
    with _elsewhere(text) as place:
        page.goto(place)
        page.frame_locator("#a").get_by_text("副局长").wait_for()
        page.wait_for_load_state("networkidle")
        assert page.frame_locator("#b").get_by_text("副局长").count() == 0
