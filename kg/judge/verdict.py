"""A reading with the chance of every thing and fact as the whole article gives it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from kg.confidence import as_sure, confident
from kg.judge import facts, things
from kg.judge.endings import said_by_endings
from kg.judge.gathered import Gathered, apart
from kg.model import Claim, Mention, Reading, Status
from kg.network.scorer import voted

T = TypeVar("T", Mention, Claim)
WORTH = 0.1  # what is less likely is not told of


def judged(reading: Reading) -> Reading:
    """`reading` with calibrated confidences, article by article: the surest mention of a thing has the thing's, the
    surest claim of a fact the fact's, the others in proportion. What the article makes unlikely is left out."""
    mentions: dict[str, Mention] = {}
    claims: dict[int, Claim] = {}
    for page in apart(reading):
        weigh_things(page)
        weigh_facts(page)
        mentions |= {mention.id: mention for thing in page.things for mention in _scaled(thing.mentions, thing.chance)}
        for fact in (fact for fact in page.facts if fact.chance >= WORTH):
            claims |= {id(one): now for one, now in zip(fact.claims, _scaled(fact.claims, fact.chance), strict=True)}
    named = tuple(mentions.get(mention.id, mention) for mention in reading.mentions)
    said = tuple(claims[id(claim)] for claim in reading.claims if id(claim) in claims)
    return confident(replace(reading, mentions=named, claims=said), WORTH)


def _scaled(parts: list[T], chance: float) -> list[T]:
    ratio = chance / max(part.confidence for part in parts)
    return [as_sure(part, part.confidence * ratio) for part in parts]


def weigh_things(page: Gathered) -> None:
    """Set the chances of the things."""
    for thing, chance in zip(page.things, voted("things", things.features(page)), strict=True):
        thing.chance = float(chance)


def weigh_facts(page: Gathered) -> None:
    """Set the chances of the facts, those of the things being known. A fact that is planned or denied keeps its own:
    the gold that the scorer learns from has none."""
    chances = voted("facts", facts.features(page), said_by_endings(page.facts))
    for fact, chance in zip(page.facts, chances, strict=True):
        if fact.status is Status.ASSERTED:
            fact.chance = float(chance)
