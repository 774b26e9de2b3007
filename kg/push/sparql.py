"""SPARQL 1.1 Query and Update at one store, and which addresses the stores have for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from pyoxigraph import RdfFormat, Triple, parse

from kg.errors import PushError
from kg.push.connection import Connection

N_TRIPLES = "application/n-triples"
RESULTS = "application/sparql-results+json"
AT_ONCE = 200  # terms that one request names: Virtuoso's compiler fails on some thousand
UNKNOWN = (400, 422, 501)  # what stores answer to an operation that they do not have


@dataclass(frozen=True, slots=True)
class Sparql:
    """One store's addresses for queries and for updates. All raise PushError."""

    queries: str
    updates: str
    connection: Connection

    def rows(self, query: str) -> list[dict[str, str]]:
        """The answers of a SELECT, each variable's value as text."""
        response = self._ask(query, RESULTS)
        try:
            return [
                {variable: term["value"] for variable, term in row.items()}
                for row in response.json()["results"]["bindings"]
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PushError(f"{self.queries}: does not answer with SPARQL results; is it a SPARQL address?") from error

    def whole(self, variables: str, pattern: str) -> list[dict[str, str]]:
        """The distinct answers of a pattern, all of them: stores that cut long answers short need not say so."""
        select = f"SELECT DISTINCT {variables} {{ {pattern} }}"
        for _ in range(3):  # somebody else may write between the two questions
            rows = self.rows(select)
            if len(rows) == self.number(f"SELECT (COUNT(*) AS ?n) {{ {{ {select} }} }}"):
                return rows
        raise PushError(
            f"{self.queries}: the store cuts its answers short; raise its row limit (Virtuoso: ResultSetMaxRows)"
        )

    def number(self, query: str) -> int:
        """The number that a query gives as ?n."""
        try:
            return int(self.rows(query)[0]["n"])
        except (IndexError, KeyError, ValueError) as error:
            raise PushError(f"{self.queries}: does not answer with a number; is it a SPARQL address?") from error

    def count(self, graph: str) -> int:
        """How many statements a graph holds."""
        return self.counts([graph]).get(graph, 0)

    def counts(self, graphs: Sequence[str]) -> dict[str, int]:
        """How many statements each of these graphs holds; none of an empty one."""
        pattern = f"VALUES ?g {{ {iris(graphs)} }} GRAPH ?g {{ ?s ?p ?o }}"
        return {row["g"]: int(row["n"]) for row in self.rows(f"SELECT ?g (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?g")}

    def about(self, graph: str, subjects: Sequence[str]) -> Iterator[Triple]:
        """The statements of a graph about these subjects."""
        for some in blocks(subjects):
            pattern = f"VALUES ?s {{ {iris(some)} }} GRAPH <{graph}> {{ ?s ?p ?o }}"
            response = self._ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", N_TRIPLES)
            try:
                yield from (quad.triple for quad in parse(response.content, format=RdfFormat.N_TRIPLES))
            except SyntaxError as error:
                raise PushError(f"{self.queries}: does not answer with N-Triples ({error})") from error

    def update(self, *operations: str) -> None:
        """Carry out operations in their order, in one request."""
        self._update(" ;\n".join(operations))

    def takes(self, operation: str) -> bool:
        """Whether the store knows an operation. It is carried out where it does."""
        return self._update(operation, also=UNKNOWN).is_success

    def _update(self, update: str, also: tuple[int, ...] = ()) -> httpx.Response:
        kind = {"Content-Type": "application/sparql-update"}
        return self.connection.send("POST", self.updates, headers=kind, content=update.encode(), also=also)

    def _ask(self, query: str, media: str) -> httpx.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": media}
        return self.connection.send("POST", self.queries, headers=headers, content=urlencode({"query": query}).encode())


def iris(values: Sequence[str]) -> str:
    """IRIs as a query lists them."""
    return " ".join(f"<{value}>" for value in values)


def blocks(terms: Sequence[str]) -> Iterator[Sequence[str]]:
    """The terms in pieces, each for one request."""
    return (terms[start : start + AT_ONCE] for start in range(0, len(terms), AT_ONCE))


def in_sparql(line: str) -> str:
    """An N-Triples line as part of a SPARQL request.

    SPARQL resolves \\uXXXX before it reads strings (https://www.w3.org/TR/sparql11-query/#codepointEscape), so an
    escaped backslash must not be followed by a `u` of the text: that is escaped itself.
    """
    return re.sub(r"\\(?:\\([uU])?|.)", lambda f: f"\\\\\\u{ord(f[1]):04x}" if f[1] else f[0], line)
