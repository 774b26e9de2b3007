"""Page text → lines as a reader sees them, each character with its page offset.

A page that was saved with the line breaks of its narrow columns is unwrapped first: there most lines are of one
length and end in the middle of a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kg.page import half_width

LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
BREAK = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
# The rules read half-width marks only; an article's own text is taken from the page by the offsets.
MARGIN = " \t\xa0\u3000\ufeff\u200b\u200c\u200d"
TERMINAL = re.compile(r"(?:[。!?…][”’』」》)】\]]*|[:;][”’』」]?)$")
FULL_STOP = re.compile(r"[。!?…][”’』」》)】\]]*$")
OPENS = re.compile(r"[□■●]?(?:本报|[^\s()。,、]{2,12})?(?:讯|电)?\((?=[^()]{0,12}(?:记者|通讯员))|本报[讯记]")
PAIRS = ("“”", "‘’", "『』", "「」", "《》", "()")
WIDEST_COLUMN, FEWEST_LINES, LONGEST_PARAGRAPH = 40, 8, 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line in half width without its margins; `gap` counts the line breaks before it.

    `offsets[i]` is the page offset of `text[i]`.
    """

    text: str
    offsets: tuple[int, ...]
    gap: int = 1
    indented: bool = False

    def part(self, start: int, end: int | None = None) -> Line:
        """A stretch of the line, its margins taken off."""
        text = self.text[start:end]
        left = len(text) - len(text.lstrip(MARGIN))
        text = text.strip(MARGIN)
        first = start + left
        return Line(text, self.offsets[first : first + len(text)], self.gap, self.indented)

    @property
    def finished(self) -> bool:
        """Whether the line ends where a sentence can end."""
        return bool(TERMINAL.search(self.text))

    @property
    def balanced(self) -> bool:
        """Whether every quotation mark and bracket that opens in the line also closes in it."""
        return all(self.text.count(pair[0]) <= self.text.count(pair[1]) for pair in PAIRS)


def read_lines(text: str, apart: Callable[[Line], bool]) -> list[Line]:
    """The lines of a page that hold something, unwrapped where the page keeps its columns' breaks.

    `apart` tells the lines that are whole by themselves, such as the masthead.
    """
    text = half_width(text)
    found: list[Line] = []
    last = 0
    for match in LINE.finditer(text):
        bare = match[0].strip(MARGIN)
        if not bare:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip(MARGIN))
        gap = len(BREAK.findall(text, last, match.start()))
        found.append(Line(bare, tuple(range(start, start + len(bare))), gap, start - match.start() > 1))
        last = match.end()
    width = column_width(found)
    return unwrap(found, width, apart) if width else found


def column_width(lines: Iterable[Line]) -> int:
    """The width of the columns whose breaks the page keeps, in characters; 0 where it keeps none."""
    lengths = [(len(line.text) + 2 * line.indented, line) for line in lines]
    counts = Counter(n for n, _ in lengths if 6 <= n <= WIDEST_COLUMN)
    if not counts:
        return 0
    width = max(counts, key=lambda n: (counts[n] + counts[n - 1], n))
    broken = sum(width - 2 <= n <= width + 1 and not FULL_STOP.search(line.text) for n, line in lengths)
    return width if broken >= FEWEST_LINES and broken * 3 > len(lengths) else 0


def unwrap(lines: list[Line], width: int, apart: Callable[[Line], bool]) -> list[Line]:
    """Join each line that fills its column with the line right below it."""
    indents = any(line.indented for line in lines)
    joined: list[Line] = []
    room = 0  # what the last physical line left free
    for line in lines:
        alone = apart(line) or OPENS.match(line.text) is not None
        fills = room <= 3 and line.gap == 1 and not line.indented and not alone
        if fills and joined and len(joined[-1].text) < LONGEST_PARAGRAPH and (indents or not joined[-1].finished):
            joined[-1] = join(joined[-1], line)
        else:
            joined.append(line)
        room = width if apart(line) else width - len(line.text) - 2 * line.indented
    return joined


def join(first: Line, second: Line) -> Line:
    """Two lines as one; a blank (at the offset of the break) only between two words of Latin letters."""
    if not (first.text and second.text):
        return first if first.text else second
    latin = re.match(r"[A-Za-z0-9]{2}", first.text[-1] + second.text[0]) is not None
    between = (" ", (first.offsets[-1] + 1,)) if latin else ("", ())
    text = first.text + between[0] + second.text
    return Line(text, first.offsets + between[1] + second.offsets, first.gap, first.indented)
