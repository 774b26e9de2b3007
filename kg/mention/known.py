"""Names that many articles without gold were found to have: how often what is printed so is a name, and of what.

`names.tsv.xz` is written by `kg train --unlabelled` (kg/learn/known.py) and travels with the weights. A name is not
believed for standing in it: how often it was one is a feature of the scorer.
"""

from __future__ import annotations

import lzma
from collections import defaultdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

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


_Shares = dict[str, float]  # layer → share


def known(layer: str, surface: str, weights: str) -> Known:
    """What is known of these words as a name of this layer, by the weights of this folder ("" the package's)."""
    found = _names(weights).get(surface)
    if found is None:
        return Known()
    articles, shares = found
    other = max((share for other, share in shares.items() if other != layer), default=0.0)
    return Known(shares.get(layer, 0.0), other, articles)


def ending(layer: str, surface: str, length: int, weights: str) -> Ending:
    """What is known of names that end with the last `length` characters of these words, as names of this layer."""
    found = _endings(weights).get(surface[-length:])
    if found is None:
        return Ending()
    names, shares = found
    return Ending(shares.get(layer, 0.0) / (names + 2), names)


@cache
def _endings(folder: str) -> dict[str, tuple[int, _Shares]]:
    """Characters that names end with → how many names, the sum of their shares in each layer."""
    count: dict[str, int] = defaultdict(int)
    found: dict[str, _Shares] = defaultdict(lambda: defaultdict(float))
    for surface, (_, shares) in _names(folder).items():
        for length in (1, 2):
            count[surface[-length:]] += 1
            for layer, share in shares.items():
                found[surface[-length:]][layer] += share
    return {end: (names, found[end]) for end, names in count.items()}


def _file(folder: str) -> Path:
    """The names of these weights; weights that were made without other articles have those of the package."""
    own = Path(folder) / FILE
    return own if folder and own.is_file() else Path(str(resources.files("kg"))) / "weights" / FILE


@cache
def _names(folder: str) -> dict[str, tuple[int, _Shares]]:
    """A name → in how many articles it is printed, its share in each layer."""
    found: dict[str, tuple[int, _Shares]] = {}
    for line in lzma.decompress(_file(folder).read_bytes()).decode("utf-8").splitlines():
        surface, layer, share, articles = line.split("\t")
        found.setdefault(surface, (int(articles), {}))[1][layer] = float(share)
    return found
