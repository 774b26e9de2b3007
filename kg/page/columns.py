"""Characters where they stand on a sheet → text in reading order, a paragraph a line.

Rows of print that share a gutter belong together: a page is cut into such stacks from top to bottom, a stack into its
columns from left to right, and so on inside each column. A row that no gutter runs through (a masthead, a headline
over several columns) stands by itself. Then lines that fill their column are joined with the line that follows them,
into the next column too. Horizontal print is meant; vertical headlines come out where they begin.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

GUTTER, SAME_RUN = 0.6, 0.8  # widths of a character: the least between two columns, the most inside a word
HEADLINE = 1.15  # times the usual size
GUESSED = "\x1f"
DEEPEST = 12  # stacks within columns within stacks; no layout goes half as deep
INDENT, DEEP_INDENT, SHORT_OF = 0.8, 3.2, 1.6  # characters
APART = 2.3  # line heights
STRIP = 4  # characters: a blank strip from side to side, as high as this, ends the columns above it

Gap = tuple[float, float]


class Glyph(NamedTuple):
    """A character, the origin of its box in points (y grows upwards), its width if it is a Han one, its height.

    A height of 0 is that of a blank that is not in the file, but was guessed from a gap.
    """

    text: str
    x: float
    y: float
    wide: float
    high: float

    @property
    def right(self) -> float:
        """Where it ends: by its kind alone, since fonts differ from machine to machine."""
        return self.x + self.wide * (1.0 if unicodedata.east_asian_width(self.text) in "WFA" else 0.5)


@dataclass(slots=True)
class Box:
    """A stretch of print on one line."""

    text: str
    left: float
    right: float
    base: float
    size: float  # of a character, in points

    @property
    def top(self) -> float:
        return self.base + 0.75 * self.size

    @property
    def bottom(self) -> float:
        return self.base - 0.05 * self.size


class Line(NamedTuple):
    """A line of print and the column that it stands in."""

    box: Box
    left: float
    right: float


def in_reading_order(glyphs: Sequence[Glyph]) -> str:
    """The text of a sheet."""
    boxes = list(_runs(glyphs))
    if not boxes:
        return ""
    usual = median(box.size for box in boxes for _ in box.text)
    return _paragraphs(list(_column(boxes, usual, 0)), usual)


def _runs(glyphs: Sequence[Glyph]) -> Iterator[Box]:
    """Characters that follow each other on one line, blanks at the ends left out."""
    box: Box | None = None
    pieces: list[str] = []  # of the run's text
    blanks, end = "", 0.0
    for glyph in glyphs:
        if glyph.high == 0:
            blanks = blanks or GUESSED
        elif not glyph.text.strip():
            if box and _follows(box, end, glyph):  # else it is the indent of another line
                blanks = blanks.strip(GUESSED) + ("\u3000" if glyph.text == "\u3000" else " ")
                end = max(end, glyph.right)
        elif box and _follows(box, end, glyph):
            pieces += [blanks if glyph.x - box.right > 0.15 * box.size else "", glyph.text]
            box.right = end = glyph.right
            blanks = ""
        else:
            yield from [_settled(box, pieces)] if box else []
            box, pieces = Box("", glyph.x, glyph.right, glyph.y, glyph.high), [glyph.text]
            blanks, end = "", glyph.right
    yield from [_settled(box, pieces)] if box else []


def _settled(box: Box, pieces: list[str]) -> Box:
    """A run whose guessed blanks are blanks, or none where print is spaced out from letter to letter."""
    text = "".join(pieces)
    guessed = text.count(GUESSED)
    spaced = 2 * guessed > len(text) - guessed - 1
    box.text = text.replace(GUESSED, "" if spaced else " ")
    return box


def _follows(box: Box, end: float, glyph: Glyph) -> bool:
    """Whether a character goes on where the box (with its blanks) ends."""
    near = -0.6 * glyph.wide <= glyph.x - box.right and glyph.x - end <= SAME_RUN * glyph.wide
    return near and abs(glyph.y - box.base) <= 0.3 * glyph.high and 0.6 <= glyph.high / box.size <= 1.6


def _column(boxes: list[Box], usual: float, depth: int) -> Iterator[Line]:
    """The lines of one column (at first the whole sheet) in reading order."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    for stack in _stacks(_rows(boxes), usual):
        gutters = stack.gutters(usual)
        if gutters and depth < DEEPEST:
            for part in _parted(stack.boxes, gutters):
                yield from _column(part, usual, depth + 1)
        else:
            yield from (Line(box, left, right) for row in _rows(stack.boxes) for box in _lines(row))


def _rows(boxes: list[Box]) -> list[list[Box]]:
    """Boxes from top to bottom, those in one row that no straight blank strip parts."""
    rows: list[list[Box]] = []
    low = 0.0
    for box in sorted(boxes, key=lambda box: (-box.top, box.left)):
        if rows and box.top > low:
            rows[-1].append(box)
            low = min(low, box.bottom)
        else:
            rows.append([box])
            low = box.bottom
    return rows


