"""All that pages say of one key → a thing, or several people of one name; all things of one name → their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.link.local import Share
from kg.link.people import groups
from kg.model import Entity, Kind


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the world, without its id. `key` is its own, `of` that of its shares: namesakes have one `of`.

    `aliases` are all other full names and surfaces; `inferred` says that its name as such stands on no page.
    """

    key: str
    of: str
    kind: Kind
    name: str
    aliases: tuple[str, ...]
    printed: tuple[str, ...]
    mentions: tuple[str, ...]
    pages: tuple[str, ...]
    inferred: bool
    confidence: float

    @property
    def path(self) -> str:
        """kind/name: its id, where no other thing bears the name."""
        return f"{self.kind.lower()}/{self.name}"

    @property
    def code(self) -> str:
        """The code of the division that it is, "" for another thing."""
        kind, _, code = self.key.partition(":")
        return code if kind == "place" and code.isdigit() else ""

    def entity(self, identifier: str, official: bool) -> Entity:
        """The thing as the graph has it."""
        return Entity(
            identifier, self.kind, self.name, official, self.aliases, self.printed, self.mentions, self.pages,
            self.inferred, self.confidence,
        )  # fmt: skip


def things(shares: Iterable[Share]) -> list[Thing]:
    """What the shares of one key, all that there are, stand for: one thing, or people whom nothing makes one."""
    ordered = sorted(shares, key=lambda share: share.page)
    name = called(ordered)
    apart = groups({share.page: share.ties for share in ordered}, name) if ordered[0].kind is Kind.PERSON else []
    borne = _Borne.by(ordered)
    if len(apart) < 2:
        return [_thing(ordered[0].key, name, borne, ordered)]
    by_page = {share.page: share for share in ordered}
    return [_thing(f"{ordered[0].key}@{part[0]}", name, borne, [by_page[page] for page in part]) for part in apart]


class _Borne(NamedTuple):
    """What the things of one key are called: their forms are those of the whole, also where they are parted."""

    names: frozenset[str]
    aliases: frozenset[str]
    printed: tuple[str, ...]

    @classmethod
    def by(cls, shares: Sequence[Share]) -> _Borne:
        return cls(
            frozenset(name for share in shares for name, _ in share.names),
            frozenset(alias for share in shares for alias in share.aliases),
            tuple(sorted({misprint for share in shares for misprint in share.printed})),
        )


def called(shares: Sequence[Share]) -> str:
    """The fullest form: of the thing's own key before those of short forms, then the longest."""
    weights: dict[str, int] = {}
    for share in shares:
        for name, weight in share.names:
            weights[name] = max(weight, weights.get(name, 0))
    return min(weights, key=lambda name: (-weights[name], -len(name), name))


def _thing(key: str, name: str, borne: _Borne, shares: Sequence[Share]) -> Thing:
    """The thing that these shares speak of. It is as sure as its surest mention: many doubtful ones beside it take
    nothing away, and do not add up either, since one page's mistakes come from the same cause."""
    others = (borne.names | borne.aliases) - {name}
    return Thing(
        key, shares[0].key, shares[0].kind, name, tuple(sorted(others)), borne.printed,
        tuple(mention for share in shares for mention in share.mentions), tuple(share.page for share in shares),
        name not in borne.aliases, max(share.confidence for share in shares),
    )  # fmt: skip


def identifiers(path: str, keys: Sequence[str]) -> dict[str, str]:
    """Key → id, of all things whose kind and name are `path`; several carry what tells them apart."""
    if len(keys) == 1:
        return {keys[0]: path}
    marks = {key: _qualifier(key) for key in keys}
    borne = Counter(marks.values())
    return {key: f"{path}@{mark if borne[mark] == 1 else _whole(key)}" for key, mark in marks.items()}


def _qualifier(key: str) -> str:
    return _whole(key).rpartition("@")[2]


def _whole(key: str) -> str:
    return key.partition(":")[2].replace("/", "·")
