"""Every mention of an article → its full name and the key under which it is one thing with others.

Places come first, because they complete everything else: once a page's places are settled (`places`), bodies and
programs are named with the settled ones (高新区企业服务局 under 株洲高新区).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.gazetteer import Division, gazetteer
from kg.lexicon import terms, values
from kg.model import Kind, Mention
from kg.resolve.discourse import stands_for
from kg.tag.ground import TOWN, UNLISTED, Ground
from kg.tag.sheet import normalise

_QUOTES = str.maketrans("", "", "“”‘’《》\"'「」『』〈〉 \u3000\n")
_OWN_NAME = (
    "place.suffix.town",
    "place.suffix.village",
    "place.suffix.road",
    "place.suffix.nature",
    "place.suffix.county",
)


@dataclass(frozen=True, slots=True)
class Named:
    """`key` makes two mentions one thing; `name` is the full name; `alias` the surface, "" for a relative one."""

    mention: Mention
    key: str
    name: str
    alias: str
    printed: str = ""  # a misprint as it stands on the page
    short: str = ""  # the name without what completes it, where it can stand alone


class Namer:
    """Names the mentions of one article in the order of the text; `settled` maps place keys to (key, name)."""

    def __init__(
        self, mentions: list[Mention], ground: Ground, settled: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        self.ground, self.settled = ground, settled or {}
        self.by_id = {mention.id: mention for mention in mentions}
        self.cores = {mention.scope: mention.core for mention in mentions if mention.scope}
        self.named: dict[str, Named] = {}
        self.places: list[tuple[Mention, str]] = []
        for mention in sorted(mentions, key=lambda m: (m.span.start, m.span.end)):
            self._name(mention)

    def _name(self, mention: Mention) -> Named | None:
        if mention.id in self.named:
            return self.named[mention.id]
        named = self._place(mention) if mention.kind is Kind.PLACE else self._other(mention)
        if named is None:
            return None
        if named.key in self.settled:
            key, name = self.settled[named.key]
            named = Named(mention, key, name, named.alias, named.printed, named.short)
        self.named[mention.id] = named
        if mention.kind is Kind.PLACE and not mention.relative:
            self.places.append((mention, named.name))
        return named

    def _scope(self, mention: Mention) -> Named | None:
        return self._name(self.by_id[mention.scope]) if mention.scope in self.by_id else None

    # -- places -----------------------------------------------------------------------------------------------------

    def _place(self, mention: Mention) -> Named | None:
        if mention.relative:
            before = [place for place in self.places if place[0].span.start < mention.span.start]
            name = stands_for(mention, before, self.ground, self.cores.get(mention.id, ""))
            return self._division(mention, name, "") if name else None
        surface = normalise(mention.surface)
        if self.ground.full(surface) or self.ground.short(surface):
            return self._division(mention, surface, mention.surface)
        if fixed := self._mended(mention, surface):
            return Named(mention, f"place:{fixed.code}", fixed.name, "", printed=mention.surface)
        return self._site(mention, surface)

    def _division(self, mention: Mention, name: str, alias: str) -> Named:
        division = self._below_scope(mention, name) or self.ground.full(name) or self.ground.short(name)
        if division is None:
            return Named(mention, f"place:{name}", name, alias)
        key = division.name if division.code == UNLISTED else division.code
        return Named(mention, f"place:{key}", division.name, alias)

    def _below_scope(self, mention: Mention, name: str) -> Division | None:
        """Of several divisions of one name that which lies in the place printed before it (衡东县|石塘镇)."""
        scope = self._scope(mention)
        holder = gazetteer().coded(scope.key.removeprefix("place:")) if scope is not None else None
        found = gazetteer().named(name, holder) if holder is not None else ()
        return found[0] if len(found) == 1 else None

    def _mended(self, mention: Mention, surface: str) -> Division | None:
        """The division that a misprint stands for: sure by its print, or by a neighbour of the same county."""
        home = self.ground.home
        if home is None or len(surface) < 3 or surface[-1] not in "镇乡区县道":
            return None
        found = gazetteer().lookalike(surface, home)
        if found is None:
            return None
        county = gazetteer().parent(found.division) if found.division.level == TOWN else None
        near = {name for _, name in self.places[-6:]}
        beside = county is not None and any(
            d.name in near for d in (county, *gazetteer().towns(county)) if d != found.division
        )
        return found.division if found.sure or beside else None

    def _site(self, mention: Mention, surface: str) -> Named:
        scope = self._scope(mention)
        canonical = _zone(surface)
        if scope is None:
            return Named(mention, f"place:{canonical}", surface, mention.surface)
        if mention.rule in _OWN_NAME:
            return Named(mention, f"{scope.key}/{canonical}", surface, mention.surface, short=surface)
        printed = self.by_id[mention.scope].surface + surface
        if self.by_id[mention.scope].relative:
            return Named(mention, f"place:{scope.name}{canonical}", scope.name + surface, printed, short=canonical)
        key = f"place:{self.by_id[mention.scope].surface}{canonical}"
        return Named(mention, key, printed, printed, short=canonical)

    # -- bodies, people, programs -----------------------------------------------------------------------------------

    def _other(self, mention: Mention) -> Named | None:
        if mention.same in self.by_id:
            whole = self._name(self.by_id[mention.same])
            alias = mention.surface.translate(_QUOTES) if mention.kind is Kind.PROGRAM else mention.surface
            alias = "" if mention.relative else alias
            return Named(mention, whole.key, whole.name, alias) if whole else None
        if mention.kind is Kind.PROGRAM:
            return self._program(mention)
        if mention.kind is Kind.AGENCY and mention.core:
            return self._agency(mention)
        if mention.kind is Kind.ENTERPRISE and mention.core and (scope := self._scope(mention)) is not None:
            name = scope.name + mention.core  # 市人才集团
            return Named(mention, f"enterprise:{_bare(normalise(name))}", name, mention.surface)
        key = f"{mention.kind.lower()}:{_bare(normalise(mention.surface))}"
        return Named(mention, key, mention.surface, "" if mention.relative else mention.surface)

    def _agency(self, mention: Mention) -> Named | None:
        scope = self._scope(mention)
        alias = "" if mention.relative else mention.surface
        if scope is None:
            if mention.relative or len(mention.core) < 4:
                return None
            return Named(mention, f"agency:{mention.surface}", mention.surface, alias)
        core = _bare(normalise(mention.core))
        full = values("organs").get(core, "") or core
        if scope.key.endswith("/委") and full.startswith("委"):
            return Named(mention, scope.key + full[1:], scope.name + mention.core, alias)  # 县委|宣传部
        return Named(mention, f"agency:{scope.key}/{full}", self._full_name(mention, scope, core), alias)

    def _full_name(self, mention: Mention, scope: Named, core: str) -> str:
        """区人社局 is 芦淞区 + 人社局, but 湖南大学 is called so and not 湖南省大学."""
        own = self.by_id[mention.scope]
        short = own.kind is Kind.PLACE and not own.relative and own.surface != scope.name
        bears = short and core not in values("organs") and mention.span.start == own.span.start
        return mention.surface if bears and own.rule == "place.division" else scope.name + mention.core

    def _program(self, mention: Mention) -> Named:
        name = mention.surface.translate(_QUOTES)
        scope = self._scope(mention)
        short = mention.core.translate(_QUOTES) if mention.core and scope is not None else ""
        if mention.rule == "program.shared-head" and scope is not None:
            name = self.by_id[mention.scope].surface + short
        if canonical := values("program_names").get(name, ""):
            return Named(mention, f"program:{canonical}", canonical, name)
        if mention.rule == "program.session" and scope is None:
            return Named(mention, f"program:{_undated(name)}", name, name)
        relative = bool(mention.scope) and self.by_id[mention.scope].relative if mention.scope in self.by_id else False
        if relative and scope is not None:
            return Named(mention, f"program:{_bare(normalise(short))}", short, name, short=short)
        return Named(mention, f"program:{_plain(_bare(normalise(name)))}", name, name, short=short)


def _bare(text: str) -> str:
    return text.translate(_QUOTES)


def _zone(name: str) -> str:
    """经济技术开发区 and 经开区 are one zone; the short form is what other names are built on."""
    for term, short in sorted(values("zones").items(), key=lambda item: -len(item[0])):
        if short and name.endswith(term):
            return name.removesuffix(term) + short
    return name


def _plain(name: str) -> str:
    """安全生产月 and 安全生产月活动 are one campaign, 节水型企业 and 节水型企业称号 one honour."""
    for tail in ("荣誉称号", "系列活动", "称号", "活动"):
        if name.endswith(tail) and len(name) - len(tail) > 3:
            return name.removesuffix(tail)
    return name


def _undated(session: str) -> str:
    """今年第11次… and 2022年第11次… on one page are the same session."""
    return session[session.find("第") :] if "第" in session else session


__all__ = ["Named", "Namer", "terms"]