@dataclass(slots=True)
class _Stack:
    """Rows of print close below each other, the gaps that run through all of them, and how far they reach."""

    boxes: list[Box]
    gaps: list[Gap]
    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def of(cls, row: list[Box]) -> _Stack:
        left, right = min(box.left for box in row), max(box.right for box in row)
        return cls([*row], _gaps(row), left, right, max(box.top for box in row), min(box.bottom for box in row))

    def gutters(self, usual: float) -> list[Gap]:
        """The gaps with print on both sides, where they are wide enough and there is more than one row of print."""
        inner = [gap for gap in self.gaps if gap[0] >= self.left and gap[1] <= self.right]
        return [gap for gap in inner if gap[1] - gap[0] >= GUTTER * usual] if len(self.boxes) > 2 else []

    def take(self, row: _Stack, usual: float) -> bool:
        """Add a row that shares a gutter with those above; whether it does."""
        gaps = _shared(self.gaps, row.gaps, usual)
        left, right = min(self.left, row.left), max(self.right, row.right)
        near = self.bottom - row.top <= STRIP * usual
        if not near or not any(gap[0] >= left and gap[1] <= right for gap in gaps):
            return False
        self.boxes += row.boxes
        self.gaps, self.left, self.right, self.bottom = gaps, left, right, row.bottom
        return True


def _stacks(rows: list[list[Box]], usual: float) -> Iterator[_Stack]:
    """Rows, as many as share a gutter at a time; one headline is a stack by itself, several begin one."""
    stack: _Stack | None = None
    for row in rows:
        large = all(box.size >= HEADLINE * usual for box in row)
        if stack is None or large or not stack.take(_Stack.of(row), usual):
            yield from [stack] if stack else []
            stack = _Stack.of(row)
        if large and len(row) == 1:
            yield stack
            stack = None
    yield from [stack] if stack else []


def _gaps(row: list[Box]) -> list[Gap]:
    """The stretches from side to side that a row leaves blank, those outside it too."""
    found: list[Gap] = []
    end = float("-inf")
    for box in sorted(row, key=lambda box: box.left):
        if box.left > end:
            found.append((end, box.left))
        end = max(end, box.right)
    return [*found, (end, float("inf"))]


def _shared(some: list[Gap], others: list[Gap], usual: float) -> list[Gap]:
    """What is blank in both, where it is wide enough for a gutter."""
    found: list[Gap] = []
    i = j = 0
    while i < len(some) and j < len(others):
        gap = max(some[i][0], others[j][0]), min(some[i][1], others[j][1])
        found += [gap] if gap[1] - gap[0] >= GUTTER * usual else []
        i, j = (i + 1, j) if some[i][1] < others[j][1] else (i, j + 1)
    return found


def _parted(boxes: list[Box], gutters: list[Gap]) -> list[list[Box]]:
    """The boxes of each column."""
    columns: list[list[Box]] = [[] for _ in range(len(gutters) + 1)]
    starts = [start for _, start in gutters]
    for box in boxes:
        columns[bisect_right(starts, box.left)].append(box)
    return [column for column in columns if column]


def _lines(row: list[Box]) -> Iterator[Box]:
    """The boxes of a row as lines, those on one base line joined."""
    line: list[Box] = []
    for box in sorted(row, key=lambda box: (-round(box.base / (0.4 * row[0].size)), box.left)):
        if line and abs(line[0].base - box.base) > 0.4 * max(line[0].size, box.size):
            yield _joined(line)
            line = []
        line.append(box)
    yield _joined(line)


def _joined(line: list[Box]) -> Box:
    """Boxes from left to right as one, with blanks where there is a gap."""
    first, pieces = line[0], [line[0].text]
    for box, following in pairwise(line):
        pieces += ["  " if following.left - box.right > 0.25 * first.size else "", following.text]
    return Box("".join(pieces), first.left, line[-1].right, first.base, first.size)


def _paragraphs(lines: list[Line], usual: float) -> str:
    """Lines as paragraphs: what fills its column goes on in the next line."""
    parts = [_indent(lines[0], usual), lines[0].box.text]
    for line, following in pairwise(lines):
        if _goes_on(line, following):
            latin = line.box.text[-1].isascii() and following.box.text[0].isascii()
            parts.append(" " if latin else "")
        else:
            down = line.box.base - following.box.base
            near = _alike(line.box.size, following.box.size) and down <= APART * line.box.size
            parts += ["\n" if near else "\n\n", _indent(following, usual)]
        parts.append(following.box.text)
    return "".join(parts) + "\n"


def _goes_on(line: Line, following: Line) -> bool:
    """Whether the next line continues the paragraph, on the same column or at the head of the next one."""
    a, b = line.box, following.box
    fills = a.right >= line.right - SHORT_OF * a.size and b.left <= following.left + INDENT * b.size
    near = a.base - b.base <= APART * a.size
    as_wide = following.right - following.left <= 1.1 * (line.right - line.left)  # its own lines may be short
    return fills and near and as_wide and _alike(a.size, b.size)


def _alike(a: float, b: float) -> bool:
    return abs(a - b) <= 0.1 * max(a, b)


def _indent(line: Line, usual: float) -> str:
    """Two blanks where a paragraph begins with them on the sheet."""
    deep = line.box.left - line.left
    indented = INDENT * line.box.size < deep <= DEEP_INDENT * line.box.size
    return "\u3000\u3000" if indented and _alike(line.box.size, usual) else ""
