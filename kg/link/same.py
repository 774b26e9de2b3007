"""Several names on one page for one thing: a name without its owner or place, a brand, a word dropped inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from kg.link.naming import Named
from kg.model import Kind

Pairs = Iterator[tuple[str, str]]
_LEGAL = ("公司", "集团", "有限", "股份", "控股")


def united(named: Iterable[Named]) -> dict[str, str]:
    """key → key of the thing that it is, for the things of one page that bear another name there."""
    joined: dict[str, str] = {}
    things = list(named)
    for rule in (_shorter, _brands, _abridged):
        for left, right in sorted(set(rule(things))):
            left, right = _root(joined, left), _root(joined, right)
            if left != right:
                joined[left] = right
    return {key: _root(joined, key) for key in joined}


def _root(joined: dict[str, str], key: str) -> str:
    while key in joined:
        key = joined[key]
    return key


def _free(one: Named) -> bool:
    """Nothing says yet what completes the name: no division, no place that it is composed with."""
    return one.division is None and "place:" not in one.key.partition(":")[2] and one.mention.kind is not Kind.PERSON


def _shorter(named: list[Named]) -> Pairs:
    """林业局 → 通化市林业局, 乡村工作站 → 中国式现代化乡村工作站: the only longer name of the page with that end."""
    for one, longer in _compared(named, lambda short, long: long.endswith(short) and len(short) > 2):
        yield one.key, longer


def _brands(named: list[Named]) -> Pairs:
    """澄光集团 → 澄光集团有限公司: a firm's name inside the only full company name of the page that holds it."""
    firms = [one for one in named if one.mention.kind is Kind.ENTERPRISE]
    for one, longer in _compared(firms, _is_full_form):
        yield one.key, longer


def _abridged(named: list[Named]) -> Pairs:
    """大数据局 → 大数据资源局: the same beginning and end, and all its characters in order in the longer name."""
    kinds = (Kind.AGENCY, Kind.PROGRAM)
    for one, longer in _compared([n for n in named if n.mention.kind in kinds], _abridges):
        yield one.key, longer


def _compared(named: list[Named], fits: Callable[[str, str], bool]) -> Iterator[tuple[Named, str]]:
    by_kind: dict[Kind, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in named:
        by_kind[one.mention.kind][one.name].add(one.key)
    for one in named:
        if not _free(one):
            continue
        longer = {
            key for name, keys in by_kind[one.mention.kind].items() if name != one.name and fits(one.name, name)
            for key in keys
        }  # fmt: skip
        if len(longer - {one.key}) == 1:
            yield one, (longer - {one.key}).pop()


def _is_full_form(brand: str, full: str) -> bool:
    """江汉集团有限公司 is 江汉集团 in full, 江汉集团动力公司 is one of its units."""
    _, held, rest = full.partition(brand)
    unit = brand.endswith("集团") and not rest.startswith(_LEGAL)
    return bool(held) and len(brand) > 1 and full.endswith(("公司", "集团")) and not unit and not brand.endswith("公司")


def _abridges(short: str, long: str) -> bool:
    rest = iter(long)
    ends = 4 <= len(short) < len(long) and short[:2] == long[:2] and short[-2:] == long[-2:]
    return ends and all(character in rest for character in short)
