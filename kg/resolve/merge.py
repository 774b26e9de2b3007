"""Readings → Knowledge: the only step that sees more than one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.gazetteer import gazetteer
from kg.model import Claim, Entity, Evidence, Kind, Knowledge, Predicate, Reading, Statement, Status
from kg.resolve.naming import Named, Namer
from kg.resolve.people import person_keys
from kg.resolve.unite import united
from kg.tag.ground import Ground, ground

_RANK = {Status.ASSERTED: 0, Status.PLANNED: 1, Status.NEGATED: 2}


@dataclass
class _Thing:
    """What is collected of one thing while pages are read."""

    kind: Kind
    names: dict[str, int] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)
    mentions: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)


def resolve(readings: Sequence[Reading]) -> Knowledge:
    """One thing for every name of all pages, and one statement for every fact."""
    readings = tuple(sorted(readings, key=lambda reading: reading.page.id))
    keys: dict[str, str] = {}
    things: dict[str, _Thing] = {}
    for reading in readings:
        _collect(reading, keys, things)
    person_keys(readings, keys, things_of(things))
    ids = _identifiers(things)
    statements = _statements(readings, keys, ids, things)
    entities = _entities(things, ids, statements)
    context, inferred = _gazetteer(things, ids, statements)
    findings = tuple(finding for reading in readings for finding in reading.findings)
    everything = sorted([*entities, *context], key=lambda entity: entity.id)
    return Knowledge(readings, tuple(everything), tuple(sorted([*statements, *inferred], key=_order)), findings)


def things_of(things: dict[str, _Thing]) -> dict[str, _Thing]:
    return things


def _order(statement: Statement) -> tuple[str, ...]:
    return (statement.subject, statement.predicate, statement.object, statement.title, statement.status, statement.date)


def _collect(reading: Reading, keys: dict[str, str], things: dict[str, _Thing]) -> None:
    under = ground(reading.page.home)
    named = [one for article in reading.articles for one in _article(reading, article.id, under)]
    other = united(named, reading.page.home)
    for one in named:
        key = other.get(one.key, one.key)
        keys[one.mention.id] = key
        thing = things.setdefault(key, _Thing(one.mention.kind))
        weight = 2 if key == one.key else 1
        thing.names[one.name] = max(weight, thing.names.get(one.name, 0))
        thing.aliases.update(filter(None, (one.alias, one.short if one.short and one.mention.kind is not Kind.PLACE else "")))
        thing.printed.update(filter(None, (one.printed,)))
        thing.mentions.append(one.mention.id)
        thing.pages.add(reading.page.id)
        thing.homes.add(reading.page.home)


def _article(reading: Reading, article: str, under: Ground) -> Iterable[Named]:
    mentions = [mention for mention in reading.mentions if mention.article == article]
    return Namer(mentions, under).named.values()


def _name(thing: _Thing) -> str:
    """The fullest form: of the thing's own key before those of short forms, then the longest."""
    return min(thing.names, key=lambda name: (-thing.names[name], -len(name), name))


def _identifiers(things: dict[str, _Thing]) -> dict[str, str]:
    """key → id; where two things share kind and name, each carries what tells them apart."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for key in sorted(things):
        by_name[f"{things[key].kind.lower()}/{_name(things[key])}"].append(key)
    ids = {}
    for name, sharing in by_name.items():
        for key in sharing:
            ids[key] = name if len(sharing) == 1 else f"{name}@{_qualifier(key)}"
    return ids


def _qualifier(key: str) -> str:
    return key.partition(":")[2].replace("/", "·")


def _statements(
    readings: Sequence[Reading], keys: dict[str, str], ids: dict[str, str], things: dict[str, _Thing]
) -> list[Statement]:
    """Claims about the same fact share one statement with all their sentences."""
    grouped: dict[tuple[str, Predicate, str, str, str, Status], list[tuple[str, Claim]]] = defaultdict(list)
    for reading in readings:
        for claim in reading.claims:
            left, right = keys.get(claim.subject), keys.get(claim.object)
            if left is None or right is None or left == right:
                continue
            subject, target = ids[left], ids[right]
            if claim.predicate is Predicate.COOPERATES_WITH and target < subject:
                subject, target = target, subject
            grouped[subject, claim.predicate, target, claim.title, claim.date, claim.status].append((reading.page.id, claim))
    return [_statement(fact, claims) for fact, claims in sorted(grouped.items()) if not _overruled(fact, grouped)]


def _overruled(
    fact: tuple[str, Predicate, str, str, str, Status],
    grouped: dict[tuple[str, Predicate, str, str, str, Status], list[tuple[str, Claim]]],
) -> bool:
    """A place cannot lie in what lies in it: of two such claims neither is kept."""
    subject, predicate, target, *rest = fact
    return predicate is Predicate.WITHIN and any(o[:3] == (target, predicate, subject) for o in grouped)


def _statement(fact: tuple[str, Predicate, str, str, str, Status], claims: list[tuple[str, Claim]]) -> Statement:
    subject, predicate, target, title, date, status = fact
    evidence = tuple(sorted({Evidence(page, claim.evidence) for page, claim in claims}))
    rules = tuple(sorted({claim.rule for _, claim in claims}))
    order = min((claim.order for _, claim in claims if claim.order), default=0)
    group = min((claim.group for _, claim in claims if claim.group), default="")
    return Statement(subject, predicate, target, evidence, rules, title, date, status, order, group)


def _entities(things: dict[str, _Thing], ids: dict[str, str], statements: list[Statement]) -> list[Entity]:
    public = ("agency/", "place/")
    officials = {
        s.subject for s in statements
        if s.predicate is Predicate.HOLDS_POST_IN and s.status is Status.ASSERTED and s.object.startswith(public)
    }  # fmt: skip
    return [_entity(thing, ids[key], ids[key] in officials) for key, thing in things.items()]


def _entity(thing: _Thing, identifier: str, official: bool) -> Entity:
    name = _name(thing)
    others = (thing.aliases | set(thing.names)) - {name}
    return Entity(
        identifier, thing.kind, name, official, tuple(sorted(others)), tuple(sorted(thing.printed)),
        tuple(thing.mentions), tuple(sorted(thing.pages)), inferred=name not in thing.aliases,
    )  # fmt: skip


def _gazetteer(
    things: dict[str, _Thing], ids: dict[str, str], statements: list[Statement]
) -> tuple[list[Entity], list[Statement]]:
    """The divisions above those that pages name, and what lies in what, known from the gazetteer alone."""
    gaz = gazetteer()
    said = {(s.subject, s.object) for s in statements if s.predicate is Predicate.WITHIN and s.status is Status.ASSERTED}
    context: dict[str, Entity] = {}
    inferred = []
    codes = [key.partition(":")[2] for key in things if key.startswith("place:") and key[6:].isdigit()]
    pending = [division for code in sorted(codes) if (division := gaz.coded(code)) is not None]
    while pending:
        division = pending.pop()
        above = gaz.parent(division)
        if above is None:
            continue
        own, parent = (ids.get(f"place:{d.code}") or f"place/{d.name}" for d in (division, above))
        if f"place:{above.code}" not in things and parent not in context:
            context[parent] = Entity(parent, Kind.PLACE, above.name, inferred=True)
            pending.append(above)
        if (own, parent) not in said and own != parent:
            said.add((own, parent))
            inferred.append(Statement(own, Predicate.WITHIN, parent, inferred_from=("gazetteer",)))
    return list(context.values()), inferred
