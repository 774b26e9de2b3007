"""How many rows a short answer has, whatever form it is written in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

_COUNTED: dict[str, Callable[[bytes], int]] = {
    "application/sparql-results+json": lambda body: len(json.loads(body).get("results", {}).get("bindings", ())),
    "application/sparql-results+xml": lambda body: body.count(b"<result>"),
    "text/csv": lambda body: sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1,
    "text/tab-separated-values": lambda body: len(body.splitlines()) - 1,
}


def has_rows(body: bytes, media: str, many: int) -> bool:
    """Whether `body` has so many rows, if any at all. They are counted only where it is long enough: none is shorter
    than a byte."""
    return 0 < many <= len(body) and rows(body, media) >= many


def rows(body: bytes, media: str) -> int:
    """The solutions in `body`; 0 where it is a graph, which does not say from how many it was made."""
    return _COUNTED[media](body) if media in _COUNTED else 0
