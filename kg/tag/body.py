"""Agencies and enterprises of one sheet, and the other names that the text gives them (以下简称, a second name-plate)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.lexicon import terms
from kg.model import Kind
from kg.tag.agency import find_agency
from kg.tag.firm import find_firm, other_firms
from kg.tag.ground import Ground
from kg.tag.ledger import Ledger
from kg.tag.sheet import Found, Sheet

_CALLED = re.compile(r"\((?:[^()]{0,12},)?(?:以下|下)?(?:统一|统)?(?:简称|下称|称|又称|又名)(?:为)?:?[“‘]?([^”’()]{2,14})[”’]?\)")
_SECOND_PLATE = re.compile(r"\(([^()]{4,20})\)")


def bodies(sheet: Sheet, places: list[Found], ground: Ground) -> list[Found]:
    """Every body, every place inside a body's name, and every relative place that completes one."""
    ledger = Ledger(sheet, places)
    for match in _end_class().finditer(sheet.norm):
        if found := find_agency(ledger, match.end()) or find_firm(ledger, match.end()):
            ledger.add(found)
    for firm in other_firms(ledger):
        ledger.add(firm)
    for body in list(ledger.bodies):
        if (twin := _twin(ledger, body)) is not None:
            ledger.bodies.append(twin)
    called = list(_second_names(sheet, ledger))
    spans = {(name.start, name.end) for name in called}
    named = [*(body for body in ledger.bodies if (body.start, body.end) not in spans), *called]
    return [*named, *ledger.relative.values(), *_inside(named, places, sheet, ground)]


def _twin(ledger: Ledger, body: Found) -> Found | None:
    """市、县卫健局: the level word before the joint has the same organ."""
    at = body.start
    if body.scope is None or not body.scope.relative or ledger.norm[at - 1 : at] not in ("、", "和", "及"):
        return None
    level = ledger.relative_at(at - 1)
    return Found(body.kind, at - 2, body.end, "agency.shared-organ", core=body.core, scope=level) if level else None


@cache
def _end_class() -> re.Pattern[str]:
    tables = ("organs", "agency_suffixes", "enterprise_suffixes", "national_bodies")
    ends = {term[-1] for table in tables for term in terms(table)}
    return re.compile("[" + "".join(sorted(map(re.escape, ends))) + "]")


def _second_names(sheet: Sheet, ledger: Ledger) -> Iterator[Found]:
    """以下简称 and a second name-plate in brackets: the same thing under another name, from there on."""
    by_end = {body.end: body for body in sorted(ledger.bodies, key=lambda b: b.start - b.end)}
    for match in _CALLED.finditer(sheet.norm):
        body = by_end.get(match.start())
        if body is not None:
            yield from _calls(sheet, body, match[1], match.start(1))
    for match in _SECOND_PLATE.finditer(sheet.norm):
        body, plate = by_end.get(match.start()), by_end.get(match.end() - 1)
        if body is not None and plate is not None and plate.start == match.start(1) and body.kind is plate.kind:
            ledger.bodies.remove(plate)
            yield Found(plate.kind, plate.start, plate.end, plate.rule, plate.core, plate.scope, same=body)


def _calls(sheet: Sheet, body: Found, name: str, first: int) -> Iterator[Found]:
    for match in re.finditer(re.escape(name), sheet.norm):
        if match.start() >= first or not body.start <= match.start() < body.end:
            yield Found(body.kind, match.start(), match.end(), "name.called", same=body)


def _inside(named: list[Found], places: list[Found], sheet: Sheet, ground: Ground) -> Iterator[Found]:
    """Divisions of the home city inside a body's own words: 中车|株洲|电力机车, 支队|石峰|大队."""
    covered = {at for place in places for at in range(place.start, place.end)}
    for body in named:
        start = body.scope.end if body.scope is not None and body.kind is Kind.AGENCY else body.start
        if body.kind is Kind.AGENCY and (body.scope is None or body.scope.kind is not Kind.AGENCY):
            continue
        for at in range(start, body.end - 2):
            division = None if at in covered else ground.short(sheet.norm[at : at + 2])
            if division is not None and ground.is_local(division) and at + 1 not in covered:
                yield Found(Kind.PLACE, at, at + 2, "place.division")
                break


__all__ = ["bodies"]
