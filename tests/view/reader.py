"""What a reader of the page does and sees, for the viewer's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def drawn(page: Page) -> set[str]:
    return set(page.evaluate("[...fangzhi.drawn.things].map((thing) => thing.id)"))


def state(page: Page) -> str:
    return str(page.evaluate("location.hash"))


def spot(page: Page, thing: str) -> tuple[float, float]:
    """Where a thing stands in the window."""
    found = page.evaluate(
        """(id) => {
          const thing = fangzhi.THINGS.find((one) => one.id === id);
          const [x, y] = fangzhi.placeOf(thing);
          const at = fangzhi.network().canvasToDOM({x, y});
          const box = document.getElementById("canvas").getBoundingClientRect();
          return [at.x + box.left, at.y + box.top];
        }""",
        thing,
    )
    return found[0], found[1]


def find(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)


def choose(page: Page, name: str) -> None:
    find(page, name)
    page.keyboard.press("Enter")
