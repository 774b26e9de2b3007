"""Where each fact stands, as lists, for formats that have one row or edge a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.contents import Cited, Contents


@dataclass(frozen=True, slots=True)
class Origin:
    """All that a fact stands on, as lists without repetition, in the order of date, file and place."""

    sentences: tuple[str, ...]
    newspapers: tuple[str, ...]
    issued: tuple[str, ...]
    uncertain: tuple[str, ...]  # those of `issued` that are not certain
    places: tuple[str, ...]


def origin(cited: tuple[Cited, ...]) -> Origin:
    """What the cited sentences of a fact say of where it stands."""
    return Origin(
        _distinct(c.sentence.text for c in cited),
        _distinct(c.page.newspaper for c in cited),
        _distinct(c.page.issued for c in cited),
        _distinct(c.page.issued for c in cited if not c.page.certain),
        _distinct(c.place for c in cited),
    )


def left_out(contents: Contents) -> tuple[str, ...]:
    """The note for a format that can only say what is so: how many planned and denied statements it leaves out."""
    count = contents.unasserted
    return (f"{count} planned or denied statements are left out: this format cannot mark them",) if count else ()


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
