"""Knowledge → facts of the graph under the contract (docs/ontology.md).

A fact is a triple of plain strings with the named graph that it belongs to: the page that says it, or one graph for
what was inferred. Plain strings are many times faster than rdflib's terms; `to_graph` and `to_store` make the
graphs of the two libraries from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kg.confidence import told, written
from kg.iri import Minter
from kg.model import Article, Entity, Evidence, Knowledge, Page, Predicate, Reading, Statement, Status
from kg.ontology import DCTERMS, ID, KG, OA, ORG, PREFIXES, RDF, SCHEMA, SKOS, XSD, load

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

TYPE = f"{RDF}type"
Said = tuple[str, "str | Text"]  # predicate and object
_DATES = (
    (re.compile(r"\d{4}-\d\d-\d\d"), "date"),
    (re.compile(r"\d{4}-\d\d"), "gYearMonth"),
    (re.compile(r"\d{4}"), "gYear"),
)


class Text(NamedTuple):
    """A literal. `datatype` is a full IRI, "" for a plain string."""

    value: str
    language: str = ""
    datatype: str = ""


class Fact(NamedTuple):
    """One triple, its IRIs as full strings, and the IRI of the named graph that it stands in."""

    graph: str
    subject: str
    predicate: str
    object: str | Text


def facts(knowledge: Knowledge, *, base: str = ID, evidence: str = "text") -> Iterator[Fact]:
    """Every fact of the graph, in no order and some twice (the same triple may stand in several pages' graphs).

    `evidence` is "text" (sentences are quoted) or "offsets" (only where they stand, for pages that may not be copied).
    """
    return _written(knowledge, Writer(Minter(base), evidence == "text"))


def to_graph(knowledge: Knowledge, *, base: str = ID, evidence: str = "text") -> rdflib.Graph:
    """The graph as one rdflib Graph, with the prefixes of the contract bound."""
    from rdflib import Graph, Literal, URIRef

    graph, iris = Graph(bind_namespaces="none"), dict[str, URIRef]()
    for prefix, namespace in {**PREFIXES, "id": base}.items():
        graph.bind(prefix, namespace)

    def node(term: str) -> URIRef:
        return iris.get(term) or iris.setdefault(term, URIRef(term))

    def term(value: str | Text) -> URIRef | Literal:
        if isinstance(value, str):
            return node(value)
        return Literal(value.value, value.language or None, node(value.datatype) if value.datatype else None)

    for _, subject, predicate, value in facts(knowledge, base=base, evidence=evidence):
        graph.add((node(subject), node(predicate), term(value)))
    return graph


def to_store(knowledge: Knowledge, *, base: str = ID, evidence: str = "text") -> pyoxigraph.Store:
    """The graph as an Oxigraph store: everything in the default graph, and again in its named graphs."""
    from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

    def term(value: str | Text) -> NamedNode | Literal:
        if isinstance(value, str):
            return NamedNode(value)
        datatype = NamedNode(value.datatype) if value.datatype else None
        return Literal(value.value, datatype=datatype, language=value.language or None)

    store, default = Store(), DefaultGraph()
    every = [(NamedNode(s), NamedNode(p), term(o), NamedNode(g)) for g, s, p, o in _all(knowledge, base, evidence)]
    store.bulk_extend(Quad(s, p, o, graph) for s, p, o, named in every for graph in (named, default))
    return store


def _all(knowledge: Knowledge, base: str, evidence: str) -> set[Fact]:
    return set(facts(knowledge, base=base, evidence=evidence))


def _written(knowledge: Knowledge, write: Writer) -> Iterator[Fact]:
    issued = {r.page.id: r.page.issued for r in knowledge.readings}
    texts = {r.page.id: r.page.text for r in knowledge.readings}
    names = {e.id: e.name for e in knowledge.entities}
    surfaces = _surfaces(knowledge)
    yield from chain.from_iterable(map(write.reading, knowledge.readings))
    for entity in knowledge.entities:
        yield from write.entity(entity, surfaces[entity.id])
    for statement in knowledge.statements:
        yield from write.statement(statement, names.get(statement.object, ""), issued)
    for one in {evidence for statement in knowledge.statements for evidence in statement.evidence}:
        yield from write.evidence(one, texts[one.page][one.span.start : one.span.end])


@dataclass(frozen=True, slots=True)
class Writer:
    """The facts of one reading, thing, statement or sentence, each by itself. `quote`: sentences are written out."""

    mint: Minter
    quote: bool = True

    def reading(self, reading: Reading) -> Iterator[Fact]:
        """The page and its articles."""
        yield from self._page(reading.page)
        yield from chain.from_iterable(map(self._article, reading.articles))

    def entity(self, entity: Entity, surfaces: Mapping[str, Iterable[str]]) -> Iterator[Fact]:
        """A thing; `surfaces` has the pages that print each of its forms: an alias belongs to their graphs only."""
        node, inferred = self.mint.entity(entity.id), self.mint.inferred()
        types = load().superclasses("Official" if entity.official else entity.kind.value)
        for graph in [self.mint.page(p) for p in entity.pages] or [inferred]:
            yield from (Fact(graph, node, TYPE, term) for term in types)
            yield Fact(graph, node, f"{SKOS}prefLabel", _chinese(entity.name))
            if entity.inferred:
                yield Fact(graph, node, f"{KG}nameInferred", _boolean(True))
            yield from (Fact(graph, node, *triple) for triple in _confidence(entity))
        for page in map(self.mint.page, entity.pages):
            yield Fact(page, node, f"{KG}mentionedIn", page)
        labels = [(f"{SKOS}altLabel", a) for a in entity.aliases] + [(f"{KG}printedAs", a) for a in entity.printed_as]
        for predicate, label in labels:
            pages = [self.mint.page(p) for p in surfaces.get(label, entity.pages)] or [inferred]
            yield from (Fact(graph, node, predicate, _chinese(label)) for graph in pages)

    def statement(self, statement: Statement, name: str, issued: Mapping[str, str]) -> Iterator[Fact]:
        """A statement without its sentences; `name` is that of its object, `issued` the date of each of its pages."""
        yield from self.relation(statement)
        yield from self.claim(statement, issued)
        yield from self.post(statement, name)

    def relation(self, statement: Statement) -> Iterator[Fact]:
        """The triple itself, where it is asserted."""
        if statement.status is Status.ASSERTED:
            subject, object_ = self.mint.entity(statement.subject), self.mint.entity(statement.object)
            yield from (Fact(g, subject, KG + statement.predicate, object_) for g in self._graphs(statement))

    def claim(self, statement: Statement, issued: Mapping[str, str]) -> Iterator[Fact]:
        """Who says so: the claim, in the graph of each of its pages."""
        claim = self.mint.claim(statement)
        shared = [*self._claim(statement), *(self._membership(statement) if is_post(statement) else ())]
        yield from (Fact(graph, claim, *said) for graph in self._graphs(statement) for said in shared)
        for evidence in statement.evidence:
            graph = self.mint.page(evidence.page)
            yield Fact(graph, claim, f"{KG}evidence", self.mint.evidence(evidence))
            if date := observed(statement, issued[evidence.page]):
                yield Fact(graph, claim, f"{KG}observedOn", date)
        for premise in () if statement.evidence else statement.inferred_from:
            yield Fact(self.mint.inferred(), claim, f"{KG}inferredFrom", Text(premise))

    def post(self, statement: Statement, name: str) -> Iterator[Fact]:
        """The post that a membership gives, in the W3C's terms; `name` is that of the body."""
        if is_post(statement) and statement.title:
            post, body = self.mint.post(statement.object, statement.title), self.mint.entity(statement.object)
            for graph in self._graphs(statement):
                yield Fact(graph, post, TYPE, f"{ORG}Post")
                yield Fact(graph, post, f"{ORG}postIn", body)
                yield Fact(graph, post, f"{SKOS}prefLabel", _chinese(name + statement.title))

    def evidence(self, evidence: Evidence, sentence: str) -> Iterator[Fact]:
        """A sentence on its page."""
        graph, node, span = self.mint.page(evidence.page), self.mint.evidence(evidence), evidence.span
        yield Fact(graph, node, TYPE, f"{OA}SpecificResource")
        yield Fact(graph, node, f"{OA}hasSource", graph)
        yield Fact(graph, node, f"{KG}start", _integer(span.start))
        yield Fact(graph, node, f"{KG}end", _integer(span.end))
        if self.quote:
            yield Fact(graph, node, f"{OA}exact", Text(sentence))

    def _page(self, page: Page) -> Iterator[Fact]:
        node = graph = self.mint.page(page.id)
        yield Fact(graph, node, TYPE, f"{KG}Page")
        yield Fact(graph, node, f"{DCTERMS}identifier", Text(page.id))
        yield Fact(graph, node, f"{KG}sha256", Text(page.sha256))
        for name, value in (("newspaper", page.newspaper), ("home", page.home), ("pageNumber", page.number)):
            if value:
                yield Fact(graph, node, KG + name, Text(value))
        if issued := _date(page.issued):
            yield Fact(graph, node, f"{DCTERMS}issued", issued)
            yield Fact(graph, node, f"{KG}dateCertain", _boolean(page.issued_certain))

    def _article(self, article: Article) -> Iterator[Fact]:
        graph, node = self.mint.page(article.page), self.mint.article(article)
        yield Fact(graph, node, TYPE, f"{SCHEMA}NewsArticle")
        yield Fact(graph, node, f"{SCHEMA}isPartOf", graph)
        yield Fact(graph, node, f"{KG}start", _integer(article.span.start))
        yield Fact(graph, node, f"{KG}end", _integer(article.span.end))
        if article.headline:
            yield Fact(graph, node, f"{SCHEMA}headline", _chinese(article.headline))
        for name in article.journalists:
            yield Fact(graph, node, f"{KG}journalist", Text(name))

    def _graphs(self, statement: Statement) -> list[str]:
        return [self.mint.page(evidence.page) for evidence in statement.evidence] or [self.mint.inferred()]

    def _claim(self, statement: Statement) -> Iterator[Said]:
        yield TYPE, f"{KG}Claim"
        yield TYPE, f"{RDF}Statement"
        yield f"{RDF}subject", self.mint.entity(statement.subject)
        yield f"{RDF}predicate", KG + statement.predicate
        yield f"{RDF}object", self.mint.entity(statement.object)
        yield f"{KG}status", Text(statement.status.value)
        yield from ((f"{KG}rule", Text(rule)) for rule in statement.rules)
        yield from _confidence(statement)
        if statement.order:
            yield f"{KG}listOrder", _integer(statement.order)
        if statement.group:
            yield f"{KG}group", Text(statement.group)
        if statement.title:
            yield f"{KG}postTitle", _chinese(statement.title)

    def _membership(self, statement: Statement) -> Iterator[Said]:
        yield TYPE, f"{ORG}Membership"
        yield f"{ORG}member", self.mint.entity(statement.subject)
        yield f"{ORG}organization", self.mint.entity(statement.object)
        if statement.title:
            yield f"{ORG}role", self.mint.post(statement.object, statement.title)


def is_post(statement: Statement) -> bool:
    """Whether it gives somebody a post; one that is planned or denied is no membership."""
    return statement.predicate is Predicate.HOLDS_POST_IN and statement.status is Status.ASSERTED


def _surfaces(knowledge: Knowledge) -> dict[str, dict[str, list[str]]]:
    """Entity id → surface form → the pages that print it."""
    printed = {m.id: (m.surface, r.page.id) for r in knowledge.readings for m in r.mentions}
    out: dict[str, dict[str, list[str]]] = {}
    for entity in knowledge.entities:
        forms = out.setdefault(entity.id, {})
        for surface, page in (printed[m] for m in entity.mentions if m in printed):
            if page in entity.pages:
                forms.setdefault(surface, []).append(page)
    return out


def observed(statement: Statement, issued: str) -> Text | None:
    """The day on which a page shows it: the one that the sentence names, else that of the page; None if not known."""
    date = _date(statement.date or issued)
    return date if date and date.datatype == f"{XSD}date" else None


def triples(facts_: Iterable[Fact]) -> set[tuple[str, str, str | Text]]:
    """The facts without their named graphs."""
    return {(f.subject, f.predicate, f.object) for f in facts_}


def _confidence(one: Entity | Statement) -> Iterator[tuple[str, Text]]:
    confidence = told(one)
    if confidence is not None:
        yield f"{KG}confidence", Text(written(confidence), datatype=f"{XSD}decimal")


def _chinese(value: str) -> Text:
    return Text(value, language="zh")


def _integer(value: int) -> Text:
    return Text(str(value), datatype=f"{XSD}integer")


def _boolean(value: bool) -> Text:
    return Text(str(value).lower(), datatype=f"{XSD}boolean")


def _date(iso: str) -> Text | None:
    """A date with the datatype that its precision asks for; None where there is none or it is no ISO date."""
    for pattern, datatype in _DATES:
        if pattern.fullmatch(iso):
            return Text(iso, datatype=XSD + datatype)
    return None
