"""Which gold place 我市, 全县 and the like stand for, as linking tells: what they say is taught as said of it."""

from __future__ import annotations

from collections.abc import Sequence

from kg.learn.align import Gold, Spot
from kg.link.local import named
from kg.mention.compose import compose
from kg.mention.name import Name
from kg.model import Article, Kind, Page, Reading
from kg.network.layers import TITLE
from kg.reading import mention_of
from kg.seen import norm


def meant(page: Page, article: Article, gold: Gold, spots: Sequence[Spot]) -> list[Spot]:
    """A spot for every such word of the article whose place is in the gold; `spots` are the article's names."""
    printed = sorted({(spot.layer, spot.start, spot.end) for spot in spots if spot.layer != TITLE})
    found = compose(article.text, [Name(*place, "gold") for place in printed])
    ids = {id(name): f"m{number}" for number, name in enumerate(found)}
    mentions = tuple(mention_of(name, article, ids) for name in found)
    by_id, places = {ids[id(name)]: name for name in found}, _places(gold)
    told = [(by_id[one.mention.id], one) for one, _ in named(Reading(page, (article,), mentions, ()))]
    # 济宁 in the gold is 济宁市 to linking: what is printed tells which key is which thing.
    keys = {one.key: places[norm(one.mention.surface)] for _, one in told if norm(one.mention.surface) in places}
    out = []
    for word, one in told:
        place = places.get(norm(one.name)) or keys.get(one.key)
        if word.relative and not word.part and place is not None:
            out.append(Spot(Kind.PLACE, word.start, word.end, *place, relative=True))
    return out


def _places(gold: Gold) -> dict[str, tuple[str, bool]]:
    """Every name of a gold place → its id, and whether it is optional."""
    known = [one for one in gold["entities"] if one["type"] == Kind.PLACE]
    return {
        norm(name): (one["id"], bool(one.get("optional")))
        for one in reversed(known) for name in (*one.get("aliases", ()), one["name"])
    }  # fmt: skip
