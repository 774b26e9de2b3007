"""Which division a printed place name is, and which place a bare level word (市, 我省, 该区) stands for.

An article speaks from somewhere: the newspaper's home, else the place that it names first. What is printed or known to
lie there is meant before anything of the same name elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.gazetteer import Division, Lookalike, gazetteer
from kg.lexicon import terms

PROVINCE, CITY, COUNTY, TOWN = 1, 2, 3, 4
_NO_DISTRICT = ("社区", "小区", "城区", "园区", "景区", "校区", "院区", "库区", "片区", "街区", "山区", "地区")
NEAR = 200  # places on each side of a word that it may stand for; keeps a list of places linear in its length
REMEMBERED = 20_000  # names of which it is known what divisions are called so
_TOWN_ENDS = ("镇", "乡", "街道", "苏木", "办事处")


@dataclass(frozen=True, slots=True)
class Located:
    """A place as it stands in an article: its full name, and the division that it is, if any."""

    at: int
    name: str
    division: Division | None


class Surroundings:
    """The places of one article, in the order of the text, and the home from which they are read."""

    def __init__(self, home: Division | None, sure: bool = False) -> None:
        """`sure`: the home is the newspaper's own, so that 市 and 省 without more are its own."""
        self.home, self.sure = home, sure
        self.places: list[Located] = []
        self.provinces: dict[str, None] = {}  # codes of the provinces that were named

    def add(self, at: int, name: str, division: Division | None) -> None:
        self.places.append(Located(at, name, division))
        if division is not None:
            self.provinces[division.code[:2]] = None

    def is_local(self) -> bool:
        """Whether the article names something of the home's province, or no division at all."""
        return self.home is not None and (not self.provinces or self.home.code[:2] in self.provinces)

    def division(self, name: str, holder: Division | None = None) -> Division | None:
        """The division of this full or short name: inside `holder`, else where the article is, else the only one."""
        found = _called(name, tuple(self._provinces(holder)))
        if not found:
            return None
        if len(found) == 1 and (only := _highest(found, name)) is not None:
            return only  # wherever the article is
        if holder is None and found[0].level == PROVINCE and all(name != d.name for d in found):
            return found[0]  # a district's short form is its own only where no province has it: 河北, in 天津 too
        near = [holder] if holder is not None else []
        near += dict.fromkeys(p.division for p in reversed(self.places[-NEAR:]) if p.division is not None)
        near += [self.home] if self.home is not None else []
        for one in near:
            inside = [d for d in found if d.code.startswith(one.code) or one.code.startswith(d.code)]
            if inside:
                return inside[0]
        for code in dict.fromkeys(one.code[:size] for size in (4, 2) for one in near):
            inside = [d for d in found if d.code.startswith(code)]
            if inside:
                return inside[0]
        return _highest(found, name)

    def _provinces(self, holder: Division | None) -> list[str]:
        """The codes of the provinces whose towns may be meant: of the places that the article named and of its home."""
        return list(dict.fromkeys(d.code[:2] for d in (holder, self.home) if d is not None) | self.provinces)

    def mended(self, printed: str) -> Division | None:
        """The division that a misprint stands for: it exists nowhere, and one of the city differs in one character."""
        city = gazetteer().city(self.home) if self.home is not None else None
        if city is None or len(printed) < 3 or printed[-1] not in "镇乡区县道":
            return None
        found = _lookalike(printed, city)
        if found is None:
            return None
        county = gazetteer().parent(found.division) if found.division.level == TOWN else None
        near = {place.name for place in self.places[-6:]}
        beside = county is not None and any(d.name in near for d in (county, *gazetteer().towns(county)))
        return found.division if found.sure or beside or found.division.level == COUNTY else None

    def meant(self, word: str, at: int, core: str) -> Located | None:
        """What a level word at `at` stands for; `core` is what it completes (委 in 区委), for a zone has no 区委."""
        level = _level(word)
        own = next((d for d in _above(self.home) if _is_of(d, level)), None)
        upper = level in ("市", "省", "州", "自治区")
        if self.sure and own is not None and (upper or own == self.home) and not word.startswith("该"):
            return Located(at, own.name, own)
        here = bisect_left(self.places, at, key=lambda place: place.at)
        before = self.places[max(here - NEAR, 0) : here][::-1]
        strict = core.startswith(tuple(terms("top_organs")))
        fitting = next((place for place in before if _fits(place, level, strict)), None)
        above = next((d for place in before for d in _above(place.division) if _is_of(d, level)), None)
        above = above or own
        later = next((p for p in self.places[here : here + NEAR] if p.at > at and _fits(p, level, strict)), None)
        if upper and above is not None and (fitting is None or not _is_up(fitting, above)):
            return Located(at, above.name, above)
        if fitting is not None:
            return fitting
        return Located(at, above.name, above) if above is not None else later


@lru_cache(maxsize=REMEMBERED)
def _lookalike(printed: str, city: Division) -> Lookalike | None:
    return gazetteer().lookalike(printed, city)


def _is_up(fitting: Located, above: Division) -> bool:
    """The place named before and the one above the last named are in one line, or nothing is known of the former."""
    return fitting.division is None or fitting.division == above or fitting.division.code.startswith(above.code)


def _level(word: str) -> str:
    return next((end for end in ("自治区", "街道", "社区", "新区", "园区") if word.endswith(end)), word[-1])


def _fits(place: Located, level: str, strict: bool) -> bool:
    name = place.division.name if place.division is not None else place.name
    if place.division is not None and level in ("省", "市", "县", "区", "州", "盟", "旗", "镇", "乡"):
        return _is_of(place.division, level)
    if level == "区":
        return name.endswith("区") and not name.endswith(_NO_DISTRICT) and (not strict or place.division is not None)
    return name.endswith(level) and len(name) > len(level) + (level == "村")


def _is_of(division: Division, level: str) -> bool:
    """Whether a division can be meant by this level word: 市 is a city or a county called so, 省 a province."""
    if level == "省":
        return division.level == PROVINCE and division.name.endswith("省")
    if level == "自治区":
        return division.level == PROVINCE and division.name.endswith("自治区")
    if level == "区":
        return division.name.endswith("区") and not division.name.endswith("自治区")
    return division.name.endswith(level)


def _above(division: Division | None) -> list[Division]:
    """The division and those above it, the nearest first."""
    line: list[Division] = []
    while division is not None:
        line.append(division)
        division = gazetteer().parent(division)
    return line


@lru_cache(maxsize=REMEMBERED)
def _called(name: str, provinces: Sequence[str]) -> tuple[Division, ...]:
    """Divisions of this full or short name, the higher first: towns only in the provinces of these codes, and by their
    full name."""
    gaz = gazetteer()
    found = [*gaz.named(name), *(gaz.short(name) if name not in terms("place_stops") else ())]
    if not found or name.endswith(_TOWN_ENDS):
        for province in filter(None, map(gaz.coded, provinces)):
            found += [d for d in gaz.named(name, province) if d not in found]
            if name.endswith("街道"):
                found += [d for d in gaz.short(name, province) if d not in found]
    return tuple(sorted(set(found), key=lambda d: (d.level, d.code)))


def _highest(found: Sequence[Division], name: str) -> Division | None:
    """Where nothing says which one is meant: the only one of the highest level; a short form is no county's."""
    top = [d for d in found if d.level == found[0].level]
    if len(top) > 1 or (top[0].level >= COUNTY and name != top[0].name):
        return None
    return top[0]
