"""Pictures of a viewer file for the README: `python scripts/screenshots.py graph.html docs/images [--select ID]`.

Writes viewer.png (1440×900) and viewer-phone.png (390×844), offline, with Debian's Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SHOTS = (("viewer.png", 1440, 900), ("viewer-phone.png", 390, 844))


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("html", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--select", default="", help="the id of the thing whose details the large picture shows")
    parser.add_argument("--unfold", type=int, default=0, help="which of its relations to unfold, from 1")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or sys.exit("Chromium is needed: apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, width, height in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce"
            )
            page = context.new_page()
            select = given.select if width > 1000 else ""
            page.goto(given.html.resolve().as_uri() + (f"#{quote(select)}" if select else ""))
            page.wait_for_selector("html[data-ready]")
            if select and given.unfold:
                page.locator("#panel .relation summary").nth(given.unfold - 1).click()
            page.wait_for_timeout(800)
            page.screenshot(path=given.folder / name)
        browser.close()


if __name__ == "__main__":
    main()
