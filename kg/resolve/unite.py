"""Several names on one page for one thing: short forms, owners left out, a word dropped inside a long name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from kg.lexicon import terms
from kg.model import Kind
from kg.resolve.naming import Named

Pairs = Iterator[tuple[str, str]]
_GRADES = ("国家级", "国家", "全国", "省级", "市级", "全省", "全市", "省", "市")
_ZONE_ENDS = ("园区", "产业园", "示范区", "开发区", "工业园", "科技城", "广场", "公园", "高新区", "经开区", "新区")


def united_places(named: Iterable[Named]) -> dict[str, str]:
    """key → key of the place it is, for the places of one page that are another name of one there."""
    return _joined([one for one in named if one.mention.kind is Kind.PLACE], (_shorter, _zones))


def united(named: Iterable[Named]) -> dict[str, str]:
    """The same for bodies and programs, once the places are settled."""
    rest = [one for one in named if one.mention.kind is not Kind.PLACE]
    return _joined(rest, (_shorter, _abridged_bodies, _abridged_programs, _graded, _brands, _called, _inner))


def _joined(named: list[Named], rules: tuple[Callable[[list[Named]], Pairs], ...]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for rule in rules:
        for left, right in sorted(set(rule(named))):
            left, right = _root(joined, left), _root(joined, right)
            if left != right:
                joined[left] = right
    return {key: _root(joined, key) for key in joined}


def _root(joined: dict[str, str], key: str) -> str:
    while key in joined:
        key = joined[key]
    return key


def _shorter(named: list[Named]) -> Pairs:
    """A name that is another one without its owner or place, if only one such other stands on the page."""
    longer: dict[tuple[Kind, str], set[str]] = defaultdict(set)
    for one in named:
        if one.short:
            longer[one.mention.kind, one.short].add(one.key)
    for one in named:
        keys = longer.get((one.mention.kind, one.name), set()) - {one.key}
        if len(keys) == 1 and not one.short and not _key_name(one.key).isdigit():
            yield one.key, next(iter(keys))


def _zones(named: list[Named]) -> Pairs:
    """高新区 → the only …高新区 of the page; 园 and 园区 are one ending."""
    places = {one.name: one.key for one in named}
    for name in sorted(places):
        if not (name in terms("zones") or (len(name) > 4 and name.endswith(_ZONE_ENDS))):
            continue
        stem = name.removesuffix("区") if name.endswith("园区") else name
        longer = [other for other in sorted(places) if other != name and other.endswith((name, stem, stem + "区"))]
        keys = {places[other] for other in longer}
        if len(keys) == 1 and min(map(len, longer)) >= len(name):
            yield places[name], keys.pop()


def _abridged_bodies(named: list[Named]) -> Pairs:
    """大数据局 → 大数据资源局 under one place in one article: its characters all stand in the longer name, in order."""
    by_scope: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in named:
        if one.mention.kind is Kind.AGENCY and "/" in one.key:
            by_scope[one.mention.article, one.key.rpartition("/")[0], one.key[-1]].add(one.key)
    for keys in by_scope.values():
        for key in keys:
            core = key.rpartition("/")[2]
            longer = [other for other in keys if other != key and _abridges(core, other.rpartition("/")[2], 1, 1)]
            if len(longer) == 1 and len(core) >= 4:
                yield key, longer[0]


def _abridged_programs(named: list[Named]) -> Pairs:
    """河西再生水循环系统 → 河西污水处理厂再生水循环利用系统: one end and one beginning, nothing in another order."""
    programs = {one.key: _key_name(one.key) for one in named if one.mention.kind is Kind.PROGRAM}
    for key, name in programs.items():
        if len(name) >= 6:
            longer = [other for other, long in programs.items() if other != key and _abridges(name, long, 2, 2)]
            if len(longer) == 1:
                yield key, longer[0]


def _graded(named: list[Named]) -> Pairs:
    """节水型城市 → 国家节水型城市, where the page has only one grade of it."""
    programs = {_key_name(one.key): one.key for one in named if one.mention.kind is Kind.PROGRAM}
    for name, key in programs.items():
        graded = [programs[grade + name] for grade in _GRADES if grade + name in programs]
        if len(graded) == 1 and len(name) > 3:
            yield key, graded[0]


def _brands(named: list[Named]) -> Pairs:
    """澄光集团 → 澄光集团有限公司: a firm's name inside the only full company name of the page that holds it."""
    firms = {_key_name(one.key): one.key for one in named if one.mention.kind is Kind.ENTERPRISE}
    for name, key in firms.items():
        full = [key for other, key in firms.items() if _is_full_form(name, other)]
        if len(full) == 1 and len(name) >= 3 and not name.endswith("公司"):
            yield key, full[0]


def _inner(named: list[Named]) -> Pairs:
    """“一带一路” alone is the “一带一路”倡议 of the page, if only one thing is built on those words."""
    wholes: dict[str, set[str]] = defaultdict(set)
    for one in named:
        if one.mention.rule == "program.inside-quotes":
            wholes[one.alias].add(one.key)
    for keys in wholes.values():
        for key in keys:
            longer = [other for other in keys if other != key and other.startswith(key)]
            if len(longer) == 1:
                yield key, longer[0]  # “小雁帮办”服务 → “小雁帮办”服务品牌
    for one in named:
        keys = wholes.get(one.name, set()) if one.mention.kind is Kind.PROGRAM else set()
        if len(keys) == 1 and one.key not in keys:
            yield one.key, next(iter(keys))


def _is_full_form(brand: str, full: str) -> bool:
    """江汉集团有限公司 is 江汉集团 in full, 江汉集团动力公司 is one of its units."""
    _, held, rest = full.partition(brand)
    unit = brand.endswith("集团") and not rest.startswith(("有限", "股份", "公司", "控股"))
    return bool(held) and full != brand and full.endswith(("公司", "集团")) and not unit


def _called(named: list[Named]) -> Pairs:
    """A short form that one article introduces (以下简称) means the same in the page's others."""
    short = {(one.mention.kind, one.alias): one.key for one in named if one.mention.rule == "name.called"}
    for one in named:
        key = short.get((one.mention.kind, one.name))
        if key and key != one.key:
            yield one.key, key


def _key_name(key: str) -> str:
    return key.partition(":")[2]


def _abridges(short: str, long: str, head: int, tail: int) -> bool:
    rest = iter(long)
    ends = len(short) < len(long) and short[:head] == long[:head] and short[-tail:] == long[-tail:]
    return ends and all(character in rest for character in short)
