"""The RDF forms: N-Triples, N-Quads, TriG and RDF/XML, each sorted, by pyoxigraph's serialisers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, Quad, RdfFormat, Triple, serialize

from kg import ontology
from kg.graph_file import Stated, graph_file, load

PREFIXES = {short: namespace for short, namespace in ontology.PREFIXES.items() if short != "id"}  # Han needs no escape

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets
MENDED = "\ufffd"


def write_nt(source: Path, target: Path) -> tuple[str, ...]:
    """N-Triples: one triple a line."""
    serialize((stated.triple() for stated in load(graph_file(source))), target, format=RdfFormat.N_TRIPLES)
    return ()


def write_nq(source: Path, target: Path) -> tuple[str, ...]:
    """N-Quads: one statement a line, with the graph of its page where the build wrote graph.nq."""
    serialize(_quads(source), target, format=RdfFormat.N_QUADS)
    return ()


def write_trig(source: Path, target: Path) -> tuple[str, ...]:
    """TriG: Turtle with named graphs."""
    serialize(_quads(source), target, format=RdfFormat.TRIG, prefixes=PREFIXES)
    return ()


def write_rdfxml(source: Path, target: Path) -> tuple[str, ...]:
    """RDF/XML. XML 1.0 has no control characters: U+FFFD stands for them, and the note counts them."""
    fit, mended = _fit_for_xml(load(graph_file(source)))
    data = serialize(fit, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
    target.write_bytes(data.replace(b"\r", b"&#13;"))  # a bare one would be read back as a line feed
    return (f"{mended} characters that XML cannot hold were written as U+FFFD",) if mended else ()


def _quads(source: Path) -> Iterator[Quad]:
    return (stated.quad() for stated in load(graph_file(source, named=True), named=True))


def _fit_for_xml(statements: Iterable[Stated]) -> tuple[list[Triple], int]:
    fit, mended = [], 0
    for stated in statements:
        if isinstance(stated.object, Literal) and NOT_XML.search(stated.object.value):
            value, count = NOT_XML.subn(MENDED, stated.object.value)
            mended += count
            stated = stated._replace(object=_like(stated.object, value))
        fit.append(stated.triple())
    return fit, mended


def _like(literal: Literal, value: str) -> Literal:
    """A literal with another value, of the same language or datatype."""
    if literal.language:
        return Literal(value, language=literal.language)
    return Literal(value, datatype=literal.datatype)
