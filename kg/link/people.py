"""Namesakes. On one page one name is one person; across pages it is one only with a reason.

The reason is a post in the same body or in bodies of the same place; for a name of three characters or more, which two
officials of one city hardly share, posts anywhere in the same city. Without a reason they stay two (rule 6), each with
its page as a qualifier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kg.gazetteer import gazetteer
from kg.link.things import Collection, Thing
from kg.model import Kind, Predicate, Reading


def part_namesakes(readings: Sequence[Reading], collection: Collection) -> None:
    """Split every person's key by pages that have nothing in common, in place."""
    ties = _ties(readings, collection)
    pages = {mention.id: reading.page.id for reading in readings for mention in reading.mentions}
    people = [key for key, thing in collection.things.items() if thing.kind is Kind.PERSON and len(thing.pages) > 1]
    for key in sorted(people):
        short = len(collection.things[key].name) < 3
        bodies = {page: ties.get((key, page), frozenset()) for page in collection.things[key].pages}
        groups = _groups(bodies if short else {page: _with_cities(tied) for page, tied in bodies.items()})
        if len(groups) > 1:
            _split(collection, key, groups, pages)


def _ties(readings: Sequence[Reading], collection: Collection) -> dict[tuple[str, str], frozenset[str]]:
    """(person, page) → the bodies and places of the posts that the page gives them."""
    ties: dict[tuple[str, str], set[str]] = defaultdict(set)
    for reading in readings:
        for claim in reading.claims:
            person, body = collection.keys.get(claim.subject), collection.keys.get(claim.object)
            if claim.predicate is Predicate.HOLDS_POST_IN and person and body:
                ties[person, reading.page.id].update((body, _root_place(body)))
    return {key: frozenset(value) for key, value in ties.items()}


def _root_place(key: str) -> str:
    """The place under an agency's key: agency:place:430202/水利局 → place:430202."""
    return key.removeprefix("agency:").partition("/")[0]


def _with_cities(ties: frozenset[str]) -> frozenset[str]:
    """The bodies and places with the cities that the places lie in."""
    divisions = (gazetteer().coded(tie.removeprefix("place:")) for tie in ties if tie.startswith("place:"))
    above = {gazetteer().city(division) for division in divisions if division is not None}
    return ties | {f"place:{city.code}" for city in above if city is not None}


def _groups(ties: dict[str, frozenset[str]]) -> list[list[str]]:
    """Pages that are tied to each other, directly or through a third."""
    groups: list[tuple[set[str], set[str]]] = []
    for page in sorted(ties):
        mine, bodies = {page}, set(ties[page])
        rest = []
        for group, theirs in groups:
            if bodies & theirs:
                mine |= group
                bodies |= theirs
            else:
                rest.append((group, theirs))
        groups = [*rest, (mine, bodies)]
    return sorted(sorted(group) for group, _ in groups)


def _split(collection: Collection, key: str, groups: list[list[str]], pages: dict[str, str]) -> None:
    whole = collection.things.pop(key)
    for group in groups:
        part = f"{key}@{group[0]}"
        thing = Thing(whole.kind, dict(whole.names), set(whole.aliases), set(whole.printed), homes=set(whole.homes))
        thing.pages = set(group)
        thing.mentions = [mention for mention in whole.mentions if pages[mention] in thing.pages]
        collection.things[part] = thing
        collection.keys.update(dict.fromkeys(thing.mentions, part))
