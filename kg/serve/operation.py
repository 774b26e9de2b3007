"""For whoever looks after the server: /health, /metrics, the queries that run, and a dump of the whole store."""

from __future__ import annotations

from dataclasses import asdict

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from kg.serve.access import check_administrator
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.jobs import Query
from kg.serve.linked import unchanged
from kg.serve.openapi import document
from kg.serve.protocol import accepted, deliver, unless_gone
from kg.serve.requests import client_of, fields, seconds

_ALIVE = 5.0  # seconds that the smallest question may take
_DUMPS = {"nq": "application/n-quads", "trig": "application/trig"}


async def health(request: Request) -> Response:
    """GET /health: 200 where a query is answered, 503 where not."""
    house: House = request.app.state.house
    stands = {"version": document()["info"]["version"], "store": house.store.version}
    try:
        await house.answer(Query("ASK {}", "text/csv", "", services=None), seconds=_ALIVE)
    except HttpError as error:
        return JSONResponse({"status": "failing", "why": error.message, **stands}, 503)
    return JSONResponse({"status": "ok", **stands})


async def metrics(request: Request) -> Response:
    """GET /metrics: numbers in the text format of Prometheus."""
    return Response(request.app.state.numbers.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def running(request: Request) -> Response:
    """GET /queries: what runs now, the oldest first."""
    house: House = request.app.state.house
    check_administrator(request, house.settings)
    shown = [asdict(one) | {"seconds": round(one.seconds, 3)} for one in house.pool.running()]
    return JSONResponse({"queries": shown})


async def stop(request: Request) -> Response:
    """DELETE /queries/<number>: end one of them."""
    house: House = request.app.state.house
    check_administrator(request, house.settings)
    if not house.pool.end(request.path_params["number"]):
        raise HttpError(404, "no query of that number runs now")
    return Response(status_code=204)


async def dump(request: Request) -> Response:
    """GET /dump, /dump.nq, /dump.trig: every graph, as N-Quads or TriG, sent while it is read."""
    house: House = request.app.state.house
    ending = request.path_params.get("extension", "")
    if ending and ending not in _DUMPS:
        raise HttpError(404, f"the store is written as one of: {', '.join(f'/dump.{one}' for one in _DUMPS)}")
    wanted = ", ".join(request.headers.getlist("accept")) or "*/*"
    media = _DUMPS.get(ending) or accepted(wanted, tuple(_DUMPS.values()))
    if not media:
        raise HttpError(406, f"the store is written as one of: {', '.join(_DUMPS.values())}")
    fresh, headers = unchanged(request, house)
    if fresh:
        return Response(status_code=304, headers=headers)
    query = Query("", "", media, services=None, dump=True)
    limit = seconds(fields(request.scope["query_string"]))
    answer = await unless_gone(request, house.answer(query, client_of(request), limit))
    name = next(form for form, one in _DUMPS.items() if one == media)
    attached = {"Content-Type": media, "Content-Disposition": f'attachment; filename="fangzhi.{name}"'}
    return deliver(answer, headers | attached)


async def well_known(request: Request) -> Response:
    """GET /.well-known/void: the description of the data set is that of the endpoint."""
    return RedirectResponse(str(request.base_url) + "sparql", 302)
