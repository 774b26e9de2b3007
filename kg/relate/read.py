"""All relaters over one article, in an order that one can read."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Article, Predicate, Role
from kg.relate.adjacent import adjacent
from kg.relate.aid import aided
from kg.relate.attendance import attended, firms_at
from kg.relate.compose import composed
from kg.relate.cues import cued
from kg.relate.merged import merged
from kg.relate.neighbours import neighbours
from kg.relate.sentence import Sentence, sentences_of
from kg.relate.stated import Stated
from kg.relate.subjects import Context, event_of, speaker_of, subject_of
from kg.relate.together import together
from kg.relate.whereabouts import located
from kg.tag.ground import Ground
from kg.tag.read import Tagged


def relate(tagged: Tagged, article: Article, ground: Ground) -> list[Stated]:
    """Every relation that the article states, in the order of the text, each once a sentence."""
    stated = [*composed(tagged), *_posts(tagged), *neighbours(tagged, ground), *_spoken(tagged, article)]
    return sorted(stated, key=lambda s: (s.at, s.subject.start, s.predicate, s.object.start, s.rule, s.title))


def _posts(tagged: Tagged) -> Iterator[Stated]:
    for post in tagged.posts:
        yield Stated(
            post.person,
            Predicate.HOLDS_POST_IN,
            post.body,
            post.start,
            post.rule,
            title=post.title,
            order=post.order,
            status=post.status,
        )


def _spoken(tagged: Tagged, article: Article) -> Iterator[Stated]:
    """Sentence by sentence; what a sentence is about carries over to the next one of the same block."""
    context = Context()
    in_titles = frozenset(id(post.body) for post in tagged.posts)
    sentences = sentences_of(tagged.sheet, tagged.names)
    blocks = [[s for s in sentences if block.span.covers(s.span)] for block in article.blocks]
    for block, inside in zip(article.blocks, blocks, strict=True):
        speakers = [speaker for s in inside if (speaker := speaker_of(s, tagged.posts)) is not None]
        context.subject, context.speaker = None, speakers[-1] if speakers else None
        for sentence in inside:
            yield from _one(sentence, context, in_titles)
            context.subject = subject_of(sentence) or context.subject
            context.event = event_of(sentence) or context.event
        if block.role in (Role.SUBHEAD, Role.KICKER, Role.HEADLINE):
            context.section = context.subject or context.section


def _one(sentence: Sentence, context: Context, in_titles: frozenset[int]) -> Iterator[Stated]:
    yield from adjacent(sentence)
    yield from cued(sentence, context)
    yield from aided(sentence)
    yield from together(sentence, context)
    yield from located(sentence)
    yield from attended(sentence, context, in_titles)
    yield from firms_at(sentence)
    yield from merged(sentence)
