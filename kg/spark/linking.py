"""Linking, block by block: of a key, of a name, of a page, of two things, of one thing. What each does is `kg.link`'s.

shares ─ by key → things ─ by name → things with ids ─┬ by page → claims between ids ─ by pair → statements
claims of pages ──────────────────────────────────────┘                                             │
                                       things with ids ─ by id → entities ← who holds a public post ┘
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from kg.export.tables import jsonl, mention_order
from kg.link.context import context
from kg.link.facts import Fact, fact, makes_official, rivals, statement
from kg.link.local import Share
from kg.link.things import Thing, identifiers, things
from kg.model import Entity, Evidence, Predicate, Statement, Status
from kg.spark.blocks import Block, Mark, Row
from kg.spark.job import Job
from kg.spark.reading import Quoted, encode, quads
from kg.spark.tables import class_of, entity_row, relation_rows

T = TypeVar("T")
EVIDENCED = b"evidenced"


@dataclass(frozen=True, slots=True)
class Known:
    """A thing, and the pages that print each of its forms."""

    thing: Thing
    surfaces: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class End:
    """What the mentions of a page under the key `of` stand for; `code` is that of a division."""

    of: str
    id: str
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim between two ids."""

    fact: Fact
    quoted: Quoted
    names: dict[str, str]
    divisions: bool  # whether both are divisions


def of_key(_: str, block: Block) -> Iterator[Row]:
    """Shares of one key → things, to be taken by name."""
    shares = [_decoded(body, Share) for _, body in block]
    for thing in things(shares):
        pages, surfaces = set(thing.pages), defaultdict[str, list[str]](list)
        for share in shares:
            for surface in share.surfaces if share.page in pages else ():
                surfaces[surface].append(share.page)
        yield Mark.THING, thing.path, encode(Known(thing, surfaces))


def of_name(path: str, block: Block) -> Iterator[Row]:
    """Things of one name → the same with their ids, and what each page means by their keys."""
    known = [_decoded(body, Known) for _, body in block]
    ids = identifiers(path, [one.thing.key for one in known])
    for one in known:
        thing, identifier = one.thing, ids[one.thing.key]
        yield Mark.NAMED, identifier, encode(one)
        if thing.code:
            yield Mark.CODE, identifier, encode((thing.code, thing.name))
        for page in thing.pages:
            yield Mark.END, page, encode(End(thing.of, identifier, thing.name, thing.code))


def of_page(page: str, block: Block) -> Iterator[Row]:
    """What a page's keys mean, its mentions and its claims → claims between ids, to be taken by their two ids."""
    rows = _by_mark(block)
    ends = {end.of: end for end in (_decoded(body, End) for body in rows[Mark.END])}
    for body in rows[Mark.NAMING]:
        yield from _mentions(page, msgspec.msgpack.decode(body), ends)
    for body in rows[Mark.SAID]:
        quoted = _decoded(body, Quoted)
        left, right = ends[quoted.said.subject], ends[quoted.said.object]
        names, divisions = {left.id: left.name, right.id: right.name}, bool(left.code and right.code)
        one = Claimed(fact(quoted.said, left.id, right.id), quoted, names, divisions)
        yield Mark.CLAIMED, "\0".join(sorted((left.id, right.id))), encode(one)


def _mentions(page: str, named: Iterable[tuple[str, dict[str, Any]]], ends: Mapping[str, End]) -> Iterator[Row]:
    lines = [{**line, "entity": ends[key].id if key in ends else ""} for key, line in named]
    for number, line in enumerate(sorted(lines, key=mention_order)):
        yield Mark.MENTION, f"{page}\0{number:09}", jsonl([line]).encode().removesuffix(b"\n")


def of_pair(job: Job, _: str, block: Block) -> Iterator[Row]:
    """All claims between two things, either way → statements with their quads and their rows in the table."""
    grouped: dict[Fact, list[Claimed]] = defaultdict(list)
    for _, body in block:
        claimed = _decoded(body, Claimed)
        grouped[claimed.fact].append(claimed)
    for one in sorted(grouped):
        if not any(rival in grouped for rival in rivals(one)):
            yield from _stated(job, one, grouped[one])


def _stated(job: Job, one: Fact, claims: Sequence[Claimed]) -> Iterator[Row]:
    said = [claim.quoted.said for claim in claims]
    made = statement(one, said)
    sentences = {Evidence(c.quoted.said.page, c.quoted.said.claim.evidence): c.quoted.sentence for c in claims}
    issued = {claim.quoted.said.page: claim.quoted.issued for claim in claims}
    for evidence, sentence in sentences.items():
        yield from quads(job.writer.evidence(evidence, sentence))
    quoted = sentences if job.quote else dict.fromkeys(sentences, "")
    yield from of_statement(job, made, claims[0].names, issued, quoted)
    if makes_official(made):
        yield Mark.OFFICIAL, made.subject, b""
    if claims[0].divisions and made.predicate is Predicate.WITHIN and made.status is Status.ASSERTED:
        yield Mark.WITHIN, made.subject, made.object.encode()


def of_statement(
    job: Job, one: Statement, names: Mapping[str, str], issued: Mapping[str, str], sentences: Mapping[Evidence, str]
) -> Iterator[Row]:
    """The rows of a statement."""
    yield from quads(job.writer.statement(one, names[one.object], issued))
    for row in relation_rows(one, job.writer.mint, names, issued, sentences):
        yield Mark.RELATION, "", row
    yield Mark.STATED, one.predicate.value, EVIDENCED if one.evidence else b""


def of_id(job: Job, identifier: str, block: Block) -> Iterator[Row]:
    """A thing with its id, and whether a statement makes it an official → the entity's quads and row."""
    rows = _by_mark(block)
    for body in rows[Mark.NAMED]:
        known = _decoded(body, Known)
        entity = known.thing.entity(identifier, bool(rows[Mark.OFFICIAL]))
        yield from of_entity(job, entity, known.surfaces)


def of_entity(job: Job, entity: Entity, surfaces: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """The rows of an entity."""
    yield from quads(job.writer.entity(entity, surfaces))
    yield Mark.ENTITY, class_of(entity), entity_row(entity, job.writer.mint)


def of_gazetteer(job: Job, codes: Mapping[str, tuple[str, str]], said: set[tuple[str, str]]) -> Iterator[Row]:
    """The rows of what no page says. `codes` has id and name of the divisions that pages name, by their codes."""
    above, inferred = context({code: identifier for code, (identifier, _) in codes.items()}, said)
    names = {**dict(codes.values()), **{entity.id: entity.name for entity in above}}
    for entity in above:
        yield from of_entity(job, entity, {})
    for one in inferred:
        yield from of_statement(job, one, names, {}, {})


def _decoded(body: bytes, kind: type[T]) -> T:
    return msgspec.msgpack.decode(body, type=kind)


def _by_mark(block: Block) -> dict[str, list[bytes]]:
    rows: dict[str, list[bytes]] = defaultdict(list)
    for mark, body in block:
        rows[mark].append(body)
    return rows
