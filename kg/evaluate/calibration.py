"""Whether a confidence of 0.8 is right in eight of ten cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.evaluate.judged import Judged

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """What has a confidence from `low` up to `high`: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def bins(rows: Sequence[Judged], number: int = BINS) -> list[Bin]:
    """Bins of equal width that hold anything; 1 belongs to the last."""
    held: dict[int, list[Judged]] = {}
    for row in rows:
        held.setdefault(min(int(row.confidence * number), number - 1), []).append(row)
    return [_bin(at / number, (at + 1) / number, held[at]) for at in sorted(held)]


def _bin(low: float, high: float, rows: Sequence[Judged]) -> Bin:
    count = len(rows)
    return Bin(low, high, count, sum(r.confidence for r in rows) / count, sum(r.right for r in rows) / count)


def expected_error(rows: Sequence[Judged], number: int = BINS) -> float:
    """Expected calibration error: how far confidence and share differ in a bin, weighted by what is in it."""
    return sum(abs(b.confidence - b.right) * b.count for b in bins(rows, number)) / len(rows) if rows else 0.0


def lean(rows: Sequence[Judged]) -> float:
    """Mean confidence less the share that is right: above 0 it is too sure."""
    return sum(r.confidence - r.right for r in rows) / len(rows) if rows else 0.0
