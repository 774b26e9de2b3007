"""A small SPARQL store behind httpx, on Oxigraph: Graph Store and Update, with faults on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

N_TRIPLES = "application/n-triples"

Fault = Callable[[int, httpx.Request], "httpx.Response | BaseException | None"]


@dataclass
class FakeStore:
    """`before` and `after` are asked at every request, by its number from 0: a response or an error to give instead."""

    data: Store = field(default_factory=Store)
    requests: list[httpx.Request] = field(default_factory=list)
    before: Fault = lambda number, request: None
    after: Fault = lambda number, request: None

    def handle(self, request: httpx.Request) -> httpx.Response:
        number = len(self.requests)
        self.requests.append(request)
        response = _given(self.before(number, request)) or self._answer(request)
        return _given(self.after(number, request)) or response

    def writes(self) -> list[str]:
        """Method and graph (or first word of the update) of every request that changed something."""
        return [f"{r.method} {r.url.params.get('graph', '')}" for r in self.requests if r.method != "GET"]

    def graphs(self) -> dict[str, set[str]]:
        """Every named graph as N-Triples lines."""
        names = {graph.value for graph in self.data.named_graphs()}
        return {name: {f"{q.subject} {q.predicate} {q.object} .\n" for q in self._quads(name)} for name in names}

    def _quads(self, graph: str) -> list[Quad]:
        return list(self.data.quads_for_pattern(None, None, None, NamedNode(graph)))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        return self._graph_store(request) if "graph" in request.url.params else self._sparql(request)

    def _graph_store(self, request: httpx.Request) -> httpx.Response:
        graph = NamedNode(request.url.params["graph"])
        known = self.data.contains_named_graph(graph)
        if request.method in ("GET", "DELETE") and not known:
            return httpx.Response(404)
        if request.method == "GET":
            triples = [quad.triple for quad in self._quads(graph.value)]
            return httpx.Response(200, content=serialize(triples, format=RdfFormat.N_TRIPLES))
        if request.method in ("PUT", "DELETE"):
            self.data.remove_graph(graph)
        if request.method in ("PUT", "POST"):
            assert request.headers["Content-Type"] == N_TRIPLES
            self.data.add_graph(graph)
            found = parse(request.content, format=RdfFormat.N_TRIPLES)
            self.data.extend(Quad(q.subject, q.predicate, q.object, graph) for q in found)
        return httpx.Response(204)

    def _sparql(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            triples = self.data.query(request.url.params["query"])
            return httpx.Response(200, content=serialize(triples, format=RdfFormat.N_TRIPLES))
        assert request.headers["Content-Type"] == "application/sparql-update"
        self.data.update(request.content.decode())
        return httpx.Response(204)


def _given(fault: httpx.Response | BaseException | None) -> httpx.Response | None:
    if isinstance(fault, BaseException):
        raise fault
    return fault
