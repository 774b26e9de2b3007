"""What the nodes of a graph say: one thing, claim, sentence, page or article each, as plain tuples.

Only the contract (docs/ontology.md) is read: a graph of another program, or one mended by hand, is as good as one of
ours. A node that breaks it is a BrokenError that names it: a claim without its sentence must not look like a fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from kg.confidence import parsed
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


Entry = Thing | Sentence | Fact | Sheet | Story


class BrokenError(ValueError):
    """Where and how the contract is broken."""


def broken(iri: str, what: str) -> BrokenError:
    return BrokenError(f"<{unquote(iri)}> {what}: the graph does not keep the contract")


def entries(iri: str, node: Values) -> Iterator[Entry]:
    """What this node is: nothing of ours, one entry, or (in odd graphs) several. Raises BrokenError."""
    types = node.get(f"{RDF}type", ())
    if kind := _kind(types):
        yield _thing(iri, kind, node)
    if f"{KG}Claim" in types:
        yield _fact(iri, node)
    if f"{OA}hasSource" in node:
        yield Sentence(iri, _one(node, f"{OA}hasSource"), *_offsets(iri, node), _one(node, f"{OA}exact"))
    if f"{KG}Page" in types:
        yield _page(iri, node)
    if f"{SCHEMA}NewsArticle" in types:
        yield _story(iri, node)


def relations(node: Values) -> Iterator[tuple[str, str]]:
    """The relations that stand as triples of their own on this node: local name and object."""
    for name in Predicate:
        yield from ((name.value, other) for other in node.get(KG + name, ()))


def check(fact: Fact) -> None:
    """Raise BrokenError for a claim that says what nobody knows, or that stands on nothing."""
    if fact.predicate not in PREDICATES or fact.status not in STATUSES:
        raise broken(fact.iri, f"has a relation or status that nobody knows ({fact.predicate}, {fact.status})")
    if not fact.evidence and not fact.inferred_from:
        raise broken(fact.iri, "has neither kg:evidence nor kg:inferredFrom")


def _kind(types: tuple[str, ...]) -> str:
    return next((kind for kind in KINDS if KG + kind in types), "")


def _thing(iri: str, kind: str, node: Values) -> Thing:
    name = _need(iri, node, f"{SKOS}prefLabel")
    aliases = tuple(a for a in node.get(f"{SKOS}altLabel", ()) if a.strip() and a != name)
    misprints = node.get(f"{KG}printedAs", ())
    pages, inferred = node.get(f"{KG}mentionedIn", ()), _flag(node, "nameInferred")
    return Thing(iri, kind, name, aliases, misprints, pages, inferred, _confidence(iri, node))


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


def _page(iri: str, node: Values) -> Sheet:
    return Sheet(
        iri,
        _need(iri, node, f"{DCTERMS}identifier"),
        _one(node, f"{KG}sha256"),
        _one(node, f"{KG}newspaper"),
        _one(node, f"{DCTERMS}issued"),
        _flag(node, "dateCertain"),
        _one(node, f"{KG}pageNumber"),
    )


def _story(iri: str, node: Values) -> Story:
    page, headline = _need(iri, node, f"{SCHEMA}isPartOf"), _one(node, f"{SCHEMA}headline")
    return Story(iri, page, headline, *_offsets(iri, node), node.get(f"{KG}journalist", ()))


def _one(node: Values, predicate: str) -> str:
    return next(iter(node.get(predicate, ())), "")


def _need(iri: str, node: Values, predicate: str) -> str:
    value = _one(node, predicate)
    if not value.strip():
        raise broken(iri, f"lacks {_short(predicate)}")
    return value


def _offsets(iri: str, node: Values) -> tuple[int, int]:
    return _number(iri, _need(iri, node, f"{KG}start")), _number(iri, _need(iri, node, f"{KG}end"))


def _number(iri: str, value: str) -> int:
    if not value.isdecimal():
        raise broken(iri, f"has “{value}” where a number belongs")
    return int(value)


def _confidence(iri: str, node: Values) -> float | None:
    """The highest, where graphs of several builds were put together."""
    known = [(value, parsed(value)) for value in node.get(f"{KG}confidence", ())]
    for value, number in known:
        if number is None:
            raise broken(iri, f"has the confidence “{value}” where a number from 0 to 1 belongs")
    return max((number for _, number in known if number is not None), default=None)


def _flag(node: Values, name: str) -> bool:
    return _one(node, KG + name) in ("true", "1")


def _short(iri: str) -> str:
    return next((f"{p}:{iri.removeprefix(n)}" for p, n in PREFIXES.items() if iri.startswith(n)), iri)
