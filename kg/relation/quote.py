"""Which sentences a claim stands on: its own, and where no sentence prints both of its names, that of the other too.

市林业局 says by itself that it is the city's, wherever the city is named: there the claim's own sentence is enough.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import cached_property

from kg.article.sentences import sentences
from kg.model import Article, Claim, Mention, Reading, Span


def quoted(reading: Reading) -> Reading:
    """`reading` with a claim more for each sentence that prints a name which the claim's own sentence does not, unless
    another sentence of the article says the same of both names."""
    mentions = {mention.id: mention for mention in reading.mentions}
    articles = {article.id: _Laid(article) for article in reading.articles}
    apart = [_apart(one, mentions, articles[one.article]) for one in reading.claims]
    whole = {_said(one, mentions) for one, ends in zip(reading.claims, apart, strict=True) if not ends}
    claims: dict[Claim, None] = {}
    for one, ends in zip(reading.claims, apart, strict=True):
        more = () if _said(one, mentions) in whole else ends
        claims |= dict.fromkeys((one, *(replace(one, evidence=articles[one.article].sentence_of(m)) for m in more)))
    return replace(reading, claims=tuple(claims))


class _Laid:
    """An article, whose sentences are looked for where they are wanted."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return sentences(self.article)

    def sentence_of(self, mention: Mention) -> Span:
        """On the page."""
        number = bisect_right(self.sentences, mention.span.start, key=lambda span: span.start)
        return self.article.on_page(self.sentences[max(number - 1, 0)])


def _said(claim: Claim, mentions: dict[str, Mention]) -> tuple[str, ...]:
    ends = mentions[claim.subject].surface, mentions[claim.object].surface
    return (claim.article, *ends, claim.predicate, claim.title, claim.status)


def _apart(claim: Claim, mentions: dict[str, Mention], article: _Laid) -> list[Mention]:
    """The names that the claim's sentence does not print where they are read."""
    ends = mentions[claim.subject], mentions[claim.object]
    if ends[0].scope == ends[1].id:
        return []
    return [end for end in ends if not _holds(claim.evidence, article.article.on_page(end.span))]


def _holds(sentence: Span, span: Span) -> bool:
    return sentence.start <= span.start and span.end <= sentence.end
