"""The tagging of one article, in the one order that works: places complete bodies, both own programs, and people
stand before or behind posts in bodies. Overlaps are settled here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Kind
from kg.tag.body import bodies
from kg.tag.ground import Ground
from kg.tag.person import people
from kg.tag.place import places
from kg.tag.post import Post, Posts
from kg.tag.program import programs
from kg.tag.sheet import Found, Sheet


@dataclass(frozen=True)
class Tagged:
    """All names of one article, settled and in the order of the text, with the posts that were read beside them."""

    sheet: Sheet
    names: tuple[Found, ...]
    posts: tuple[Post, ...]


def tag_sheet(sheet: Sheet, ground: Ground, nobodies: frozenset[str] = frozenset()) -> Tagged:
    """Every name and post of one article; `nobodies` are the reporters of its page."""
    sites = places(sheet, ground)
    acting = bodies(sheet, sites, ground)
    grounded = [*sites, *acting]
    named = programs(sheet, grounded)
    persons = people(
        sheet,
        [*acting, *named, *(site for site in sites if site.rule == "place.division")],
        nobodies | {ground.home_name[:-1]},
    )
    posts = Posts(sheet, grounded, persons)
    read = posts.read()
    standing = [name for name in grounded if id(name) not in posts.consumed]
    names = settle([*standing, *named, *persons, *posts.implied.values()])
    kept = set(names)
    return Tagged(sheet, tuple(names), tuple(p for p in read if p.person in kept and p.body in kept))


def settle(names: list[Found]) -> list[Found]:
    """Names that may stand together: one that crosses another, or repeats its kind inside it without being part of
    its composition, gives way to the longer; what a kept name is composed of is kept with it."""
    ordered = sorted(
        set(names), key=lambda n: (n.relative, -(n.end - n.start), n.start, n.kind is not Kind.PROGRAM, n.kind, n.rule)
    )
    kept: list[Found] = []
    at: dict[int, list[Found]] = {}
    for name in ordered:
        rivals = {id(o): o for i in range(name.start, name.end) for o in at.get(i, ())}.values()
        if any(_excludes(other, name) for other in rivals):
            continue
        kept.append(name)
        for i in range(name.start, name.end):
            at.setdefault(i, []).append(name)
    return _closed(kept)


def _rank(name: Found) -> tuple[bool, int, int, bool, str, str]:
    """The longer name first; of two readings of the same characters a program, then in the order of the classes."""
    return (name.relative, name.start - name.end, name.start, name.kind is not Kind.PROGRAM, name.kind, name.rule)


def _excludes(longer: Found, name: Found) -> bool:
    if name is longer or _in_chain(longer, name) or name.same is longer or name.relative:
        return False
    if longer.rule == "agency.shared-organ":
        return False  # 市、县卫健局 holds 县卫健局
    if not longer.span.covers(name.span):
        return not (longer.relative or name.relative)
    if longer.kind is Kind.PROGRAM and name.kind is Kind.PLACE:
        return not name.rule.startswith("place.division")
    if longer.kind is Kind.PROGRAM:
        return name.kind is Kind.PERSON or (name.kind is Kind.PROGRAM and name.rule != "program.in-event")
    if longer.kind is Kind.PLACE:
        return name.rule != "place.in-name"
    divisions = ("place.division", "place.suffix.county", "place.suffix.city", "place.suffix.town")
    return name.kind is not Kind.PLACE or (longer.kind is not Kind.AGENCY and not name.rule.startswith(divisions))


def _in_chain(longer: Found, name: Found) -> bool:
    scope = longer.scope
    while scope is not None:
        if scope is name:
            return True
        scope = scope.scope
    return False


def _closed(kept: list[Found]) -> list[Found]:
    """The kept names with all that completes them; an alias goes when its name went,
    unless it completes another name."""
    alive = {id(name): name for name in kept}
    for name in kept:
        scope = name.scope
        while scope is not None:
            alive.setdefault(id(scope), scope)
            scope = scope.scope
    scopes = {id(name.scope) for name in alive.values()}  # a claim may name what completes another name
    whole = [n for n in alive.values() if n.same is None or id(n.same) in alive or id(n) in scopes]
    return sorted(whole, key=lambda n: (n.start, -n.end, n.kind, n.rule))
