"""Agencies and enterprises of one sheet, and other names the text gives them (以下简称, a second name-plate)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from kg.lexicon import terms
from kg.model import Kind
from kg.tag.agency import find_agency
from kg.tag.firm import find_firm, other_firms
from kg.tag.ground import Ground
from kg.tag.ledger import Ledger
from kg.tag.sheet import Found, Sheet

_CALLED = re.compile(
    r"\((?:[^()]{0,12},)?(?:以下|下)?(?:统一|统)?(?:简称|下称|称|又称|又名)(?:为)?:?[“‘]?([^”’()]{2,14})[”’]?\)"
)
_THE_FIRM = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=该))(?:公司|集团|企业)(?=副?总经理|董事长|总裁|总经理|董事|负责人|下辖|旗下|总工程师)"
)
_LEGAL = re.compile(r"(?:集团)?(?:控股)?(?:股份)?(?:有限责任公司|有限公司)$")
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
    called = {(name.start, name.end): name for name in _second_names(sheet, ledger, ground)}
    own = [_rescoped(body, called) for body in ledger.bodies if (body.start, body.end) not in called]
    named = [*own, *called.values(), *_anaphors(sheet, ledger)]
    return [*named, *ledger.relative.values(), *_inside(named, places, sheet, ground)]


def _rescoped(body: Found, called: dict[tuple[int, int], Found]) -> Found:
    """湖汽职院|党委 belongs to what 湖汽职院 is short for."""
    scope = body.scope
    other = called.get((scope.start, scope.end)) if scope is not None and scope.kind is not Kind.PLACE else None
    return replace(body, scope=other) if other is not None else body


def _anaphors(sheet: Sheet, ledger: Ledger) -> Iterator[Found]:
    """公司副总经理, 集团下辖…: the firm of that kind that the article named last."""
    firms = [body for body in ledger.bodies if body.kind is Kind.ENTERPRISE]
    for match in _THE_FIRM.finditer(sheet.norm):
        earlier = [firm for firm in firms if firm.end <= match.start()]
        alike = [firm for firm in earlier if sheet.norm.endswith(match[0], firm.start, firm.end)]  # 集团 is a 某某集团
        if earlier:
            last = max(alike or earlier, key=lambda firm: firm.end)
            yield Found(Kind.ENTERPRISE, match.start(), match.end(), "body.anaphor", same=last, relative=True)


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


def _second_names(sheet: Sheet, ledger: Ledger, ground: Ground) -> Iterator[Found]:
    """以下简称 and a second name-plate in brackets: the same thing under another name, from there on."""
    by_end = {body.end: body for body in sorted(ledger.bodies, key=lambda b: b.start - b.end)}
    for match in _CALLED.finditer(sheet.norm):
        body = by_end.get(match.start())
        if body is not None:
            yield from _calls(sheet, body, match[1], match.start(1))
    for body in ledger.bodies:
        if (brand := _brand(sheet, body, ground)) and len(brand) > 3:
            yield from _calls(sheet, body, brand, body.end)
    for match in _SECOND_PLATE.finditer(sheet.norm):
        body, plate = by_end.get(match.start()), by_end.get(match.end() - 1)
        if body is not None and plate is not None and plate.start == match.start(1) and body.kind is plate.kind:
            yield from _calls(sheet, body, match[1], match.start(1))


def _brand(sheet: Sheet, body: Found, ground: Ground) -> str:
    """四川|云岭茶业|有限公司: what a firm is called for short."""
    legal = _LEGAL.search(sheet.norm, body.start, body.end) if body.kind is Kind.ENTERPRISE else None
    if legal is None:
        return ""
    start = body.start
    for length in (5, 4, 3, 2):
        head = sheet.norm[start : start + length]
        if start + length < legal.start() and (ground.full(head) or ground.short(head)):
            start += length
            break
    return sheet.norm[start : legal.start()]


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
