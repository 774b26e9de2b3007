"""What was touched → the blocks of text that are other now, each under the key by which its file is sorted.

A block is all that a file says of one subject: a thing, a claim, a post, a page; articles and sentences go together,
all of a page in one. Blocks that say nothing any more are put without text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from kg.archive.known import Known
from kg.archive.linking import new_facts
from kg.archive.pages import Pages
from kg.export.folder import TEXTS, text_row
from kg.export.tables import csv_rows, entity_row, jsonl, mention_rows, relation_order, relation_rows
from kg.export.turtle import Terms, blocks, nquads
from kg.iri import segment
from kg.link.local import Said, Share
from kg.model import Evidence, Statement
from kg.rdf import Fact, Writer, is_post

TURTLE, QUADS = "graph.ttl", "graph.nq"
ENTITIES, RELATIONS, MENTIONS = "entities.csv", "relations.csv", "mentions.jsonl"
_SPOKEN = "SELECT page, page IN new_pages FROM (SELECT page FROM new_pages UNION SELECT page FROM moved) ORDER BY page"
_CITED = "SELECT page FROM new_pages UNION SELECT page FROM new_quotes ORDER BY page"
_QUOTED = """
    SELECT d.said FROM said d JOIN statements s USING (subject, predicate, object, title, status) WHERE d.page = ?
"""


class Blocks:
    """The blocks of one build, put into the table `changed`."""

    def __init__(self, database: sqlite3.Connection, pages: Pages, write: Writer) -> None:
        self._database, self._pages, self._write = database, pages, write
        self._terms = Terms(write.mint.base)
        self._known = Known(database)

    def put_all(self) -> None:
        """Everything that was touched."""
        for page, is_new in self._database.execute(_SPOKEN):
            self._page(page, bool(is_new))
        for (page,) in self._database.execute(_CITED):
            self._quotes(page)
        self._claims()
        for (one,) in self._database.execute("SELECT id FROM new_ids ORDER BY id"):
            self._thing(one)
        for target, title in self._database.execute("SELECT object, title FROM new_posts ORDER BY object, title"):
            self._post(target, title)

    def _put(self, file: str, key: str, text: str) -> None:
        block = text.encode("utf-8") if text else None
        self._database.execute("INSERT OR REPLACE INTO changed VALUES (?, ?, ?)", (file, key, block))

    def _put_facts(self, key: str, facts: Iterable[Fact]) -> None:
        """Facts of one subject, or of several whose IRIs begin with `key`, as a block of each graph file."""
        found = list(facts)
        self._put(TURTLE, key, "".join(text for _, text in blocks(found, self._terms)))
        self._put(QUADS, key if key.endswith("/") else f"{key}>", nquads(found))

    # -- pages ------------------------------------------------------------------------------------------------------

    def _of_page(self, sort: str, page: str) -> str:
        return f"{self._write.mint.base}{sort}/{segment(page)}/"

    def _page(self, page: str, is_new: bool) -> None:
        """What a page is, where it is new or gone; its mentions, which may stand for other things now."""
        reading = self._pages.reading(page)
        if is_new:
            node = self._write.mint.page(page)
            facts = list(self._write.reading(reading)) if reading is not None else []
            self._put_facts(node, (one for one in facts if one.subject == node))
            self._put_facts(self._of_page("article", page), (one for one in facts if one.subject != node))
            self._put(TEXTS, page, text_row(reading.page) if reading is not None and self._write.quote else "")
        self._put(MENTIONS, page, jsonl(mention_rows(reading, self._ids(page))) if reading is not None else "")

    def _ids(self, page: str) -> dict[str, str]:
        """Mention → the id of what it stands for."""
        rows = self._database.execute("SELECT share, id FROM shares WHERE page = ?", (page,))
        return {m: one for packed, one in rows for m in msgspec.msgpack.decode(packed, type=Share).mentions}

    def _quotes(self, page: str) -> None:
        """The sentences of a page on which statements stand."""
        rows = self._database.execute(_QUOTED, (page,))
        spans = {msgspec.msgpack.decode(said, type=Said).claim.evidence for (said,) in rows}
        text = self._pages.get(page).text if spans else ""
        facts = (one for s in spans for one in self._write.evidence(Evidence(page, s), text[s.start : s.end]))
        self._put_facts(self._of_page("evidence", page), facts)

    # -- statements -------------------------------------------------------------------------------------------------

    def _claims(self) -> None:
        for (packed,) in self._database.execute("SELECT statement FROM before"):
            self._unclaim(msgspec.msgpack.decode(packed, type=Statement))
        for fact in new_facts(self._database):
            if (one := self._known.statement(fact)) is not None:
                self._claim(one)

    def _unclaim(self, one: Statement) -> None:
        self._put_facts(self._write.mint.claim(one), ())
        self._put(RELATIONS, "\0".join(relation_order(one)), "")
        self._touch_post(one)

    def _claim(self, one: Statement) -> None:
        claim = self._write.mint.claim(one)
        ends = self._known.called(one.subject), self._known.called(one.object)
        rows = relation_rows(one, claim, *ends, self._pages.get, self._write.quote)
        self._put(RELATIONS, "\0".join(relation_order(one)), csv_rows(rows))
        self._put_facts(claim, self._write.claim(one, self._issued(one)))
        self._touch_post(one)

    def _touch_post(self, one: Statement) -> None:
        if is_post(one) and one.title:
            self._database.execute("INSERT OR IGNORE INTO new_posts VALUES (?, ?)", (one.object, one.title))

    def _issued(self, one: Statement) -> dict[str, str]:
        return {evidence.page: self._pages.get(evidence.page).issued for evidence in one.evidence}

    def _post(self, target: str, title: str) -> None:
        posts = list(self._known.posts(target, title))
        name = self._known.called(target).name if posts else ""
        facts = (one for post in posts for one in self._write.post(post, name))
        self._put_facts(self._write.mint.post(target, title), facts)

    def _thing(self, identifier: str) -> None:
        """All that bears this id, with what it is said to do."""
        entities, surfaces = list(self._known.entities(identifier)), self._known.surfaces(identifier)
        facts = [fact for entity in entities for fact in self._write.entity(entity, surfaces)]
        for statement in self._known.said_of(identifier):
            facts.extend(self._write.relation(statement))
        self._put(ENTITIES, identifier, csv_rows(entity_row(entity, self._write.mint) for entity in entities))
        self._put_facts(self._write.mint.entity(identifier), facts)
