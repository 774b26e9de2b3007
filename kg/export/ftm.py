"""FollowTheMoney entities (https://followthemoney.tech) as JSON lines, sorted by id; written without the library.

Things become Person, PublicBody, Company, Address and Project; a post is a Position with an Occupancy for each holder;
every other fact is an edge with its role. Edges carry the sentence (description), newspaper (publisher), dates, the
page (proof), the rule and the confidence (summary). Ids are hashes of IRIs: a thing has the same id in every export.
Nobody is marked as politically exposed: the pages do not say so.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg import ontology
from kg.confidence import written
from kg.contents import Contents, Fact, Sheet, Thing, read
from kg.export.provenance import Origin, citations, left_out, origins

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

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Entity = dict[str, str | dict[str, list[str]]]
Ends = tuple[Thing, Thing]


def write(source: Path, target: Path) -> tuple[str, ...]:
    """JSON lines; load them with `ftm` tools or into Aleph."""
    contents = read(source)
    lines = sorted(json.dumps(entity, ensure_ascii=False, sort_keys=True) for entity in entities(contents))
    target.write_text("".join(f"{line}\n" for line in dict.fromkeys(lines)), encoding="utf-8", newline="\n")
    return left_out(contents.facts)


def entities(contents: Contents) -> Iterator[Entity]:
    """Every entity of the export: pages, things, posts and edges; only what the pages say is so."""
    things = {thing.iri: thing for thing in contents.things}
    facts = [(fact, (things[fact.subject], things[fact.object])) for fact in contents.asserted()]
    own = _own_properties(facts)
    yield from map(_page, contents.pages)
    for thing in contents.things:
        yield _thing(thing, own.get(thing.iri, []))
    origin, cited = origins(contents), citations(contents)
    for fact, ends in facts:
        proofs = [identifier(c.page.iri) for c in cited[fact.iri]]
        yield from _edge(fact, ends, _provenance(fact, origin[fact.iri], proofs))


def identifier(*parts: str) -> str:
    """The id of what these strings name together: stable, short, safe in file names and addresses."""
    return "fz-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _entity(key: str, schema: str, properties: dict[str, Iterable[str]]) -> Entity:
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
    })  # fmt: skip


def _thing(thing: Thing, own: list[tuple[str, str]]) -> Entity:
    schema = SCHEMATA[thing.kind]
    properties: dict[str, Iterable[str]] = {
        "name": [thing.name],
        "alias": thing.aliases,
        "weakAlias": thing.printed_as,
        "proof": [identifier(page) for page in thing.pages],
    }
    if schema == "Address":
        properties["full"] = [thing.name]
    for name in sorted({name for name, _ in own}):
        properties[name] = [value for key, value in own if key == name]
    return _entity(identifier(thing.iri), schema, properties)


def _own_properties(facts: list[tuple[Fact, Ends]]) -> dict[str, list[tuple[str, str]]]:
    """What FollowTheMoney keeps on the thing itself: posts in words, where it is, what it is part of."""
    own: dict[str, list[tuple[str, str]]] = {}
    for fact, (subject, target) in facts:
        left, right = SCHEMATA[subject.kind], SCHEMATA[target.kind]
        if fact.predicate == "holdsPostIn" and fact.title and left == "Person":
            own.setdefault(subject.iri, []).append(("position", _post_name(target, fact.title)))
        elif fact.predicate == "locatedIn" and right == "Address":
            own.setdefault(subject.iri, []).append(("addressEntity", identifier(target.iri)))
        elif fact.predicate == "partOf" and {left, right} <= ORGANIZATIONS:
            own.setdefault(subject.iri, []).append(("parent", identifier(target.iri)))
    return own


def _post_name(body: Thing, title: str) -> str:
    return body.name + title


def _provenance(fact: Fact, origin: Origin, proofs: Iterable[str]) -> dict[str, Iterable[str]]:
    notes = [f"rule: {rule}" for rule in fact.rules] + [f"inferred from: {premise}" for premise in fact.inferred_from]
    notes += [] if fact.confidence is None else [f"confidence: {written(fact.confidence)}"]
    return {
        "date": fact.dates,
        "description": origin.sentences,
        "publisher": origin.newspapers,
        "proof": proofs,
        "recordId": [fact.iri],
        "summary": notes,
    }


def _edge(fact: Fact, ends: Ends, provenance: dict[str, Iterable[str]]) -> Iterator[Entity]:
    schemata = (SCHEMATA[ends[0].kind], SCHEMATA[ends[1].kind])
    if fact.predicate == "holdsPostIn" and schemata[0] == "Person" and fact.title:
        yield from _occupancy(fact, ends, provenance)
        return
    schema, source, target = _edge_schema(fact.predicate, *schemata)
    relation = ontology.load().term(fact.predicate)
    own = {
        source: [identifier(ends[0].iri)],
        target: [identifier(ends[1].iri)],
        "role": [relation.label_zh, fact.predicate, fact.title],
    }
    yield _entity(identifier(fact.iri), schema, own | provenance)


def _edge_schema(predicate: str, left: str, right: str) -> tuple[str, str, str]:
    """The schema of an edge and its two ends: the most specific that allows these ends."""
    if predicate == "holdsPostIn" and left in LEGAL_ENTITIES and right in ORGANIZATIONS:
        return "Membership", "member", "organization"
    if predicate in ("runs", "takesPartIn") and left in LEGAL_ENTITIES and right == "Project":
        return "ProjectParticipant", "participant", "project"
    return "UnknownLink", "subject", "object"


def _occupancy(fact: Fact, ends: Ends, provenance: dict[str, Iterable[str]]) -> Iterator[Entity]:
    """A post of a body, and a person's tenure of it."""
    holder, body = ends
    post = identifier(body.iri, fact.title)
    where = "organization" if SCHEMATA[body.kind] in ORGANIZATIONS else "subnationalArea"
    value = identifier(body.iri) if where == "organization" else body.name
    yield _entity(post, "Position", {"name": [_post_name(body, fact.title)], where: [value]})
    yield _entity(identifier(fact.iri), "Occupancy", {"holder": [identifier(holder.iri)], "post": [post]} | provenance)
