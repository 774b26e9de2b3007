"""Readings → Knowledge: the only step that sees more than one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kg.gazetteer import gazetteer
from kg.link.people import part_namesakes
from kg.link.things import Collection, Thing, collect
from kg.model import Claim, Entity, Evidence, Kind, Knowledge, Predicate, Reading, Statement, Status

Fact = tuple[str, Predicate, str, str, Status]
Grouped = dict[Fact, list[tuple[str, Claim]]]


def resolve(readings: Sequence[Reading]) -> Knowledge:
    """One thing for every name of all pages, and one statement for every fact."""
    ordered = tuple(sorted(readings, key=lambda reading: reading.page.id))
    collection = collect(ordered)
    part_namesakes(ordered, collection)
    ids = identifiers(collection)
    statements = _statements(ordered, collection, ids)
    sure = {mention.id: mention.confidence for reading in ordered for mention in reading.mentions}
    entities = _entities(collection, ids, statements, sure)
    context, inferred = _gazetteer(collection, ids, statements)
    findings = tuple(finding for reading in ordered for finding in reading.findings)
    everything = tuple(sorted([*entities, *context], key=lambda entity: entity.id))
    return Knowledge(ordered, everything, tuple(sorted([*statements, *inferred], key=_order)), findings)


def _order(statement: Statement) -> tuple[str, ...]:
    return (statement.subject, statement.predicate, statement.object, statement.title, statement.status, statement.date)


def identifiers(collection: Collection) -> dict[str, str]:
    """Key → id; where two things share kind and name, each carries what tells them apart."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for key, thing in sorted(collection.things.items()):
        by_name[f"{thing.kind.lower()}/{thing.name}"].append(key)
    ids = {}
    for name, sharing in by_name.items():
        for key in sharing:
            ids[key] = name if len(sharing) == 1 else f"{name}@{_qualifier(key)}"
    return ids


def _qualifier(key: str) -> str:
    return key.partition(":")[2].rpartition("@")[2].replace("/", "·")


def _statements(readings: Sequence[Reading], collection: Collection, ids: dict[str, str]) -> list[Statement]:
    """Claims about the same fact share one statement with all their sentences."""
    grouped: Grouped = defaultdict(list)
    for reading in readings:
        for claim in reading.claims:
            left, right = collection.keys.get(claim.subject), collection.keys.get(claim.object)
            if left is None or right is None or left == right:
                continue
            subject, target = ids[left], ids[right]
            if claim.predicate is Predicate.COOPERATES_WITH and target < subject:
                subject, target = target, subject
            fact = (subject, claim.predicate, target, claim.title, claim.status)
            grouped[fact].append((reading.page.id, claim))
    return [_statement(fact, claims) for fact, claims in sorted(grouped.items()) if not _contradicted(fact, grouped)]


def _contradicted(fact: Fact, grouped: Grouped) -> bool:
    """A place cannot lie in what lies in it: of two such claims neither is kept. A fact that a page states as done is
    not written once more as planned."""
    subject, predicate, target, title, status = fact
    if predicate is Predicate.WITHIN and (target, predicate, subject, title, status) in grouped:
        return True
    return status is Status.PLANNED and (subject, predicate, target, title, Status.ASSERTED) in grouped


def _statement(fact: Fact, claims: list[tuple[str, Claim]]) -> Statement:
    """One statement; it has a day of its own where all its sentences give the same."""
    subject, predicate, target, title, status = fact
    days = {claim.date for _, claim in claims}
    date = days.pop() if len(days) == 1 else ""
    evidence = tuple(sorted({Evidence(page, claim.evidence) for page, claim in claims}))
    rules = tuple(sorted({claim.rule for _, claim in claims}))
    order = min((claim.order for _, claim in claims if claim.order), default=0)
    group = min((claim.group for _, claim in claims if claim.group), default="")
    confidence = max(claim.confidence for _, claim in claims)
    return Statement(
        subject, predicate, target, evidence, rules, title, date, status, order, group, confidence=confidence
    )


def _entities(
    collection: Collection, ids: dict[str, str], statements: list[Statement], sure: dict[str, float]
) -> list[Entity]:
    public = ("agency/", "place/")
    officials = {
        s.subject for s in statements
        if s.predicate is Predicate.HOLDS_POST_IN and s.status is Status.ASSERTED and s.object.startswith(public)
    }  # fmt: skip
    return [_entity(thing, ids[key], ids[key] in officials, sure) for key, thing in collection.things.items()]


def _entity(thing: Thing, identifier: str, official: bool, sure: dict[str, float]) -> Entity:
    """The thing as the graph has it. It is as sure as its surest mention: many doubtful ones beside it take nothing
    away, and do not add up either, since one page's mistakes come from the same cause."""
    others = (thing.aliases | set(thing.names)) - {thing.name}
    return Entity(
        identifier, thing.kind, thing.name, official, tuple(sorted(others)), tuple(sorted(thing.printed)),
        tuple(thing.mentions), tuple(sorted(thing.pages)), inferred=thing.name not in thing.aliases,
        confidence=max(sure[mention] for mention in thing.mentions),
    )  # fmt: skip


def _gazetteer(
    collection: Collection, ids: dict[str, str], statements: list[Statement]
) -> tuple[list[Entity], list[Statement]]:
    """The divisions above those that pages name, and what lies in what, known from the gazetteer alone."""
    gaz = gazetteer()
    said = {
        (s.subject, s.object) for s in statements if s.predicate is Predicate.WITHIN and s.status is Status.ASSERTED
    }
    context: dict[str, Entity] = {}
    inferred = []
    codes = [key[6:] for key in collection.things if key.startswith("place:") and key[6:].isdigit()]
    pending = [division for code in sorted(codes) if (division := gaz.coded(code)) is not None]
    while pending:
        division = pending.pop()
        above = gaz.parent(division)
        if above is None:
            continue
        own, parent = (ids.get(f"place:{d.code}") or f"place/{d.name}" for d in (division, above))
        if f"place:{above.code}" not in collection.things and parent not in context:
            context[parent] = Entity(parent, Kind.PLACE, above.name, inferred=True)
            pending.append(above)
        if (own, parent) not in said and own != parent:
            said.add((own, parent))
            inferred.append(Statement(own, Predicate.WITHIN, parent, inferred_from=("gazetteer",)))
    return list(context.values()), inferred
