"""One page → one Reading: articles, mentions, claims. Pure, and of this page alone.

The articles are read one by one; what each proposes is then judged by all that it says of each thing and fact.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.article.split import split
from kg.document import Document, documents
from kg.judge import judged
from kg.mention.name import Name
from kg.mention.read import names
from kg.model import Article, Claim, Finding, Kind, Mention, Page, Predicate, Reading
from kg.network.layers import TITLE
from kg.relation.dates import day_of
from kg.relation.quote import quoted
from kg.relation.read import relations
from kg.relation.stated import Stated

# What happened has a day that the sentence may give; names and posts have none.
_DATED = (Predicate.RUNS, Predicate.TAKES_PART_IN, Predicate.SUPPORTS, Predicate.COOPERATES_WITH, Predicate.LOCATED_IN)


def read(page: Page, findings: tuple[Finding, ...] = ()) -> Reading:
    """All that one page says by itself; `findings` are those of decoding it."""
    return quoted(judged(proposed(page, findings)))


def proposed(page: Page, findings: tuple[Finding, ...] = ()) -> Reading:
    """What the articles say one by one, much of it unlikely."""
    articles, odd = split(page)
    return _proposed(page, articles, (*findings, *odd))


def _proposed(page: Page, articles: tuple[Article, ...], findings: tuple[Finding, ...]) -> Reading:
    mentions: list[Mention] = []
    claims: list[Claim] = []
    for document in documents(articles):
        named, stated = _read(document, page.issued)
        mentions.extend(named)
        claims.extend(stated)
    return Reading(page, articles, tuple(mentions), tuple(claims), findings)


def read_article(article: Article) -> Reading:
    """An article by itself, as if it were all of a page."""
    return quoted(judged(_proposed(Page(article.page, article.text, ""), (article,), ())))


def _read(document: Document, issued: str) -> tuple[list[Mention], list[Claim]]:
    found = names(document)
    stated, implied = relations(document, found)
    kept = [name for name in _needed([*found, *implied], stated) if name.layer != TITLE]
    ids = {id(name): f"{document.article.id}:m{number}" for number, name in enumerate(kept, 1)}
    mentions = [mention_of(name, document.article, ids) for name in kept]
    return mentions, [_claim(document, one, ids, issued) for one in stated]


def _needed(found: Sequence[Name], stated: Sequence[Stated]) -> list[Name]:
    """Without the words for a place (我市) of which nothing is said: they are no names."""
    ends = {id(end) for one in stated for end in (one.subject, one.object)}
    used = ends | {id(name.scope) for name in found}
    return [name for name in found if not name.relative or id(name) in used]


def mention_of(name: Name, article: Article, ids: dict[int, str]) -> Mention:
    """The name as other rooms know it; `ids` has the id of every name by `id()`."""
    scope = ids.get(id(name.scope), "") if name.scope is not None else ""
    return Mention(
        ids[id(name)], article.id, Kind(name.layer), name.span, article.text[name.start : name.end],
        name.source, core=name.core, scope=scope, relative=name.relative, confidence=name.confidence,
    )  # fmt: skip


def _claim(document: Document, stated: Stated, ids: dict[int, str], issued: str) -> Claim:
    sentence = document.sentence_at(stated.at)
    said = document.text[sentence.start : sentence.end]
    return Claim(
        document.article.id, ids[id(stated.subject)], stated.predicate, ids[id(stated.object)],
        document.article.on_page(sentence), stated.source, title=stated.title,
        date=day_of(said, issued) if stated.predicate in _DATED else "", status=stated.status,
        confidence=stated.confidence,
    )  # fmt: skip
