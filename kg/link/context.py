"""What the gazetteer alone knows: the divisions above those that pages name, and what lies in what."""

from __future__ import annotations

from collections.abc import Container, Mapping

from kg.gazetteer import Division, gazetteer
from kg.model import Entity, Kind, Predicate, Statement


def context(ids: Mapping[str, str], said: Container[tuple[str, str]]) -> tuple[list[Entity], list[Statement]]:
    """The divisions that no page names, and what lies in what where no page says so.

    `ids` has the id of every division that a page names, by its code; `said` the pairs of ids of which pages say that
    the first lies in the second.
    """
    gaz = gazetteer()
    above: dict[str, Entity] = {}
    inferred: dict[tuple[str, str], Statement] = {}
    pending = [division for code in sorted(ids) if (division := gaz.coded(code)) is not None]
    while pending:
        upper = gaz.parent(division := pending.pop())
        if upper is None:
            continue
        own, parent = _id(division, ids), _id(upper, ids)
        if upper.code not in ids and parent not in above:
            above[parent] = Entity(parent, Kind.PLACE, upper.name, inferred=True)
            pending.append(upper)
        if (own, parent) not in said and own != parent:
            inferred[own, parent] = Statement(own, Predicate.WITHIN, parent, inferred_from=("gazetteer",))
    return list(above.values()), list(inferred.values())


def _id(division: Division, ids: Mapping[str, str]) -> str:
    return ids.get(division.code) or f"place/{division.name}"
