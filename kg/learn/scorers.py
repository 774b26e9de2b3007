"""Teaching the small scorers: all rows at once, few parameters, held small; deterministic by seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from kg.network.read import Floats
from kg.network.scorer import LIMIT

HIDDEN = 24
SHRINK = 1e-3  # times the sum of squares of all weights


def teach(x: Floats, y: Floats, *, seed: int = 1, steps: int = 400, shrink: float = SHRINK) -> dict[str, Floats]:
    """Weights that turn x (N, features) into the probability of y (N,), as `kg.network.scorer` reads them."""
    torch.set_num_threads(1)  # sums in one order on any machine; on small tables threads only wait for each other
    torch.manual_seed(seed)
    mean, scale = x.mean(0), x.std(0) + 1e-3
    inputs, wanted = torch.tensor(((x - mean) / scale).clip(-LIMIT, LIMIT)), torch.tensor(y)
    hidden, direct = nn.Linear(x.shape[1], HIDDEN), nn.Linear(x.shape[1], 1)
    out = nn.Linear(HIDDEN, 1, bias=False)
    parameters = [*hidden.parameters(), *direct.parameters(), *out.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=2e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        odds = (out(torch.tanh(hidden(inputs))) + direct(inputs))[:, 0]
        size = torch.stack([(weight**2).sum() for weight in parameters]).sum()
        loss = nn.functional.binary_cross_entropy_with_logits(odds, wanted) + shrink * size
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    plain = [t.detach().numpy().astype(np.float32) for t in (hidden.weight.T, hidden.bias, out.weight[0])]
    straight = direct.weight[0].detach().numpy(), direct.bias.detach().numpy()
    names = ("hidden", "hidden_bias", "out")
    return {**dict(zip(names, plain, strict=True)), "direct": straight[0], "bias": straight[1][0], "mean": mean,
            "scale": scale}  # fmt: skip


def write(weights: dict[str, Floats], path: Path) -> None:
    """As float32 arrays; the same weights give the same bytes."""
    arrays = {name: np.asarray(value, dtype=np.float32) for name, value in sorted(weights.items())}
    np.savez(path, **arrays)  # type: ignore[arg-type]
