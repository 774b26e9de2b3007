"""kg/lexicon/*.tsv → lists that the rules read. Lists are data: a rule never spells one out in code.

A table has the columns term, value, note, source (header line first); lines that start with # are comments.
A wrong row stops the run with file:line, because every page would be misread by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg.errors import LexiconError

FOLDER = Path(__file__).with_suffix("")
COLUMNS = ["term", "value", "note", "source"]


class Row(NamedTuple):
    """One row of a table; `value` is what the rules switch on, the last two are for people."""

    term: str
    value: str
    note: str = ""
    source: str = ""


def parse(lines: Iterable[str], name: str) -> tuple[Row, ...]:
    """The rows of one table; raises LexiconError with file:line for a wrong one."""
    rows: dict[str, Row] = {}
    for number, line in enumerate(lines, 1):
        if number == 1 or not line.strip() or line.startswith("#"):
            continue
        cells = line.rstrip("\n").split("\t")
        if len(cells) > len(COLUMNS) or not cells[0].strip():
            raise LexiconError(f"{name}:{number}: a row is term, value, note, source, separated by tabs")
        if cells[0] in rows:
            raise LexiconError(f"{name}:{number}: {cells[0]} stands twice; keep one row")
        rows[cells[0]] = Row(cells[0], *[*cells[1:], "", "", ""][:3])
    return tuple(rows.values())


@cache
def rows(table: str) -> tuple[Row, ...]:
    """All rows of kg/lexicon/<table>.tsv, in the order of the file."""
    path = FOLDER / f"{table}.tsv"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); reinstall fangzhi") from error
    return parse(text.splitlines(), path.name)


@cache
def values(table: str) -> dict[str, str]:
    """term → value of one table."""
    return {row.term: row.value for row in rows(table)}


@cache
def terms(table: str, value: str = "") -> frozenset[str]:
    """The terms of one table, those with one value only where `value` is given."""
    return frozenset(row.term for row in rows(table) if not value or row.value == value)


def alternation(words: Iterable[str]) -> str:
    """A regular expression group that matches any of `words`, the longest first."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, ordered)) + ")"


@cache
def pattern(table: str, value: str = "") -> str:
    """`alternation` of a table's terms."""
    return alternation(terms(table, value))
