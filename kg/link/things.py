"""What is collected of each thing while pages are read: its names, mentions and pages, under one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.gazetteer import gazetteer
from kg.lexicon import terms
from kg.link.naming import Named, Namer, home_of
from kg.link.places import Surroundings
from kg.link.same import united
from kg.model import Kind, Reading


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
        named = _named(reading)
        other = united([one for one, _ in named])
        for one, home in named:
            _take(collection, reading, one, _of_home(other.get(one.key, one.key), home))
    return collection


def _of_home(key: str, home: str) -> str:
    """人民路, 民间河长协会, “雁归来”行动 are other things in every city; what bears the city's own name is not."""
    kind, _, name = key.partition(":")
    bound = name[:1].isdigit() or "place:" in name or not home or name.startswith(home[:-1])
    return key if bound or kind in ("person", "enterprise") or _national(name) else f"{key}@{home}"


def _national(name: str) -> bool:
    """Whether the name means the same thing in every city's paper."""
    known = terms("program_names") | terms("national_bodies") | terms("countries")
    return name in known or name.startswith(("全国", "国家", "中国", "中央", "世界", "国际"))


def _named(reading: Reading) -> list[tuple[Named, str]]:
    """The mentions of a page, article by article, with the city that each article speaks from."""
    home = home_of(reading.page.home)
    out: list[tuple[Named, str]] = []
    for article in reading.articles:
        there = Surroundings(None).division(article.dateline) if article.dateline else None
        away = there is not None and home is not None and there.level > 1 and there.code[:4] != home.code[:4]
        mentions = [m for m in reading.mentions if m.article == article.id]
        namer = Namer(mentions, there if away else home, sure=home is not None)
        city = gazetteer().city(namer.around.home) if namer.around.home is not None else None
        out.extend((one, reading.page.home or (city.name if city else "")) for one in namer.named.values())
    return out


def _take(collection: Collection, reading: Reading, one: Named, key: str) -> None:
    collection.keys[one.mention.id] = key
    thing = collection.things.setdefault(key, Thing(one.mention.kind))
    weight = 2 if key.partition("@")[0] == one.key else 1
    thing.names[one.name] = max(weight, thing.names.get(one.name, 0))
    thing.aliases.update(one.aliases)
    thing.printed.update(filter(None, (one.printed,)))
    thing.mentions.append(one.mention.id)
    thing.pages.add(reading.page.id)
    thing.homes.add(reading.page.home)
