"""What the database holds of one subject → its blocks of text. Pure, so that processes can share the work.

A block is all that a file says of one subject under the key by which its file is sorted: (file, key, text); one that
says nothing any more has no text. What stands in the database packed is unpacked here.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple, Protocol

import msgspec

from kg.archive.changed import Text
from kg.archive.pages import Packed
from kg.export.folder import TEXTS, text_row
from kg.export.tables import Called, Cited, csv_rows, entity_row, jsonl, mention_rows, relation_order, relation_rows
from kg.export.turtle import Terms, blocks, nquads
from kg.iri import Minter, segment
from kg.link.local import Said, Share
from kg.link.things import Thing, things
from kg.model import Entity, Evidence, Kind, Predicate, Statement
from kg.rdf import Fact, Writer

TURTLE, QUADS = "graph.ttl", "graph.nq"
ENTITIES, RELATIONS, MENTIONS = "entities.csv", "relations.csv", "mentions.jsonl"
Block = tuple[str, str, bytes]
_unpack = msgspec.msgpack.decode


class Style(NamedTuple):
    """How a build writes: under which base, whether sentences are quoted, how sure a reading has to be."""

    base: str
    quote: bool
    minimum: float


class Pen:
    """What all blocks of a style are written with."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.write = Writer(Minter(style.base), style.quote)
        self._terms = Terms(style.base)

    def of_page(self, sort: str, page: str) -> str:
        """What the IRIs of all articles, or of all sentences, of a page begin with."""
        return f"{self.write.mint.base}{sort}/{segment(page)}/"

    def facts(self, key: str, facts: Iterable[Fact]) -> Iterator[Block]:
        """Facts of one subject, or of several whose IRIs begin with `key`, as a block of each graph file."""
        found = list(facts)
        texts = "".join(text for _, text in blocks(found, self._terms)), nquads(found)
        yield from (block(*place, text) for place, text in zip(_places(key), texts, strict=True))

    def keys_of_claim(self, one: Statement) -> Iterator[tuple[str, str]]:
        """The keys (file, key) of what is said of a claim."""
        yield from _places(self.write.mint.claim(one))
        yield RELATIONS, relation_key(one)


class Subject(Protocol):
    """What the database holds of one subject. `size`: about how many bytes."""

    @property
    def size(self) -> int: ...

    def blocks(self, pen: Pen) -> Iterator[Block]:
        """Its blocks."""
        ...


@lru_cache(maxsize=2)
def pen_of(style: Style) -> Pen:
    """The pen of a style: what it remembers is of use to the next blocks."""
    return Pen(style)


def rendered(subjects: Sequence[Subject], style: Style) -> Text:
    """The blocks of some subjects, by file and key: so many of them stand side by side as they will in the file."""
    pen = pen_of(style)
    found = sorted((one for subject in subjects for one in subject.blocks(pen)), key=itemgetter(0, 1))
    return Text([(file, key, len(text)) for file, key, text in found], b"".join(text for _, _, text in found))


def block(file: str, key: str, text: str) -> Block:
    """A block of `text`."""
    return file, key, text.encode("utf-8")


def _places(key: str) -> tuple[tuple[str, str], ...]:
    """Where both graph files have the facts of a subject, or of those whose IRIs begin with `key`."""
    return (TURTLE, key), (QUADS, key if key.endswith("/") else f"{key}>")


def relation_key(one: Statement) -> str:
    """What the rows of a claim are sorted by."""
    return "\0".join(relation_order(one))


@dataclass(frozen=True, slots=True)
class OfPage:
    """A page: what it is, where it is new or gone (`packed` is None); its mentions, which may stand for others now."""

    page: str
    is_new: bool
    packed: Packed | None
    ids: Sequence[tuple[bytes, str]]  # shares, each with the id of its thing

    @property
    def size(self) -> int:
        return sum(map(len, self.packed or ())) + sum(len(share) for share, _ in self.ids)

    def blocks(self, pen: Pen) -> Iterator[Block]:
        reading = self.packed.unpacked(pen.style.minimum) if self.packed is not None else None
        if self.is_new:
            node = pen.write.mint.page(self.page)
            facts = list(pen.write.reading(reading)) if reading is not None else []
            yield from pen.facts(node, (one for one in facts if one.subject == node))
            yield from pen.facts(pen.of_page("article", self.page), (one for one in facts if one.subject != node))
            yield block(TEXTS, self.page, text_row(reading.page) if reading is not None and pen.style.quote else "")
        ids = {m: one for packed, one in self.ids for m in _unpack(packed, type=Share).mentions}
        yield block(MENTIONS, self.page, jsonl(mention_rows(reading, ids)) if reading is not None else "")


