"""Teaching what the ends of names say of facts, beside what the scorer of facts finds likely already."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from kg.judge.endings import Ending, endings
from kg.judge.gathered import Fact
from kg.network.read import Floats

SHRINK = 10.0  # times half the sum of squares
LEAST = 0.02  # log-odds that are worth a row


def teach(facts: Sequence[Fact], odds: Floats, y: Floats) -> dict[Ending, float]:
    """Log-odds that are added for each ending to the `odds` (N,) of the facts; `y` (N,) says which are true."""
    of_each = [list(endings(fact)) for fact in facts]
    number = {ending: i for i, ending in enumerate(sorted({ending for found in of_each for ending in found}))}
    columns = [number[ending] for found in of_each for ending in found]
    begins = np.cumsum([0, *map(len, of_each)])
    x = csr_matrix((np.ones(len(columns)), columns, begins), (len(facts), len(number)))
    found = minimize(_loss, np.zeros(len(number)), (x, odds.astype(float), y.astype(float)), "L-BFGS-B", jac=True).x
    return {ending: float(found[i]) for ending, i in number.items()}


def _loss(weights: np.ndarray, x: csr_matrix, odds: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:  # type: ignore[type-arg]
    """Log loss in all, and its gradient."""
    now = odds + x @ weights
    loss = np.sum(np.logaddexp(0, now) - y * now) + SHRINK * (weights @ weights) / 2
    return float(loss), x.T @ (1 / (1 + np.exp(-now)) - y) + SHRINK * weights


def write(found: Mapping[Ending, float], path: Path) -> None:
    """A row for each ending that says something; the same endings give the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, delimiter="\t", lineterminator="\n")
        rows.writerows((*ending, f"{odds:.2f}") for ending, odds in sorted(found.items()) if abs(odds) >= LEAST)
