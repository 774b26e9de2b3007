"""What one page alone says of things: every mention under the key that makes it one thing with others.

The first of the three steps of linking; it needs no other page, so that pages can be taken one at a time, anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kg.gazetteer import gazetteer
from kg.lexicon import terms
from kg.link.naming import Named, Namer, home_of
from kg.link.places import Surroundings
from kg.link.same import united
from kg.model import Claim, Kind, Mention, Predicate, Reading

Keyed = tuple[Named, str]  # a named mention, and the key of the thing that it is


@dataclass(frozen=True, slots=True)
class Share:
    """What one page says of one thing. `ties` are the bodies and places of the posts that it gives a person."""

    key: str
    page: str
    kind: Kind
    names: tuple[tuple[str, int], ...]  # full name, how much it is the thing's own
    aliases: tuple[str, ...]
    printed: tuple[str, ...]  # misprints
    mentions: tuple[str, ...]
    surfaces: tuple[str, ...]  # as the mentions stand there
    confidence: float  # of the surest mention
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A claim of a page between the things of two keys."""

    page: str
    subject: str
    object: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Local:
    """One page, ready to be linked: `shares` sorted by key, `said` in the order of its claims."""

    page: str
    shares: tuple[Share, ...]
    said: tuple[Said, ...]

    @property
    def keys(self) -> dict[str, str]:
        """Mention id → key; a mention that stands for nothing known is missing."""
        return {mention: share.key for share in self.shares for mention in share.mentions}


def local(reading: Reading) -> Local:
    """The page by itself."""
    found = named(reading)
    other = united([one for one, _ in found])
    grouped: dict[str, list[Keyed]] = defaultdict(list)
    for one, home in found:
        key = _of_home(other.get(one.key, one.key), home)
        grouped[key].append((one, key))
    keys = {one.mention.id: key for group in grouped.values() for one, key in group}
    said = _said(reading, keys)
    ties = _ties(said)
    shares = (_share(reading.page.id, key, grouped[key], ties.get(key, set())) for key in sorted(grouped))
    return Local(reading.page.id, tuple(shares), said)


def named(reading: Reading) -> list[tuple[Named, str]]:
    """The mentions of a page, article by article, with the city that each article speaks from."""
    home = home_of(reading.page.home)
    by_article: dict[str, list[Mention]] = defaultdict(list)
    for mention in reading.mentions:
        by_article[mention.article].append(mention)
    out: list[tuple[Named, str]] = []
    for article in reading.articles:
        there = Surroundings(None).division(article.dateline) if article.dateline else None
        away = there is not None and home is not None and there.level > 1 and there.code[:4] != home.code[:4]
        namer = Namer(by_article[article.id], there if away else home, sure=home is not None)
        city = gazetteer().city(namer.around.home) if namer.around.home is not None else None
        out.extend((one, reading.page.home or (city.name if city else "")) for one in namer.named.values())
    return out


def _of_home(key: str, home: str) -> str:
    """人民路, 民间河长协会, “雁归来”行动 are other things in every city; what bears the city's own name is not."""
    kind, _, name = key.partition(":")
    bound = name[:1].isdigit() or "place:" in name or not home or name.startswith(home[:-1])
    return key if bound or kind in ("person", "enterprise") or _national(name) else f"{key}@{home}"


def _national(name: str) -> bool:
    """Whether the name means the same thing in every city's paper."""
    known = terms("program_names") | terms("national_bodies") | terms("countries")
    return name in known or name.startswith(("全国", "国家", "中国", "中央", "世界", "国际"))


def _said(reading: Reading, keys: dict[str, str]) -> tuple[Said, ...]:
    """The claims whose two ends are known."""
    ends = ((claim, keys.get(claim.subject), keys.get(claim.object)) for claim in reading.claims)
    return tuple(Said(reading.page.id, left, right, one) for one, left, right in ends if left and right)


def _ties(said: Sequence[Said]) -> dict[str, set[str]]:
    """Person → the bodies and places of the posts that the page gives them."""
    ties: dict[str, set[str]] = defaultdict(set)
    for one in said:
        if one.claim.predicate is Predicate.HOLDS_POST_IN:
            ties[one.subject].update((one.object, _root_place(one.object)))
    return ties


def _root_place(key: str) -> str:
    """The place under an agency's key: agency:place:430202/水利局 → place:430202."""
    return key.removeprefix("agency:").partition("/")[0]


def _share(page: str, key: str, group: Sequence[Keyed], ties: set[str]) -> Share:
    names: dict[str, int] = {}
    for one, _ in group:
        names[one.name] = max(2 if key.partition("@")[0] == one.key else 1, names.get(one.name, 0))
    mentions = [one.mention for one, _ in group]
    return Share(
        key, page, mentions[0].kind, tuple(sorted(names.items())),
        tuple(sorted({alias for one, _ in group for alias in one.aliases})),
        tuple(sorted({one.printed for one, _ in group} - {""})),
        tuple(mention.id for mention in mentions), tuple(sorted({mention.surface for mention in mentions})),
        max(mention.confidence for mention in mentions), tuple(sorted(ties)),
    )  # fmt: skip
