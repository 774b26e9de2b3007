"""Tables, and the blocks of a document that a script writes.

A block stands between `<!-- figures: NAME -->` and `<!-- end of figures -->`; the words around it are written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

_BLOCK = re.compile(r"(<!-- figures: ([\w-]+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)

Blocks = Mapping[str, Callable[[], Iterable[str]]]


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A table and an empty line. Numbers with a fraction get three places."""
    names = list(columns)
    lines = [names, ["---"] * len(names), *([_cell(cell) for cell in row] for row in rows)]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def fill(document: Path, blocks: Blocks) -> None:
    """Write the blocks of a document anew; KeyError where it asks for one that nobody makes."""

    def made(match: re.Match[str]) -> str:
        lines = "\n".join(blocks[match[2]]()).strip()
        return f"{match[1]}\n{lines}\n\n{match[3]}"

    document.write_text(_BLOCK.sub(made, document.read_text("utf-8")), "utf-8")
