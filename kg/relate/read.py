"""All relaters over one article, in a registry that one can read."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Article, Kind, Predicate
from kg.relate.adjacent import adjacent
from kg.relate.compose import composed
from kg.relate.cues import cued, subject_of
from kg.relate.sentence import sentences_of
from kg.relate.stated import Stated
from kg.tag.ground import Ground
from kg.tag.read import Tagged
from kg.tag.sheet import Found


def relate(tagged: Tagged, article: Article, ground: Ground) -> list[Stated]:
    """Every relation that the article states, in the order of the text."""
    stated = [*composed(tagged), *_posts(tagged), *_spoken(tagged, article)]
    return sorted(stated, key=lambda s: (s.at, s.subject.start, s.predicate, s.object.start, s.rule, s.title))


def _posts(tagged: Tagged) -> Iterator[Stated]:
    for post in tagged.posts:
        yield Stated(post.person, Predicate.HOLDS_POST_IN, post.body, post.start, post.rule, title=post.title, order=post.order)


def _spoken(tagged: Tagged, article: Article) -> Iterator[Stated]:
    """Sentence by sentence; what a sentence is about carries over to the next one of the same block."""
    block_starts = {block.span.start for block in article.blocks}
    subject: Found | None = None
    for sentence in sentences_of(tagged.sheet, tagged.names):
        if sentence.span.start in block_starts:
            subject = None
        yield from adjacent(sentence)
        yield from cued(sentence, subject)
        subject = subject_of(sentence) or subject


__all__ = ["Kind", "relate"]
