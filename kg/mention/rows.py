"""Names in a row: what is said of 甲 in 甲、乙和丙 is mostly said of the other two."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.mention.name import Name

_BETWEEN = re.compile(r"[”’》）)]?\s*(?:[、，,和与及]|以及|\s)\s*[“‘《]?")


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
