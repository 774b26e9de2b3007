"""Who may read, where a token is asked for, and who may look after the server."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.serve.errors import HttpError
from kg.serve.guard import host_name
from kg.serve.prefix import local
from kg.serve.settings import LOOPBACK_NAMES, READ_TOKEN_VARIABLE, TOKEN_VARIABLE, Settings

OPEN_PATHS = {"/health"}  # a monitor or a container's own check holds no token
_ASK = f"reading needs the token that {READ_TOKEN_VARIABLE} holds: `Authorization: Bearer …`, or as a password\n"
_HOW = {"WWW-Authenticate": 'Basic realm="fangzhi", charset="UTF-8"'}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class ReadGuard:
    """Lets requests through that hold one of `tokens`: as a bearer token, or as the password of a browser's login."""

    def __init__(self, app: ASGIApp, tokens: tuple[str, ...]) -> None:
        self.app, self.tokens = app, tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.tokens and local(scope) not in OPEN_PATHS:
            given = _given(Headers(scope=scope))
            if sum(hmac.compare_digest(given, token.encode()) for token in self.tokens) == 0:
                await PlainTextResponse(_ASK, 401, _HOW)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _given(headers: Headers) -> bytes:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    text = value.strip().encode("latin-1", "replace")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(text, validate=True).partition(b":")[2]
        except binascii.Error:
            return b""
    return text if scheme.lower() == "bearer" else b""


def check_administrator(request: Request, settings: Settings) -> None:
    """Raises HttpError unless the request holds the write token, or comes from this machine itself: not through a
    proxy, and not from a web page that some browser here has open."""
    given = _given(request.headers)
    if settings.token and hmac.compare_digest(given, settings.token.encode()):
        return
    if not _from_here(request):
        text = f"only from this machine itself, or with the token that {TOKEN_VARIABLE} holds 只限本机或持有写入令牌者"
        raise HttpError(403, text)


def _from_here(request: Request) -> bool:
    elsewhere = any(name in request.headers for name in (*_FORWARDED, "origin"))
    try:
        loopback = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:  # a Unix socket, a test
        loopback = False
    return loopback and not elsewhere and host_name(request.scope) in LOOPBACK_NAMES
