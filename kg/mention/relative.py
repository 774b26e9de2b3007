"""我市, 全区, 该县: words that stand for a place and say of it what its name would.

A city's own paper often says so instead of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from kg.lexicon import terms
from kg.mention.name import Name
from kg.model import Kind


def standing(text: str, names: Sequence[Name]) -> list[Name]:
    """The words that stand for a place by themselves: in no other name but a program's (全市“清溪”行动)."""
    taken = bytearray(len(text))
    for name in names:
        if name.layer != Kind.PROGRAM:
            taken[name.start : name.end] = b"\1" * (name.end - name.start)
    return [
        Name(Kind.PLACE.value, start, end, "relative", relative=True)
        for start, end in _words(text) if not any(taken[start:end])
    ]  # fmt: skip


def _words(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _pattern().finditer(text))


@cache
def _pattern() -> re.Pattern[str]:
    """该|市, but not 该市场 nor 安全|市."""
    heads, other, levels = _either("head"), _either("other"), _longest_first(terms("levels"))
    behind = "".join(f"(?<!{word})" for word in sorted(terms("relative_words", "before")))
    return re.compile(f"{behind}(?:{heads})(?:{levels})(?!{other})")


def _either(value: str) -> str:
    return _longest_first(terms("relative_words", value))


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
