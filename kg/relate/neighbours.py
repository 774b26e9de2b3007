"""Divisions that one sentence names together and of which the gazetteer knows that one lies in the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.gazetteer import Division
from kg.model import Kind, Predicate
from kg.relate.stated import Stated
from kg.tag.ground import CITY, Ground
from kg.tag.read import Tagged
from kg.tag.sheet import Found, Sheet

Known = Mapping[int, Division | None]  # id of a name → the division that it stands for


def neighbours(tagged: Tagged, ground: Ground) -> Iterator[Stated]:
    """within, from the gazetteer and a sentence that names both; unknown members of a list go with the known ones."""
    sheet = tagged.sheet
    by_sentence: dict[int, list[Found]] = {}
    for name in tagged.names:
        if name.kind is Kind.PLACE and not name.relative:
            by_sentence.setdefault(sheet.sentence_number(name.start), []).append(name)
    for places in by_sentence.values():
        texts = {id(place): sheet.norm[place.start : place.end] for place in places}
        known = {key: ground.full(text) or ground.short(text) for key, text in texts.items()}
        holders = _holders(places, known, ground)
        for place in places:
            if id(place) in holders and place.scope is None:
                yield Stated(place, Predicate.WITHIN, holders[id(place)], place.start, "gazetteer.same-sentence")
        yield from _siblings(sheet, places, known, holders)


def _holders(places: list[Found], known: Known, ground: Ground) -> dict[int, Found]:
    """For each county or town the smallest and nearest division around it that the sentence names."""
    holders: dict[int, Found] = {}
    for place in places:
        division = known[id(place)]
        if division is None or division.level <= CITY:
            continue
        around = [
            (big.level, -abs(other.start - place.start), number)
            for number, other in enumerate(places)
            if (big := known[id(other)]) is not None and big.level >= CITY and ground.within(division, big)
        ]
        if around:
            holders[id(place)] = places[max(around)[2]]
    return holders


def _siblings(sheet: Sheet, places: list[Found], known: Known, holders: dict[int, Found]) -> Iterator[Stated]:
    """大屏山 beside 石亭镇 in one list lies where 石亭镇 does."""
    for run in _lists(sheet, places):
        around = {sheet.norm[h.start : h.end]: h for place in run if (h := holders.get(id(place))) is not None}
        if len(around) != 1:
            continue
        holder = next(iter(around.values()))
        for place in run:
            if known[id(place)] is None and place.scope is None and place is not holder and id(place) not in holders:
                yield Stated(place, Predicate.WITHIN, holder, place.start, "gazetteer.same-list")


def _lists(sheet: Sheet, places: list[Found]) -> Iterator[list[Found]]:
    """Places that stand in one list, by 、 and 和 (a body between them does not part the list)."""
    run: list[Found] = []
    for place in places:
        between = sheet.norm[run[-1].end : place.start] if run else ""
        if run and not re.fullmatch(r"(?:[\u4e00-\u9fff]{0,4}、(?:[\u4e00-\u9fff]{2,8}、)?|和|及|与|以及)", between):
            yield run
            run = []
        run.append(place)
    if run:
        yield run
