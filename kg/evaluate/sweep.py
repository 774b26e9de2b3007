"""Precision and recall at every minimum of confidence, and how far a figure could be off by the choice of articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kg.evaluate.pages import Measured, reports
from kg.gold import total
from kg.score import Report, Tally

MINIMA = (0.0, *(n / 20 for n in range(7, 20)))
DRAWS = 1000
SEED = 1


def sweep(pages: Sequence[Measured], minima: Iterable[float] = MINIMA) -> dict[float, Report]:
    """Minimum → the figures of all pages together."""
    return {minimum: total(reports(pages, minimum)) for minimum in minima}


def best(swept: dict[float, Report], figure: str) -> float:
    """The minimum with the highest F1 of a figure; of equals the lowest."""
    return max(swept, key=lambda minimum: (round(swept[minimum].single[figure].f1, 4), -minimum))


def spread(tallies: Sequence[Tally], draws: int = DRAWS, seed: int = SEED) -> tuple[float, float]:
    """The middle 95 % of F1 when as many pages are drawn again and again from these, with replacement."""
    counts = np.array([(t.tp, t.fp, t.fn) for t in tallies], dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(len(counts), size=(draws, len(counts)))
    tp, fp, fn = counts[drawn].sum(1).T
    f1 = 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    low, high = np.quantile(f1, (0.025, 0.975))
    return float(low), float(high)
