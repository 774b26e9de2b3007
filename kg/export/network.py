"""GraphML and GEXF by networkx: a directed multigraph whose edges are the facts that the pages say are so.

The graph is built in memory, as every program that opens these files does. In GEXF nodes and edges have spells for
Gephi's timeline: the days of the pages that say them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from kg import ontology
from kg.contents import Contents, Told, opened
from kg.entries import Fact, Thing
from kg.export.provenance import left_out, origin
from kg.export.triples import MENDED, NOT_XML

DAY = re.compile(r"\d{4}-\d\d-\d\d")

Attributes = dict[str, str | int | float | bool]


def network(contents: Contents) -> nx.MultiDiGraph:
    """The graph: nodes are things by IRI, edges are asserted facts by the IRI of their claim.

    Lists are joined by line feeds (` | ` for names); characters that XML cannot hold become U+FFFD.
    """
    graph = nx.MultiDiGraph()
    for thing in contents.things():
        graph.add_node(_fit(thing.iri), **_node(thing))
    for told in contents.told(asserted=True):
        fact = told.fact
        graph.add_edge(_fit(fact.subject), _fit(fact.object), key=_fit(fact.iri), **_edge(told))
    return graph


def write_graphml(source: Path, target: Path) -> tuple[str, ...]:
    """GraphML 1.0."""
    with opened(source) as contents:
        nx.write_graphml_xml(network(contents), target, named_key_ids=True)
        return left_out(contents)


def write_gexf(source: Path, target: Path) -> tuple[str, ...]:
    """GEXF 1.2 with the ontology's colours and with time, and without the clock that networkx would put in."""
    writer = GEXFWriter(encoding="utf-8", version="1.2draft")
    with opened(source) as contents:
        writer.add_graph(_dated(_coloured(network(contents)), contents))
        notes = left_out(contents)
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
    writer.graph_element.attrib.pop("name", None)  # the schema knows none
    with target.open("wb") as out:
        writer.write(out)
    return notes


def _node(thing: Thing) -> Attributes:
    return {
        "label": _fit(thing.name),
        "kind": thing.kind,
        "kind_zh": ontology.load().term(thing.kind).label_zh,
        "aliases": _fit(" | ".join(thing.aliases)),
        "printed_as": _fit(" | ".join(thing.printed_as)),
        "pages": len(thing.pages),
        **_confidence(thing),
    }


def _edge(told: Told) -> Attributes:
    fact, stands = told.fact, origin(told.cited)
    relation = ontology.load().term(fact.predicate)
    return {
        "label": _fit(fact.title) or relation.label_zh,
        "relation": fact.predicate,
        "relation_zh": relation.label_zh,
        "title": _fit(fact.title),
        "rules": " | ".join(fact.rules),
        "observed": " | ".join(fact.dates),
        "sentences": _fit("\n".join(stands.sentences)),
        "newspapers": _fit(" | ".join(stands.newspapers)),
        "issued": " | ".join(stands.issued),
        "uncertain_dates": " | ".join(stands.uncertain),
        "places": _fit("\n".join(stands.places)),
        "inferred_from": _fit(" | ".join(fact.inferred_from)),
        "claim": _fit(fact.iri),
        **_confidence(fact),
    }


def _confidence(one: Thing | Fact) -> Attributes:
    """Left out where the graph gives none: neither format knows an empty number."""
    return {} if one.confidence is None else {"confidence": one.confidence}


def _fit(text: str) -> str:
    return NOT_XML.sub(MENDED, text).replace("\r", "\n")


def _coloured(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    for _, attributes in graph.nodes(data=True):
        colour = ontology.load().term(attributes["kind"]).colour.lstrip("#")
        if colour:
            red, green, blue = bytes.fromhex(colour)
            attributes["viz"] = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}}
    return graph


def _dated(graph: nx.MultiDiGraph, contents: Contents) -> nx.MultiDiGraph:
    """The graph with spells of one day each: of an edge, the days it was observed; of a node, those and its pages'.

    What no page says (divisions from the gazetteer) has no spell: Gephi shows it always.
    """
    issued = {page.iri: page.issued for page in contents.pages()}
    days = defaultdict[str, set[str]](set)
    for thing in contents.things():
        days[_fit(thing.iri)].update(issued[page] for page in thing.pages)
    for subject, target, edge in graph.edges(data=True):
        observed = edge["observed"].split(" | ")
        edge["spells"] = _spells(observed)
        days[subject].update(observed)
        days[target].update(observed)
    for iri, node in graph.nodes(data=True):
        node["spells"] = _spells(days[iri])
    return graph


def _spells(days: Iterable[str]) -> list[tuple[str, str]]:
    return [(day, day) for day in sorted(set(days)) if DAY.fullmatch(day)]
