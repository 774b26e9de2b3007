"""What 市, 该区, 全县 stand for: the newspaper's home city and province, or the last fitting place of the article."""

from __future__ import annotations

from kg.model import Kind, Mention
from kg.tag.ground import COUNTY, Ground

_ZONE_ENDS = ("高新区", "经开区", "开发区", "示范区", "新区", "园区", "产业园", "工业园", "自贸区", "保税区")
_LIKE_A_DISTRICT = ("高新区", "经开区", "开发区", "示范区", "新区")
_ORGANS_OF_A_DIVISION = ("委", "政府", "人大", "政协", "纪委", "监委", "法院", "检察院")


def stands_for(mention: Mention, before: list[tuple[Mention, str]], ground: Ground, core: str) -> str:
    """The full name of the place that a relative mention stands for, or "" where nothing makes it plain.

    `before` are the article's earlier places with their full names, the nearest last; `core` is what the mention
    completes (委 in 区委), because a zone has no 区委.
    """
    level = mention.surface[-1]
    if mention.surface.endswith(("街道", "社区")):
        level = mention.surface[-2:]
    if level == "省":
        named = (name for _, name in reversed(before) if name.endswith("省"))
        return ground.province.name if ground.province else next(named, "")
    if level in ("市", "州"):
        return _city(mention, before, ground)
    strict = core in _ORGANS_OF_A_DIVISION or (mention.surface[:1] in "全我" and level == "县")
    bare = mention.rule == "place.relative.prefix"
    fitting = [name for _, name in reversed(before) if _fits(name, level, strict, bare, ground)]
    local = [name for name in fitting if (division := ground.full(name)) is None or ground.is_local(division)]
    if fitting:
        return (local if bare and local else fitting)[0]
    return ground.home_name if ground.home and ground.home.level >= COUNTY and ground.home_name.endswith(level) else ""


def _city(mention: Mention, before: list[tuple[Mention, str]], ground: Ground) -> str:
    """该市 may be a county-level city, and so may 市 in an article about one; 我市 is the newspaper's own."""
    if mention.surface.startswith("该"):
        return next((name for _, name in reversed(before) if name.endswith("市")), ground.home_name)
    names = [name for _, name in before]
    first = ground.full(names[0]) if names else None
    county_city = first is not None and first.level == COUNTY and first.name.endswith("市") and ground.is_local(first)
    if mention.rule.startswith("place.relative.") and county_city and ground.home_name not in names:
        return names[0]
    return ground.home_name


def _fits(name: str, level: str, strict: bool, bare: bool, ground: Ground) -> bool:
    if level == "区":
        if name.endswith(_ZONE_ENDS):
            return not strict and (not bare or name.endswith(_LIKE_A_DISTRICT))
        return name.endswith("区") and (bool(ground.full(name)) or not name.endswith(("社区", "小区", "城区", "园区")))
    if level == "园区":
        return name.endswith(_ZONE_ENDS)
    return name.endswith(level) and (level != "村" or len(name) > 2)


def is_place(mention: Mention) -> bool:
    return mention.kind is Kind.PLACE
