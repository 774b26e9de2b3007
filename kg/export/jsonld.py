"""JSON-LD 1.1 with short property names, one thing a line: reads as plain JSON and diffs in git."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.export.triples import PREFIXES
from kg.graph_file import Stated, graph_file, load
from kg.ontology import RDF

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def write(source: Path, target: Path) -> tuple[str, ...]:
    """A document `{"@context": …, "@graph": [one object a line]}`; things keep their full IRIs."""
    with target.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{"@context": {json.dumps(PREFIXES)},\n "@graph": [\n')
        out.writelines(_lines(load(graph_file(source))))
        out.write("\n]}\n")
    return ()


def _lines(statements: Iterable[Stated]) -> Iterator[str]:
    separator = ""
    for subject, found in groupby(statements, key=lambda stated: stated.subject.value):
        yield separator + json.dumps(_node(subject, list(found)), ensure_ascii=False)
        separator = ",\n"


def _node(subject: str, statements: Iterable[Stated]) -> dict[str, object]:
    node: dict[str, object] = {"@id": subject}
    values: defaultdict[str, list[object]] = defaultdict(list)
    for stated in statements:
        if stated.predicate.value == f"{RDF}type":
            values["@type"].append(_short(stated.object.value))
        else:
            values[_short(stated.predicate.value)].append(_value(stated.object))
    return node | {key: found[0] if len(found) == 1 else found for key, found in values.items()}


def _value(term: NamedNode | Literal) -> object:
    if isinstance(term, NamedNode):
        return {"@id": term.value}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD_STRING:
        return term.value
    return {"@value": term.value, "@type": _short(term.datatype.value)}


def _short(iri: str) -> str:
    """`kg:partOf` for a term of a known vocabulary, else the whole IRI."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local.isidentifier():
            return f"{prefix}:{local}"
    return iri
