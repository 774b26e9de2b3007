"""Candidates with probabilities → a consistent, nested set: the surest first, and what contradicts it goes."""

from __future__ import annotations

from collections.abc import Iterable

from kg.mention.name import Name
from kg.network.layers import TITLE


def select(candidates: Iterable[Name]) -> list[Name]:
    """Names that may stand together, in the order of the text, a longer one before those inside it."""
    ordered = sorted(candidates, key=lambda n: (-n.confidence, n.start, -n.end, n.layer))
    kept: list[Name] = []
    at: dict[int, list[Name]] = {}
    for name in ordered:
        rivals = {id(other): other for i in range(name.start, name.end) for other in at.get(i, ())}
        if not any(_excludes(other, name) for other in rivals.values()):
            kept.append(name)
            for i in range(name.start, name.end):
                at.setdefault(i, []).append(name)
    return sorted(kept, key=lambda n: (n.start, -n.end, n.layer))


def _excludes(kept: Name, name: Name) -> bool:
    """水利|局长: a title may share a character with its body; else two names are apart or one holds the other."""
    if TITLE in (kept.layer, name.layer):
        return kept.layer == name.layer or (kept.start, kept.end) == (name.start, name.end)
    if kept.crosses(name):
        return True
    return (kept.start, kept.end) == (name.start, name.end)
