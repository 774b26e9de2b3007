"""Every mention of an article → its full name and the key under which it is one thing with others.

Places come first, because they complete everything else (市林业局 under 通化市).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.gazetteer import Division, gazetteer
from kg.lexicon import terms, values
from kg.link.places import TOWN, Surroundings
from kg.model import Kind, Mention
from kg.page import half_width

_QUOTES = str.maketrans("", "", "“”‘’《》\"'「」『』〈〉 \u3000\n")
_QUOTED = re.compile("[“‘「『《]?([^“”‘’「」『』《》]{2,})[”’」』》]([^“”‘’「」『』《》]+)")
_LEVELS = "省市区县州盟旗镇乡村"


@dataclass(frozen=True, slots=True)
class Named:
    """`key` makes two mentions one thing; `name` is the full name; `aliases` the other surfaces that it bears here."""

    mention: Mention
    key: str
    name: str
    aliases: tuple[str, ...]
    printed: str = ""  # a misprint as it stands on the page
    division: Division | None = None


class Namer:
    """Names the mentions of one article: places in the order of the text, then everything else."""

    def __init__(self, mentions: Sequence[Mention], home: Division | None, sure: bool = False) -> None:
        self.by_id = {mention.id: mention for mention in mentions}
        self.cores = {mention.scope: mention.core for mention in mentions if mention.scope}
        self.named: dict[str, Named] = {}
        ordered = sorted(mentions, key=lambda m: (m.span.start, m.span.end))
        places = [m for m in ordered if m.kind is Kind.PLACE and not m.relative]
        self.around = Surroundings(home or own_home(places), sure)
        for mention in places:
            self._take(mention, self._place(mention))
        self.around.sure &= self.around.is_local()
        for mention in ordered:
            if mention.relative and mention.kind is Kind.PLACE:
                self._take(mention, self._relative(mention))
        for mention in ordered:
            if mention.kind is not Kind.PLACE:
                self._name(mention)

    def _take(self, mention: Mention, named: Named | None) -> Named | None:
        if named is not None:
            self.named[mention.id] = named
            if mention.kind is Kind.PLACE and not mention.relative:
                self.around.add(mention.span.start, named.name, named.division)
        return named

    def _scope(self, mention: Mention) -> Named | None:
        scope = self.by_id.get(mention.scope)
        return self._name(scope) if scope is not None else None

    def _name(self, mention: Mention) -> Named | None:
        if mention.id in self.named or mention.kind is Kind.PLACE:
            return self.named.get(mention.id)
        return self._take(mention, self._agency(mention) if mention.kind is Kind.AGENCY else self._other(mention))

    # -- places -----------------------------------------------------------------------------------------------------

    def _place(self, mention: Mention) -> Named:
        surface = plain(mention.surface)
        scope = self.named.get(mention.scope)
        holder = scope.division if scope is not None and mention.core == mention.surface else None
        division = self.around.division(surface, holder)
        if division is not None:
            return Named(mention, f"place:{division.code}", division.name, (surface,), division=division)
        if fixed := self.around.mended(surface):
            return Named(mention, f"place:{fixed.code}", fixed.name, (), printed=mention.surface, division=fixed)
        inner = self._last_division(mention, surface)
        if inner is not None:  # 云南省昆明市: one place, printed with what holds it
            return Named(mention, f"place:{inner.code}", inner.name, (surface,), division=inner)
        return Named(mention, f"place:{zone(surface)}", surface, (surface,))

    def _last_division(self, mention: Mention, surface: str) -> Division | None:
        """A name that is two divisions in one: the last of them, if it lies in the first."""
        for cut in range(len(surface) - 2, 1, -1):
            holder = self.around.division(surface[:cut])
            inner = self.around.division(surface[cut:], holder) if holder is not None else None
            if inner is not None and holder is not None and inner.code.startswith(holder.code) and inner != holder:
                return inner
        return None

    def _relative(self, mention: Mention) -> Named | None:
        found = self.around.meant(mention.surface, mention.span.start, self.cores.get(mention.id, ""))
        if found is None:
            return None
        key = f"place:{found.division.code}" if found.division is not None else f"place:{zone(found.name)}"
        return Named(mention, key, found.name, (), division=found.division)

    # -- bodies, people, programs -----------------------------------------------------------------------------------

    def _agency(self, mention: Mention) -> Named | None:
        surface = plain(mention.surface)
        alias = () if mention.relative else (surface,)
        scope = self._scope(mention)
        if scope is None:
            return None if mention.relative else Named(mention, f"agency:{_bare(surface)}", surface, alias)
        core = _core(plain(mention.core), scope)
        own = self.by_id[mention.scope]
        completed = own.relative or surface.startswith(tuple(terms("body_prefixes")))
        full = scope.name + core if completed else self._printed(mention, own, core)
        key = f"{scope.key}/" if scope.mention.kind is Kind.PLACE else scope.key.partition(":")[2]
        return Named(mention, f"agency:{key}{values('organs').get(core, '') or core}", full, tuple({*alias, full}))

    def _printed(self, mention: Mention, own: Mention, core: str) -> str:
        """The name from its last place on: 北海市委 for 广西壮族自治区北海市委; 云泽市公安局… for 市公安局…."""
        surface, begun = plain(mention.surface), plain(own.surface)
        if own.kind is Kind.PLACE and own.span.end <= mention.span.end:
            return begun + core
        whole = own.kind is Kind.AGENCY and own.span.start == mention.span.start and surface.startswith(begun)
        return self.named[own.id].name + surface.removeprefix(begun) if whole else surface

    def _other(self, mention: Mention) -> Named:
        surface = mention.surface.translate(_QUOTES)
        name = values("program_names").get(surface, "") or surface
        aliases = (surface, *_quoted(mention)) if mention.kind is Kind.PROGRAM else (surface,)
        return Named(mention, f"{mention.kind.lower()}:{_bare(half_width(name))}", name, aliases)


def own_home(places: Sequence[Mention]) -> Division | None:
    """Where an article without a newspaper speaks from: the first city or county that it names in full or in short."""
    empty = Surroundings(None)
    found = (empty.division(plain(mention.surface)) for mention in places)
    divisions = [division for division in found if division is not None and division.level < TOWN]
    below = [d for d in divisions if d.level > 1]
    return next(iter(below or divisions), None)


def plain(text: str) -> str:
    return half_width(text).translate(_QUOTES)


def _bare(text: str) -> str:
    return text.translate(_QUOTES)


def _quoted(mention: Mention) -> tuple[str, ...]:
    """“一带一路”倡议 is called 一带一路 too, “一带一路”国际合作高峰论坛 is not."""
    found = _QUOTED.fullmatch(mention.surface)
    return (found[1],) if found is not None and found[2].endswith(tuple(terms("program_tails"))) else ()


def _core(core: str, scope: Named) -> str:
    """高县|县委 is the 委 of 高县."""
    doubled = core[:1] in _LEVELS and scope.name.endswith(core[:1]) and len(core) > 1
    return core[1:] if doubled and scope.mention.kind is Kind.PLACE else core


def zone(name: str) -> str:
    """经济技术开发区 and 经开区 are one zone; the short form is what other names are built on."""
    for term, short in sorted(values("zones").items(), key=lambda item: -len(item[0])):
        if short and name.endswith(term):
            return name.removesuffix(term) + short
    return name


def home_of(name: str) -> Division | None:
    """The division of a newspaper's home city."""
    return gazetteer().home(name) if name else None


__all__ = ["Named", "Namer", "home_of"]
