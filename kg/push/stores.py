"""Two ways to write named graphs: the Graph Store Protocol, and SPARQL Update where a store has only that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from kg.push.connection import Connection
from kg.push.sparql import N_TRIPLES, Sparql, in_sparql

# SPARQL endpoint → where its updates go, and its graph store, for stores whose addresses tell.
KNOWN_ADDRESSES = (
    (re.compile(r"/sparql-auth/?$"), "/sparql-auth", "/sparql-graph-crud-auth"),  # Virtuoso
    (re.compile(r"(/repositories/[^/]+)/?$"), r"\1/statements", r"\1/rdf-graphs/service"),  # GraphDB, RDF4J
    (re.compile(r"(://[^/]+)/query/?$"), r"\1/update", r"\1/store"),  # Oxigraph
    (re.compile(r"/query/?$"), "/update", ""),  # Fuseki's services, Stardog
)


class Store(Protocol):
    """Named graphs elsewhere. Statements are N-Triples lines; each method may be repeated without harm."""

    @property
    def sparql(self) -> Sparql:
        """The same store by query and update."""

    @property
    def most_lines(self) -> int:
        """How many statements one request may hold."""

    def replace(self, graph: str, lines: tuple[str, ...]) -> None:
        """Make the graph hold these statements and no others."""

    def add(self, graph: str, lines: tuple[str, ...]) -> None:
        """Add statements to the graph."""


def open_store(endpoint: str, graph_store: str, connection: Connection) -> Store:
    """The graph store that is named or that the endpoint's address tells, else SPARQL Update at the endpoint."""
    updates = endpoint
    for pattern, update, graphs in KNOWN_ADDRESSES:
        if pattern.search(endpoint):
            updates = pattern.sub(update, endpoint)
            graph_store = graph_store or (pattern.sub(graphs, endpoint) if graphs else "")
            break
    sparql = Sparql(endpoint, updates, connection)
    return GraphStore(sparql, graph_store) if graph_store else UpdateStore(sparql)


@dataclass(frozen=True, slots=True)
class GraphStore:
    """SPARQL 1.1 Graph Store HTTP Protocol, indirect graph identification (https://www.w3.org/TR/sparql11-http-rdf-update/)."""

    sparql: Sparql
    url: str
    most_lines: int = 1_000_000

    def replace(self, graph: str, lines: tuple[str, ...]) -> None:
        self._write("PUT", graph, lines)

    def add(self, graph: str, lines: tuple[str, ...]) -> None:
        self._write("POST", graph, lines)

    def _write(self, method: str, graph: str, lines: tuple[str, ...]) -> None:
        body, kind = "".join(lines).encode(), {"Content-Type": N_TRIPLES}
        self.sparql.connection.send(method, self.url, params={"graph": graph}, headers=kind, content=body)


@dataclass(frozen=True, slots=True)
class UpdateStore:
    """SPARQL 1.1 Update alone. Virtuoso's compiler fails on some thousand statements a request."""

    sparql: Sparql
    most_lines: int = 1000

    def replace(self, graph: str, lines: tuple[str, ...]) -> None:
        self.sparql.update(f"DROP SILENT GRAPH <{graph}>", _insertion(graph, lines))

    def add(self, graph: str, lines: tuple[str, ...]) -> None:
        self.sparql.update(_insertion(graph, lines))


def _insertion(graph: str, lines: tuple[str, ...]) -> str:
    return f"INSERT DATA {{ GRAPH <{graph}> {{\n{''.join(map(in_sparql, lines))}}} }}"
