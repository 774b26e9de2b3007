"""Names that begin with the short form of a place: 洛阳高新区 lies in 洛阳市, 洛阳轴承集团 has its seat there."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kg.gazetteer import holders
from kg.mention.name import Name
from kg.model import Kind, Predicate

LIES = (Predicate.WITHIN, Predicate.GOVERNS, Predicate.LOCATED_IN)  # what a name so made may say of the place
_NAMED = (Kind.PLACE, Kind.AGENCY, Kind.ENTERPRISE)


def begun(text: str, names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """Every name that nothing completes and that begins with a short form, and the place of that name nearest to it."""
    places: dict[str, list[Name]] = defaultdict(list)
    for name in sorted(names, key=lambda n: n.start):
        if name.layer == Kind.PLACE and not name.part:
            places[text[name.start : name.end]].append(name)
    for name in names:
        if name.layer in _NAMED and name.scope is None and not name.relative:
            found = (places[one] for one in holders(text[name.start : name.end]) if one in places)
            if near := next(found, None):
                yield name, _nearest(name, near)


def _nearest(name: Name, places: Sequence[Name]) -> Name:
    """The last that begins before the name, else the first behind it."""
    before = bisect_left(places, name.start, key=lambda place: place.start)
    return places[max(before - 1, 0)]
