"""What a graph says, as a reader who knows only the contract sees it: the input of scoring."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from kg.model import Entity, Knowledge, Status

QUOTES = re.compile(r"[\s“”\"'‘’「」『』《》〈〉<>\u200b]")

Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity as a reader of the graph sees it. `type` is Official where the person is one."""

    type: str
    label: str
    names: frozenset[str]  # normalised
    rules: tuple[str, ...] = ()  # of its mentions, where known


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as a reader of the graph sees it: only those that are asserted and stand on a sentence."""

    triple: Triple
    title: str = ""  # normalised
    rules: tuple[str, ...] = ()


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
        Said((s.subject, s.predicate.value, s.object), norm(s.title), s.rules)
        for s in knowledge.statements
        if s.evidence and (s.subject, s.predicate, s.object) in direct and s.subject in things and s.object in things
    )
    articles = [a for r in knowledge.readings for a in r.articles]
    journalists = frozenset(norm(j) for a in articles for j in a.journalists)
    return Seen(things, claims, tuple(a.span.start for a in articles), journalists)


def _thing(entity: Entity, rule_of: Mapping[str, str]) -> Thing:
    names = frozenset(map(norm, (entity.name, *entity.aliases, *entity.printed_as))) - {""}
    rules = tuple(sorted({rule_of[m] for m in entity.mentions if m in rule_of}))
    return Thing("Official" if entity.official else entity.kind.value, entity.name, names, rules)
