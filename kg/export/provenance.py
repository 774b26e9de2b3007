"""Where each fact stands: its sentences together with their pages, for formats that have one row or edge a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.contents import Contents, Fact, Sentence, Sheet
from kg.model import Status


@dataclass(frozen=True, slots=True)
class Cited:
    """One sentence and the page that it stands on."""

    sentence: Sentence
    page: Sheet

    @property
    def place(self) -> str:
        """`file:start-end`, in code points of the page file."""
        return f"{self.page.file}:{self.sentence.start}-{self.sentence.end}"


@dataclass(frozen=True, slots=True)
class Origin:
    """All that a fact stands on, as lists without repetition, in the order of date, file and place."""

    sentences: tuple[str, ...]
    newspapers: tuple[str, ...]
    issued: tuple[str, ...]
    uncertain: tuple[str, ...]  # those of `issued` that are not certain
    places: tuple[str, ...]


def citations(contents: Contents) -> dict[str, tuple[Cited, ...]]:
    """The cited sentences of each fact, by the fact's IRI."""
    pages = {page.iri: page for page in contents.pages}
    cited = {sentence.iri: Cited(sentence, pages[sentence.page]) for sentence in contents.sentences}
    return {fact.iri: tuple(sorted((cited[e] for e in fact.evidence), key=_reading_order)) for fact in contents.facts}


def origins(contents: Contents) -> dict[str, Origin]:
    """What each fact stands on, by the fact's IRI."""
    return {iri: _origin(cited) for iri, cited in citations(contents).items()}


def left_out(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    """The note for a format that can only say what is so: how many planned and denied statements it leaves out."""
    count = sum(fact.status != Status.ASSERTED for fact in facts)
    return (f"{count} planned or denied statements are left out: this format cannot mark them",) if count else ()


def _reading_order(cited: Cited) -> tuple[str, str, int, int]:
    return cited.page.issued, cited.page.file, cited.sentence.start, cited.sentence.end


def _origin(cited: tuple[Cited, ...]) -> Origin:
    return Origin(
        _distinct(c.sentence.text for c in cited),
        _distinct(c.page.newspaper for c in cited),
        _distinct(c.page.issued for c in cited),
        _distinct(c.page.issued for c in cited if not c.page.certain),
        _distinct(c.place for c in cited),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
