"""SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/) at /store.

A graph is named by ?graph=<IRI>, or is ?default. GET and HEAD read; PUT, POST and DELETE need --writable and a token.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.jobs import Load, Query
from kg.serve.negotiate import GRAPHS, SERIALISED_AS
from kg.serve.protocol import accepted, deliver, requested_type, unless_gone
from kg.serve.requests import authorise, client_of, fields, iri, media_type, only

_READ = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_READABLE = {
    "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "text/n3",
    "application/trig", "application/n-quads",
}  # fmt: skip


async def endpoint(request: Request) -> Response:
    """One operation on one graph."""
    house: House = request.app.state.house
    if request.method in {"GET", "HEAD"}:
        return await _get(request, house, _graph(request))
    authorise(request, house.settings)
    graph = _graph(request)
    if request.method == "DELETE":
        if not await house.write(Load(graph)):
            raise HttpError(404, f"there is no graph <{graph}>")
        return Response(status_code=204)
    return await _put(request, house, Load(graph, replace=request.method == "PUT"))


def _graph(request: Request) -> str:
    """The IRI of the graph; "" for the default graph."""
    asked = fields(request.scope["query_string"])
    named = only(asked, "graph")
    if (named is None) == ("default" not in asked):
        raise HttpError(400, "name one graph: ?graph=IRI or ?default")
    return iri(named, "graph") if named is not None else ""


async def _get(request: Request, house: House, graph: str) -> Response:
    media = accepted(", ".join(request.headers.getlist("accept")) or "*/*", GRAPHS)
    if not media:
        raise HttpError(406, f"a graph is written as one of: {', '.join(GRAPHS)}")
    if graph and not await house.rows(
        "SELECT (1 AS ?one) { GRAPH ?g {} FILTER(?g = $name) }", name=ox.NamedNode(graph)
    ):
        raise HttpError(404, f"there is no graph <{graph}>")
    query = Query(_READ, "", SERIALISED_AS.get(media, {}).get("graph", media), services=None)
    if graph:
        query = replace(query, default_graphs=(graph,))
    answer = await unless_gone(request, house.answer(query, client_of(request)))
    headers = {"Content-Type": requested_type(request, {}, answer.media), "Vary": "Accept", "Cache-Control": "no-cache"}
    return deliver(answer, headers)


async def _put(request: Request, house: House, job: Load) -> Response:
    """Add (POST) or replace (PUT): the body goes to a file first, so that a large one does not stand in memory."""
    kind, _ = media_type(request)
    if kind not in _READABLE:
        raise HttpError(415, f"send RDF as one of: {', '.join(sorted(_READABLE))}")
    base = job.graph or str(request.url.replace(query=""))
    handle, name = tempfile.mkstemp(prefix="fangzhi-upload-")
    try:
        with os.fdopen(handle, "wb") as file:
            size = 0
            async for part in request.stream():
                size += len(part)
                if size > house.settings.max_upload:
                    raise HttpError(413, f"the request is larger than {house.settings.max_upload} bytes")
                file.write(part)
        existed = await house.write(replace(job, file=name, media=kind, base=base))
    finally:
        os.unlink(name)
    return Response(status_code=204 if existed else 201)
