"""All names in the graph, and how well a name that somebody writes fits them: search and reconciliation stand on this.

A name fits exactly, as another form that the pages use, as a short form (its characters in order), in pinyin, or
nearly. Traditional characters, full-width letters, case and punctuation do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

_NOISE = re.compile(r"[\s·•・.\-_,,。、《》〈〉“”\"'()()「」『』]+")
_LATIN = re.compile(r"[a-z0-9]+$")
CLASSES = ("Person", "Official", "Agency", "Enterprise", "Place", "Program")  # of the things that have names
SURE = 95.0  # a score from which one candidate alone is a match
_NEAR = 60  # of 100 by rapidfuzz; below it two names are not alike


@dataclass(frozen=True, slots=True)
class Named:
    """One thing: its IRI below the base, full name, other names, class names (most specific first), pages."""

    id: str
    name: str
    others: tuple[str, ...]
    kinds: tuple[str, ...]
    pages: int
    confidence: float | None = None  # None where the graph gives none

    def fits(self, kind: str, least: float) -> bool:
        """Whether it is of the class (any, where `kind` is ""), and not less sure than `least`."""
        return (not kind or kind in self.kinds) and (self.confidence is None or self.confidence >= least)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant: 0 to 100, and how the name fits (exact, other-name, short-form, pinyin, alike)."""

    thing: Named
    score: float
    how: str


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def fold(text: str) -> str:
    """`text` as it is compared: simplified, half-width, lower case, no blanks or punctuation."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    return plain if plain.isascii() else _to_simplified()(plain)


def pinyin(text: str) -> str:
    """`text` in pinyin without tones and blanks."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).lower()


class Names:
    """The index. Building it takes about 20 µs a name; the pinyin is made when somebody first asks in Latin letters."""

    def __init__(self, things: Iterable[Named]) -> None:
        self.things = tuple(sorted(things, key=lambda thing: (-thing.pages, thing.id)))
        self.by_id = {thing.id: thing for thing in self.things}
        self._forms: list[tuple[str, int, bool]] = []  # folded form, thing, whether it is the full name
        self._exact: dict[str, list[int]] = defaultdict(list)
        for index, thing in enumerate(self.things):
            for form in dict.fromkeys(map(fold, (thing.name, *thing.others))):
                self._exact[form].append(len(self._forms))
                self._forms.append((form, index, form == fold(thing.name)))
        self._pinyin: dict[str, list[int]] | None = None

    def find(self, text: str, kind: str = "", limit: int = 10, least: float = 0.0) -> list[Candidate]:
        """The things that `text` may mean, best first; `kind` keeps one class (superclasses count), `least` those that
        are not less sure."""
        wanted = fold(text)
        if not wanted:
            return []
        best: dict[int, tuple[float, str]] = {}
        for place, score, how in self._places(wanted, limit):
            index = self._forms[place][1]
            if self.things[index].fits(kind, least) and score > best.get(index, (0.0, ""))[0]:
                best[index] = (score, how)
        order = sorted(best, key=lambda index: (-best[index][0], index))[:limit]
        return [Candidate(self.things[index], *best[index]) for index in order]

    def starting(self, text: str, kind: str = "", limit: int = 10) -> list[Named]:
        """Things one of whose names begins with or holds `text` (for suggestions), the most mentioned first."""
        wanted = fold(text)
        hits = [index for form, index, _ in self._forms if form.startswith(wanted)]
        hits += [index for form, index, _ in self._forms if wanted in form] if len(hits) < limit else []
        found = [self.things[index] for index in dict.fromkeys(hits)]
        if len(found) < limit:
            found += [candidate.thing for candidate in self.find(text, kind, limit)]
        return [thing for thing in dict.fromkeys(found) if not kind or kind in thing.kinds][:limit]

    def _places(self, wanted: str, limit: int) -> Iterable[tuple[int, float, str]]:
        for place in self._exact.get(wanted, ()):
            full = self._forms[place][2]
            yield place, 100.0 if full else 97.0, "exact" if full else "other-name"
        if _LATIN.match(wanted):
            yield from ((place, 85.0, "pinyin") for place in self._in_pinyin().get(wanted, ()))
        elif len(wanted) > 1:
            yield from self._short_forms(wanted)
        yield from self._alike(wanted, limit)

    def _in_pinyin(self) -> dict[str, list[int]]:
        if self._pinyin is None:
            found: dict[str, list[int]] = defaultdict(list)
            for place, (form, _, _) in enumerate(self._forms):
                found[pinyin(form)].append(place)
            self._pinyin = found
        return self._pinyin

    def _short_forms(self, wanted: str) -> Iterable[tuple[int, float, str]]:
        """Full names, not of people, that hold the characters of `wanted` in order: 区人社局 in 区人力资源社保局."""
        pattern = re.compile(".*?".join(map(re.escape, wanted)) + "$")
        for place, (form, index, full) in enumerate(self._forms):
            longer = full and form[-1] == wanted[-1] and len(form) > len(wanted)
            if longer and "Person" not in self.things[index].kinds and pattern.search(form):
                yield place, 60 + 30 * len(wanted) / len(form), "short-form"

    def _alike(self, wanted: str, limit: int) -> Iterable[tuple[int, float, str]]:
        from rapidfuzz import fuzz, process

        forms = [form for form, _, _ in self._forms]
        for _, score, place in process.extract(wanted, forms, scorer=fuzz.ratio, limit=4 * limit, score_cutoff=_NEAR):
            yield place, 0.8 * score, "alike"
