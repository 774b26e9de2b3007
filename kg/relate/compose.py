"""Relations that a name itself states: …支队石峰大队 is part of …支队, serves 石峰区; 石峰区云田镇 lies in 石峰区."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Kind, Predicate
from kg.relate.stated import Stated
from kg.tag.read import Tagged
from kg.tag.sheet import Found


def composed(tagged: Tagged) -> Iterator[Stated]:
    """partOf, governs, within, locatedIn and runs, from how the names are composed."""
    places = [name for name in tagged.names if name.kind is Kind.PLACE]
    norm = tagged.sheet.norm
    for name in tagged.names:
        if name.kind is Kind.AGENCY:
            yield from _agency(name, places)
        elif name.kind is Kind.PLACE and name.scope is not None:
            yield Stated(name, Predicate.WITHIN, name.scope, name.start, "compose.within")
        elif name.kind is Kind.ENTERPRISE:
            yield from _seat(name, places)
            if name.scope is not None and name.scope.kind is Kind.PLACE:
                yield Stated(name, Predicate.LOCATED_IN, name.scope, name.start, "compose.located-in")
            if name.scope is not None and name.scope.kind is Kind.ENTERPRISE:
                yield Stated(name, Predicate.PART_OF, name.scope, name.start, "compose.part-of")
        elif name.kind is Kind.PROGRAM and name.scope is not None and _owns(name, norm):
            yield Stated(name.scope, Predicate.RUNS, name, name.start, "compose.owner")


def _owns(name: Found, norm: str) -> bool:
    """A body owns what bears its name, and so does a division by its full name; 天元 in 天元工业平台 only names it."""
    scope = name.scope
    if scope is None or scope.kind is not Kind.PLACE:
        return scope is not None
    if name.rule == "program.session":
        return False  # 市十三次党代会 is the party's, not the city's
    return scope.rule == "place.relative.prefix" or (
        scope.rule == "place.division" and norm[scope.end - 1] in "市区县州旗镇乡道"
    )


def _agency(name: Found, places: list[Found]) -> Iterator[Stated]:
    scope = name.scope
    if scope is None:
        return
    if scope.kind is Kind.AGENCY:
        yield Stated(name, Predicate.PART_OF, scope, name.start, "compose.part-of")
        for place in places:
            if scope.end <= place.start and place.end < name.end:
                yield Stated(name, Predicate.GOVERNS, place, name.start, "compose.governs-unit")
    while scope is not None and scope.kind is not Kind.PLACE:
        scope = scope.scope
    if scope is not None:
        yield Stated(name, Predicate.GOVERNS, scope, name.start, "compose.governs")


def _seat(name: Found, places: list[Found]) -> Iterator[Stated]:
    inside = [place for place in places if name.start <= place.start and place.end < name.end]
    if inside:
        yield Stated(name, Predicate.LOCATED_IN, inside[-1], name.start, "compose.located-in")
