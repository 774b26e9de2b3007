"""A graph file that keeps the contract (docs/ontology.md) → plain tuples: what every format that is not RDF writes.

Only the contract is read: a graph of another program, or one mended by hand, exports as well as one of ours.
Everything is sorted by IRI, so that the same graph gives the same tuples whatever the order of its file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from kg.errors import OutputError
from kg.export.statements import Stated, graph_file, load
from kg.model import Predicate, Status
from kg.ontology import DCTERMS, KG, OA, RDF, RDFS, SCHEMA, SKOS

KINDS = ("Official", "Person", "Agency", "Enterprise", "Place", "Program")  # the first that fits is the kind shown
PREDICATES, STATUSES = frozenset(Predicate), frozenset(Status)

Values = Mapping[str, tuple[str, ...]]  # predicate IRI → its objects (IRIs, lexical forms), sorted


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity. `kind` is the local name of its most specific class; `name` is never empty."""

    iri: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    printed_as: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # IRIs of the pages that name it; empty for gazetteer context
    inferred: bool = False  # the name as such stands on no page


@dataclass(frozen=True, slots=True)
class Sentence:
    """One evidence: code points `start` to `end` of a page. `text` is empty under `--evidence offsets`."""

    iri: str
    page: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim. `predicate` is a local name; `status` is asserted, planned or negated; `dates` are ISO."""

    iri: str
    subject: str
    predicate: str
    object: str
    title: str = ""
    status: str = "asserted"
    rules: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()  # IRIs of sentences
    inferred_from: tuple[str, ...] = ()
    order: int = 0  # place in a printed list of people, from 1; 0 where there is none
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One newspaper page: `file` is its file name, `issued` an ISO date or empty."""

    iri: str
    file: str
    sha256: str = ""
    newspaper: str = ""
    issued: str = ""
    certain: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a page, from code point `start` to `end`."""

    iri: str
    page: str
    headline: str
    start: int
    end: int
    journalists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a graph holds for its readers, each part sorted by IRI."""

    things: tuple[Thing, ...]
    facts: tuple[Fact, ...]
    sentences: tuple[Sentence, ...]
    pages: tuple[Sheet, ...]
    articles: tuple[Story, ...]

    def asserted(self) -> tuple[Fact, ...]:
        """The facts that their sentences say are so: neither planned nor denied."""
        return tuple(fact for fact in self.facts if fact.status == Status.ASSERTED)


def read(source: Path) -> Contents:
    """The contents of a build's folder or a graph file (.ttl, .nq, .nt, .trig …).

    Raises OutputError for a file that is missing, is no RDF, or whose claims point to nothing.
    """
    path = graph_file(source)
    nodes = _nodes(load(path))
    contents = Contents(_things(nodes), _facts(nodes), _sentences(nodes), _pages(nodes), _articles(nodes))
    if not contents.things:
        raise OutputError(f"{path}: holds no person, agency, place or other thing; is it a graph of `kg build`?")
    _check(contents, path)
    return contents


def _nodes(statements: list[Stated]) -> dict[str, Values]:
    gathered: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value, _ in statements:
        gathered[subject.value][predicate.value].add(value.value)
    return {s: {p: tuple(sorted(values)) for p, values in gathered[s].items()} for s in sorted(gathered)}


def _things(nodes: Mapping[str, Values]) -> tuple[Thing, ...]:
    return tuple(_thing(iri, kind, node) for iri, node in nodes.items() if (kind := _kind(node)))


def _kind(node: Values) -> str:
    types = node.get(f"{RDF}type", ())
    return next((kind for kind in KINDS if KG + kind in types), "")


def _thing(iri: str, kind: str, node: Values) -> Thing:
    labels = (*node.get(f"{SKOS}prefLabel", ()), *node.get(f"{RDFS}label", ()), *node.get(f"{SKOS}altLabel", ()))
    name = next((label for label in labels if label.strip()), "") or unquote(iri.rsplit("/", 1)[-1]) or iri
    aliases = tuple(a for a in node.get(f"{SKOS}altLabel", ()) if a.strip() and a != name)
    misprints = node.get(f"{KG}printedAs", ())
    return Thing(iri, kind, name, aliases, misprints, node.get(f"{KG}mentionedIn", ()), _flag(node, "nameInferred"))


def _facts(nodes: Mapping[str, Values]) -> tuple[Fact, ...]:
    return tuple(_fact(iri, node) for iri, node in nodes.items() if f"{KG}Claim" in node.get(f"{RDF}type", ()))


def _fact(iri: str, node: Values) -> Fact:
    return Fact(
        iri,
        _one(node, f"{RDF}subject"),
        _one(node, f"{RDF}predicate").removeprefix(KG),
        _one(node, f"{RDF}object"),
        _one(node, f"{KG}postTitle"),
        _one(node, f"{KG}status") or Status.ASSERTED.value,
        node.get(f"{KG}rule", ()),
        node.get(f"{KG}observedOn", ()),
        node.get(f"{KG}evidence", ()),
        node.get(f"{KG}inferredFrom", ()),
        _number(node, "listOrder"),
        _one(node, f"{KG}group"),
    )


def _sentences(nodes: Mapping[str, Values]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(iri, _one(n, f"{OA}hasSource"), _number(n, "start"), _number(n, "end"), _one(n, f"{OA}exact"))
        for iri, n in nodes.items()
        if f"{OA}hasSource" in n
    )


def _pages(nodes: Mapping[str, Values]) -> tuple[Sheet, ...]:
    return tuple(
        Sheet(
            iri,
            _one(node, f"{DCTERMS}identifier") or iri.rsplit("/", 1)[-1],
            _one(node, f"{KG}sha256"),
            _one(node, f"{KG}newspaper"),
            _one(node, f"{DCTERMS}issued"),
            _flag(node, "dateCertain"),
            _one(node, f"{KG}pageNumber"),
        )
        for iri, node in nodes.items()
        if f"{KG}Page" in node.get(f"{RDF}type", ())
    )


def _articles(nodes: Mapping[str, Values]) -> tuple[Story, ...]:
    return tuple(
        Story(
            iri,
            _one(node, f"{SCHEMA}isPartOf"),
            _one(node, f"{SCHEMA}headline"),
            _number(node, "start"),
            _number(node, "end"),
            node.get(f"{KG}journalist", ()),
        )
        for iri, node in nodes.items()
        if f"{SCHEMA}NewsArticle" in node.get(f"{RDF}type", ())
    )


def _one(node: Values, predicate: str) -> str:
    return next(iter(node.get(predicate, ())), "")


def _number(node: Values, name: str) -> int:
    value = _one(node, KG + name)
    return int(value) if value.isdecimal() else 0


def _flag(node: Values, name: str) -> bool:
    return _one(node, KG + name) in ("true", "1")


def _check(contents: Contents, path: Path) -> None:
    """Refuse relations outside the contract, claims about what is not in the graph, sentences of no page."""
    things = {thing.iri for thing in contents.things}
    pages = {page.iri for page in contents.pages}
    sentences = {sentence.iri for sentence in contents.sentences}
    for fact in contents.facts:
        if fact.predicate not in PREDICATES or fact.status not in STATUSES:
            raise OutputError(f"{path}: claim {fact.iri} has an unknown relation or status ({fact.predicate})")
        if fact.subject not in things or fact.object not in things or not sentences.issuperset(fact.evidence):
            raise OutputError(f"{path}: claim {fact.iri} points to a thing or a sentence that the graph does not hold")
    for sentence in contents.sentences:
        if sentence.page not in pages:
            raise OutputError(f"{path}: sentence {sentence.iri} stands on a page that the graph does not hold")
