"""What an article says, gathered by thing and by fact: what the scorers of the whole look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.link.local import Local, Share, local
from kg.link.things import called
from kg.model import Claim, Kind, Mention, Predicate, Reading, Status

_DIGITS = re.compile(r"\d*")
PIECE, COMMON = 2, 40  # names are alike by pieces of two characters, but not by those that so many names share


@dataclass(eq=False)
class Thing:
    """One thing of the article. `chance` is that of its surest mention until the scorer has said more."""

    share: Share
    name: str
    inferred: bool  # the name as such stands nowhere in it
    mentions: list[Mention]
    chance: float
    number: int  # among the things of the article
    kind: Kind
    code: str  # of the division in its key, "" for what is no division and not composed with one
    composed: bool  # with a place


@dataclass(eq=False)
class Fact:
    """One fact of the article with all claims of it; `chance` as of a thing."""

    subject: Thing
    predicate: Predicate
    object: Thing
    title: str
    status: Status
    claims: list[Claim]
    surest: float  # of its claims
    chance: float


@dataclass
class Gathered:
    """The things and facts of an article, each in a fixed order."""

    reading: Reading
    things: list[Thing]
    facts: list[Fact]
    alike: list[list[Thing]]  # by number: other things with a piece of its name


def apart(reading: Reading) -> Iterator[Gathered]:
    """Each article by itself: how often a page names something says little where it has many articles."""
    mentions: dict[str, list[Mention]] = defaultdict(list)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for mention in reading.mentions:
        mentions[mention.article].append(mention)
    for claim in reading.claims:
        claims[claim.article].append(claim)
    for one in reading.articles:
        yield gathered(Reading(reading.page, (one,), tuple(mentions[one.id]), tuple(claims[one.id])))


def gathered(reading: Reading) -> Gathered:
    page = local(reading)
    known = _things(reading, page)
    return Gathered(reading, list(known.values()), _facts(page, known), _alike(list(known.values())))


def _things(reading: Reading, page: Local) -> dict[str, Thing]:
    by_id = {mention.id: mention for mention in reading.mentions}
    found = {}
    for number, share in enumerate(page.shares):
        name = called([share])
        mentions = [by_id[mention] for mention in share.mentions]
        code, composed = _code(share.key), "place:" in share.key.partition(":")[2]
        found[share.key] = Thing(
            share, name, name not in share.aliases, mentions, share.confidence, number, share.kind, code, composed
        )
    return found


def _code(key: str) -> str:
    _, place, part = key.rpartition("place:")
    return _DIGITS.match(part)[0] if place else ""  # type: ignore[index]


def _facts(page: Local, known: dict[str, Thing]) -> list[Fact]:
    grouped: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for said in page.said:
        left, right, claim = said.subject, said.object, said.claim
        if left == right:
            continue
        if claim.predicate is Predicate.COOPERATES_WITH and right < left:
            left, right = right, left
        grouped[left, claim.predicate, right, claim.title, claim.status].append(claim)
    return [_fact(key, claims, known) for key, claims in sorted(grouped.items())]


def _fact(key: tuple[str, ...], claims: list[Claim], known: dict[str, Thing]) -> Fact:
    left, predicate, right, title, status = key
    surest = max(claim.confidence for claim in claims)
    return Fact(known[left], Predicate(predicate), known[right], title, Status(status), claims, surest, surest)


def _alike(found: list[Thing]) -> list[list[Thing]]:
    by_piece: dict[str, list[Thing]] = defaultdict(list)
    pieces = [_pieces(thing.name) for thing in found]
    for thing, own in zip(found, pieces, strict=True):
        for piece in own:
            by_piece[piece].append(thing)
    return [_others(thing, (by_piece[piece] for piece in own)) for thing, own in zip(found, pieces, strict=True)]


def _others(thing: Thing, buckets: Iterable[list[Thing]]) -> list[Thing]:
    near = {other.number: other for bucket in buckets if len(bucket) < COMMON for other in bucket}
    near.pop(thing.number, None)
    return [near[number] for number in sorted(near)]


def _pieces(name: str) -> set[str]:
    return {name[i : i + PIECE] for i in range(len(name) - PIECE + 1)} or {name}
