"""Several names on one page for one thing: short forms, owners left out, 以下简称, words inside quotation marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.lexicon import terms
from kg.model import Kind
from kg.resolve.naming import Named

_PLACE_STEM = 2


def united(names: Iterable[Named], home: str) -> dict[str, str]:
    """key → key of the thing it is, for the keys of one page that are another name of something there."""
    named = list(names)
    by_id = {one.mention.id: one for one in named}
    joined: dict[str, str] = {}
    for left, right in [*_same(named, by_id), *_shorter(named), *_zones(named, home), *_abridged(named)]:
        left, right = _root(joined, left), _root(joined, right)
        if left != right:
            joined[left] = right
    return {key: _root(joined, key) for key in joined}


def _root(joined: dict[str, str], key: str) -> str:
    while key in joined:
        key = joined[key]
    return key


def _same(named: list[Named], by_id: dict[str, Named]) -> Iterator[tuple[str, str]]:
    for one in named:
        if one.mention.same in by_id and by_id[one.mention.same].key != one.key:
            yield one.key, by_id[one.mention.same].key


def _shorter(named: list[Named]) -> Iterator[tuple[str, str]]:
    """A name that is another one without its owner or place, if only one such other stands on the page."""
    longer: dict[tuple[Kind, str], set[str]] = defaultdict(set)
    for one in named:
        if one.short:
            longer[one.mention.kind, one.short].add(one.key)
    for one in named:
        keys = longer.get((one.mention.kind, one.name), set()) - {one.key}
        if len(keys) == 1 and not one.short:
            yield one.key, next(iter(keys))


def _zones(named: list[Named], home: str) -> Iterator[tuple[str, str]]:
    """高新区 → the only …高新区 of the page, and a zone without its prefix → the only longer one."""
    places = {one.name: one.key for one in named if one.mention.kind is Kind.PLACE}
    for name, key in sorted(places.items()):
        if not (name in terms("zones") or _is_zone(name)):
            continue
        longer = [other for other in sorted(places) if other != name and other.endswith(name)]
        if len(longer) == 1:
            yield key, places[longer[0]]


def _is_zone(name: str) -> bool:
    return len(name) > 4 and name.endswith(("园区", "产业园", "示范区", "开发区", "工业园", "科技城", "广场", "公园"))


def _abridged(named: list[Named]) -> Iterator[tuple[str, str]]:
    """大数据局 → 大数据资源局 under one place in one article: a name whose characters all stand in the longer, in order."""
    by_scope: dict[tuple[str, str, str], list[Named]] = defaultdict(list)
    for one in named:
        if one.mention.kind is Kind.AGENCY and one.mention.core and "/" in one.key:
            by_scope[one.mention.article, one.key.rpartition("/")[0], one.key[-1]].append(one)
    for group in by_scope.values():
        for one in group:
            core = one.key.rpartition("/")[2]
            longer = {o.key for o in group if o.key != one.key and _subsequence(core, o.key.rpartition("/")[2])}
            if len(longer) == 1 and len(core) >= 4:
                yield one.key, next(iter(longer))


def _subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return len(short) < len(long) and short[0] == long[0] and all(character in rest for character in short)
