"""One article laid out for reading: its text, its sentences, and what the network says of every character."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.article.sentences import sentences
from kg.model import Article, Role, Span
from kg.network import Signals, read_articles


@dataclass(frozen=True)
class Document:
    """An article with its signals; offsets count characters of the article's running text."""

    article: Article
    sentences: tuple[Span, ...]
    signals: Signals

    @property
    def text(self) -> str:
        return self.article.text

    @cached_property
    def starts(self) -> list[int]:
        """Where the sentences begin."""
        return [span.start for span in self.sentences]

    @cached_property
    def firsts(self) -> frozenset[int]:
        return frozenset(self.starts)

    def sentence_number(self, offset: int) -> int:
        return max(bisect_right(self.starts, offset) - 1, 0)

    def sentence_at(self, offset: int) -> Span:
        """The sentence that holds the character at `offset`."""
        return self.sentences[self.sentence_number(offset)]

    @cached_property
    def heading(self) -> int:
        """Where the headings above the text end."""
        heads = [b.span.end for b in self.article.blocks if b.role in (Role.KICKER, Role.HEADLINE)]
        return max(heads, default=0)


def documents(articles: Sequence[Article]) -> list[Document]:
    """All articles of a page with one run of the network, which is cheapest on many sentences at a time."""
    spans = [sentences(article) for article in articles]
    signals = read_articles([(article.text, span) for article, span in zip(articles, spans, strict=True)])
    return [Document(*one) for one in zip(articles, spans, signals, strict=True)]
