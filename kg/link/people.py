"""Namesakes. On one page one name is one person; across pages it is one only with a reason.

The reason is a post in the same body or in bodies of the same place; for a name of three characters or more, which two
officials of one city hardly share, posts anywhere in the same city. Without a reason they stay two (rule 6), each with
its page as a qualifier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from kg.gazetteer import gazetteer

SHORT = 3  # characters; many people bear a shorter name


def groups(ties: Mapping[str, Collection[str]], name: str) -> list[list[str]]:
    """The pages that speak of one person each, sorted: those tied to each other, directly or through a third.

    `ties` are the bodies and places of the posts that each page gives to a person of that name.
    """
    wider = ties if len(name) < SHORT else {page: _with_cities(tied) for page, tied in ties.items()}
    leader = {page: page for page in sorted(wider)}
    first: dict[str, str] = {}
    for page in leader:
        for tie in wider[page]:
            _join(leader, first.setdefault(tie, page), page)
    parts: dict[str, list[str]] = defaultdict(list)
    for page in leader:
        parts[_leader(leader, page)].append(page)
    return sorted(parts.values())


def _leader(leader: dict[str, str], page: str) -> str:
    while leader[page] != page:
        leader[page] = page = leader[leader[page]]
    return page


def _join(leader: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((_leader(leader, one), _leader(leader, other)))
    leader[second] = first


def _with_cities(ties: Collection[str]) -> set[str]:
    """The bodies and places with the cities that the places lie in."""
    divisions = (gazetteer().coded(tie.removeprefix("place:")) for tie in ties if tie.startswith("place:"))
    above = {gazetteer().city(division) for division in divisions if division is not None}
    return {*ties, *(f"place:{city.code}" for city in above if city is not None)}
