"""RDF 1.2: each claim reifies the triple it is about, instead of naming its three parts.

`claim rdf:reifies <<( subject predicate object )>>` (https://www.w3.org/TR/rdf12-concepts/#section-triple-terms-reification):
an asserted relation also stands as a triple of its own; a planned or denied one is only quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.export.triples import PREFIXES
from kg.graph_file import Stated, graph_file, load
from kg.ontology import RDF

PARTS = (f"{RDF}subject", f"{RDF}predicate", f"{RDF}object")
STATEMENT = NamedNode(f"{RDF}Statement")


def write(source: Path, target: Path) -> tuple[str, ...]:
    """RDF 1.2 Turtle; every other statement of the graph is kept as it is."""
    serialize(annotated(load(graph_file(source))), target, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    return ()


def annotated(statements: Iterable[Stated]) -> Iterator[Triple]:
    """The same statements with `rdf:reifies` in place of rdf:subject, rdf:predicate, rdf:object and rdf:Statement."""
    for claim, found in groupby(statements, key=lambda stated: stated.subject):
        own = list(found)
        parts = {stated.predicate.value: stated.object for stated in own if stated.predicate.value in PARTS}
        if len(parts) == len(PARTS):
            yield Triple(claim, NamedNode(f"{RDF}reifies"), _quoted(parts))
        yield from (s.triple() for s in own if s.predicate.value not in PARTS and s.object != STATEMENT)


def _quoted(parts: dict[str, NamedNode | Literal]) -> Triple:
    subject, predicate, value = (parts[part] for part in PARTS)
    return Triple(NamedNode(subject.value), NamedNode(predicate.value), value)
