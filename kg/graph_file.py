"""A graph file → its statements. Blank nodes and quoted triples are refused: the contract has neither."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.errors import OutputError
from kg.publish import settle
from kg.sorting import ordered

BATCH = 4096  # lines that are read back at a time


class Stated(NamedTuple):
    """One statement; `graph` is the IRI of its named graph, "" for the default graph."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode | Literal
    graph: str = ""

    def triple(self) -> Triple:
        return Triple(self.subject, self.predicate, self.object)

    def quad(self) -> Quad:
        return Quad(self.subject, self.predicate, self.object, NamedNode(self.graph) if self.graph else DefaultGraph())


def graph_file(source: Path, named: bool = False) -> Path:
    """The graph to read: `source` itself, or in a build's folder graph.ttl (graph.nq first where `named`).

    Raises OutputError where there is none.
    """
    if not source.exists():
        raise OutputError(f"{source}: no such file or folder 没有这个文件或文件夹")
    if source.is_file():
        return source
    settle(source)
    for name in ("graph.nq", "graph.ttl") if named else ("graph.ttl", "graph.nq"):
        if (source / name).is_file():
            return source / name
    raise OutputError(f"{source}: holds no graph.ttl or graph.nq; run `kg build PAGES -o {source}` first")


def form_of(path: Path) -> RdfFormat:
    """The RDF syntax of a graph file, by the end of its name. Raises OutputError for one that is none."""
    kind = RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if kind is None:
        raise OutputError(f"{path}: neither an output folder nor a graph file (.ttl .nq .nt .trig .rdf .jsonld)")
    return kind


def lines(path: Path, named: bool = False) -> Iterator[str]:
    """All statements of an RDF file, each once, as lines of N-Quads (of N-Triples where not `named`).

    Sorted by graph, subject, predicate and object, however the file was ordered; memory does not grow with the file.
    Raises as `stream` does.
    """
    rows = ((s.graph, s.subject.value, s.predicate.value, str(s.object)) for s in stream(path, named))
    for graph, subject, predicate, value in ordered(rows, 4):
        yield f"<{subject}> <{predicate}> {value} <{graph}> .\n" if graph else f"<{subject}> <{predicate}> {value} .\n"


def load(path: Path, named: bool = False) -> Iterator[Stated]:
    """The same statements as terms; their graphs only where `named`."""
    every = lines(path, named)
    while batch := "".join(islice(every, BATCH)):
        yield from (_stated(quad, path, named) for quad in parse(batch, format=RdfFormat.N_QUADS))


def stream(path: Path, named: bool = False) -> Iterator[Stated]:
    """The statements of an RDF file (.ttl .nq .nt .trig .rdf .jsonld) as they come.

    Raises OutputError for unreadable RDF and for blank nodes.
    """
    try:
        for quad in parse(path=str(path), format=form_of(path)):
            yield _stated(quad, path, named)
    except (SyntaxError, ValueError, OSError) as error:
        raise OutputError(f"{path}: not readable as RDF: {str(error).splitlines()[0]}") from error


def _stated(quad: Quad, path: Path, named: bool) -> Stated:
    if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode | Literal):
        raise OutputError(f"{path}: holds a blank node or a quoted triple ({quad}); the contract allows neither")
    graph = quad.graph_name.value if named and isinstance(quad.graph_name, NamedNode) else ""
    return Stated(quad.subject, quad.predicate, quad.object, graph)
