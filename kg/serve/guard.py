"""What stands before every endpoint: the Host check, headers that browsers obey."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.prefix import local

# The viewer is one page with everything in it, so it needs inline scripts; all other pages take files of ours only.
_PAGE = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
)
_STRICT = f"{_PAGE}; frame-ancestors 'self'"
_INLINE = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; worker-src blob:; connect-src 'none'; frame-ancestors 'self'; base-uri 'none'"
)
# OpenRefine shows the preview in a frame of its own page, whose address we cannot know.
POLICIES = {"/viewer": _INLINE, "/reconcile/preview": f"{_PAGE}; frame-ancestors *"}


class HostGuard:
    """Refuses a Host header that is not ours: a page elsewhere must not reach in by giving its own name our address."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self.app, self.allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and host_name(scope) not in self.allowed and "*" not in self.allowed:
            text = "this server does not answer to that Host name; start it with --allow-host NAME to add one\n"
            await PlainTextResponse(text, 421)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def host_name(scope: Scope) -> str:
    """The name in the Host header, without the port."""
    host = Headers(scope=scope).get("host", "").lower()
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.split(":")[0]


class SafeHeaders:
    """Adds the headers that keep a browser from running what a page should not hold."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICIES.get(local(scope), _STRICT))
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)
