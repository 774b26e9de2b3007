"""The scorers: features → probabilities, learned on articles that the network never saw.

Names are many: boosted trees find more in their features. Relations and aliases are fewer, and one hidden layer says of
them what trees would say.
"""

from __future__ import annotations

import numpy as np

from kg.network.read import Floats, session, table

LIMIT = 5.0  # standard deviations beyond which a feature says no more


def scored(name: str, x: Floats) -> Floats:
    """(N,) calibrated probabilities by kg/weights/<name>.npz; `x` is (N, features)."""
    weights = table(name)
    standard = ((x - weights["mean"]) / weights["scale"]).clip(-LIMIT, LIMIT)
    hidden = np.tanh(standard @ weights["hidden"] + weights["hidden_bias"])
    odds = hidden @ weights["out"] + standard @ weights["direct"] + weights["bias"]
    return _probabilities(odds)


def voted(name: str, x: Floats, beside: Floats | float = 0.0) -> Floats:
    """(N,) calibrated probabilities by the trees of kg/weights/<name>.onnx; `x` is (N, features), `beside` (N,) what
    else is known, in log-odds."""
    if not len(x):
        return np.zeros(0, np.float32)
    (odds,) = session(name).run(["odds"], {"x": x})
    return _probabilities(odds[:, 0] + beside)


def _probabilities(odds: Floats) -> Floats:
    probabilities: Floats = 1 / (1 + np.exp(-odds.clip(-30, 30)))
    return probabilities
