"""Between the IRI of a thing and its address on this server: /id/<kind>/<name>, /page/…, /data/….ttl.

Han characters stand in an IRI as they are and in an address percent-encoded; escapes of ASCII characters (%2F in a
name) belong to the IRI itself and stay (RFC 3987, 3.1 and 3.2).
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode
from starlette.requests import Request

from kg.iri import segment
from kg.ontology import KG

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_SAFE = "/%:@!$&'()*+,;=~-._"
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
DATA_TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}


def address(iri: str, base: str, room: str = "page", root: str = "") -> str:
    """The path on this server, below the prefix `root`, that shows `iri`; the IRI itself where it is not ours."""
    if iri.startswith(KG):
        return f"{root}/ontology#{quote(iri[len(KG) :], safe='')}"
    return f"{root}/{room}/{quote(iri[len(base) :], safe=_SAFE)}" if iri.startswith(base) else iri


def may_link(place: str) -> bool:
    """Whether a page may lead there: our own paths and the web, never javascript: or data:."""
    return place.startswith("/") or place.lower().startswith(("http://", "https://"))


def iri_path(raw: str) -> str:
    """The path of an IRI from the percent-encoded path of an address."""
    if "/" not in raw and "%2f" in raw.lower():  # a client that encoded kind/name as one piece
        raw = quote(unquote(raw), safe=_SAFE)
    return _ESCAPES.sub(lambda run: _decode(run.group()), raw)


def readings(raw: str) -> list[str]:
    """The paths of IRIs that an address may mean, the likeliest first."""
    path = iri_path(raw)
    return [path, iri_path(path.replace("%25", "%"))] if "%25" in path else [path]


def _decode(run: str) -> str:
    """Escapes of UTF-8 and of letters and digits as characters; those of other ASCII characters stay escapes."""
    try:
        text = bytes.fromhex(run.replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return run
    return "".join(c if _UNRESERVED.match(c) else f"%{ord(c):02X}" if c.isascii() else segment(c) for c in text)


def asked_path(request: Request, room: str) -> str:
    """The part of the address behind /room/, percent-encoded as it was sent."""
    raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    path = raw.decode("ascii", "replace").partition("?")[0].removeprefix(request.scope.get("root_path", ""))
    return path.removeprefix(f"/{room}/")


def node(base: str, path: str) -> NamedNode | None:
    """The IRI of a path; None where it cannot be one."""
    try:
        return NamedNode(base + path)
    except ValueError:
        return None
