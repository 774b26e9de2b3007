"""One article laid out for the grammar: normalised characters, tagged words, sentences.

`norm` has the same length as the text (one character for one), so every offset holds in both. Full-width signs are
half-width in it and every double quotation mark is “ or ”, so that a rule is written once.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property

from kg.model import Kind, Span
from kg.tag.neural import Word, tag_sentences

_SIGNS = str.maketrans("，：；！？（）％＋－／．＂『』「」【】〈〉﹒・•", ',:;!?()%+-/."“”“”[]《》···')
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code not in (0xFF02,)}


def normalise(text: str) -> str:
    """The text with one spelling for each sign; straight double quotes open and close in turn within a line."""
    norm = text.translate(_SIGNS).translate(_WIDE)
    if '"' not in norm:
        return norm
    pieces = []
    for line in norm.split("\n"):
        parts = line.split('"')
        pieces.append("".join(part + ("“" if i % 2 == 0 else "”") for i, part in enumerate(parts))[:-1])
    return "\n".join(pieces)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A name on a sheet, before it has an id. `scope` completes it (区水利局 by 芦淞区) and `core` is what it adds;
    `same` is the mention of which it is another name (the words inside the quotes, 以下简称)."""

    kind: Kind
    start: int
    end: int
    rule: str
    core: str = ""
    scope: Found | None = None
    same: Found | None = None
    relative: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def chain_start(owner: Found) -> int:
    """Where the whole chain of an owner begins: 株洲|高新区."""
    while owner.scope is not None and owner.scope.end == owner.start:
        owner = owner.scope
    return owner.start


@dataclass(frozen=True)
class Sheet:
    """An article's text, ready for the grammar. Build it with `lay_out`."""

    text: str
    norm: str
    words: tuple[Word, ...]
    sentences: tuple[Span, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [span.start for span in self.sentences]

    @cached_property
    def word_ends(self) -> frozenset[int]:
        return frozenset(word.end for word in self.words)

    @cached_property
    def word_starts(self) -> frozenset[int]:
        return frozenset(self._starts)

    def word_at(self, offset: int) -> Word:
        """The word that holds the character at `offset`."""
        return self.words[bisect_right(self._starts, offset) - 1]

    def word_index(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def sentence_at(self, offset: int) -> Span:
        """The sentence that holds the character at `offset`."""
        return self.sentences[max(bisect_right(self._sentence_starts, offset) - 1, 0)]

    def sentence_number(self, offset: int) -> int:
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    def says(self, start: int, end: int) -> str:
        return self.norm[start:end]


def lay_out(text: str, sentences: tuple[Span, ...]) -> Sheet:
    """Tag the sentences of one article and lay it out."""
    return lay_out_all([(text, sentences)])[0]


def lay_out_all(articles: list[tuple[str, tuple[Span, ...]]]) -> list[Sheet]:
    """Lay out many articles with one run of the tagger, which is cheapest on many sentences at a time."""
    flat = [text[span.start : span.end] for text, spans in articles for span in spans]
    tagged = iter(tag_sentences(flat))
    sheets = []
    for text, spans in articles:
        words = tuple(
            word._replace(start=word.start + span.start, end=word.end + span.start)
            for span in spans
            for word in next(tagged)
        )
        sheets.append(Sheet(text, normalise(text), _fill(words, text), spans))
    return sheets


def _fill(words: tuple[Word, ...], text: str) -> tuple[Word, ...]:
    """Words that cover every character: a line feed between two sentences and a blank before a word are signs."""
    length = len(text)
    full: list[Word] = []
    at = 0
    for word in words:
        start = word.start + len(text[word.start : word.end]) - len(text[word.start : word.end].lstrip())
        if start > at:
            full.append(Word(at, start, "w"))
        if start < word.end:
            full.append(word._replace(start=start))
        at = max(at, word.end)
    if at < length or not full:
        full.append(Word(at, max(length, at + 1), "w"))
    return tuple(full)


def ending(norm: str, end: int, terms: frozenset[str], longest: int) -> str:
    """The longest of `terms` that ends at `end`, or ""."""
    for length in range(min(longest, end), 0, -1):
        if norm[end - length : end] in terms:
            return norm[end - length : end]
    return ""


__all__ = ["Found", "Sheet", "ending", "lay_out", "lay_out_all", "normalise", "replace"]
