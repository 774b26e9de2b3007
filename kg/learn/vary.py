"""The same sentence about other people and places: names are swapped for others of the same length, offsets stay.

What an article says does not depend on who 张伟 is or which county; so the network learns less by heart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from kg.learn.examples import Example

SHARE = 0.5  # of the names are swapped
_LEVELS = ("省", "市", "区", "县", "镇", "乡", "村", "街道", "社区")
Names = dict[tuple[str, int], list[str]]  # (layer, length) → names, or stems of places


def stems(example: Example) -> list[tuple[str, str]]:
    """(layer, words) of the people and of the places' own words (天水 of 天水市), each once, in a fixed order."""
    found = set()
    for spot in example.gold.spots:
        words = example.text[spot.start : spot.end]
        if spot.layer == "Person" and words.isalpha() and 2 <= len(words) <= 4:
            found.add(("Person", words))
        if spot.layer == "Place" and words.isalpha():
            level = next((end for end in _LEVELS if words.endswith(end)), "")
            stem = words.removesuffix(level)
            if level and 2 <= len(stem) <= 3:
                found.add(("Place", stem))
    return sorted(found)


def pools(examples: Iterable[Example]) -> Names:
    """What may take the place of a name: the names of all articles."""
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for example in examples:
        for layer, words in stems(example):
            found[layer, len(words)].add(words)
    return {key: sorted(names) for key, names in sorted(found.items())}


def varied(text: str, known: Sequence[tuple[str, str]], names: Names, random: np.random.Generator) -> str:
    """The text with about half of its people and places swapped for others; of the same length."""
    for layer, words in known:
        if random.random() < SHARE:
            choices = names[layer, len(words)]
            text = text.replace(words, choices[int(random.integers(len(choices)))])
    return text
