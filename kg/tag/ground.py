"""What a page's home city makes plain: which divisions a bare name may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from kg.gazetteer import Division, Gazetteer, gazetteer

PROVINCE, CITY, COUNTY, TOWN = 1, 2, 3, 4
UNLISTED = "-"  # the code of a home city that no list of divisions has


@dataclass(frozen=True)
class Ground:
    """The ground under a page whose newspaper is at home in `home`; None where the home is in no list."""

    home_name: str
    home: Division | None

    @cached_property
    def province(self) -> Division | None:
        """The province of the home city (the city itself where it is a municipality)."""
        if self.home is None or self.home.level == PROVINCE:
            return self.home
        above = self._gaz.parent(self.home)
        return self._gaz.parent(above) or above if above else None

    @property
    def _gaz(self) -> Gazetteer:
        return gazetteer()

    def is_local(self, division: Division) -> bool:
        """Whether the division lies in the home city, or the home city or its province is meant."""
        if self.home is None:
            return division.code == UNLISTED
        return self._gaz.within(division, self.home) or division == self.province

    def full(self, name: str) -> Division | None:
        """The division of this full name: the home city's own, else the only one in China (or the highest)."""
        if self.home is None and name and name == self.home_name:
            return Division(UNLISTED, name, CITY)
        return _full(self.home, name)

    def short(self, name: str) -> Division | None:
        """The division that a short name stands for here: the home city's own first, then a city or a province."""
        if self.home is None and len(name) > 1 and name == self.home_name[:-1]:
            return Division(UNLISTED, self.home_name, CITY)
        return _short(self.home, name)

    def within(self, inner: Division, outer: Division) -> bool:
        """Whether `inner` lies truly inside `outer`."""
        return inner != outer and UNLISTED not in (inner.code, outer.code) and self._gaz.within(inner, outer)

    def above(self, division: Division) -> Division | None:
        return self._gaz.parent(division)


@lru_cache(maxsize=65536)
def _full(home: Division | None, name: str) -> Division | None:
    gaz = gazetteer()
    if home is not None and (
        own := gaz.named(name, home) or tuple(d for d in gaz.short(name, home) if name[-2:] == "街道")
    ):
        return own[0]
    found = gaz.named(name)
    return found[0] if len({division.level for division in found}) == len(found) and found else None


@lru_cache(maxsize=65536)
def _short(home: Division | None, name: str) -> Division | None:
    gaz = gazetteer()
    if home is not None:
        own = [d for d in gaz.short(name, home) if d.level < TOWN]
        if own:
            return own[0]
    found = [d for d in gaz.short(name) if d.level < COUNTY]
    return found[0] if found and (len(found) == 1 or found[0].level < found[1].level) else None


@lru_cache(maxsize=64)
def ground(home_name: str) -> Ground:
    """The ground under pages of one newspaper; `home_name` is its city's full name, "" where unknown."""
    return Ground(home_name, gazetteer().home(home_name) if home_name else None)
