"""A built graph opened for reading, in memory: as an Oxigraph store (fast) or as an rdflib graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import OutputError
from kg.graph_file import form_of, graph_file
from kg.ontology import PREFIXES

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib


def open_store(source: Path, *, named: bool = False) -> pyoxigraph.Store:
    """The graph at `source`, an output folder or one RDF file, all of it in the store's default graph.

    With `named`, the named graphs (one a page) are there beside it, for queries that ask by GRAPH.
    Raises OutputError where there is no graph or it cannot be read.
    """
    from pyoxigraph import Store

    store, path = Store(), graph_file(source)
    _load(store, path)
    if path.suffix != ".ttl":
        _flatten(store)
    if named and source.is_dir():
        _load(store, graph_file(source / "graph.nq"))
    return store


def open_graph(source: Path) -> rdflib.Graph:
    """The same as one rdflib Graph, its prefixes bound."""
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return to_rdflib(open_store(source), graph)


def to_rdflib(store: pyoxigraph.Store, graph: rdflib.Graph) -> rdflib.Graph:
    """`graph`, with the triples of the store's default graph added. Faster than parsing with rdflib."""
    from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode
    from rdflib import BNode, URIRef
    from rdflib import Literal as RdflibLiteral

    iris: dict[str, URIRef] = {}

    def term(node: object) -> URIRef | BNode | RdflibLiteral:
        if isinstance(node, NamedNode):
            return iris.get(node.value) or iris.setdefault(node.value, URIRef(node.value))
        if isinstance(node, Literal):
            plain = node.language is not None or node.datatype.value.endswith("#string")
            return RdflibLiteral(node.value, node.language, None if plain else URIRef(node.datatype.value))
        if isinstance(node, BlankNode):
            return BNode(node.value)
        raise OutputError(f"{node}: a term that rdflib does not know")

    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _load(store: pyoxigraph.Store, file: Path) -> None:
    try:
        store.bulk_load(path=str(file), format=form_of(file))
    except (OSError, SyntaxError, ValueError) as error:
        raise OutputError(f"{file}: not readable as RDF: {str(error).splitlines()[0]}") from error


def _flatten(store: pyoxigraph.Store) -> None:
    """Put what stands in named graphs into the default graph too: a query that names no graph means all of it."""
    from pyoxigraph import Quad

    named = [q for q in store if q.graph_name.__class__.__name__ != "DefaultGraph"]
    store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in named)
