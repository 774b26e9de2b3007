"""Names that many articles without gold were found to have: how often what is printed so is a name, and of what.

`names.tsv.xz` is written by `kg train --unlabelled` (kg/learn/known.py) and travels with the weights. A name is not
believed for standing in it: how often it was one is a feature of the scorer.
"""

from __future__ import annotations

import lzma
import os
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from kg.network.layers import LAYERS
from kg.network.read import WEIGHTS

FILE = "names.tsv.xz"


class Known(NamedTuple):
    """`share`: of the articles where it is printed, those where it is a name of this layer; `other`: the most of any
    other layer; `articles`: in how many it is printed at all."""

    share: float = 0.0
    other: float = 0.0
    articles: int = 0


_NOTHING = Known()
_Names = dict[str, dict[str, Known]]


def known(layer: str, surface: str) -> Known:
    """What is known of these words as a name of this layer."""
    layers = _names(os.environ.get(WEIGHTS, "")).get(surface)
    return layers[layer] if layers is not None else _NOTHING


def _file(folder: str) -> Path:
    """The names of these weights; weights that were made without other articles have those of the package."""
    own = Path(folder) / FILE
    return own if folder and own.is_file() else Path(str(resources.files("kg"))) / "weights" / FILE


@cache
def _names(folder: str) -> _Names:
    found: dict[str, dict[str, float]] = {}
    articles: dict[str, int] = {}
    for line in lzma.decompress(_file(folder).read_bytes()).decode("utf-8").splitlines():
        surface, layer, share, count = line.split("\t")
        found.setdefault(surface, {})[layer] = float(share)
        articles[surface] = int(count)
    return {surface: _of_each_layer(shares, articles[surface]) for surface, shares in found.items()}


def _of_each_layer(shares: dict[str, float], articles: int) -> dict[str, Known]:
    other = {layer: max((s for k, s in shares.items() if k != layer), default=0.0) for layer in LAYERS}
    return {layer: Known(shares.get(layer, 0.0), other[layer], articles) for layer in LAYERS}
