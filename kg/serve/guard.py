"""What stands before every endpoint: the Host check, headers that browsers obey."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The viewer is one page with everything in it, so it needs inline scripts; all other pages take files of ours only.
_STRICT = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
_INLINE = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; worker-src blob:; connect-src 'none'; frame-ancestors 'self'; base-uri 'none'"
)
INLINE_PATHS = frozenset({"/viewer"})


class HostGuard:
    """Refuses a Host header that is not ours: a page elsewhere must not reach in by giving its own name our address."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self.app, self.allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._name(scope) not in self.allowed and "*" not in self.allowed:
            text = "this server does not answer to that Host name; start it with --allow-host NAME to add one\n"
            await PlainTextResponse(text, 421)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    @staticmethod
    def _name(scope: Scope) -> str:
        host = Headers(scope=scope).get("host", "").lower()
        return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.split(":")[0]


class SafeHeaders:
    """Adds the headers that keep a browser from running what a page should not hold."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = _INLINE if scope.get("path") in INLINE_PATHS else _STRICT

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)
