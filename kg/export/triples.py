"""The RDF forms: N-Triples, N-Quads, TriG and RDF/XML, each sorted, by pyoxigraph's serialisers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Literal, Quad, RdfFormat, serialize

from kg import ontology
from kg.graph_file import Stated, graph_file, lines, load

PREFIXES = {short: namespace for short, namespace in ontology.PREFIXES.items() if short != "id"}  # Han needs no escape

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets
MENDED = "\ufffd"


def write_nt(source: Path, target: Path) -> tuple[str, ...]:
    """N-Triples: one triple a line."""
    _write_lines(target, lines(graph_file(source)))
    return ()


def write_nq(source: Path, target: Path) -> tuple[str, ...]:
    """N-Quads: one statement a line, with the graph of its page where the build wrote graph.nq."""
    _write_lines(target, lines(graph_file(source, named=True), named=True))
    return ()


def write_trig(source: Path, target: Path) -> tuple[str, ...]:
    """TriG: Turtle with named graphs."""
    serialize(_quads(source), target, format=RdfFormat.TRIG, prefixes=PREFIXES)
    return ()


def write_rdfxml(source: Path, target: Path) -> tuple[str, ...]:
    """RDF/XML. XML 1.0 has no control characters: U+FFFD stands for them, and the note counts them."""
    mended = Counter[str]()
    triples = (_fit_for_xml(stated, mended).triple() for stated in load(graph_file(source)))
    with target.open("wb") as out:
        serialize(triples, cast(IO[bytes], _NoBareReturn(out)), format=RdfFormat.RDF_XML, prefixes=PREFIXES)
    count = mended.total()
    return (f"{count} characters that XML cannot hold were written as U+FFFD",) if count else ()


class _NoBareReturn:
    """A file in which a carriage return is written so that it is not read back as a line feed."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        self._out.write(bytes(data).replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self._out.flush()


def _write_lines(target: Path, every: Iterable[str]) -> None:
    with target.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(every)


def _quads(source: Path) -> Iterator[Quad]:
    return (stated.quad() for stated in load(graph_file(source, named=True), named=True))


def _fit_for_xml(stated: Stated, mended: Counter[str]) -> Stated:
    """The statement as XML can hold it; the characters that it could not are counted in `mended`."""
    if not isinstance(stated.object, Literal) or not NOT_XML.search(stated.object.value):
        return stated
    mended.update(NOT_XML.findall(stated.object.value))
    return stated._replace(object=_like(stated.object, NOT_XML.sub(MENDED, stated.object.value)))


def _like(literal: Literal, value: str) -> Literal:
    """A literal with another value, of the same language or datatype."""
    if literal.language:
        return Literal(value, language=literal.language)
    return Literal(value, datatype=literal.datatype)
