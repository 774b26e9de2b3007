"""What is known of a candidate beside its own log-odds: its rivals, its likes elsewhere in the article, the gazetteer.

Organs, surnames, levels and countries as features were tried too: unseen articles do not miss them (docs/accuracy.md).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kg.document import Document
from kg.gazetteer import gazetteer
from kg.mention.known import ending, known
from kg.mention.name import Name
from kg.mention.rivals import NONE, Rivals
from kg.mention.rows import Neighbours
from kg.network.layers import LAYERS, LONGEST
from kg.network.read import Floats, weights_in_use

FEATURES = (
    "odds", "odds as another kind", "odds across", "odds around", "odds inside", "odds elsewhere", "times proposed",
    "times printed", "odds of what holds it", "length", "full division", "short division", "level", "in the heading",
    "in quotes", "behind a quote", "before a closing mark", "behind a closing mark", "opens and does not close",
    "closes and does not open", "has an opening mark", "has a sign", "has a digit", "before a title",
    "first of a sentence", "known as this", "known as another kind", "known in articles", "ends as this",
    "names that end so", "ends as this by its last character", "names that end so by it", "before it in a row",
    "behind it in a row",
    *(f"is {layer}" for layer in LAYERS),
)  # fmt: skip
_LAYERS = {one: [one == layer for layer in LAYERS] for one in LAYERS}
_SIGN = re.compile(r"[，。、；：！？,;:!?\s（）()]")
_OPEN, _CLOSE = '“‘《「『"', '”’》」』"'
_OPENING, _CLOSING = "“‘《「『（(", "”’》」』）)"
_MARK, _OPENS = re.compile(f"[{re.escape(_OPENING + _CLOSING)}]"), re.compile(f"[{_OPEN}]")
REMEMBERED = 50_000  # words of which it is known what they say by themselves


def features(document: Document, candidates: Sequence[Name]) -> Floats:
    """(candidates, FEATURES)."""
    if not candidates:
        return np.zeros((0, len(FEATURES)), np.float32)
    around = _Around(document, candidates)
    return np.array([around.of(name) for name in candidates], dtype=np.float32)


class _Words(NamedTuple):
    """What the words of a candidate say by themselves, wherever they stand."""

    place: tuple[float, ...]
    signs: tuple[float, ...]
    known: tuple[float, ...]


class _Around:
    def __init__(self, document: Document, candidates: Sequence[Name]) -> None:
        self.document, self.text = document, document.text
        self.at: dict[int, list[Name]] = defaultdict(list)  # candidates by where they begin
        self.same: dict[tuple[str, str], Rivals] = defaultdict(Rivals)
        self.printed: dict[str, int] = {}
        self.titles = {name.start for name in candidates if name.layer == LAYERS[-1] and name.odds > 0}
        self.neighbours = Neighbours(document.text, candidates)
        for name in candidates:
            self.same[name.layer, self._surface(name)].add(name, name.odds)
            self.at[name.start].append(name)
        self.begun = sorted(self.at)

    def _surface(self, name: Name) -> str:
        return self.text[name.start : name.end]

    def of(self, name: Name) -> list[float]:
        surface = self._surface(name)
        return [*self._rivals(name), *self._likes(name, surface), *self._form(name, surface)]

    def _rivals(self, name: Name) -> list[float]:
        best = dict.fromkeys(("kind", "across", "around", "inside"), NONE)
        holder = NONE
        for other in self._beside(name):
            same = other.layer == name.layer
            if (other.start, other.end) == (name.start, name.end):
                best["kind"] = max(best["kind"], other.odds)
            elif same:
                how = "across" if other.crosses(name) else "around" if other.covers(name) else "inside"
                best[how] = max(best[how], other.odds)
            elif other.covers(name):
                holder = max(holder, other.odds)
        self._holder = holder
        return [name.odds, *best.values()]

    def _beside(self, name: Name) -> Iterator[Name]:
        """The other candidates that share a character with this one."""
        near = bisect_left(self.begun, name.start - LONGEST + 1), bisect_left(self.begun, name.end)
        for start in self.begun[slice(*near)]:
            for other in self.at[start]:
                if other is not name and other.end > name.start:
                    yield other

    def _likes(self, name: Name, surface: str) -> list[float]:
        likes = self.same[name.layer, surface]
        if surface not in self.printed:
            self.printed[surface] = self.text.count(surface)
        return [likes.beside(name), math.log(likes.count), math.log1p(self.printed[surface]), self._holder]

    def _form(self, name: Name, surface: str) -> list[float]:
        text, start, end = self.text, name.start, name.end
        quoted = text[start - 1 : start] in _OPEN and text[end : end + 1] in _CLOSE if start else False
        words = _words(name.layer, surface, weights_in_use())
        return [
            *words.place, end <= self.document.heading, quoted, start > 0 and text[start - 1] in _OPEN,
            *_marks(text, start, end), *words.signs, end in self.titles, start in self.document.firsts,
            *words.known, *self.neighbours.beside(name), *_LAYERS[name.layer],
        ]  # fmt: skip


@lru_cache(maxsize=REMEMBERED)
def _words(layer: str, surface: str, weights: str) -> _Words:
    full, short = gazetteer().named(surface), gazetteer().short(surface)
    level = min((d.level for d in (*full, *short)), default=5) / 5
    return _Words(
        (len(surface) / 10, bool(full), bool(short), level),
        (bool(_SIGN.search(surface)), any(c.isdigit() for c in surface)),
        (*_known(layer, surface, weights), *_ending(layer, surface, weights)),
    )


def _marks(text: str, start: int, end: int) -> tuple[bool, ...]:
    """What the quotes and brackets about a name say of where it begins and ends."""
    depth, closes = 0, False
    for mark in _MARK.findall(text, start, end):
        depth += 1 if mark in _OPENING else -1
        closes |= depth < 0
        depth = max(depth, 0)
    return (
        end < len(text) and text[end] in _CLOSING, start > 0 and text[start - 1] in _CLOSING,
        depth > 0, closes, _OPENS.search(text, start, end) is not None,
    )  # fmt: skip


def _known(layer: str, surface: str, weights: str) -> tuple[float, float, float]:
    names = known(layer, surface, weights)
    return names.share, names.other, math.log1p(names.articles)


def _ending(layer: str, surface: str, weights: str) -> tuple[float, ...]:
    endings = [ending(layer, surface, length, weights) for length in (2, 1)]
    return tuple(value for found in endings for value in (found.share, math.log1p(found.names)))