@dataclass(frozen=True, slots=True)
class OfQuotes:
    """The sentences of a page on which statements stand: its text, compressed, and the Saids that cite it."""

    page: str
    text: bytes
    said: Sequence[bytes]

    @property
    def size(self) -> int:
        return len(self.text) + sum(map(len, self.said))

    def blocks(self, pen: Pen) -> Iterator[Block]:
        spans = {_unpack(said, type=Said).claim.evidence for said in self.said}
        text = zlib.decompress(self.text).decode("utf-8", "surrogatepass") if spans else ""
        facts = (one for s in spans for one in pen.write.evidence(Evidence(self.page, s), text[s.start : s.end]))
        yield from pen.facts(pen.of_page("evidence", self.page), facts)


@dataclass(frozen=True, slots=True)
class OfClaim:
    """A statement, what its two things are called, and its sentences in the order of its evidence."""

    statement: bytes
    subject: Called
    object: Called
    cited: Sequence[Cited]

    @property
    def size(self) -> int:
        return len(self.statement) + sum(len(one.sentence) for one in self.cited)

    def blocks(self, pen: Pen) -> Iterator[Block]:
        one = _unpack(self.statement, type=Statement)
        cited = dict(zip(one.evidence, self.cited, strict=True))
        claim = pen.write.mint.claim(one)
        rows = relation_rows(one, claim, self.subject, self.object, cited)
        yield block(RELATIONS, relation_key(one), csv_rows(rows))
        yield from pen.facts(claim, pen.write.claim(one, {e.page: of.issued for e, of in cited.items()}))


@dataclass(frozen=True, slots=True)
class OfPost:
    """A post of a body that is called `name`, and the statements by which somebody has it."""

    body: str
    title: str
    name: str
    statements: Sequence[bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.statements))

    def blocks(self, pen: Pen) -> Iterator[Block]:
        posts = (_unpack(packed, type=Statement) for packed in self.statements)
        facts = (one for post in posts for one in pen.write.post(post, self.name))
        yield from pen.facts(pen.write.mint.post(self.body, self.title), facts)


@dataclass(frozen=True, slots=True)
class OfThing:
    """All that bears an id: (own key, shares of its key) of each, what the gazetteer calls it (`above`), and what it
    is said to do: statements, and the places in which it lies without being said to (`within`)."""

    id: str
    official: bool
    parts: Sequence[tuple[str, tuple[bytes, ...]]]
    statements: Sequence[bytes]
    above: Sequence[str]
    within: Sequence[str]

    @property
    def size(self) -> int:
        return sum(len(share) for _, shares in self.parts for share in shares) + sum(map(len, self.statements))

    def blocks(self, pen: Pen) -> Iterator[Block]:
        entities, surfaces = list(self.entities()), self._surfaces()
        facts = [fact for entity in entities for fact in pen.write.entity(entity, surfaces)]
        for statement in self._said():
            facts.extend(pen.write.relation(statement))
        yield block(ENTITIES, self.id, csv_rows(entity_row(entity, pen.write.mint) for entity in entities))
        yield from pen.facts(pen.write.mint.entity(self.id), facts)

    def entities(self) -> Iterator[Entity]:
        """The things of the id, almost always one."""
        yield from (thing.entity(self.id, self.official) for thing, _ in self._things())
        yield from (Entity(self.id, Kind.PLACE, name, inferred=True) for name in self.above)

    def _things(self) -> Iterator[tuple[Thing, dict[str, Share]]]:
        for key, packed in self.parts:
            known, shares = _together(packed)
            yield known[key], shares

    def _surfaces(self) -> dict[str, list[str]]:
        """Surface → the pages that print it."""
        forms: dict[str, list[str]] = defaultdict(list)
        for thing, shares in self._things():
            for page in thing.pages:
                for surface in shares[page].surfaces:
                    forms[surface].append(page)
        return forms

    def _said(self) -> Iterator[Statement]:
        yield from (_unpack(packed, type=Statement) for packed in self.statements)
        yield from (inferred(self.id, place) for place in self.within)


def inferred(subject: str, target: str) -> Statement:
    """What the gazetteer alone says of two places."""
    return Statement(subject, Predicate.WITHIN, target, inferred_from=("gazetteer",))


@lru_cache(maxsize=8)
def _together(packed: tuple[bytes, ...]) -> tuple[dict[str, Thing], dict[str, Share]]:
    """The things of one key, and what each page says of it: namesakes are made all at once."""
    shares = [_unpack(share, type=Share) for share in packed]
    return {thing.key: thing for thing in things(shares)}, {share.page: share for share in shares}
