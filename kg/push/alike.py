"""Statements that say the same: stores write some values otherwise than the files do (1 for true, 0.9 for 0.90)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, RdfFormat, Triple, parse

XSD = "http://www.w3.org/2001/XMLSchema#"
_EXACT = {f"{XSD}{kind}" for kind in ("integer", "decimal", "int", "long", "short", "nonNegativeInteger")}
_ROUNDED = {f"{XSD}{kind}" for kind in ("double", "float")}
_TRUTH = {"1": "true", "0": "false"}

Key = tuple[str, ...]


def keys(lines: Iterable[str]) -> set[Key]:
    """N-Triples lines, each as what it says."""
    return {key(quad.triple) for quad in parse("".join(lines), format=RdfFormat.N_TRIPLES)}


def key(triple: Triple) -> Key:
    """Equal for two triples that say the same."""
    start = (str(triple.subject), str(triple.predicate))
    return (*start, *_value(triple.object)) if isinstance(triple.object, Literal) else (*start, str(triple.object))


def fewest(lines: Iterable[str]) -> int:
    """How many statements a store keeps at least of these lines."""
    return len(keys(lines))


def _value(literal: Literal) -> Key:
    kind, text = literal.datatype.value, literal.value
    if kind == f"{XSD}boolean":
        text = _TRUTH.get(text, text)
    try:
        if kind in _EXACT:
            text = str(Decimal(text).normalize())
        elif kind in _ROUNDED:
            text = str(float(text))
    except (InvalidOperation, ValueError):
        pass  # no number: it stands for itself
    return (literal.language or "").lower(), kind, text
