"""A name on its way: from a candidate with features to one that is kept and knows what completes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Span


@dataclass(slots=True, eq=False)
class Name:
    """Characters start ≤ i < end of an article that name a thing of `layer` (a kind, or "Title").

    `odds`: log-odds of the network; `confidence`: the calibrated probability. A name that is completed by another one
    (市林业局 by 通化市) has it as `scope` and its own words as `core`. `relative`: it stands for a place, as 我市 does,
    or 市 in 市林业局, which is `part` of a name.
    """

    layer: str
    start: int
    end: int
    source: str
    odds: float = 0.0
    confidence: float = 1.0
    core: str = ""
    scope: Name | None = field(default=None, repr=False)
    relative: bool = False
    part: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def covers(self, other: Name) -> bool:
        return self.start <= other.start and other.end <= self.end

    def crosses(self, other: Name) -> bool:
        overlap = self.start < other.end and other.start < self.end
        return overlap and not self.covers(other) and not other.covers(self)
