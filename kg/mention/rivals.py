"""The highest of some values, and for each of them the highest of the others, without comparing all with all."""

from __future__ import annotations

NONE = -8.0  # log-odds of what was not proposed


class Rivals:
    """`add` all, then ask for the best beside one of them: NONE where it is alone."""

    __slots__ = ("best", "count", "holder", "second")

    def __init__(self) -> None:
        self.best = self.second = NONE
        self.holder: object = None
        self.count = 0

    def add(self, one: object, value: float) -> None:
        self.count += 1
        if self.holder is None or value > self.best:
            self.best, self.second, self.holder = value, self.best, one
        elif value > self.second:
            self.second = value

    def beside(self, one: object) -> float:
        return self.second if one == self.holder else self.best
