"""`kg push --verify`: what a store holds, statement by statement against the files. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.push.alike import Key, key, keys
from kg.push.issues import Graph, read_graphs
from kg.push.marks import Marks
from kg.push.owner import owner_of
from kg.push.sparql import Sparql
from kg.push.stores import Store


@dataclass(frozen=True, slots=True)
class Compared:
    """One graph: how many statements the file and the store have, and how many of them the other has not."""

    graph: str
    in_file: int
    in_store: int
    missing: int
    extra: int

    @property
    def alike(self) -> bool:
        return not (self.missing or self.extra)


def verify(source: Path, store: Store, *, name: str = "") -> Iterator[Compared]:
    """Compare every graph of a build, and what an earlier push of it has left, with the store.

    Raises OutputError and PushError.
    """
    owner = owner_of(source, name)
    graphs = read_graphs(source, owner)[1]
    marks = Marks(store.sparql, owner)
    for graph in graphs:
        yield _compare(graph, store.sparql)
    left = (iri for iri in marks.mine() if not iri.startswith(marks.staging()))
    for iri in sorted(set(left) - {graph.iri for graph in graphs}):
        count = store.sparql.count(iri)
        yield Compared(iri, 0, count, 0, count)


def _compare(graph: Graph, sparql: Sparql) -> Compared:
    """Asked for by the subjects that the file has: no store cuts such short answers, and the count tells of others."""
    count, wanted = sparql.count(graph.iri), keys(graph.lines)
    found: set[Key] = {key(triple) for triple in sparql.about(graph.iri, _subjects(graph))} if count else set()
    return Compared(
        graph.iri, len(graph.lines), count, len(wanted - found), max(len(found - wanted), count - len(graph.lines))
    )


def _subjects(graph: Graph) -> tuple[str, ...]:
    quads = parse("".join(graph.lines), format=RdfFormat.N_TRIPLES)
    return tuple(sorted({quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}))
