"""Readings → Knowledge, in memory: pages by themselves, then key by key, name by name, fact by fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.link.context import context
from kg.link.facts import Fact, fact, makes_official, rivals, statement
from kg.link.local import Local, Said, Share, local
from kg.link.things import Thing, identifiers, things
from kg.model import Entity, Knowledge, Predicate, Reading, Statement, Status


def resolve(readings: Sequence[Reading]) -> Knowledge:
    """One thing for every name of all pages, and one statement for every fact."""
    ordered = tuple(sorted(readings, key=lambda reading: reading.page.id))
    pages = [local(reading) for reading in ordered]
    known = of_keys(pages)
    ids = of_names(known)
    statements = _statements(pages, known, ids)
    entities = _entities(known, ids, statements)
    above, inferred = _context(known, ids, statements)
    findings = tuple(finding for reading in ordered for finding in reading.findings)
    return Knowledge(
        ordered,
        tuple(sorted([*entities, *above], key=lambda entity: entity.id)),
        tuple(sorted([*statements, *inferred], key=statement_order)),
        findings,
    )


def of_keys(pages: Iterable[Local]) -> list[Thing]:
    """Every thing, sorted by its key."""
    shares: dict[str, list[Share]] = defaultdict(list)
    for page in pages:
        for share in page.shares:
            shares[share.key].append(share)
    return sorted((thing for group in shares.values() for thing in things(group)), key=lambda thing: thing.key)


def of_names(known: Sequence[Thing]) -> dict[str, str]:
    """Key → id."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for thing in known:
        sharing[thing.path].append(thing.key)
    return {key: one for path, keys in sharing.items() for key, one in identifiers(path, keys).items()}


def _statements(pages: Sequence[Local], known: Sequence[Thing], ids: Mapping[str, str]) -> list[Statement]:
    """Claims about the same fact share one statement with all their sentences."""
    whose = {(thing.of, page): ids[thing.key] for thing in known for page in thing.pages}
    grouped: dict[Fact, list[Said]] = defaultdict(list)
    for page in pages:
        for said in page.said:
            if said.subject != said.object:
                grouped[fact(said, whose[said.subject, page.page], whose[said.object, page.page])].append(said)
    return [statement(one, said) for one, said in grouped.items() if not any(r in grouped for r in rivals(one))]


def _entities(known: Sequence[Thing], ids: Mapping[str, str], statements: Iterable[Statement]) -> list[Entity]:
    officials = {one.subject for one in statements if makes_official(one)}
    return [thing.entity(ids[thing.key], ids[thing.key] in officials) for thing in known]


def _context(
    known: Iterable[Thing], ids: Mapping[str, str], statements: Iterable[Statement]
) -> tuple[list[Entity], list[Statement]]:
    said = {
        (s.subject, s.object) for s in statements if s.predicate is Predicate.WITHIN and s.status is Status.ASSERTED
    }
    return context({thing.code: ids[thing.key] for thing in known if thing.code}, said)


def statement_order(one: Statement) -> tuple[str, ...]:
    """What the statements of a Knowledge are sorted by."""
    return (one.subject, one.predicate, one.object, one.title, one.status, one.date)
