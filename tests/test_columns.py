"""Sheets of print are read as a reader does: column by column, paragraphs joined, blanks where words end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

import papers
from kg.page import read_source
from kg.page.columns import Glyph, in_reading_order
from papers import BODY, pdf, wrapped

ONE, TWO, THREE = ("甲" * 40 + "。", "乙" * 50 + "。", "丙" * 30 + "。")
SHEETS = {
    "an article beside another, each under its own headline": (
        [(20, 450, 18, "头题"), *wrapped(ONE, 20, 420, 15), (220, 450, 18, "二题"), *wrapped(TWO, 220, 420, 15)],
        ["头题", ONE, "二题", TWO],
    ),
    "a headline over both columns in the middle of the sheet": (
        [*papers.columns(ONE, [(20, 450), (220, 450)], 15, 2), (120, 400, 20, "中间的标题"),
         *papers.columns(TWO, [(20, 370), (220, 370)], 15, 2)],
        [ONE, "中间的标题", TWO],
    ),
    "a short headline over the middle one of three columns": (
        [(160, 430, 18, "短题"), *papers.columns(ONE, [(20, 400), (150, 400), (280, 400)], 10, 2)], ["短题", ONE],
    ),
    "two columns above, three below": (
        [*papers.columns(ONE, [(20, 450), (220, 450)], 15, 2),
         *papers.columns(TWO, [(20, 400), (150, 400), (280, 400)], 10, 2)],
        [ONE, TWO],
    ),
    "columns whose lines are not level": (
        [*wrapped(ONE, 20, 450, 15), *wrapped(TWO, 220, 444, 15)], [ONE, TWO],
    ),
    "two headlines side by side below columns that they would fit into": (
        [*papers.columns(ONE, [(20, 450), (220, 450)], 15, 2), (20, 405, 12, "左题"), (220, 405, 12, "右题"),
         *wrapped(TWO, 20, 385, 15), *wrapped(THREE, 220, 385, 15)],
        [ONE, "左题", TWO, "右题", THREE],
    ),
    "a tall column at the right of an article in two": (
        [(20, 450, 18, "左边的标题"), *papers.columns(ONE, [(20, 420), (150, 420)], 10, 3),
         *wrapped(THREE, 290, 455, 8)],
        ["左边的标题", ONE, THREE],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "wanted"), SHEETS.values(), ids=SHEETS.keys())
@pytest.mark.parametrize("shuffled", [False, True])
def test_a_sheet_is_read_as_a_reader_does(
    tmp_path: Path, sheet: list[papers.Print], wanted: list[str], shuffled: bool
) -> None:
    printed = sorted(sheet, key=lambda one: (one[3], one[0])) if shuffled else sheet
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf([*printed, (20, 20, 10, "云泽市的大人在中国")]))
    found = read_source(str(file)).decoded.text
    assert found.replace("云泽市的大人在中国", "").split() == wanted


SPACED = {
    "a gap between words": ([*"区长", 0.3, *"何青松到场"], "区长 何青松到场"),
    "letters spaced out": (["北", 0.3, "桥", 0.3, "区", 0.3, "长"], "北桥区长"),
    "a line stretched a little": (["北", 0.1, "桥", 0.1, *"区长到场"], "北桥区长到场"),
    "blanks of the file": ([*"区长 何青松"], "区长 何青松"),
}


@pytest.mark.parametrize(("printed", "wanted"), SPACED.values(), ids=SPACED.keys())
def test_blanks_that_were_guessed(printed: list[str | float], wanted: str) -> None:
    """A number is a gap in widths of a character, at which PDFium may guess a blank."""
    glyphs, x = list[Glyph](), 20.0
    for one in printed:
        if isinstance(one, float):
            glyphs.append(Glyph(" ", x, 400, 0, 0))
        else:
            glyphs.append(Glyph(one, x, 400, 10, 10))
        x += 10 * one if isinstance(one, float) else 5 if one == " " else 10
    assert in_reading_order(glyphs) == wanted + "\n"


def test_turned_sheets_are_turned_back() -> None:
    glyphs = [Glyph(c, 100 - 15 * (n // 9), 20 + 10 * (n % 9), 10, 10) for n, c in enumerate(BODY)]
    turned = [glyph._replace(x=glyph.y, y=glyph.x) for glyph in glyphs]
    assert in_reading_order(turned).replace("\n", "") == BODY


SHAPES = {
    "columns": lambda n: Glyph("市", 20 + 10 * (n % 15) + 200 * (n // 15 % 2), -15.0 * (n // 30), 10, 10),
    "one line": lambda n: Glyph("市", 10.0 * n, 400, 10, 10),
    "one line of single letters": lambda n: Glyph("市", 30.0 * n, n % 7 * 0.5, 10, 10),
    "stairs": lambda n: Glyph("市", 12.0 * n, -12.0 * n, 10, 10),
    "print on print": lambda n: Glyph("市", 20.0, 400.0, 10, 10),
    "two columns of single letters": lambda n: Glyph("市", n % 2 * 40.0, -5.0 * n, 10, 10),
    "blanks": lambda n: Glyph("市 "[n % 2], 10.0 * n, 400, 10, 10),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_reading_a_sheet_grows_with_its_characters(shape: Callable[[int], Glyph]) -> None:
    def cost(characters: int) -> float:
        sheet, costs = [shape(n) for n in range(characters)], []
        for _ in range(2):
            before = time.process_time()
            in_reading_order(sheet)
            costs.append(time.process_time() - before)
        return min(costs)

    assert any(cost(40_000) < 24 * cost(5_000) for _ in range(3))  # as the square it would be 64 times
