"""A script of Cypher statements, one a line, that can be run again: every node and relationship is merged by its IRI.

A relation that a page plans or denies has a type of its own (PLANNED_RUNS, NEGATED_RUNS), so that no query for RUNS
meets it by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kg.confidence import written
from kg.contents import Contents, Fact, Thing, read
from kg.export.provenance import Origin, origins
from kg.model import Status

CONSTRAINT = "CREATE CONSTRAINT fangzhi_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;\n"

Value = str | int | float | bool | Sequence[str] | None

ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
UNSAFE = re.compile("[\\\\'\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def write(source: Path, target: Path) -> tuple[str, ...]:
    """Run it with `cypher-shell -f graph.cypher`, or paste it into Neo4j Browser."""
    with target.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(script(read(source)))
    return ()


def script(contents: Contents) -> Iterator[str]:
    """The statements, each ended by a semicolon and a line feed."""
    yield CONSTRAINT
    yield from map(_node, contents.things)
    origin = origins(contents)
    yield from (_relationship(fact, origin[fact.iri]) for fact in contents.facts)


def labels(thing: Thing) -> tuple[str, ...]:
    """The node labels of a thing: an official is a person too."""
    return ("Entity", "Person", "Official") if thing.kind == "Official" else ("Entity", thing.kind)


def relationship_type(fact: Fact) -> str:
    """HOLDS_POST_IN, or PLANNED_HOLDS_POST_IN where the page only plans it."""
    name = re.sub("(?=[A-Z])", "_", fact.predicate).upper()
    return name if fact.status == Status.ASSERTED else f"{fact.status.upper()}_{name}"


def node_properties(thing: Thing) -> dict[str, Value]:
    """The properties of a node except its id."""
    return {
        "name": thing.name,
        "aliases": thing.aliases,
        "printed_as": thing.printed_as,
        "pages": len(thing.pages),
        "name_inferred": thing.inferred,
        "confidence": thing.confidence,
    }


def relationship_properties(fact: Fact, origin: Origin) -> dict[str, Value]:
    """The properties of a relationship except its claim."""
    return {
        "title": fact.title,
        "status": fact.status,
        "rules": fact.rules,
        "observed": fact.dates,
        "sentences": origin.sentences,
        "newspapers": origin.newspapers,
        "issued": origin.issued,
        "uncertain_dates": origin.uncertain,
        "places": origin.places,
        "inferred_from": fact.inferred_from,
        "confidence": fact.confidence,
    }


def _node(thing: Thing) -> str:
    extra = ":".join(labels(thing)[1:])
    return f"MERGE (n:Entity {{id: {literal(thing.iri)}}}) SET n:{extra}, {_assign('n', node_properties(thing))};\n"


def _relationship(fact: Fact, origin: Origin) -> str:
    return (
        f"MATCH (a:Entity {{id: {literal(fact.subject)}}}), (b:Entity {{id: {literal(fact.object)}}}) "
        f"MERGE (a)-[r:{relationship_type(fact)} {{claim: {literal(fact.iri)}}}]->(b) "
        f"SET {_assign('r', relationship_properties(fact, origin))};\n"
    )


def _assign(variable: str, properties: Mapping[str, Value]) -> str:
    return ", ".join(f"{variable}.{key} = {literal(value)}" for key, value in properties.items())


def literal(value: Value) -> str:
    """A Cypher literal on one line. No text can end it early.

    A backslash is never followed by a `u` of the text, since some versions of Neo4j resolve \\uXXXX before they
    read strings: there the string is cut in two.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"  # takes away what an earlier run may have set
    if isinstance(value, float):
        return written(value)
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return f"[{', '.join(map(literal, value))}]"
    pieces = re.split(r"(?<=\\)(?=[uU])", value)
    return " + ".join(f"'{UNSAFE.sub(_escape, piece)}'" for piece in pieces)


def _escape(found: re.Match[str]) -> str:
    return ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}")
