"""Two ways to write named graphs: the Graph Store Protocol, and SPARQL Update where a store has only that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import httpx
from pyoxigraph import RdfFormat, parse

from kg.errors import PushError
from kg.push.connection import Connection

N_TRIPLES = "application/n-triples"

KNOWN_GRAPH_STORES = (  # SPARQL endpoint → its graph store, for stores whose addresses tell
    (re.compile(r"/sparql-auth/?$"), "/sparql-graph-crud-auth"),  # Virtuoso
    (re.compile(r"(/repositories/[^/]+)/?$"), r"\1/rdf-graphs/service"),  # GraphDB, RDF4J
)


class Store(Protocol):
    """Named graphs elsewhere. Statements are N-Triples lines; each method may be repeated without harm."""

    @property
    def most_lines(self) -> int:
        """How many statements one request may hold."""

    def read(self, graph: str) -> list[tuple[str, str]]:
        """Subject and object of every statement of a small graph; empty where there is none."""

    def replace(self, graph: str, lines: tuple[str, ...]) -> None:
        """Make the graph hold these statements and no others."""

    def add(self, graph: str, lines: tuple[str, ...]) -> None:
        """Add statements to the graph."""

    def remove(self, graph: str) -> None:
        """Drop the graph, if it is there."""


def open_store(endpoint: str, graph_store: str, connection: Connection) -> Store:
    """The graph store that is named or that the endpoint's address tells, else SPARQL Update at the endpoint."""
    for pattern, replacement in KNOWN_GRAPH_STORES:
        if not graph_store and pattern.search(endpoint):
            graph_store = pattern.sub(replacement, endpoint)
    return GraphStore(graph_store, connection) if graph_store else UpdateStore(endpoint, connection)


@dataclass(frozen=True, slots=True)
class GraphStore:
    """SPARQL 1.1 Graph Store HTTP Protocol, indirect graph identification (https://www.w3.org/TR/sparql11-http-rdf-update/)."""

    url: str
    connection: Connection
    most_lines: int = 1_000_000

    def read(self, graph: str) -> list[tuple[str, str]]:
        response = self.connection.send(
            "GET", self.url, params={"graph": graph}, headers={"Accept": N_TRIPLES}, also=(404,)
        )
        return [] if response.status_code == 404 else _pairs(response, self.url)

    def replace(self, graph: str, lines: tuple[str, ...]) -> None:
        self._write("PUT", graph, lines)

    def add(self, graph: str, lines: tuple[str, ...]) -> None:
        self._write("POST", graph, lines)

    def remove(self, graph: str) -> None:
        self.connection.send("DELETE", self.url, params={"graph": graph}, also=(404,))

    def _write(self, method: str, graph: str, lines: tuple[str, ...]) -> None:
        body, kind = "".join(lines).encode(), {"Content-Type": N_TRIPLES}
        self.connection.send(method, self.url, params={"graph": graph}, headers=kind, content=body)


@dataclass(frozen=True, slots=True)
class UpdateStore:
    """SPARQL 1.1 Update and Query at one address. Virtuoso's compiler fails on some thousand statements a request."""

    url: str
    connection: Connection
    most_lines: int = 1000

    def read(self, graph: str) -> list[tuple[str, str]]:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        response = self.connection.send("GET", self.url, params={"query": query}, headers={"Accept": N_TRIPLES})
        return _pairs(response, self.url)

    def replace(self, graph: str, lines: tuple[str, ...]) -> None:
        self.remove(graph)
        self.add(graph, lines)

    def add(self, graph: str, lines: tuple[str, ...]) -> None:
        if lines:
            self._update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{''.join(map(in_sparql, lines))}}} }}")

    def remove(self, graph: str) -> None:
        self._update(f"DROP SILENT GRAPH <{graph}>")

    def _update(self, update: str) -> None:
        kind = {"Content-Type": "application/sparql-update"}
        self.connection.send("POST", self.url, headers=kind, content=update.encode())


def in_sparql(line: str) -> str:
    """An N-Triples line as part of a SPARQL request.

    SPARQL resolves \\uXXXX before it reads strings (https://www.w3.org/TR/sparql11-query/#codepointEscape), so an
    escaped backslash must not be followed by a `u` of the text: that is escaped itself.
    """
    return re.sub(r"\\(?:\\([uU])?|.)", lambda f: f"\\\\\\u{ord(f[1]):04x}" if f[1] else f[0], line)


def _pairs(response: httpx.Response, url: str) -> list[tuple[str, str]]:
    if response.headers.get("X-SPARQL-MaxRows"):
        raise PushError(f"{url}: the store cuts its answers short; raise its row limit (Virtuoso: ResultSetMaxRows)")
    try:
        found = list(parse(response.content, format=RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise PushError(f"{url}: does not answer with N-Triples; is it a SPARQL address? ({error})") from error
    return [(quad.subject.value, quad.object.value) for quad in found]
