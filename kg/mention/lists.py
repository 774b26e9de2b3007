"""Names in a row: 甲局、乙局和丙局 are of one kind, and what the first is says something of the second."""

from __future__ import annotations

from collections.abc import Iterable

from kg.mention.name import Name
from kg.mention.rivals import NONE

_AND = "、和与及，"
_OPEN, _CLOSE = "“‘《", "”’》"
ALONE = NONE - 1.0  # nothing before it, or behind it, joins it to another name


class Rows:
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
