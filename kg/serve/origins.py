"""Which web pages elsewhere may read from here (CORS)."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.serve.prefix import local

_RECONCILE = "/reconcile"


class Origins:
    """Lets web pages of any origin use /reconcile (as OpenRefine does), and those of `allowed` the rest."""

    def __init__(self, app: ASGIApp, allowed: Collection[str], exposed: Collection[str]) -> None:
        def opened(origins: Collection[str]) -> ASGIApp:
            return CORSMiddleware(
                app,
                allow_origins=list(origins),
                allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
                allow_headers=["Accept", "Authorization", "Content-Type", "If-None-Match"],
                expose_headers=list(exposed),
            )

        self.to_all, self.rest = opened("*"), opened(allowed) if allowed else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reconciles = scope["type"] == "http" and f"{local(scope)}/".startswith(f"{_RECONCILE}/")
        await (self.to_all if reconciles else self.rest)(scope, receive, send)
