"""How fast the viewer is written and opens: `python -m bench.bench_view` (Chromium and the extra dev are needed).

A graph of 10,000 things and 30,000 relations, and one of a single page's size. Opening is timed from the navigation to
the second frame after everything stands; panning counts the frames that the drawing really made while it is dragged.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.synthetic import synthetic_knowledge
from kg.model import Knowledge
from kg.view import write_html

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Statements asked for; the same one twice is one, so the last gives some 30,000.
SIZES = (("one page", 250, 320), ("large", 10_000, 36_700))
SECONDS = 3.0  # of panning


def written(knowledge: Knowledge, path: Path) -> float:
    """Processor seconds to write the page, layout included, modules already imported."""
    start = time.process_time()
    write_html(knowledge, path)
    return time.process_time() - start


def opened(page: Any, path: Path) -> float:
    """Seconds from navigation to the second frame with everything in place."""
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_selector("html[data-ready]")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - start


EMPTY_SPOT = """(() => {
  const net = fangzhi.network();
  const top = document.getElementById("canvas").getBoundingClientRect().top;
  for (let x = 400; x < 1000; x += 7) {
    for (let y = 120; y < 700; y += 7) if (net.getNodeAt({x, y}) === undefined) return [x, y + top];
  }
  return [700, 500];
})()"""

PAN = """([x, y, length]) => new Promise((done) => {
  const net = fangzhi.network();
  const canvas = document.querySelector("#canvas canvas");
  const [begun, from] = [performance.now(), net.getViewPosition().x];
  let [drawings, frames] = [0, 0];
  net.on("afterDrawing", () => { drawings += 1; });
  const send = (type, dx, dy) => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, buttons: type === "pointerup" ? 0 : 1,
    clientX: x + dx, clientY: y + dy, bubbles: true }));
  const move = () => {
    frames += 1;
    send("pointermove", 150 * Math.sin(frames / 15), 100 * Math.cos(frames / 15) - 100);
    if (performance.now() - begun < length) return requestAnimationFrame(move);
    const moved = net.getViewPosition().x !== from;
    send("pointerup", 0, 0);
    return done([drawings, frames, moved]);
  };
  send("pointerdown", 0, 0);
  requestAnimationFrame(move);
})"""

SEARCH = "(() => { const t = performance.now(); fangzhi.search('zhss'); return performance.now() - t; })()"


def panned(page: Any) -> tuple[float, float]:
    """Drawings a second, and animation frames a second, while the mouse drags the graph about."""
    drawings, frames, moved = page.evaluate(PAN, [*page.evaluate(EMPTY_SPOT), SECONDS * 1000])
    assert moved, "the drag did not pan"
    return drawings / SECONDS, frames / SECONDS


def main() -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or sys.exit("bench_view needs Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        written(synthetic_knowledge(20, 20), Path(folder) / "warm.html")
        for name, entities, statements in SIZES:
            path = Path(folder) / "graph.html"
            knowledge = synthetic_knowledge(entities, statements)
            cost = written(knowledge, path)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            seconds = min(opened(page, path) for _ in range(2))
            drawings, frames = panned(page)
            searching = page.evaluate(SEARCH)
            print(f"{name}: {entities:,} things, {len(knowledge.statements):,} relations")
            print(f"  written                      {cost:8.2f} s of processor, {path.stat().st_size / 1e6:.1f} MB")
            print(f"  opens                        {seconds:8.2f} s")
            print(f"  pans                         {drawings:8.0f} drawings/s, {frames:.0f} frames/s")
            print(f"  a search by initials         {searching:8.0f} ms")
            print(f"  on screen                    {page.inner_text('#shown')}")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
