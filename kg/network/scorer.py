"""A small scorer: named features → log-odds, by one hidden layer; learned on articles that the network never saw."""

from __future__ import annotations

import numpy as np

from kg.network.read import Floats, table

LIMIT = 5.0  # standard deviations beyond which a feature says no more


def scored(name: str, x: Floats) -> Floats:
    """(N,) calibrated probabilities by kg/weights/<name>.npz; `x` is (N, features)."""
    weights = table(name)
    standard = ((x - weights["mean"]) / weights["scale"]).clip(-LIMIT, LIMIT)
    hidden = np.tanh(standard @ weights["hidden"] + weights["hidden_bias"])
    odds = hidden @ weights["out"] + standard @ weights["direct"] + weights["bias"]
    probabilities: Floats = 1 / (1 + np.exp(-odds.clip(-30, 30)))
    return probabilities
