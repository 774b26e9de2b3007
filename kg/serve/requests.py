"""Reading what a client sent, within limits: parameters, bodies, tokens. Whatever is wrong is an HttpError."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from pyoxigraph import NamedNode
from starlette.requests import Request

from kg.serve.errors import HttpError
from kg.serve.settings import TOKEN_VARIABLE, Settings

_MOST_FIELDS = 200
Parameters = dict[str, list[str]]


def fields(text: bytes) -> Parameters:
    """URL-encoded names and values, in UTF-8; characters that were not escaped are taken as they stand."""
    try:
        return parse_qs(text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise HttpError(400, "the parameters are not URL-encoded UTF-8") from error
    except ValueError as error:
        raise HttpError(400, f"too many parameters (at most {_MOST_FIELDS})") from error


def only(parameters: Parameters, name: str) -> str | None:
    """The one value of `name`; None where it is absent."""
    values = parameters.get(name, [])
    if len(values) > 1:
        raise HttpError(400, f"the parameter {name} is given {len(values)} times; once is allowed")
    return values[0] if values else None


def probability(parameters: Parameters, name: str) -> float:
    """The one value of `name` as a number from 0 to 1; 0 where it is absent."""
    value = only(parameters, name)
    try:
        number = float("0" if value is None else value.replace("_", "?"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:  # so written, it refuses NaN too
        raise HttpError(400, f"the parameter {name} must be a number from 0 to 1 参数 {name} 应在 0 与 1 之间")
    return number


def seconds(parameters: Parameters) -> float | None:
    """How long the client would wait for its query (`timeout`, as in Fuseki); None where it does not say."""
    value = only(parameters, "timeout")
    if value is None:
        return None
    try:
        number = float(value.replace("_", "?"))
    except ValueError:
        number = -1.0
    if not 1 <= number < float("inf"):
        raise HttpError(400, "the parameter timeout is in seconds, at least 1 参数 timeout 应为不小于 1 的秒数")
    return number


def client_of(request: Request) -> str:
    """Whom the request counts against: the address it came from, or that its proxy on this machine names."""
    return request.client.host if request.client else "?"


def whole_number(parameters: Parameters, name: str, usual: int) -> int:
    """The one value of `name` as a number of at most nine digits; `usual` where it is absent."""
    value = only(parameters, name)
    text = str(usual) if value is None else value
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise HttpError(400, f"{name} must be a number")
    return int(text)


def iri(value: str, name: str) -> str:
    """`value` if it is an absolute IRI."""
    try:
        return NamedNode(value).value
    except ValueError as error:
        raise HttpError(400, f"the parameter {name} is no absolute IRI: {error}") from error


def iris(parameters: Parameters, name: str) -> tuple[str, ...]:
    """All values of `name`, each an absolute IRI; an empty one, which forms send for an empty field, is none."""
    return tuple(iri(value, name) for value in parameters.get(name, []) if value)


def media_type(request: Request) -> tuple[str, str]:
    """The content type without parameters, and its charset, both in lower case."""
    kind, *parameters = request.headers.get("content-type", "").lower().split(";")
    charset = next((p.split("=", 1)[1] for p in map(str.strip, parameters) if p.startswith("charset=")), "utf-8")
    return kind.strip(), charset.strip("\"' ")


async def body(request: Request, most: int) -> bytes:
    """The whole body, at most `most` bytes."""
    length = request.headers.get("content-length", "")
    parts, size = [], int(length) if length.isdecimal() else 0
    if size <= most:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > most:
                break
            parts.append(part)
    if size > most:
        raise HttpError(413, f"the request is larger than {most} bytes")
    return b"".join(parts)


def utf8(text: bytes, charset: str = "utf-8") -> str:
    """Text that must be UTF-8 (SPARQL 1.1 Protocol, 2.1.3)."""
    if charset not in {"utf-8", "utf8"}:
        raise HttpError(400, f"SPARQL is sent as UTF-8, not as {charset[:40]}")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HttpError(400, f"the text is not UTF-8 (byte {error.start})") from error


def authorise(request: Request, settings: Settings) -> None:
    """Let a write through only on a writable server and with its token, compared in constant time."""
    if not settings.writable:
        raise HttpError(403, "this server is read-only; start it with --writable to allow writes")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given, wanted = token.strip().encode("utf-8", "surrogateescape"), settings.token.encode()
    if not hmac.compare_digest(given, wanted) or scheme.lower() != "bearer" or not wanted:
        message = f"writing needs the header `Authorization: Bearer …` with the token that {TOKEN_VARIABLE} holds"
        raise HttpError(401, message, {"WWW-Authenticate": 'Bearer realm="fangzhi"'})
