"""FollowTheMoney entities (https://followthemoney.tech) as JSON lines, sorted by id; written without the library.

Things become Person, PublicBody, Company, Address and Project; a post is a Position with an Occupancy for each holder;
every other fact is an edge with its role. Edges carry the sentence (description), newspaper (publisher), dates, the
page (proof), the rule and the confidence (summary). Ids are hashes of IRIs: a thing has the same id in every export.
Nobody is marked as politically exposed: the pages do not say so. The country is China, the newspapers', save for names
that begin with that of another country or a region, and for persons of whom no post is known.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg import ontology
from kg.confidence import written
from kg.contents import Contents, End, Told, opened
from kg.entries import Fact, Sheet, Thing
from kg.export.provenance import left_out, origin
from kg.lexicon import terms
from kg.sorting import ordered

SCHEMATA = {
    "Official": "Person",
    "Person": "Person",
    "Agency": "PublicBody",
    "Enterprise": "Company",
    "Place": "Address",
    "Program": "Project",
}
ORGANIZATIONS = frozenset({"PublicBody", "Company"})
LEGAL_ENTITIES = ORGANIZATIONS | {"Person"}

COUNTRY = "cn"

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Entity = dict[str, str | dict[str, list[str]]]
Own = list[tuple[str, str]]  # property, value


def write(source: Path, target: Path) -> tuple[str, ...]:
    """JSON lines; load them with `ftm` tools or into Aleph."""
    with opened(source) as contents:
        write_entities(contents, target)
        return left_out(contents)


def write_entities(contents: Contents, target: Path) -> None:
    """The file alone, for other formats that hold one."""
    lines = ((json.dumps(entity, ensure_ascii=False, sort_keys=True),) for entity in entities(contents))
    with target.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{line}\n" for (line,) in ordered(lines, 1))


def entities(contents: Contents) -> Iterator[Entity]:
    """Every entity of the export: pages, things, posts and edges; only what the pages say is so."""
    yield from map(_page, contents.pages())
    for thing in contents.things():
        yield _thing(thing, _own(contents.told(thing.iri, asserted=True)))
    for told in contents.told(asserted=True):
        yield from _edge(told)


def identifier(*parts: str) -> str:
    """The id of what these strings name together: stable, short, safe in file names and addresses."""
    return "fz-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _entity(key: str, schema: str, properties: Mapping[str, Iterable[str]]) -> Entity:
    kept = {name: _distinct(values) for name, values in properties.items()}
    return {"id": key, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}


def _distinct(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(map(_clean, values)) if value]


def _clean(text: str) -> str:
    """One line without control characters: names and sentences are indexed, not laid out."""
    return " ".join(CONTROL.sub(" ", text).split())


def _page(page: Sheet) -> Entity:
    printed = f"第{page.number}版" if page.number else ""
    return _entity(identifier(page.iri), "Document", {
        "fileName": [page.file],
        "title": [" ".join(filter(None, (page.newspaper, page.issued, printed)))],
        "publisher": [page.newspaper],
        "publishedAt": [page.issued if page.certain else ""],
        "country": [COUNTRY],
    })  # fmt: skip


def _thing(thing: Thing, own: Own) -> Entity:
    schema = SCHEMATA[thing.kind]
    properties: dict[str, Iterable[str]] = {
        "name": [thing.name],
        "alias": thing.aliases,
        "weakAlias": thing.printed_as,
        "proof": [identifier(page) for page in thing.pages],
    }
    if schema == "Address":
        properties["full"] = [thing.name]
    if schema != "Person":
        properties["country"] = _country(thing)
    for name in sorted({name for name, _ in own}):
        properties[name] = [value for key, value in own if key == name]
    return _entity(identifier(thing.iri), schema, properties)


def _own(facts: Iterable[Told]) -> Own:
    """What FollowTheMoney keeps on the thing itself: posts in words, where it is, what it is part of."""
    return [own for told in facts for own in _own_of(told.fact, told.subject, told.object)]


def _own_of(fact: Fact, subject: End, target: End) -> Iterator[tuple[str, str]]:
    left, right = SCHEMATA[subject.kind], SCHEMATA[target.kind]
    if fact.predicate == "holdsPostIn" and left == "Person":
        yield from (("country", country) for country in _country(target))
    if fact.predicate == "holdsPostIn" and fact.title and left == "Person":
        yield "position", _post_name(target, fact.title)
    elif fact.predicate == "locatedIn" and right == "Address":
        yield "addressEntity", identifier(target.iri)
    elif fact.predicate == "partOf" and {left, right} <= ORGANIZATIONS:
        yield "parent", identifier(target.iri)


def _country(named: Thing | End) -> list[str]:
    """Where the thing belongs, as far as its name tells; nothing where it names another country or a region."""
    return [] if named.name.startswith(tuple(terms("countries"))) else [COUNTRY]


def _post_name(body: End, title: str) -> str:
    return body.name + title


def _provenance(told: Told) -> dict[str, Iterable[str]]:
    fact, stands = told.fact, origin(told.cited)
    notes = [f"rule: {rule}" for rule in fact.rules] + [f"inferred from: {premise}" for premise in fact.inferred_from]
    notes += [] if fact.confidence is None else [f"confidence: {written(fact.confidence)}"]
    return {
        "date": fact.dates,
        "description": stands.sentences,
        "publisher": stands.newspapers,
        "proof": [identifier(c.page.iri) for c in told.cited],
        "recordId": [fact.iri],
        "summary": notes,
    }


def _edge(told: Told) -> Iterator[Entity]:
    fact, ends = told.fact, (told.subject, told.object)
    schemata = (SCHEMATA[ends[0].kind], SCHEMATA[ends[1].kind])
    if fact.predicate == "holdsPostIn" and schemata[0] == "Person" and fact.title:
        yield from _occupancy(told)
        return
    schema, source, target = _edge_schema(fact.predicate, *schemata)
    relation = ontology.load().term(fact.predicate)
    own = {
        source: [identifier(ends[0].iri)],
        target: [identifier(ends[1].iri)],
        "role": [relation.label_zh, fact.predicate, fact.title],
    }
    yield _entity(identifier(fact.iri), schema, own | _provenance(told))


def _edge_schema(predicate: str, left: str, right: str) -> tuple[str, str, str]:
    """The schema of an edge and its two ends: the most specific that allows these ends."""
    if predicate == "holdsPostIn" and left in LEGAL_ENTITIES and right in ORGANIZATIONS:
        return "Membership", "member", "organization"
    if predicate in ("runs", "takesPartIn") and left in LEGAL_ENTITIES and right == "Project":
        return "ProjectParticipant", "participant", "project"
    return "UnknownLink", "subject", "object"


def _occupancy(told: Told) -> Iterator[Entity]:
    """A post of a body, and a person's tenure of it."""
    fact, holder, body, _ = told
    post = identifier(body.iri, fact.title)
    where = "organization" if SCHEMATA[body.kind] in ORGANIZATIONS else "subnationalArea"
    value = identifier(body.iri) if where == "organization" else body.name
    named = {"name": [_post_name(body, fact.title)], where: [value], "country": _country(body)}
    yield _entity(post, "Position", named)
    tenure = {"holder": [identifier(holder.iri)], "post": [post]}
    yield _entity(identifier(fact.iri), "Occupancy", tenure | _provenance(told))
