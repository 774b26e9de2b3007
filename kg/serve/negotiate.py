"""Content negotiation: an Accept header against what the server can write (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from functools import lru_cache

RESULTS = (
    "application/sparql-results+json",
    "application/json",
    "application/sparql-results+xml",
    "application/xml",
    "text/xml",
    "text/csv",
    "text/tab-separated-values",
)
GRAPHS = (
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
    "application/n-quads",
    "application/trig",
    "text/n3",
    "application/x-turtle",
    "text/plain",
    "application/json",
    "application/xml",
    "text/xml",
)
# What an answer in one of the looser types is really written as.
SERIALISED_AS = {
    "application/json": {"results": "application/sparql-results+json", "graph": "application/ld+json"},
    "application/xml": {"results": "application/sparql-results+xml", "graph": "application/rdf+xml"},
    "text/xml": {"results": "application/sparql-results+xml", "graph": "application/rdf+xml"},
    "application/x-turtle": {"graph": "text/turtle"},
    "text/plain": {"graph": "application/n-triples"},
}
# Names that clients give in ?format= instead of an Accept header: the types for rows and for triples.
SHORT_NAMES = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", ""),
    "tsv": ("text/tab-separated-values", ""),
    "srj": ("application/sparql-results+json", ""),
    "srx": ("application/sparql-results+xml", ""),
    "ttl": ("", "text/turtle"),
    "turtle": ("", "text/turtle"),
    "n3": ("", "text/n3"),
    "nt": ("", "application/n-triples"),
    "ntriples": ("", "application/n-triples"),
    "jsonld": ("", "application/ld+json"),
    "json-ld": ("", "application/ld+json"),
    "rdf": ("", "application/rdf+xml"),
    "rdf+xml": ("", "application/rdf+xml"),
    "rdfxml": ("", "application/rdf+xml"),
    "nq": ("", "application/n-quads"),
    "nquads": ("", "application/n-quads"),
    "trig": ("", "application/trig"),
}
# `*` alone and `q=.2` are what Java's URLConnection sends; the standard has neither, but means what they say.
_RANGE = re.compile(
    r"\s*(?P<major>[\w!#$&^.+\-]+|\*)(?:/(?P<minor>[\w!#$&^.+\-]+|\*))?\s*"
    r"(?:;(?!\s*q\s*=)[^;,]*)*(?:;\s*q\s*=\s*(?P<quality>[01](?:\.\d*)?|\.\d+)\s*(?:;[^,]*)?)?$",
    re.IGNORECASE | re.ASCII,
)


def named(name: str) -> tuple[str, str]:
    """The types for rows and for triples that `name`, a short name or a media type, asks for; "" where it asks none."""
    plain = name.partition(";")[0].strip().lower().replace(" ", "+")  # a + that was not escaped
    if plain in SHORT_NAMES:
        return SHORT_NAMES[plain]
    return plain if plain in RESULTS else "", plain if plain in GRAPHS else ""


class AcceptError(ValueError):
    """An Accept header that is no list of media ranges."""


def _range(part: str) -> tuple[str, str, float]:
    match = _RANGE.match(part)
    major, minor = (match["major"].lower(), (match["minor"] or "").lower()) if match else ("", "")
    if not match or not (minor in {"*", ""} if major == "*" else minor):
        raise AcceptError(f"this part of the Accept header is no media range: {part.strip()[:80]!r}")
    return major, minor or "*", float(match["quality"] or 1)


@lru_cache(maxsize=256)  # clients send the same few
def choose(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """The offered type that the client likes best, the earlier one among equals; None where it likes none.

    The most specific range that fits a type gives its quality, as RFC 9110 says.
    """
    ranges = [_range(part) for part in (accept or "*/*").split(",") if part.strip()] or [("*", "*", 1.0)]
    best, best_quality = None, 0.0
    for media in offered:
        fitting = [item for item in ranges if _fits(item, media)]
        quality = max(fitting, key=lambda item: (item[0] != "*") + (item[1] != "*"))[2] if fitting else 0.0
        if quality > best_quality:
            best, best_quality = media, quality
    return best


def _fits(item: tuple[str, str, float], media: str) -> bool:
    major, _, minor = media.partition("/")
    return item[0] in {"*", major} and item[1] in {"*", minor}
