"""What a graph says that an earlier one did not: officials, posts, enterprises, and programs that have gone quiet.

Two graphs are compared by IRIs, which are made of names: nothing here reads a page again. A post stands on a sentence
of one of the two graphs, a thing on the first page that names it (a program gone quiet: on the last one).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

from kg.contents import Cited, Contents, Told, opened
from kg.entries import Sheet, Thing
from kg.model import Predicate, Status

QUIET = 90  # days without a page that names a program which several pages have named
_SEVERAL = 2


class News(StrEnum):
    """What happened, in the order of a digest."""

    OFFICIAL = "new-official"
    BEGUN = "post-first-stated"
    ENDED = "post-denied"
    GONE = "post-no-longer-stated"
    FIRM = "new-enterprise"
    QUIET = "program-quiet"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a digest. `iri` is that of the thing or claim, `date` the day of the page, "" where unknown.

    `name` is a person, an enterprise or a program; `title` and `body` are those of a post. `page` is `file:start-end`,
    or the file alone where the item stands on a mention; `sentence` is empty there, and under `--evidence offsets`.
    """

    news: News
    iri: str
    name: str
    title: str = ""
    body: str = ""
    date: str = ""
    page: str = ""
    sentence: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """All that changed. `until` is the last day that a page of the new graph has, "" where none is dated."""

    items: tuple[Item, ...]
    until: str


@dataclass(frozen=True, slots=True)
class _Side:
    """What one graph is compared by."""

    things: dict[str, Thing]
    posts: dict[tuple[str, str, str, str], Told]  # person, body, title, status
    pages: dict[str, Sheet]

    @property
    def until(self) -> str:
        return max((page.issued for page in self.pages.values()), default="")


def diff(old: Path, new: Path, quiet: int = QUIET) -> Digest:
    """What `new` (a build's folder or a graph file) has that `old` has not; `quiet` in days.

    Raises OutputError for a file that is missing or no RDF, OntologyError for one that breaks the contract.
    """
    before, now = (_side(path) for path in (old, new))
    found = [*_things(before, now), *_posts(before, now), *_quiet(before, now, quiet)]
    order = list(News)
    return Digest(tuple(sorted(found, key=lambda i: (order.index(i.news), i.date, i.name, i.body, i.title))), now.until)


def _side(path: Path) -> _Side:
    with opened(path) as contents:
        things = {thing.iri: thing for thing in contents.things()}
        return _Side(things, dict(_stated(contents)), {page.iri: page for page in contents.pages()})


def _stated(contents: Contents) -> Iterator[tuple[tuple[str, str, str, str], Told]]:
    for told in contents.told():
        if told.fact.predicate == Predicate.HOLDS_POST_IN:
            yield (told.subject.iri, told.object.iri, told.fact.title, told.fact.status), told


def _things(before: _Side, now: _Side) -> Iterator[Item]:
    for iri, thing in now.things.items():
        known = before.things.get(iri)
        if thing.kind == "Official" and (known is None or known.kind != "Official"):
            yield _named(News.OFFICIAL, thing, now, first=True)
        if thing.kind == "Enterprise" and known is None and thing.pages:
            yield _named(News.FIRM, thing, now, first=True)


def _posts(before: _Side, now: _Side) -> Iterator[Item]:
    for key, told in now.posts.items():
        if key not in before.posts and key[3] == Status.ASSERTED:
            yield _post(News.BEGUN, told)
        if key not in before.posts and key[3] == Status.NEGATED:
            yield _post(News.ENDED, told)
    for key, told in before.posts.items():
        if key not in now.posts and key[3] == Status.ASSERTED:
            yield _post(News.GONE, told)


def _quiet(before: _Side, now: _Side, days: int) -> Iterator[Item]:
    """Programs that became quiet since the old graph ended: until then a page had named them within so many days."""
    if not (before.until and now.until) or before.until >= now.until:
        return
    since, earlier = (_before(until, days) for until in (now.until, before.until))
    for thing in now.things.values():
        dated = _dated(thing.pages, now)
        if thing.kind == "Program" and len(dated) >= _SEVERAL and earlier <= dated[-1].issued < since:
            yield _named(News.QUIET, thing, now, first=False)


def _before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days)).isoformat()


def _dated(pages: Iterable[str], side: _Side) -> list[Sheet]:
    """The pages that have a date, the earliest first."""
    found = (side.pages[iri] for iri in pages if iri in side.pages)
    return sorted((page for page in found if page.issued), key=lambda page: (page.issued, page.file))


def _named(news: News, thing: Thing, side: _Side, first: bool) -> Item:
    dated = _dated(thing.pages, side)
    page = dated[0 if first else -1] if dated else next((side.pages[p] for p in thing.pages if p in side.pages), None)
    where, day = (page.file, page.issued) if page is not None else ("", "")
    return Item(news, unquote(thing.iri), thing.name, date=day, page=where, confidence=thing.confidence)


def _post(news: News, told: Told) -> Item:
    cited: Cited | None = next(iter(told.cited), None)
    day, page, sentence = (cited.page.issued, cited.place, cited.sentence.text) if cited else ("", "", "")
    return Item(
        news, unquote(told.fact.iri), told.subject.name, told.fact.title, told.object.name, day, page, sentence,
        told.fact.confidence,
    )  # fmt: skip
