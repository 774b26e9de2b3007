"""A built graph → the named graphs that a remote store gets: one a newspaper issue, and one for the rest.

    <base>issue/<newspaper>/<date>   what the pages of that issue say (`unknown` and `undated` where the page says not)
    <base>graph/<name>               what stands on no page (gazetteer, composed names)

A build's graph.nq has a graph a page; a graph file without named graphs goes whole into the last one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.graph_file import Stated, graph_file, stream
from kg.iri import segment
from kg.ontology import DCTERMS, ID, KG, RDF


@dataclass(frozen=True, slots=True)
class Graph:
    """One named graph as sorted N-Triples lines; `digest` is their SHA-256, `size` their bytes."""

    iri: str
    lines: tuple[str, ...]
    digest: str
    size: int

    def chunks(self, most_bytes: int, most_lines: int) -> Iterator[tuple[str, ...]]:
        """The lines in pieces of at most so many bytes (a longer line stands alone) and lines, each for one request."""
        piece: list[str] = []
        size = 0
        for line in self.lines:
            length = len(line.encode())
            if piece and (size + length > most_bytes or len(piece) == most_lines):
                yield tuple(piece)
                piece, size = [], 0
            piece.append(line)
            size += length
        yield tuple(piece)


def read_graphs(source: Path, name: str) -> tuple[str, tuple[Graph, ...]]:
    """The base IRI of a build, and its graphs sorted by IRI. Raises OutputError where there is no graph."""
    pages: defaultdict[str, dict[str, str]] = defaultdict(dict)
    lines: defaultdict[str, set[str]] = defaultdict(set)
    for stated in stream(graph_file(source, named=True), named=True):
        lines[stated.graph].add(f"{stated.subject} {stated.predicate} {stated.object} .\n")
        _note_page(pages, stated)
    pages = defaultdict(dict, {iri: page for iri, page in pages.items() if "page" in page})
    base = _base(pages)
    merged: defaultdict[str, set[str]] = defaultdict(set)
    for graph, found in lines.items():
        merged[_issue(base, pages[graph]) if graph in pages else f"{base}graph/{segment(name)}"] |= found
    return base, tuple(_graph(iri, merged[iri]) for iri in sorted(merged))


WANTED = {f"{KG}newspaper": "newspaper", f"{DCTERMS}issued": "issued"}


def _note_page(pages: defaultdict[str, dict[str, str]], stated: Stated) -> None:
    key = WANTED.get(stated.predicate.value)
    if key:
        pages[stated.subject.value][key] = stated.object.value
    elif stated.predicate.value == f"{RDF}type" and stated.object.value == f"{KG}Page":
        pages[stated.subject.value]["page"] = stated.subject.value


def _base(pages: Iterable[str]) -> str:
    first = min(pages, default="")
    return first[: first.index("page/")] if "/page/" in first else ID


def _issue(base: str, page: dict[str, str]) -> str:
    newspaper, issued = page.get("newspaper") or "unknown", page.get("issued") or "undated"
    return f"{base}issue/{segment(newspaper)}/{segment(issued)}"


def _graph(iri: str, lines: Iterable[str]) -> Graph:
    ordered = tuple(sorted(lines))
    data = "".join(ordered).encode()
    return Graph(iri, ordered, hashlib.sha256(data).hexdigest(), len(data))
