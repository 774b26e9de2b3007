"""The application: which address answers what, and what stands before all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from kg.serve import api, graphstore, home, linked, operation, protocol, questions, reconcile
from kg.serve.access import ReadGuard
from kg.serve.errors import HttpError, respond
from kg.serve.guard import HostGuard, SafeHeaders
from kg.serve.house import House
from kg.serve.html import HERE
from kg.serve.ondisk import OnDisk
from kg.serve.openapi import openapi
from kg.serve.origins import Origins
from kg.serve.pool import Pool
from kg.serve.prefix import Prefixed
from kg.serve.reload import follow
from kg.serve.settings import Settings
from kg.serve.watch import Numbers, Watched
from kg.serve.writes import Writer

_ROUTES: tuple[BaseRoute, ...] = (
    Route("/", home.home),
    Route("/search", home.search),
    Route("/viewer", home.viewer),
    Route("/editor", home.editor, name="editor"),
    Route("/sparql", protocol.endpoint, methods=["GET", "POST"]),
    Route("/sparql/", protocol.endpoint, methods=["GET", "POST"]),
    Route("/store", graphstore.endpoint, methods=["GET", "PUT", "POST", "DELETE"]),
    Route("/id/{path:path}", linked.identify),
    Route("/page/{path:path}", linked.show),
    Route("/data/{path:path}", linked.data),
    Route("/ontology", linked.terms),
    Route("/ontology.{extension:str}", linked.terms),
    Route("/reconcile", reconcile.endpoint, methods=["GET", "POST"]),
    Route("/reconcile/suggest/{kind:str}", reconcile.suggest),
    Route("/reconcile/properties", reconcile.properties),
    Route("/reconcile/preview", reconcile.preview),
    Route("/questions", questions.listing),
    Route("/questions/{name:str}", questions.answer),
    Route("/api/entities/{path:path}", api.entity),
    Route("/api/search", api.search),
    Route("/health", operation.health),
    Route("/metrics", operation.metrics),
    Route("/queries", operation.running),
    Route("/queries/{number:int}", operation.stop, methods=["DELETE"]),
    Route("/dump", operation.dump),
    Route("/dump.{extension:str}", operation.dump),
    Route("/.well-known/void", operation.well_known),
    Route("/openapi.json", openapi),
    Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
)


def make_app(settings: Settings, store: OnDisk) -> Starlette:
    """The ASGI application over an open store. It starts its query processes when it is started, and ends them."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        pool = Pool(settings)
        await pool.start()
        writer = Writer(store, settings)
        app.state.house = House(settings, store, pool, writer)
        app.state.numbers.watch(pool)
        following = asyncio.create_task(follow(settings.output, writer)) if settings.reload else None
        try:
            yield
        finally:
            if following:
                following.cancel()
            await writer.close()
            await pool.close()

    numbers = Numbers()
    handlers = {HttpError: respond, HTTPException: respond, ClientDisconnect: respond, Exception: respond}
    app = Starlette(routes=list(_ROUTES), middleware=_middleware(settings, numbers), lifespan=lifespan,
                    exception_handlers=handlers)  # fmt: skip
    app.state.numbers = numbers
    return app


def _middleware(settings: Settings, numbers: Numbers) -> list[Middleware]:
    exposed = [protocol.CUT_HEADER, protocol.LIMIT_HEADER, "ETag", "Location"]
    return [
        Middleware(Prefixed, prefix=settings.root_path),
        Middleware(Watched, numbers=numbers, slow=settings.slow),
        Middleware(SafeHeaders),
        Middleware(HostGuard, allowed=settings.allowed_hosts),
        Middleware(Origins, allowed=settings.origins, exposed=exposed),
        Middleware(ReadGuard, tokens=settings.reading_tokens),
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=4),
    ]
