"""A graph file that keeps the contract (docs/ontology.md) → plain tuples: what the viewer and every export read.

Only the contract is read: a graph of another program, or one mended by hand, is as good as one of ours. What breaks
it is an OntologyError that names the node at fault: a relation without its claim, or a claim without its sentence, must
not look like a fact. Everything is sorted by IRI, so that the order of the file does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from kg.confidence import parsed
from kg.errors import OntologyError
from kg.graph_file import Stated, graph_file, load
from kg.model import Predicate, Status
from kg.ontology import DCTERMS, KG, OA, PREFIXES, RDF, SCHEMA, SKOS

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
    confidence: float | None = None  # 0 to 1; None where the graph gives none


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
    confidence: float | None = None  # 0 to 1; None where the graph gives none


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
    """The contents of a build's folder or a graph file (.ttl, .nq, .nt, .trig …); an empty file is an empty graph.

    Raises OutputError for a file that is missing or is no RDF, OntologyError for one that breaks the contract.
    """
    path = graph_file(source)
    nodes = _nodes(load(path))
    try:
        contents = Contents(_things(nodes), _facts(nodes), _sentences(nodes), _pages(nodes), _articles(nodes))
        _check(contents, nodes)
    except _BrokenError as broken:
        raise OntologyError(f"{path}: {broken}; see docs/ontology.md, or run `kg check` on it") from None
    return contents


class _BrokenError(ValueError):
    """Where and how the contract is broken."""


def _broken(iri: str, what: str) -> _BrokenError:
    return _BrokenError(f"<{unquote(iri)}> {what}: the graph does not keep the contract")


def _nodes(statements: list[Stated]) -> dict[str, Values]:
    gathered: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value, _ in statements:
        gathered[subject.value][predicate.value].add(value.value)
    return {s: {p: tuple(sorted(values)) for p, values in gathered[s].items()} for s in sorted(gathered)}


def _typed(nodes: Mapping[str, Values], kind: str) -> dict[str, Values]:
    return {iri: node for iri, node in nodes.items() if kind in node.get(f"{RDF}type", ())}


def _things(nodes: Mapping[str, Values]) -> tuple[Thing, ...]:
    return tuple(_thing(iri, kind, node) for iri, node in nodes.items() if (kind := _kind(node)))


def _kind(node: Values) -> str:
    types = node.get(f"{RDF}type", ())
    return next((kind for kind in KINDS if KG + kind in types), "")


def _thing(iri: str, kind: str, node: Values) -> Thing:
    name = _need(iri, node, f"{SKOS}prefLabel")
    aliases = tuple(a for a in node.get(f"{SKOS}altLabel", ()) if a.strip() and a != name)
    misprints = node.get(f"{KG}printedAs", ())
    pages, inferred = node.get(f"{KG}mentionedIn", ()), _flag(node, "nameInferred")
    return Thing(iri, kind, name, aliases, misprints, pages, inferred, _confidence(iri, node))


def _facts(nodes: Mapping[str, Values]) -> tuple[Fact, ...]:
    return tuple(_fact(iri, node) for iri, node in _typed(nodes, f"{KG}Claim").items())


def _fact(iri: str, node: Values) -> Fact:
    return Fact(
        iri,
        _need(iri, node, f"{RDF}subject"),
        _need(iri, node, f"{RDF}predicate").removeprefix(KG),
        _need(iri, node, f"{RDF}object"),
        _one(node, f"{KG}postTitle"),
        _one(node, f"{KG}status") or Status.ASSERTED.value,
        node.get(f"{KG}rule", ()),
        node.get(f"{KG}observedOn", ()),
        node.get(f"{KG}evidence", ()),
        node.get(f"{KG}inferredFrom", ()),
        _number(iri, _one(node, f"{KG}listOrder") or "0"),
        _one(node, f"{KG}group"),
        _confidence(iri, node),
    )


def _sentences(nodes: Mapping[str, Values]) -> tuple[Sentence, ...]:
    found = ((iri, node) for iri, node in nodes.items() if f"{OA}hasSource" in node)
    return tuple(
        Sentence(iri, _one(node, f"{OA}hasSource"), *_offsets(iri, node), _one(node, f"{OA}exact"))
        for iri, node in found
    )


def _pages(nodes: Mapping[str, Values]) -> tuple[Sheet, ...]:
    return tuple(
        Sheet(
            iri,
            _need(iri, node, f"{DCTERMS}identifier"),
            _one(node, f"{KG}sha256"),
            _one(node, f"{KG}newspaper"),
            _one(node, f"{DCTERMS}issued"),
            _flag(node, "dateCertain"),
            _one(node, f"{KG}pageNumber"),
        )
        for iri, node in _typed(nodes, f"{KG}Page").items()
    )


def _articles(nodes: Mapping[str, Values]) -> tuple[Story, ...]:
    return tuple(
        Story(
            iri,
            _need(iri, node, f"{SCHEMA}isPartOf"),
            _one(node, f"{SCHEMA}headline"),
            *_offsets(iri, node),
            node.get(f"{KG}journalist", ()),
        )
        for iri, node in _typed(nodes, f"{SCHEMA}NewsArticle").items()
    )


def _one(node: Values, predicate: str) -> str:
    return next(iter(node.get(predicate, ())), "")


def _need(iri: str, node: Values, predicate: str) -> str:
    value = _one(node, predicate)
    if not value.strip():
        raise _broken(iri, f"lacks {_short(predicate)}")
    return value


def _offsets(iri: str, node: Values) -> tuple[int, int]:
    return _number(iri, _need(iri, node, f"{KG}start")), _number(iri, _need(iri, node, f"{KG}end"))


def _number(iri: str, value: str) -> int:
    if not value.isdecimal():
        raise _broken(iri, f"has “{value}” where a number belongs")
    return int(value)


def _confidence(iri: str, node: Values) -> float | None:
    """The highest, where graphs of several builds were put together."""
    known = [(value, parsed(value)) for value in node.get(f"{KG}confidence", ())]
    for value, number in known:
        if number is None:
            raise _broken(iri, f"has the confidence “{value}” where a number from 0 to 1 belongs")
    return max((number for _, number in known if number is not None), default=None)


def _flag(node: Values, name: str) -> bool:
    return _one(node, KG + name) in ("true", "1")


def _short(iri: str) -> str:
    return next((f"{p}:{iri.removeprefix(n)}" for p, n in PREFIXES.items() if iri.startswith(n)), iri)


def _check(contents: Contents, nodes: Mapping[str, Values]) -> None:
    """Refuse a graph of something else, relations without a claim, and references to what is not in the graph."""
    if nodes and not (contents.things or contents.pages):
        raise _BrokenError(f"holds no person, agency, place or page of {KG}: not a graph of this contract")
    claimed = {(fact.subject, KG + fact.predicate, fact.object) for fact in contents.facts}
    for iri, node in nodes.items():
        for relation in sorted(predicate for predicate in node if predicate.removeprefix(KG) in PREDICATES):
            for other in node[relation]:
                if relation.startswith(KG) and (iri, relation, other) not in claimed:
                    raise _broken(iri, f"{_short(relation)} <{unquote(other)}> has no kg:Claim")
    _check_claims(contents)
    pages = {page.iri for page in contents.pages}
    for thing in contents.things:
        _refer(thing.iri, thing.pages, pages, "page")
    standing = [(x.iri, x.page) for x in contents.sentences] + [(x.iri, x.page) for x in contents.articles]
    for iri, page in standing:
        _refer(iri, (page,), pages, "page")


def _check_claims(contents: Contents) -> None:
    things, sentences = {thing.iri for thing in contents.things}, {sentence.iri for sentence in contents.sentences}
    for fact in contents.facts:
        if fact.predicate not in PREDICATES or fact.status not in STATUSES:
            raise _broken(fact.iri, f"has a relation or status that nobody knows ({fact.predicate}, {fact.status})")
        if not fact.evidence and not fact.inferred_from:
            raise _broken(fact.iri, "has neither kg:evidence nor kg:inferredFrom")
        _refer(fact.iri, (fact.subject, fact.object), things, "thing")
        _refer(fact.iri, fact.evidence, sentences, "sentence")


def _refer(owner: str, others: tuple[str, ...], known: set[str], what: str) -> None:
    for other in others:
        if other not in known:
            raise _broken(owner, f"refers to <{unquote(other)}>, which is no {what} in it")
