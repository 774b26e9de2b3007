"""What completes a name: 通化市 | 林业局, 市 | 林业局, 石峰区 | 云田镇. Composition is certain once the names are."""

from __future__ import annotations

from collections.abc import Sequence

from kg.lexicon import terms
from kg.mention.name import Name
from kg.mention.relative import standing
from kg.model import Kind
from kg.network.layers import TITLE

_HOLDERS = {
    Kind.AGENCY.value: (Kind.PLACE.value, Kind.AGENCY.value, Kind.ENTERPRISE.value),
    Kind.ENTERPRISE.value: (Kind.PLACE.value, Kind.ENTERPRISE.value),
    Kind.PLACE.value: (Kind.PLACE.value,),
    Kind.PROGRAM.value: (),
    Kind.PERSON.value: (),
    TITLE: (),
}


def compose(text: str, names: Sequence[Name]) -> list[Name]:
    """The names, each with what completes it, and the relative places: 市 in 市林业局, 我市 by itself."""
    by_start: dict[int, list[Name]] = {}
    by_end: dict[int, list[Name]] = {}
    alone = standing(text, names)
    for name in names:
        by_start.setdefault(name.start, []).append(name)
    for name in (*names, *alone):
        by_end.setdefault(name.end, []).append(name)
    parts: dict[int, Name] = {}
    for name in names:
        _complete(text, name, by_start, by_end, parts)
    return sorted([*names, *alone, *parts.values()], key=lambda n: (n.start, -n.end, n.layer))


def _complete(
    text: str,
    name: Name,
    by_start: dict[int, list[Name]],
    by_end: dict[int, list[Name]],
    parts: dict[int, Name],
) -> None:
    holders = _HOLDERS[name.layer]
    start = name.start + _prefix(text, name)
    if scope := _inside(name, start, by_start, holders):
        name.scope, name.core = scope, text[scope.end : name.end]
        return
    if name.layer == Kind.AGENCY and (length := _level(text, start, name.end)):
        place = Name(Kind.PLACE.value, start, start + length, "relative", relative=True, part=True)
        name.scope = parts.setdefault(start, place)
        name.core = text[start + length : name.end]
        return
    before = [n for n in by_end.get(name.start, ()) if n.layer in (Kind.PLACE, name.layer) and n.layer in holders]
    if before and (name.layer == Kind.PLACE or text[name.start : name.end] in terms("organs")):
        name.scope = max(before, key=lambda n: n.end - n.start)
        name.core = text[name.start : name.end]


def _prefix(text: str, name: Name) -> int:
    """中共 before a committee, 原 before a body that is gone: no part of what completes it."""
    words = terms("body_prefixes") if name.layer == Kind.AGENCY else frozenset[str]()
    return max((len(word) for word in words if text.startswith(word, name.start)), default=0)


def _inside(name: Name, start: int, by_start: dict[int, list[Name]], holders: tuple[str, ...]) -> Name | None:
    """The longest name at the beginning of this one, and from there on the places that follow one another."""
    found: Name | None = None
    while inner := [n for n in by_start.get(start, ()) if n.end < name.end and n is not name and n.layer in holders]:
        found = max(inner, key=lambda n: n.end)
        if found.layer != Kind.PLACE:
            break
        start = found.end
    return found


def _level(text: str, start: int, end: int) -> int:
    """How many characters at the start of an agency's name stand for a place: 市|林业局, 我市|…, 街道|办事处."""
    levels = terms("levels")
    head = text[start : start + 1] in terms("relative_words", "head")
    start += head
    found = next((n for n in (3, 2, 1) if end - start > n and text[start : start + n] in levels), 0)
    return found + head if found else 0
