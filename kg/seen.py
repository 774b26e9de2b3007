"""What a graph says, as a reader who knows only the contract sees it: the input of scoring."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.confidence import parsed
from kg.model import Entity, Knowledge, Predicate, Status
from kg.ontology import KG, RDF, RDFS, SCHEMA, SKOS
from kg.store import open_store

TYPES = ("Official", "Person", "Agency", "Enterprise", "Place", "Program")  # Official, listed first, wins

QUOTES = re.compile(r"[\s“”\"'‘’「」『』《》〈〉<>\u200b]")

Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity as a reader of the graph sees it. `type` is Official where the person is one."""

    type: str
    label: str
    names: frozenset[str]  # normalised
    rules: tuple[str, ...] = ()  # of its mentions, where known
    confidence: float = 1.0  # 1 where the graph gives none


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as a reader of the graph sees it: only those that are asserted and stand on a sentence."""

    triple: Triple
    title: str = ""  # normalised
    rules: tuple[str, ...] = ()
    confidence: float = 1.0  # 1 where the graph gives none


@dataclass(frozen=True, slots=True)
class Seen:
    """What a graph says, whichever form it was read from. Article starts are page offsets."""

    things: Mapping[str, Thing]
    claims: tuple[Said, ...]
    starts: tuple[int, ...]
    journalists: frozenset[str]  # normalised


def norm(name: str) -> str:
    """A name as it is compared: NFKC, lower case, without white space, quotes and book marks."""
    return QUOTES.sub("", unicodedata.normalize("NFKC", name)).lower()


def seen_in_knowledge(knowledge: Knowledge) -> Seen:
    """What the graph of `knowledge` would say, without writing it."""
    rule_of = {m.id: m.rule for r in knowledge.readings for m in r.mentions}
    things = {e.id: _thing(e, rule_of) for e in knowledge.entities if e.pages}
    direct = {(s.subject, s.predicate, s.object) for s in knowledge.statements if s.status is Status.ASSERTED}
    claims = tuple(
        Said((s.subject, s.predicate.value, s.object), norm(s.title), s.rules, s.confidence)
        for s in knowledge.statements
        if s.evidence and (s.subject, s.predicate, s.object) in direct and s.subject in things and s.object in things
    )
    articles = [a for r in knowledge.readings for a in r.articles]
    journalists = frozenset(norm(j) for a in articles for j in a.journalists)
    return Seen(things, claims, tuple(a.span.start for a in articles), journalists)


def _thing(entity: Entity, rule_of: Mapping[str, str]) -> Thing:
    names = frozenset(map(norm, (entity.name, *entity.aliases, *entity.printed_as))) - {""}
    rules = tuple(sorted({rule_of[m] for m in entity.mentions if m in rule_of}))
    kind = "Official" if entity.official else entity.kind.value
    return Thing(kind, entity.name, names, rules, entity.confidence)


def seen_in_graph(path: Path) -> Seen:
    """What the graph at `path` says, read through the contract alone (rules of mentions are not in it)."""
    from pyoxigraph import DefaultGraph, NamedNode

    store, whole = open_store(path), DefaultGraph()

    def values(subject: str, predicate: str) -> list[str]:
        pattern = store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, whole)
        return sorted(str(getattr(quad.object, "value", quad.object)) for quad in pattern)

    def typed(term: str) -> list[str]:
        pattern = store.quads_for_pattern(None, NamedNode(f"{RDF}type"), NamedNode(term), whole)
        return sorted(quad.subject.value for quad in pattern if isinstance(quad.subject, NamedNode))

    return _Graph(values, typed).seen()


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph by two questions: the values of a property of a thing, and the things of a class."""

    values: Callable[[str, str], list[str]]
    typed: Callable[[str], list[str]]

    def seen(self) -> Seen:
        types = {node: kind for kind in reversed(TYPES) for node in self.typed(KG + kind)}
        things = {n: self._thing(n, t) for n, t in sorted(types.items()) if self.values(n, f"{KG}mentionedIn")}
        claims = tuple(c for n in self.typed(f"{KG}Claim") for c in self._claims(n, things))
        articles = [a for a in self.typed(f"{SCHEMA}NewsArticle") if self.values(a, f"{KG}start")]
        starts = tuple(int(self.values(a, f"{KG}start")[0]) for a in articles)
        journalists = frozenset(norm(j) for a in articles for j in self.values(a, f"{KG}journalist"))
        return Seen(things, claims, starts, journalists)

    def _thing(self, node: str, kind: str) -> Thing:
        labels = self.values(node, f"{SKOS}prefLabel") or self.values(node, f"{RDFS}label")
        others = (v for p in (f"{SKOS}altLabel", f"{RDFS}label", f"{KG}printedAs") for v in self.values(node, p))
        names = frozenset(map(norm, (*labels, *others))) - {""}
        return Thing(kind, labels[0] if labels else node, names, confidence=self._confidence(node))

    def _confidence(self, node: str) -> float:
        given = map(parsed, self.values(node, f"{KG}confidence"))
        return max((number for number in given if number is not None), default=1.0)

    def _claims(self, node: str, things: Mapping[str, Thing]) -> Iterator[Said]:
        subject, predicate, object_ = (self.values(node, RDF + part)[:1] for part in ("subject", "predicate", "object"))
        if not (subject and predicate and object_ and self.values(node, f"{KG}evidence")):
            return
        s, p, o = subject[0], predicate[0], object_[0]
        if {s, o} <= things.keys() and o in self.values(s, p) and p.removeprefix(KG) in set(Predicate):
            rules = tuple(self.values(node, f"{KG}rule"))
            for title in self.values(node, f"{KG}postTitle") or [""]:
                yield Said((s, p.removeprefix(KG), o), norm(title), rules, self._confidence(node))
