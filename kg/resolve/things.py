"""What is collected of each thing while pages are read: its names, mentions and pages, under one key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.lexicon import terms
from kg.model import Kind, Reading
from kg.resolve.naming import Named, Namer
from kg.resolve.unite import united, united_places
from kg.tag.ground import Ground, ground


@dataclass
class Thing:
    """One thing in the making."""

    kind: Kind
    names: dict[str, int] = field(default_factory=dict)  # full name → how much it is the thing's own
    aliases: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)
    mentions: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The fullest form: of the thing's own key before those of short forms, then the longest."""
        return min(self.names, key=lambda name: (-self.names[name], -len(name), name))


@dataclass(frozen=True)
class Collection:
    """`keys`: mention id → key; `things`: key → thing."""

    keys: dict[str, str]
    things: dict[str, Thing]


def collect(readings: Sequence[Reading]) -> Collection:
    """Name every mention of every page and gather what is one thing."""
    collection = Collection({}, {})
    for reading in readings:
        named = _named(reading, ground(reading.page.home))
        other = united(named)
        everywhere = {other.get(one.key, one.key) for one in named if _is_everywhere(one)}
        for one in named:
            key = other.get(one.key, one.key)
            _take(collection, reading, one, key if key in everywhere else _of_home(key, reading.page.home))
    return collection


def _of_home(key: str, home: str) -> str:
    """人民路, 民间河长协会, “雁归来”行动 are other things in every city; what bears the city's own name is not."""
    kind, _, name = key.partition(":")
    bound = name[:1].isdigit() or "place:" in name or not home or name.startswith(home[:-1])
    return key if bound or kind in ("person", "enterprise") else f"{key}@{home}"


def _is_everywhere(one: Named) -> bool:
    """Whether the name means the same thing in every city's paper: a division, a national body, honour or program."""
    if one.mention.kind is Kind.PROGRAM:
        return one.mention.rule in ("program.national", "program.award", "program.document") or _national(one.name)
    return one.mention.rule in ("place.division", "agency.national") or one.name in terms("countries")


def _national(name: str) -> bool:
    known = terms("program_names") | terms("program_titles")
    return name in known or name.startswith(("全国", "国家", "中国", "中央", "世界", "国际"))


def _named(reading: Reading, under: Ground) -> list[Named]:
    """The mentions of a page: places first and settled, then everything with the settled places."""
    by_article: dict[str, list[Named]] = defaultdict(list)
    mentions = {article.id: [m for m in reading.mentions if m.article == article.id] for article in reading.articles}
    places = [
        one for group in mentions.values()
        for one in Namer([m for m in group if m.kind is Kind.PLACE], under).named.values()
    ]  # fmt: skip
    settled = _settled(places)
    for article, group in mentions.items():
        by_article[article] = list(Namer(group, under, settled).named.values())
    return [one for group in by_article.values() for one in group]


def _settled(places: Iterable[Named]) -> dict[str, tuple[str, str]]:
    joined = united_places(places)
    names = {one.key: one.name for one in places}
    return {key: (target, names.get(target, target)) for key, target in joined.items()}


def _take(collection: Collection, reading: Reading, one: Named, key: str) -> None:
    collection.keys[one.mention.id] = key
    thing = collection.things.setdefault(key, Thing(one.mention.kind))
    weight = 2 if key.partition("@")[0] == one.key and one.mention.rule != "program.shared-head" else 1
    thing.names[one.name] = max(weight, thing.names.get(one.name, 0))
    thing.aliases.update(filter(None, (one.alias, one.short)))
    thing.printed.update(filter(None, (one.printed,)))
    thing.mentions.append(one.mention.id)
    thing.pages.add(reading.page.id)
    thing.homes.add(reading.page.home)
