"""A small SPARQL store behind httpx, on Oxigraph: Graph Store, Query and Update, with faults on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import httpx
from pyoxigraph import NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse, serialize

N_TRIPLES = "application/n-triples"

Fault = Callable[[int, httpx.Request], "httpx.Response | BaseException | None"]


@dataclass
class FakeStore:
    """`before` and `after` are asked at every request, by its number from 0: a response or an error to give instead.

    The write whose number is `torn` is done by half, and no answer comes, as where a store without transactions loses
    power. `copies` is False for a store that does not know COPY.
    """

    data: Store = field(default_factory=Store)
    requests: list[httpx.Request] = field(default_factory=list)
    before: Fault = lambda number, request: None
    after: Fault = lambda number, request: None
    torn: int = -1
    copies: bool = True

    def handle(self, request: httpx.Request) -> httpx.Response:
        number = len(self.requests)
        self.requests.append(request)
        response = _given(self.before(number, request)) or self._answer(request, number == self.torn)
        if number == self.torn:
            raise httpx.RemoteProtocolError("cut")
        return _given(self.after(number, request)) or response

    def writes(self) -> list[str]:
        """Method and graph of every request that was to change something."""
        return [f"{r.method} {r.url.params.get('graph', '')}" for r in self.requests if not _is_query(r)]

    def graphs(self) -> dict[str, set[str]]:
        """Every named graph as N-Triples lines."""
        names = {graph.value for graph in self.data.named_graphs()}
        return {name: {f"{q.subject} {q.predicate} {q.object} .\n" for q in self._quads(name)} for name in names}

    def _quads(self, graph: str) -> list[Quad]:
        return list(self.data.quads_for_pattern(None, None, None, NamedNode(graph)))

    def _answer(self, request: httpx.Request, torn: bool) -> httpx.Response:
        if "graph" in request.url.params:
            return self._graph_store(request, torn)
        return self._query(request) if _is_query(request) else self._update(request, torn)

    def _graph_store(self, request: httpx.Request, torn: bool) -> httpx.Response:
        assert request.headers["Content-Type"] == N_TRIPLES
        graph = NamedNode(request.url.params["graph"])
        if request.method == "PUT":
            self.data.remove_graph(graph)
        self.data.add_graph(graph)
        found = list(parse(request.content, format=RdfFormat.N_TRIPLES))
        some = found[: len(found) // 2] if torn else found
        self.data.extend(Quad(q.subject, q.predicate, q.object, graph) for q in some)
        return httpx.Response(204)

    def _query(self, request: httpx.Request) -> httpx.Response:
        found = self.data.query(parse_qs(request.content.decode())["query"][0])
        if isinstance(found, QuerySolutions):
            return httpx.Response(200, content=found.serialize(format=QueryResultsFormat.JSON))
        return httpx.Response(200, content=serialize(found, format=RdfFormat.N_TRIPLES))

    def _update(self, request: httpx.Request, torn: bool) -> httpx.Response:
        assert request.headers["Content-Type"] == "application/sparql-update"
        operations = request.content.decode().split(" ;\n")
        if not self.copies and any(operation.startswith("COPY") for operation in operations):
            return httpx.Response(400, text="COPY is not known")
        self.data.update(" ;\n".join(operations[: len(operations) // 2] if torn else operations))
        return httpx.Response(204)


def _is_query(request: httpx.Request) -> bool:
    return request.headers["Content-Type"] == "application/x-www-form-urlencoded"


def _given(fault: httpx.Response | BaseException | None) -> httpx.Response | None:
    if isinstance(fault, BaseException):
        raise fault
    return fault
