"""A script of Cypher statements, one a line, that can be run again: every node and relationship is merged by its IRI.

A statement merges a batch of nodes with the same labels, or of relationships of the same type. A relation that a page
plans or denies has a type of its own (PLANNED_RUNS, NEGATED_RUNS), so that no query for RUNS meets it by mistake.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path

from kg.confidence import written
from kg.contents import Contents, Told, opened
from kg.entries import Fact, Thing
from kg.export.provenance import Origin, origin
from kg.model import Status

CONSTRAINT = "CREATE CONSTRAINT fangzhi_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;\n"
BATCH = 200  # nodes or relationships a statement: some 200 KB, which every engine parses at once

Value = str | int | float | bool | Sequence[str] | None
Row = Mapping[str, Value]

ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
UNSAFE = re.compile("[\\\\'\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def write(source: Path, target: Path) -> tuple[str, ...]:
    """Run it with `cypher-shell -f graph.cypher`, or paste it into Neo4j Browser."""
    with opened(source) as contents, target.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(script(contents))
    return ()


def script(contents: Contents) -> Iterator[str]:
    """The statements, each ended by a semicolon and a line feed."""
    yield CONSTRAINT
    yield from _batches(((":".join(labels(thing)[1:]), _node(thing)) for thing in contents.things()), _nodes)
    told = ((relationship_type(one.fact), _relationship(one)) for one in contents.told())
    yield from _batches(told, _relationships)


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


def _batches(rows: Iterable[tuple[str, Row]], statement: Callable[[str, list[Row]], str]) -> Iterator[str]:
    """A statement for every BATCH rows of one group; rows come with the name of their group."""
    waiting = defaultdict[str, list[Row]](list)
    for group, row in rows:
        waiting[group].append(row)
        if len(waiting[group]) == BATCH:
            yield statement(group, waiting.pop(group))
    yield from (statement(group, rest) for group, rest in sorted(waiting.items(), key=itemgetter(0)))


def _node(thing: Thing) -> Row:
    return {"id": thing.iri, **node_properties(thing)}


def _relationship(told: Told) -> Row:
    fact = told.fact
    ends = {"a": fact.subject, "b": fact.object, "claim": fact.iri}
    return {**ends, **relationship_properties(fact, origin(told.cited))}


def _nodes(extra: str, rows: list[Row]) -> str:
    return f"{_unwind(rows)} MERGE (n:Entity {{id: row.id}}) SET n:{extra}, {_assign('n', rows[0], 1)};\n"


def _relationships(kind: str, rows: list[Row]) -> str:
    return (
        f"{_unwind(rows)} MATCH (a:Entity {{id: row.a}}) MATCH (b:Entity {{id: row.b}}) "
        f"MERGE (a)-[r:{kind} {{claim: row.claim}}]->(b) SET {_assign('r', rows[0], 3)};\n"
    )


def _unwind(rows: list[Row]) -> str:
    maps = (", ".join(f"{key}: {literal(value)}" for key, value in row.items()) for row in rows)
    return f"UNWIND [{', '.join(f'{{{one}}}' for one in maps)}] AS row"


def _assign(variable: str, row: Row, keys: int) -> str:
    """Assignments of all values of a row but the first `keys`, by which it is found."""
    return ", ".join(f"{variable}.{key} = row.{key}" for key in list(row)[keys:])


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
