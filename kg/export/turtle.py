"""Turtle and N-Quads that diff well: sorted, one statement a line, no blank node.

Every line of a subject repeats its predicate and ends alike, so that another page of news only adds lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from kg.ontology import ID, PREFIXES, XSD
from kg.rdf import TYPE, Fact, Text, triples

REMEMBERED = 100_000  # shortened IRIs
KINDS = ("agency", "enterprise", "page", "person", "place", "program")
# What may stand in a local name unescaped, kept to what every reader of Turtle takes.
_LOCAL = re.compile(r"[A-Za-z0-9_\u3001-\ud7ff](?:[A-Za-z0-9_.\u3001-\ud7ff\uff08\uff09-]*[A-Za-z0-9_\u3001-\ud7ff])?")
_UNSAFE = re.compile(r'[\x00-\x1f"\\\x7f-\x9f\u2028\u2029\ufffe\uffff]')
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_BARE = {f"{XSD}integer", f"{XSD}boolean"}
_DECIMAL = re.compile(r"\d+\.\d+")  # without its point (as a query may give it) it would be read as an integer


def turtle(facts: Iterable[Fact], base: str = ID) -> str:
    """The facts as one Turtle document, their named graphs left aside."""
    terms = Terms(base)
    return prefixes(terms) + "".join(text for _, text in blocks(facts, terms))


def prefixes(terms: Terms) -> str:
    """The head of a Turtle document."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(terms.prefixes.items()))


def blocks(facts: Iterable[Fact], terms: Terms) -> Iterator[tuple[str, str]]:
    """(IRI, what Turtle says of it) of every subject, sorted; with `prefixes` before them they are a document."""
    rows = sorted((s, p != TYPE, terms.predicate(p), terms.term(o)) for s, p, o in triples(facts))
    for subject, group in groupby(rows, key=lambda row: row[0]):
        lines = "".join(f"    {predicate} {value} ;\n" for _, _, predicate, value in group)
        yield subject, f"\n{terms.iri(subject)}\n{lines}.\n"


def nquads(facts: Iterable[Fact]) -> str:
    """The facts as N-Quads, a named graph for every page, and one for what was inferred."""
    return "".join(sorted({f"<{s}> <{p}> {_term(o)} <{graph}> .\n" for graph, s, p, o in facts}))


class Terms:
    """Terms as Turtle writes them under a base, each IRI shortened once."""

    def __init__(self, base: str = ID) -> None:
        self.prefixes = {**PREFIXES, "id": base, **{kind: f"{base}{kind}/" for kind in KINDS}}
        self._namespaces = {iri: prefix for prefix, iri in self.prefixes.items()}
        self._short: dict[str, str] = {}

    def iri(self, iri: str) -> str:
        if len(self._short) > REMEMBERED:
            self._short.clear()
        return self._short.get(iri) or self._short.setdefault(iri, self._shorten(iri))

    def predicate(self, iri: str) -> str:
        return "a" if iri == TYPE else self.iri(iri)

    def term(self, value: str | Text) -> str:
        if isinstance(value, str):
            return self.iri(value)
        if value.datatype in _BARE or (value.datatype == f"{XSD}decimal" and _DECIMAL.fullmatch(value.value)):
            return value.value
        return _quoted(value) + (f"^^{self.iri(value.datatype)}" if value.datatype else "")

    def _shorten(self, iri: str) -> str:
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix, local = self._namespaces.get(iri[:cut]), iri[cut:]
        return f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else f"<{iri}>"


def _term(value: str | Text) -> str:
    if isinstance(value, str):
        return f"<{value}>"
    return _quoted(value) + (f"^^<{value.datatype}>" if value.datatype else "")


def _quoted(value: Text) -> str:
    text = _UNSAFE.sub(lambda found: _ESCAPES.get(found.group()) or f"\\u{ord(found.group()):04X}", value.value)
    return f'"{text}"@{value.language}' if value.language else f'"{text}"'
