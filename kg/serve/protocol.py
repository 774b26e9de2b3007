"""SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) at /sparql: query, update, service description."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from kg.serve.describe import description
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.indexing import index
from kg.serve.jobs import Query, Update
from kg.serve.negotiate import GRAPHS, RESULTS, SERIALISED_AS, AcceptError, choose, named
from kg.serve.pool import Answer, StoppedError
from kg.serve.requests import Parameters, authorise, body, client_of, fields, iris, media_type, only, seconds, utf8
from kg.serve.search_service import may_search
from kg.serve.watch import ASKED

FORM = "application/x-www-form-urlencoded"
CUT_HEADER = "X-Rows-Cut-At"  # the answer has as many rows as it may
LIMIT_HEADER = "X-Rows-Limit"  # so many it may have: it is sent while it is made, so that its rows are not known yet
FORMAT_NAMES = ("format", "output", "results")  # as Virtuoso, Fuseki and Redland call it
_VARY = "Accept"
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for: a query or an update, and its parameters."""

    parameters: Parameters
    query: str | None = None
    update: str | None = None


async def endpoint(request: Request) -> Response:
    """GET and POST of /sparql."""
    house: House = request.app.state.house
    operation = await _operation(request, house)
    if operation.update is not None:
        return await _update(request, house, operation)
    seconds(operation.parameters)  # a wrong one is refused also where no query needs it
    if operation.query is None:
        return await description(request, house)
    return await respond_to(request, house, operation.query, operation.parameters)


async def _operation(request: Request, house: House) -> Operation:
    asked = fields(request.scope["query_string"])
    if request.method in {"GET", "HEAD"}:
        if "update" in asked:
            raise HttpError(400, "an update is sent by POST")
        return Operation(asked, query=only(asked, "query"))
    kind, charset = media_type(request)
    if kind == "application/sparql-query":
        return Operation(asked, query=utf8(await body(request, house.settings.max_query), charset))
    if kind == "application/sparql-update":
        authorise(request, house.settings)
        return Operation(asked, update=utf8(await body(request, house.settings.max_upload), charset))
    if kind == FORM:
        sent = fields(await body(request, 4 * house.settings.max_query))
        return _from_form(request, house, {name: [*asked.get(name, []), *sent.get(name, [])] for name in asked | sent})
    raise HttpError(415, f"send application/sparql-query, application/sparql-update or {FORM}")


def _from_form(request: Request, house: House, sent: Parameters) -> Operation:
    query, update = only(sent, "query"), only(sent, "update")
    if (query is None) == (update is None):
        raise HttpError(400, "the form must hold either a query or an update")
    if update is not None:
        authorise(request, house.settings)
    return Operation(sent, query, update)


async def respond_to(request: Request, house: House, text: str, parameters: Parameters) -> Response:
    """The answer to one query, in the form and within the limits that the request asks for."""
    if len(text.encode("utf-8", "surrogatepass")) > house.settings.max_query:
        raise HttpError(413, f"the query is larger than {house.settings.max_query} bytes")
    request.scope[ASKED] = text
    query = _job(request, house, text, parameters)
    etag = _etag(house, query)
    query = replace(query, known=_matches(request, etag))
    if may_search(text):
        query = replace(query, search=str(await unless_gone(request, index(house))))
    answer = await unless_gone(request, house.answer(query, client_of(request), seconds(parameters)))
    if answer.unchanged:
        return Response(status_code=304, headers={"ETag": etag, "Vary": _VARY})
    headers = {"Vary": _VARY, "Cache-Control": "no-cache"} | ({"ETag": etag} if answer.stable else {})
    if answer.cut:
        headers[CUT_HEADER if isinstance(answer.body, bytes) else LIMIT_HEADER] = str(answer.cut)
    headers["Content-Type"] = requested_type(request, parameters, answer.media)
    return deliver(answer, headers)


def _job(request: Request, house: House, text: str, parameters: Parameters) -> Query:
    results, graph = _types(request, parameters)
    return Query(
        text,
        SERIALISED_AS.get(results, {}).get("results", results),
        SERIALISED_AS.get(graph, {}).get("graph", graph),
        base=str(request.url.replace(query="")),
        prefixes=house.prefixes,
        default_graphs=iris(parameters, "default-graph-uri"),
        named_graphs=iris(parameters, "named-graph-uri"),
        most_rows=house.settings.max_rows,
        services=house.settings.services,
    )


def _types(request: Request, parameters: Parameters) -> tuple[str, str]:
    """The types for rows and for triples that this client takes, "" for none; at least one of them."""
    accept = ", ".join(request.headers.getlist("accept")) or "*/*"
    rows, triples = named(_format(parameters))
    results, graph = rows or accepted(accept, RESULTS), triples or accepted(accept, GRAPHS)
    if not (results or graph):
        raise HttpError(406, f"a query is answered as one of: {', '.join(dict.fromkeys((*RESULTS, *GRAPHS)))}")
    return results, graph


def _format(parameters: Parameters) -> str:
    """The form that the parameters name, "" for none that is known: clients send several, some for other servers."""
    values = [value for name in FORMAT_NAMES for value in parameters.get(name, [])]
    return next((value for value in values if any(named(value))), "")


def accepted(accept: str, offered: tuple[str, ...]) -> str:
    """The best of `offered` for an Accept header, "" for none. Raises HttpError for a header that is not one."""
    try:
        return choose(accept, offered) or ""
    except AcceptError as error:
        raise HttpError(406, str(error)) from error


def requested_type(request: Request, parameters: Parameters, written: str) -> str:
    """The Content-Type to give: the looser name (application/json) where that is what the client asked for."""
    given = named(_format(parameters))
    asked = given if any(given) else request.headers.get("accept", "")
    loose = [media for media, names in SERIALISED_AS.items() if written in names.values() and media in asked]
    media = loose[0] if loose and written not in asked else written
    text = media.startswith("text/") or media.endswith("n-triples")
    return f"{media}; charset=utf-8" if text else media


class _Streamed(StreamingResponse):
    """A large answer. Where it breaks off, the end is not sent, so that no client takes the part for the whole."""

    async def stream_response(self, send: Send) -> None:
        with contextlib.suppress(StoppedError):
            await super().stream_response(send)


def deliver(answer: Answer, headers: dict[str, str]) -> Response:
    """The answer of a query as a response; `headers` hold its Content-Type."""
    if isinstance(answer.body, bytes):
        return Response(answer.body, headers=headers)
    return _Streamed(answer.body, headers=headers)


def _etag(house: House, query: Query) -> str:
    seed = repr((house.store.version, query, house.settings.max_rows))
    return f'W/"{hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _matches(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return etag.removeprefix("W/") in {part.strip().removeprefix("W/") for part in given.split(",")}


async def unless_gone(request: Request, work: Awaitable[_Result]) -> _Result:
    """Wait for `work`, but stop it when the client goes away: nobody would read its answer."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
            raise HttpError(499, "the client went away")
        return task.result()
    finally:
        gone.cancel()
        task.cancel()


async def _disconnected(request: Request) -> None:
    message: dict[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = dict(await request.receive())


async def _update(request: Request, house: House, operation: Operation) -> Response:
    text = operation.update or ""
    using, named = (iris(operation.parameters, f"using-{name}graph-uri") for name in ("", "named-"))
    base = str(request.url.replace(query=""))
    await house.write(Update(text, base, house.prefixes, house.settings.services, using, named), text)
    return Response(status_code=204)
