"""Every name, thing and statement of a page with its confidence, and whether the gold agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kg.evaluate.pages import Measured
from kg.learn.align import Aligned, align
from kg.model import Article, Mention
from kg.score import Marking
from kg.seen import norm, seen_in_knowledge

What = Literal["mention", "entity", "claim"]


@dataclass(frozen=True, slots=True)
class Judged:
    """`label` is a kind or a predicate, `origin` what proposed it."""

    what: What
    label: str
    origin: tuple[str, ...]
    confidence: float
    right: bool


def judged(pages: Iterable[Measured]) -> list[Judged]:
    """All that the gold decides; what it leaves open (optional) is left out."""
    return [one for page in pages for one in (*_mentions(page), *_graph(page))]


def _graph(page: Measured) -> Iterator[Judged]:
    """A post counts as right where its title is too."""
    seen = seen_in_knowledge(page.knowledge())
    marking = Marking(page.gold, seen)
    for node, thing in seen.things.items():
        if (right := _decided(marking.verdict_on(node))) is not None:
            kind = "Person" if thing.type == "Official" else thing.type
            yield Judged("entity", kind, thing.rules, thing.confidence, right)
    for claim in seen.claims:
        if (right := _decided(marking.verdict(claim.triple, claim.title))) is not None:
            yield Judged("claim", claim.triple[1], claim.rules, claim.confidence, right)


def _decided(verdict: str) -> bool | None:
    return None if verdict == "optional" else verdict == "true"


def _mentions(page: Measured) -> Iterator[Judged]:
    for article in page.reading.articles:
        gold = align(article.text, page.gold)
        mine = [m for m in page.reading.mentions if m.article == article.id and not m.relative]
        for mention in mine:
            if (right := _named(mention, gold, article)) is not None:
                yield Judged("mention", mention.kind, (mention.rule,), mention.confidence, right)


def _named(mention: Mention, gold: Aligned, article: Article) -> bool | None:
    """None where a careful reader could go either way, or where a name of the gold is here a part of another."""
    spots = [spot for spot in gold.spots if spot.layer == mention.kind]
    at = (mention.span.start, mention.span.end)
    for spot in spots:
        if (spot.start, spot.end) == at:
            return None if spot.optional else True
    surfaces = {norm(article.text[spot.start : spot.end]) for spot in spots}
    return None if norm(mention.surface) in surfaces else False
