"""Errors on the wire: a status, one readable message, and how each becomes a response."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from kg.serve.jobs import Failed


class HttpError(Exception):
    """An answer that is an error: `message` is shown to the client as it is."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


def refuse(failed: Failed, text: str = "") -> HttpError:
    """A failed job as an error; a syntax error shows the line of `text` with a mark under the place."""
    headers = {"Retry-After": "5"} if failed.status in {429, 503} else {}
    if not failed.line:
        return HttpError(failed.status, failed.message, headers)
    place = f"line {failed.line}, column {failed.column}: {failed.message}"
    lines = text.splitlines()
    if not 0 < failed.line <= len(lines):
        return HttpError(failed.status, place)
    start = max(0, failed.column - 61)
    shown = lines[failed.line - 1][start : start + 100]
    return HttpError(failed.status, f"{place}\n\n    {shown}\n    {' ' * (failed.column - 1 - start)}^")


async def respond(_: Request, error: Exception) -> Response:
    """The handler for HttpError, and for what nobody expected: no traceback leaves the server."""
    if isinstance(error, HttpError):
        return PlainTextResponse(error.message + "\n", error.status, error.headers)
    if isinstance(error, HTTPException):
        return PlainTextResponse(error.detail + "\n", error.status_code, error.headers)
    if isinstance(error, ClientDisconnect):  # nobody reads this
        return PlainTextResponse("the request was not finished\n", 400)
    return PlainTextResponse("the server failed on this request; its log says why\n", 500)
