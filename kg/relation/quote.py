"""Which sentences a claim stands on: its own, and where no sentence prints both of its names, that of the other too.

市林业局 says by itself that it is the city's, wherever the city is named: there the claim's own sentence is enough.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from kg.article.sentences import sentences
from kg.model import Article, Claim, Mention, Reading, Span


def quoted(reading: Reading) -> Reading:
    """`reading` with a claim more for each sentence that prints a name which the claim's own sentence does not, unless
    another sentence of the article says the same of both names."""
    mentions = {mention.id: mention for mention in reading.mentions}
    articles = {article.id: _Laid(article) for article in reading.articles}
    whole = {_said(one, mentions) for one in reading.claims if not _apart(one, mentions, articles[one.article])}
    claims = (
        each
        for one in reading.claims
        for each in (one, *(() if _said(one, mentions) in whole else _others(one, mentions, articles[one.article])))
    )
    return replace(reading, claims=tuple(dict.fromkeys(claims)))


class _Laid:
    """An article and where its sentences begin."""

    def __init__(self, article: Article) -> None:
        self.on_page = article.on_page
        self.sentences = lru_cache(maxsize=1)(lambda: sentences(article))

    def sentence_of(self, mention: Mention) -> Span:
        """On the page."""
        spans = self.sentences()
        return self.on_page(spans[max(bisect_right(spans, mention.span.start, key=lambda s: s.start) - 1, 0)])


def _said(claim: Claim, mentions: dict[str, Mention]) -> tuple[str, ...]:
    ends = mentions[claim.subject].surface, mentions[claim.object].surface
    return (claim.article, *ends, claim.predicate, claim.title, claim.status)


def _apart(claim: Claim, mentions: dict[str, Mention], article: _Laid) -> list[Mention]:
    """The names that the claim's sentence does not print where they are read."""
    ends = mentions[claim.subject], mentions[claim.object]
    if ends[0].scope == ends[1].id:
        return []
    return [end for end in ends if not _holds(claim.evidence, article.on_page(end.span))]


def _holds(sentence: Span, span: Span) -> bool:
    return sentence.start <= span.start and span.end <= sentence.end


def _others(claim: Claim, mentions: dict[str, Mention], article: _Laid) -> Iterator[Claim]:
    for mention in _apart(claim, mentions, article):
        yield replace(claim, evidence=article.sentence_of(mention))
