"""Does a built graph keep its word? SHACL, what SHACL cannot say, and every quote read again from its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, QuerySolutions, Store

from kg.model import Finding, Level, Predicate
from kg.ontology import KG, folder, load
from kg.query import run, shorten
from kg.shelf import Quote, Shelf, Source
from kg.store import open_store, to_rdflib

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.namespace import NamespaceManager


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was wrong, sorted by place. Sound where no finding is an ERROR."""

    triples: int
    claims: int
    quotes: int
    pages: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return all(f.level is not Level.ERROR for f in self.findings)


def check(source: Path, pages: Sequence[Path] = ()) -> Checked:
    """Check the build in the folder `source` (or one graph file) against the contract and against its pages.

    Page files are looked for by name in the folders (or files) `pages`, then where the build read them.
    Raises OutputError where there is no graph to check.
    """
    store = open_store(source)
    quoted = list(_sources(store))
    found = chain(_vocabulary(store), _shapes(store), _claims(store), _quotes(quoted, Shelf(pages, source)))
    claims = run(store, "SELECT ?claim { ?claim a kg:Claim }")
    findings = tuple(sorted(set(found), key=lambda f: (f.where, f.code, f.message)))
    return Checked(len(store), _count(claims), sum(len(s.quotes) for s in quoted), len(quoted), findings)


def _count(solutions: object) -> int:
    assert isinstance(solutions, QuerySolutions)
    return sum(1 for _ in solutions)


def _error(code: str, where: str, message: str) -> Finding:
    return Finding(Level.ERROR, code, where, message)


def _vocabulary(store: Store) -> Iterator[Finding]:
    """Terms of our namespace that the ontology does not define."""
    known = load().terms
    predicates = {quad.predicate.value for quad in store}
    classes = {term for (term,) in _rows(store, "SELECT DISTINCT ?class { ?thing a ?class }")}
    for term in sorted(predicates | classes):
        if term.startswith(KG) and term not in known:
            yield _error("unknown-term", shorten(term), "stands in the graph, but not in the ontology 本体中没有这个词")


def _shapes(store: Store) -> Iterator[Finding]:
    """What SHACL says. The plain rdflib graph is by far the fastest for shapes of the core language."""
    import pyshacl
    from rdflib import Graph, Namespace
    from rdflib.namespace import RDF as RDF_TERMS

    sh = Namespace("http://www.w3.org/ns/shacl#")
    data, shapes = to_rdflib(store, Graph(bind_namespaces="none")), Graph().parse(folder() / "shapes.ttl")
    data.namespace_manager, shapes.namespace_manager = _spelt_out(data), _spelt_out(shapes)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none")
    for result in report.subjects(RDF_TERMS.type, sh.ValidationResult):
        path, value = report.value(result, sh.resultPath), report.value(result, sh.value)
        parts = (shorten(str(part)) for part in (path, value) if part is not None)
        component = str(report.value(result, sh.sourceConstraintComponent)).rsplit("#", 1)[-1]
        where = shorten(str(report.value(result, sh.focusNode)))
        yield _error("shape", where, " ".join([component.removesuffix("ConstraintComponent"), *parts]))


def _spelt_out(graph: Graph) -> NamespaceManager:
    """Names that are never shortened: pySHACL words a message for every way that it tries, and rdflib looks for a
    prefix among all that it met before, which takes the square of the graph's size."""
    from rdflib.namespace import NamespaceManager

    manager = NamespaceManager(graph, bind_namespaces="none")
    manager.normalizeUri = "<{}>".format  # type: ignore[method-assign]
    return manager


_SAID = """SELECT ?claim ?s ?p ?o {
  ?claim a kg:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:status "asserted"
}"""
_STANDS = f"SELECT ?s ?p ?o {{ VALUES ?p {{ {' '.join(f'kg:{p}' for p in Predicate)} }} ?s ?p ?o }}"


def _claims(store: Store) -> Iterator[Finding]:
    """An asserted claim and its direct triple come together; nothing is a blank node."""
    said = {tuple(triple): claim for claim, *triple in _rows(store, _SAID)}
    stands = set(_rows(store, _STANDS))
    for row in stands - said.keys():
        yield _error("no-claim", shorten(row[0]), f"{' '.join(map(shorten, row))}: no claim says why 没有陈述为据")
    for row in said.keys() - stands:
        yield _error(
            "no-triple", shorten(said[row]), f"asserted, but {' '.join(map(shorten, row))} is not in the graph"
        )
    for quad in store:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            yield _error("blank-node", shorten(quad.predicate.value), f"{quad.subject} … {quad.object}")


def _rows(store: Store, sparql: str) -> Iterator[tuple[str, ...]]:
    solutions = run(store, sparql)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        yield tuple(str(getattr(term, "value", term)) for term in solution)


def _sources(store: Store) -> Iterator[Source]:
    """The pages of the graph, each with its quotes."""
    quotes: dict[str, list[Quote]] = defaultdict(list)
    exact = {row[0]: row[1] for row in _rows(store, "SELECT ?node ?exact { ?node oa:exact ?exact }")}
    for node, page, start, end in _rows(
        store, "SELECT ?node ?page ?start ?end { ?node oa:hasSource ?page ; kg:start ?start ; kg:end ?end }"
    ):
        quotes[page].append(Quote(node, int(start), int(end), exact.get(node)))
    for page, name, sha256 in _rows(
        store, "SELECT ?page ?id ?sha { ?page a kg:Page ; dcterms:identifier ?id ; kg:sha256 ?sha } ORDER BY ?page"
    ):
        yield Source(name, sha256, tuple(sorted(quotes.pop(page, []))))


def _quotes(sources: Iterable[Source], shelf: Shelf) -> Iterator[Finding]:
    """Every quote must stand on its page, character for character."""
    for source in sources:
        text = shelf.find(source)
        if isinstance(text, Finding):
            yield text
            continue
        for quote in source.quotes:
            there = text[quote.start : quote.end]
            if not 0 <= quote.start < quote.end <= len(text) or quote.exact not in (None, there):
                where = f"{source.id}:{quote.start}-{quote.end}"
                yield _error(
                    "quote", where, f"the page reads “{there[:40]}”, the graph quotes “{(quote.exact or '')[:40]}”"
                )
