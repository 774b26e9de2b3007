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


class Ending(NamedTuple):
    """Of the known names that end with the same characters: how many, and the share of their printing in a layer."""

    share: float = 0.0
    names: int = 0


_NOTHING = Known()
_Names = dict[str, dict[str, Known]]


def known(layer: str, surface: str) -> Known:
    """What is known of these words as a name of this layer."""
    layers = _names(os.environ.get(WEIGHTS, "")).get(surface)
    return layers[layer] if layers is not None else _NOTHING


def ending(layer: str, surface: str, length: int) -> Ending:
    """What is known of names that end with the last `length` characters of these words, as names of this layer."""
    found = _endings(os.environ.get(WEIGHTS, "")).get(surface[-length:])
    if found is None:
        return Ending()
    names, shares = found
    return Ending(shares.get(layer, 0.0) / (names + 2), names)


@cache
def _endings(folder: str) -> dict[str, tuple[int, dict[str, float]]]:
    """Characters that names end with → how many names, the sum of their shares in each layer."""
    found: dict[str, tuple[int, dict[str, float]]] = {}
    for surface, layers in _names(folder).items():
        for length in (1, 2):
            names, shares = found.get(surface[-length:], (0, {}))
            more = {layer: shares.get(layer, 0.0) + known.share for layer, known in layers.items()}
            found[surface[-length:]] = names + 1, more
    return found


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
