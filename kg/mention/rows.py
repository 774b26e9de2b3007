"""Names in a row, 甲局、乙局和丙局: what one of them is, and what is said of it, is mostly true of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.mention.name import Name
from kg.mention.rivals import NONE

_AND = "、和与及，"
_BETWEEN = re.compile(r"[”’》）)]?\s*(?:[、，,和与及]|以及|\s)\s*[“‘《]?")  # of names that are kept, lines and all
_OPEN, _CLOSE = "“‘《", "”’》"
ALONE = NONE - 1.0  # nothing before it, or behind it, joins it to another name


class Neighbours:
    """The candidates of an article by where they begin and end."""

    def __init__(self, text: str, candidates: Iterable[Name]) -> None:
        self.text = text
        self.starts: dict[tuple[str, int], float] = {}
        self.ends: dict[tuple[str, int], float] = {}
        for name in candidates:
            for ends, at in ((self.starts, name.start), (self.ends, name.end)):
                ends[name.layer, at] = max(name.odds, ends.get((name.layer, at), NONE))

    def beside(self, name: Name) -> tuple[float, float]:
        """The best log-odds of a candidate of the same layer before it in a row, and of one behind it."""
        return self._before(name), self._behind(name)

    def _before(self, name: Name) -> float:
        at = _left(self.text, name.start, _OPEN) - 1
        if at < 0 or self.text[at] not in _AND:
            return ALONE
        return max(self.ends.get((name.layer, end), NONE) for end in (at, _left(self.text, at, _CLOSE)))

    def _behind(self, name: Name) -> float:
        at = _right(self.text, name.end, _CLOSE)
        if at >= len(self.text) or self.text[at] not in _AND:
            return ALONE
        return self.starts.get((name.layer, _right(self.text, at + 1, _OPEN)), NONE)


def _left(text: str, at: int, marks: str) -> int:
    while at > 0 and text[at - 1] in marks:
        at -= 1
    return at


def _right(text: str, at: int, marks: str) -> int:
    while at < len(text) and text[at] in marks:
        at += 1
    return at


def rows(text: str, names: Iterable[Name]) -> dict[int, int]:
    """id of a name → number of the row that it stands in; names of one layer that only a mark or 和 parts."""
    found: dict[int, int] = {}
    last: dict[str, Name] = {}
    for number, name in enumerate(sorted(names, key=lambda n: (n.start, -n.end, n.layer))):
        before = last.get(name.layer)
        joined = before is not None and _BETWEEN.fullmatch(text, before.end, max(before.end, name.start)) is not None
        found[id(name)] = found[id(before)] if joined else number
        last[name.layer] = name
    return found
