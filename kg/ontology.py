"""The ontology as a closed vocabulary: every class and property with its labels, read from ontology/*.ttl.

Nothing is read until `load` is called, and then once. A term that the ontology does not define is an OntologyError,
so a misspelt property cannot get into a graph, a query or a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from kg.errors import OntologyError

DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
GEO = "http://www.opengis.net/ont/geosparql#"
ID = "https://w3id.org/fangzhi/id/"  # the default base of what a build makes
KG = "https://w3id.org/fangzhi/ontology#"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES = {
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "geo": GEO,
    "id": ID,
    "kg": KG,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "xsd": XSD,
}


@dataclass(frozen=True, slots=True)
class Term:
    """One class or property of the ontology, or a term of another vocabulary that a graph uses.

    `domain` and `range` are the full IRIs of the classes that a property may join, empty where it is open; `colour`
    (#RRGGBB) and `shape` (a vis-network shape) are for pictures and stand on classes of things only; `inverses` are the
    properties of other vocabularies that say the same from the other end.
    """

    iri: str
    label_zh: str
    label_en: str
    comment_zh: str = ""
    comment_en: str = ""
    is_class: bool = False
    parents: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    colour: str = ""
    shape: str = ""
    inverses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The IRI without its namespace: Agency, holdsPostIn."""
        return self.iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Ontology:
    """Every term by its full IRI, in the order of the IRIs."""

    terms: Mapping[str, Term]

    def term(self, name: str) -> Term:
        """The term of our own namespace called `name`, or of any namespace by its full IRI."""
        found = self.terms.get(KG + name) or self.terms.get(name)
        if found is None:
            raise OntologyError(f"{name}: no such class or property in the ontology (ontology/kg.ttl)")
        return found

    def classes(self) -> Iterator[Term]:
        """Our own classes."""
        return (t for t in self.terms.values() if t.is_class and t.iri.startswith(KG))

    def properties(self) -> Iterator[Term]:
        """Our own properties."""
        return (t for t in self.terms.values() if not t.is_class and t.iri.startswith(KG))

    def superclasses(self, name: str) -> tuple[str, ...]:
        """The class `name` and every class of ours above it, full IRIs, the most specific first."""
        chain = [self.term(name).iri]
        for iri in chain:
            chain += [p for p in self.terms[iri].parents if p.startswith(KG) and p not in chain]
        return tuple(chain)


def folder() -> Path:
    """Where the ontology's Turtle files are: beside the sources, or inside the installed package."""
    for place in (Path(__file__).parent / "_ontology", Path(__file__).parents[1] / "ontology"):
        if (place / "kg.ttl").is_file():
            return place
    raise OntologyError("ontology/kg.ttl is missing: install fangzhi again")


@cache
def load() -> Ontology:
    """The ontology that ships with the package."""
    return read(folder() / "kg.ttl")


def read(path: Path) -> Ontology:
    """The ontology in the Turtle file at `path`. Raises OntologyError with the line of what cannot be read."""
    store = Store()
    try:
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    except (OSError, SyntaxError) as error:
        raise OntologyError(f"{path}: {error}") from error
    labelled = store.quads_for_pattern(None, NamedNode(f"{RDFS}label"), None)
    subjects = sorted({quad.subject.value for quad in labelled if isinstance(quad.subject, NamedNode)})
    return Ontology({iri: _term(store, iri) for iri in subjects})


def _term(store: Store, iri: str) -> Term:
    types = _values(store, iri, f"{RDF}type")
    colour, shape = (_values(store, iri, KG + name) for name in ("colour", "shape"))
    return Term(
        iri,
        _text(store, iri, "label", "zh"),
        _text(store, iri, "label", "en"),
        _text(store, iri, "comment", "zh"),
        _text(store, iri, "comment", "en"),
        f"{OWL}Class" in types,
        _values(store, iri, f"{RDFS}subClassOf") + _values(store, iri, f"{RDFS}subPropertyOf"),
        _values(store, iri, f"{SCHEMA}domainIncludes"),
        _values(store, iri, f"{SCHEMA}rangeIncludes"),
        "".join(colour),
        "".join(shape),
        _values(store, iri, f"{OWL}inverseOf"),
    )


def _values(store: Store, iri: str, predicate: str) -> tuple[str, ...]:
    quads = store.quads_for_pattern(NamedNode(iri), NamedNode(predicate), None)
    return tuple(sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode | Literal)))


def _text(store: Store, iri: str, name: str, language: str) -> str:
    for quad in store.quads_for_pattern(NamedNode(iri), NamedNode(RDFS + name), None):
        if isinstance(quad.object, Literal) and quad.object.language == language:
            return quad.object.value
    return ""
