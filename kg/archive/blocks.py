"""What was touched → the blocks of text that are other now: gathered here, written by `kg.archive.render`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from kg.archive.changed import Changed
from kg.archive.known import TOGETHER, Known
from kg.archive.pages import Pages
from kg.archive.render import OfClaim, OfPage, OfPost, OfQuotes, Style, Subject, pen_of, rendered
from kg.export.tables import Cited
from kg.model import Statement
from kg.rdf import is_post
from kg.workers import Workers, some

_BEGUN = 32  # bundles of pages that are written while facts are found
_LARGE = 2_000_000  # bytes from which on subjects are written without waiting for more of them
_SPOKEN = "SELECT page, page IN new_pages FROM (SELECT page FROM new_pages UNION SELECT page FROM moved) ORDER BY page"
_CITED = "SELECT page FROM new_pages UNION SELECT page FROM new_quotes ORDER BY page"
_QUOTED = """
    SELECT d.said FROM said d JOIN statements s USING (subject, predicate, object, title, status) WHERE d.page = ?
"""


class Blocks:
    """The blocks of one build, written by `workers`. They begin with the pages as soon as things are known."""

    def __init__(self, database: sqlite3.Connection, pages: Pages, base: str, quote: bool, workers: Workers) -> None:
        self._database, self._pages, self._workers = database, pages, workers
        self._style = Style(base, quote, pages.minimum)
        self._known = Known(database)
        self._of_pages = workers.begun(rendered, _bundles(self._spoken()), self._style, first=_BEGUN)

    def put_all(self, changed: Changed) -> None:
        """Everything that was touched, when facts are known too."""
        for one in self._before():
            self._touch_post(one)
        for made in chain(self._of_pages, self._workers.each(rendered, _bundles(self._stated()), self._style)):
            changed.put(made)
        changed.sort()
        changed.take_back(key for one in self._before() for key in pen_of(self._style).keys_of_claim(one))

    def _before(self) -> Iterator[Statement]:
        """The claims that may be made no more."""
        for (packed,) in self._database.execute("SELECT statement FROM before"):
            yield msgspec.msgpack.decode(packed, type=Statement)

    def _spoken(self) -> Iterator[Subject]:
        """The pages that are new, or whose mentions stand for others now."""
        for page, is_new in self._database.execute(_SPOKEN).fetchall():
            yield self._page(page, bool(is_new))

    def _stated(self) -> Iterator[Subject]:
        """Every other subject of which something has changed. Posts come after the claims, which say of which."""
        for (page,) in self._database.execute(_CITED):
            yield self._quotes(page)
        for packed in self._known.statements():
            yield self._claim(packed)
        ids = (one for (one,) in self._database.execute("SELECT id FROM new_ids ORDER BY id"))
        for part in some(ids, TOGETHER):
            yield from self._known.things(part)
        for body, title in self._database.execute("SELECT object, title FROM new_posts ORDER BY object, title"):
            yield self._post(body, title)

    def _page(self, page: str, is_new: bool) -> OfPage:
        ids = self._database.execute("SELECT share, id FROM shares WHERE page = ?", (page,)).fetchall()
        return OfPage(page, is_new, self._pages.packed(page), ids)

    def _quotes(self, page: str) -> OfQuotes:
        said = [said for (said,) in self._database.execute(_QUOTED, (page,))]
        row = self._database.execute("SELECT text FROM pages WHERE id = ?", (page,)).fetchone()
        return OfQuotes(page, row[0] if row is not None else b"", said)

    def _claim(self, packed: bytes) -> OfClaim:
        one = msgspec.msgpack.decode(packed, type=Statement)
        self._touch_post(one)
        cited = [Cited.of(e, self._pages.get(e.page), self._style.quote) for e in one.evidence]
        return OfClaim(packed, self._known.called(one.subject), self._known.called(one.object), cited)

    def _touch_post(self, one: Statement) -> None:
        if is_post(one) and one.title:
            self._database.execute("INSERT OR IGNORE INTO new_posts VALUES (?, ?)", (one.object, one.title))

    def _post(self, body: str, title: str) -> OfPost:
        posts = self._known.posts(body, title)
        return OfPost(body, title, self._known.called(body).name if posts else "", posts)


def _bundles(subjects: Iterable[Subject]) -> Iterator[list[Subject]]:
    """As many as pass between processes for little beside the work, and no more than memory has room for."""
    bundle, size = list[Subject](), 0
    for subject in subjects:
        bundle.append(subject)
        size += subject.size
        if len(bundle) == TOGETHER or size > _LARGE:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle
