"""GraphML and GEXF by networkx: a directed multigraph whose edges are the facts that the pages say are so."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from kg import ontology
from kg.contents import Contents, Fact, Thing, read
from kg.export.provenance import Origin, left_out, origins
from kg.export.triples import MENDED, NOT_XML

Attributes = dict[str, str | int | float | bool]


def network(contents: Contents) -> nx.MultiDiGraph:
    """The graph: nodes are things by IRI, edges are asserted facts by the IRI of their claim.

    Lists are joined by line feeds (` | ` for names); characters that XML cannot hold become U+FFFD.
    """
    graph = nx.MultiDiGraph()
    origin = origins(contents)
    for thing in contents.things:
        graph.add_node(_fit(thing.iri), **_node(thing))
    for fact in contents.asserted():
        graph.add_edge(_fit(fact.subject), _fit(fact.object), key=_fit(fact.iri), **_edge(fact, origin[fact.iri]))
    return graph


def write_graphml(source: Path, target: Path) -> tuple[str, ...]:
    """GraphML 1.0."""
    contents = read(source)
    nx.write_graphml_xml(network(contents), target, named_key_ids=True)
    return left_out(contents.facts)


def write_gexf(source: Path, target: Path) -> tuple[str, ...]:
    """GEXF 1.2 with the ontology's colours, and without the clock that networkx would put in."""
    contents = read(source)
    writer = GEXFWriter(encoding="utf-8", version="1.2draft")
    writer.add_graph(_coloured(network(contents)))
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
    with target.open("wb") as out:
        writer.write(out)
    return left_out(contents.facts)


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


def _edge(fact: Fact, origin: Origin) -> Attributes:
    relation = ontology.load().term(fact.predicate)
    return {
        "label": _fit(fact.title) or relation.label_zh,
        "relation": fact.predicate,
        "relation_zh": relation.label_zh,
        "title": _fit(fact.title),
        "rules": " | ".join(fact.rules),
        "observed": " | ".join(fact.dates),
        "sentences": _fit("\n".join(origin.sentences)),
        "newspapers": _fit(" | ".join(origin.newspapers)),
        "issued": " | ".join(origin.issued),
        "uncertain_dates": " | ".join(origin.uncertain),
        "places": _fit("\n".join(origin.places)),
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
