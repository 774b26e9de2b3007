"""One page → one Reading: articles, mentions, claims. Pure, and of this page alone."""

from __future__ import annotations

from kg.article.sentences import sentences
from kg.article.split import split
from kg.model import Article, Claim, Finding, Mention, Page, Reading, Span
from kg.relate.dates import day_of
from kg.relate.read import relate
from kg.relate.stated import Stated
from kg.tag.ground import Ground, ground
from kg.tag.read import Tagged, tag_sheet
from kg.tag.sheet import Found, lay_out_all

_DATED = ("cue.", "adjacent.", "aid.")  # what happened has a day that the sentence may give; names and posts have none


def read(page: Page, findings: tuple[Finding, ...] = ()) -> Reading:
    """All that one page says by itself; `findings` are those of decoding it."""
    articles, odd = split(page)
    spans = [sentences(article) for article in articles]
    sheets = lay_out_all([(article.text, span) for article, span in zip(articles, spans, strict=True)])
    under = ground(page.home)
    mentions: list[Mention] = []
    claims: list[Claim] = []
    nobodies = frozenset(name for article in articles for name in article.journalists)
    for article, sheet in zip(articles, sheets, strict=True):
        tagged = tag_sheet(sheet, under, nobodies)
        ids = {id(name): f"{article.id}:m{number}" for number, name in enumerate(tagged.names, 1)}
        mentions.extend(_mention(name, article, ids) for name in tagged.names)
        claims.extend(_claims(article, tagged, under, ids, page.issued))
    return Reading(page, articles, tuple(mentions), tuple(claims), (*findings, *odd))


def _mention(name: Found, article: Article, ids: dict[int, str]) -> Mention:
    surface = article.text[name.start : name.end]
    scope = ids.get(id(name.scope), "") if name.scope is not None else ""
    same = ids.get(id(name.same), "") if name.same is not None else ""
    return Mention(
        ids[id(name)], article.id, name.kind, name.span, surface, name.rule,
        core=name.core, scope=scope, same=same, relative=name.relative,
    )  # fmt: skip


def _claims(article: Article, tagged: Tagged, under: Ground, ids: dict[int, str], issued: str) -> list[Claim]:
    return [_claim(article, tagged, stated, ids, issued) for stated in relate(tagged, article, under)]


def _claim(article: Article, tagged: Tagged, stated: Stated, ids: dict[int, str], issued: str) -> Claim:
    sentence: Span = tagged.sheet.sentence_at(stated.at)
    said = tagged.sheet.says(sentence.start, sentence.end)
    dated = stated.rule.startswith(_DATED)
    return Claim(
        article.id, ids[id(stated.subject)], stated.predicate, ids[id(stated.object)], article.on_page(sentence),
        stated.rule, title=stated.title, date=day_of(said, issued) if dated else "",
        status=stated.status, order=stated.order, group=stated.group,
    )  # fmt: skip
