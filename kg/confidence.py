"""How sure a reading is: what is left out below a minimum, and how the number is written.

A confidence is a calibrated probability that a careful reader would agree. What nothing scored has 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import TypeVar

from kg.errors import KgError
from kg.model import Claim, Entity, Mention, Reading, Statement

DEFAULT_MIN_CONFIDENCE = 0.35  # from here to 0.4 cross-validation has its best F1, one level top
DECIMALS = 3
T = TypeVar("T", Mention, Claim)
_OTHERS = {kind: attrgetter(*(field.name for field in fields(kind)[:-1])) for kind in (Mention, Claim)}


def check_minimum(minimum: float) -> None:
    """Raise KgError where `minimum` is no probability."""
    if not 0 <= minimum <= 1:  # so written, it refuses NaN too
        raise KgError(f"min_confidence {minimum}: a number from 0 to 1 is needed 可信度下限应在 0 与 1 之间")


def as_sure(one: T, confidence: float) -> T:
    """The mention or claim with another confidence, which is its last field; `replace` takes three times as long."""
    make: Callable[..., T] = type(one)
    return make(*_OTHERS[type(one)](one), confidence)


def confident(reading: Reading, minimum: float) -> Reading:
    """`reading` without the mentions and claims below `minimum`, and without claims one of whose ends is gone.

    A mention that completes the name of a kept one (`scope`) is kept with it, however doubtful: without it the name
    would be another. `within` and `same` of a kept mention lead on to the next kept one, or nowhere.
    """
    known = {mention.id: mention for mention in reading.mentions}
    kept = _kept(known, minimum)
    mentions = tuple(_mended(mention, known, kept) for mention in reading.mentions if mention.id in kept)
    claims = tuple(
        claim for claim in reading.claims
        if claim.confidence >= minimum and claim.subject in kept and claim.object in kept
    )  # fmt: skip
    return replace(reading, mentions=mentions, claims=claims)


def _kept(known: Mapping[str, Mention], minimum: float) -> frozenset[str]:
    """The mentions that are sure enough, with all on which their names are built."""
    kept: set[str] = set()
    for mention in known.values():
        at = mention.id if mention.confidence >= minimum else ""
        while at in known and at not in kept:
            kept.add(at)
            at = known[at].scope
    return frozenset(kept)


def _mended(mention: Mention, known: Mapping[str, Mention], kept: frozenset[str]) -> Mention:
    within = _next_kept(_chain(known, mention, "within"), kept)
    same = _next_kept(_chain(known, mention, "same"), kept)
    return mention if (within, same) == (mention.within, mention.same) else replace(mention, within=within, same=same)


def _chain(known: Mapping[str, Mention], mention: Mention, link: str) -> Iterable[str]:
    """The mentions to which `link` leads from `mention`, one after the other; a circle ends it."""
    passed = {mention.id}
    at: str = getattr(mention, link)
    while at in known and at not in passed:
        yield at
        passed.add(at)
        at = getattr(known[at], link)


def _next_kept(chain: Iterable[str], kept: frozenset[str]) -> str:
    return next((mention for mention in chain if mention in kept), "")


def told(one: Entity | Statement) -> float | None:
    """What a graph says of it; None for what no page says (divisions and their order, from the gazetteer)."""
    pages = one.pages if isinstance(one, Entity) else one.evidence
    return round(one.confidence, DECIMALS) if pages else None


def written(confidence: float | None) -> str:
    """0.873; an empty text where there is none."""
    return "" if confidence is None else f"{confidence:.{DECIMALS}f}"


def parsed(text: str) -> float | None:
    """The number that a graph gives; None where it is none from 0 to 1, which a graph of another hand may hold."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None
