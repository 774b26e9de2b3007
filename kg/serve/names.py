"""All names in the graph, and how well a name that somebody writes fits them: search and reconciliation stand on this.

A name fits exactly, as another form that the pages use, by an abbreviation that everybody knows (中院), as a short form
(its characters in order), in pinyin or its initials, in part, or nearly. Traditional characters, full-width letters,
case, tone marks and punctuation do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.serve.spelling import fold, latin, syllables, written_out

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
    """A thing that may be meant: 0 to 100, and how the name fits (exact, other-name, abbreviation, short-form,
    pinyin, initials, part, alike)."""

    thing: Named
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class _Form:
    """One name of a thing, folded; `full`: it is the thing's full name."""

    text: str
    thing: int
    full: bool


@dataclass(frozen=True, slots=True)
class _Spelt:
    """The forms by their pinyin and by its initials."""

    whole: dict[str, list[_Form]]
    initials: dict[str, list[_Form]]


class Names:
    """The index. Building it takes about 30 µs a name; the pinyin is made when somebody first asks in Latin letters."""

    def __init__(self, things: Iterable[Named]) -> None:
        self.things = tuple(sorted(things, key=lambda thing: (-thing.pages, thing.id)))
        self.by_id = {thing.id: thing for thing in self.things}
        self._forms = [form for index, thing in enumerate(self.things) for form in _forms(index, thing)]
        self._exact = _grouped((form.text, form) for form in self._forms)
        self._written_out = _grouped((written_out(form.text), form) for form in self._forms if self._is_body(form))
        self._spelt: _Spelt | None = None

    def find(self, text: str, kind: str = "", limit: int = 10, least: float = 0.0) -> list[Candidate]:
        """The things that `text` may mean, best first; `kind` keeps one class (superclasses count), `least` those that
        are not less sure."""
        wanted = fold(text)
        if not wanted:
            return []
        best: dict[int, tuple[float, str]] = {}
        for form, score, how in self._fitting(wanted, limit):
            if self.things[form.thing].fits(kind, least) and score > best.get(form.thing, (0.0, ""))[0]:
                best[form.thing] = (score, how)
        order = sorted(best, key=lambda index: (-best[index][0], index))[:limit]
        return [Candidate(self.things[index], *best[index]) for index in order]

    def starting(self, text: str, kind: str = "", limit: int = 10) -> list[Named]:
        """Things one of whose names begins with or holds `text` (for suggestions), the most mentioned first."""
        wanted = fold(text)
        hits = [form.thing for form in self._forms if form.text.startswith(wanted)]
        hits += [form.thing for form in self._forms if wanted in form.text] if len(hits) < limit else []
        hits += sorted(self._spelt_from(latin(wanted))) if len(hits) < limit else []
        found = [self.things[index] for index in dict.fromkeys(hits)]
        if len(found) < limit:
            found += [candidate.thing for candidate in self.find(text, kind, limit)]
        return [thing for thing in dict.fromkeys(found) if not kind or kind in thing.kinds][:limit]

    def _fitting(self, wanted: str, limit: int) -> Iterable[tuple[_Form, float, str]]:
        for form in self._exact.get(wanted, ()):
            yield form, 100.0 if form.full else 97.0, "exact" if form.full else "other-name"
        if spelt := latin(wanted):
            yield from ((form, 85.0, "pinyin") for form in self._pinyin().whole.get(spelt, ()))
            yield from ((form, 70.0, "initials") for form in self._pinyin().initials.get(spelt, ()))
        if len(wanted) > 1:
            written = written_out(wanted)
            yield from ((form, 92.0, "abbreviation") for form in self._written_out.get(written, ()))
            yield from self._short_forms(written)
            parts = (form for form in self._forms if wanted in form.text)
            yield from ((form, 50 + 30 * len(wanted) / len(form.text), "part") for form in parts)
        yield from self._alike(wanted, limit)

    def _pinyin(self) -> _Spelt:
        if self._spelt is None:
            spelt = [(syllables(form.text), form) for form in self._forms]
            whole = _grouped(("".join(parts), form) for parts, form in spelt)
            initials = _grouped(("".join(part[:1] for part in parts), form) for parts, form in spelt if len(parts) > 1)
            self._spelt = _Spelt(whole, initials)
        return self._spelt

    def _spelt_from(self, beginning: str) -> set[int]:
        keys = self._pinyin().whole.items() if beginning else ()
        return {form.thing for key, forms in keys if key.startswith(beginning) for form in forms}

    def _is_body(self, form: _Form) -> bool:
        return "Person" not in self.things[form.thing].kinds

    def _short_forms(self, wanted: str) -> Iterable[tuple[_Form, float, str]]:
        """Full names, not of people, that hold the characters of `wanted` in order: 区人社局 in 区人力资源社保局."""
        for form in self._forms:
            longer = form.full and form.text[-1] == wanted[-1] and len(form.text) > len(wanted)
            if longer and self._is_body(form) and _in_order(wanted[:-1], form.text[:-1]):
                yield form, 60 + 30 * len(wanted) / len(form.text), "short-form"

    def _alike(self, wanted: str, limit: int) -> Iterable[tuple[_Form, float, str]]:
        from rapidfuzz import fuzz, process

        forms = [form.text for form in self._forms]
        for _, score, place in process.extract(wanted, forms, scorer=fuzz.ratio, limit=4 * limit, score_cutoff=_NEAR):
            yield self._forms[place], 0.8 * score, "alike"


def _forms(index: int, thing: Named) -> Iterable[_Form]:
    full = fold(thing.name)
    texts = dict.fromkeys(map(fold, (thing.name, *thing.others)))
    return [_Form(text, index, text == full) for text in texts if text]


def _grouped(forms: Iterable[tuple[str, _Form]]) -> dict[str, list[_Form]]:
    found: dict[str, list[_Form]] = defaultdict(list)
    for key, form in forms:
        found[key].append(form)
    return dict(found)


def _in_order(characters: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in characters)
