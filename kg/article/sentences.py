"""Running text → sentences: each fact cites one, so they are kept short but never cut inside a quotation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from kg.model import Article, Block, Role, Span
from kg.page import half_width

END = re.compile(r"(?:[。!?;]|…+)+")
CLOSERS = "”’』」》)】]"
QUOTES = {"“": "”", "『": "』", "「": "」"}
ASIDES = {"《": "》", "(": ")"}
LONGEST_QUOTE = 120


def sentences(article: Article) -> tuple[Span, ...]:
    """The sentences of an article in running-text coordinates, in order, without the blanks around them.

    A block's end ends a sentence; a heading is one sentence. 。!?;… end one, together with the closing marks after
    them, but not inside a quotation (“ ” 『 』 「 」) that closes within 120 characters in the same block.
    """
    text = half_width(article.text)
    return tuple(span for block in article.blocks for span in of_block(text, block))


def of_block(text: str, block: Block) -> Iterator[Span]:
    """The sentences of one block."""
    if block.role not in (Role.BODY, Role.CAPTION):
        yield from trimmed(text, block.span.start, block.span.end)
        return
    start = block.span.start
    quoted = [(a, b - 1) for a, b in quotations(text, block.span, QUOTES)]
    whole = Stretches(quoted + quotations(text, block.span, ASIDES))
    for match in END.finditer(text, block.span.start, block.span.end):
        end = match.end()
        while end < block.span.end and text[end] in CLOSERS:
            end += 1
        if end <= start or whole.hold(match.start(), end) or goes_on(text, end, block.span.end):
            continue
        yield from trimmed(text, start, end)
        start = end
    yield from trimmed(text, start, block.span.end)


class Stretches:
    """Stretches of a text, asked for one that holds another."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        ordered = sorted(stretches)
        self.starts = [start for start, _ in ordered]
        self.reach = list(accumulate((end for _, end in ordered), max))  # of the first n, the farthest end

    def hold(self, start: int, end: int) -> bool:
        """Whether one of them begins before `start` and does not end before `end`."""
        before = bisect_left(self.starts, start)
        return before > 0 and end <= self.reach[before - 1]


def goes_on(text: str, end: int, limit: int) -> bool:
    """Whether the sentence runs on after a quoted end: “…好!”他说 and “…吗?”、."""
    return end < limit and text[end - 1] in CLOSERS and text[end] in ",、的:"


def quotations(text: str, span: Span, marks: dict[str, str]) -> list[tuple[int, int]]:
    """Each stretch between a pair of marks that is short enough to stay whole, as (start, end)."""
    found, opened = [], -1
    for index in range(span.start, span.end):
        if text[index] in marks and opened < 0:
            opened = index
        elif opened >= 0 and text[index] == marks[text[opened]]:
            if index - opened <= LONGEST_QUOTE:
                found.append((opened, index + 1))
            opened = -1
    return found


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretch without the blanks around it, if anything is left."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)
