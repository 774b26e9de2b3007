"""Who does what a verb says: in the clause, an earlier clause, a later one, or carried over from what came before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.lexicon import alternation, compiled, terms
from kg.model import Kind
from kg.relate.sentence import Cue, Sentence
from kg.tag.post import Post
from kg.tag.sheet import Found, chain_start


@dataclass
class Context:
    """What the text before a sentence makes plain."""

    subject: Found | None = None  # what the sentence before, in the same block, was about
    section: Found | None = None  # the place or body of the headline or subhead above
    speaker: Found | None = None  # the place or body of whoever speaks in the quotation
    event: Found | None = None  # the last event named


@dataclass(frozen=True, slots=True)
class Doers:
    """The subjects of a cue and, as the end of the rule's name, how they were found."""

    names: list[Found]
    how: str = ""


def doers(sentence: Sentence, cue: Cue, context: Context) -> Doers:
    """The bodies or places that do what the cue says."""
    agents = sentence.agents
    clause = sentence.clause(cue.start)
    near = [n for n in agents if clause.start <= n.start and n.end <= cue.start and not sentence.modifies(n)]
    near = [n for n in near if not _is_scene(sentence, n)]
    if _is_prepositional(sentence, clause.start, cue):
        later = [n for n in agents if n.start >= clause.end and not sentence.modifies(n) and not sentence.governed(n)]
        if not near and later:
            return Doers(sentence.run_on(later[0], agents), "-forward")
    if near:
        return Doers(sentence.run_back(near[-1], agents))
    earlier = [n for n in agents if n.end <= clause.start and not sentence.governed(n) and not sentence.modifies(n)]
    if earlier:
        return Doers(sentence.run_on(earlier[0], agents), "-earlier")
    return _carried(sentence, context)


def _is_scene(sentence: Sentence, name: Found) -> bool:
    """在南湖区举办, 在某街道某社区举办: where it happens, not who does it."""
    start = chain_start(name)
    return name.kind is Kind.PLACE and sentence.text(start - 1, start) in ("在", "于", "到", "赴")


def _carried(sentence: Sentence, context: Context) -> Doers:
    if context.speaker is not None and re.search(
        "我们|我局|我区|我县", sentence.text(sentence.span.start, sentence.span.end)
    ):
        return Doers([context.speaker], "-speaker")
    if context.subject is not None:
        return Doers([context.subject], "-elliptic")
    return Doers([context.section], "-section") if context.section is not None else Doers([])


def _is_prepositional(sentence: Sentence, start: int, cue: Cue) -> bool:
    """为落实…, 围绕…, 通过…: the clause leads up to a subject that comes later."""
    lead = sentence.text(start, cue.end)
    return bool(
        re.match(r"(?:为了?|为全力|为更好|为进一步|为深入|围绕|通过|根据|按照|结合|依托|随着|在|自|从|以)", lead)
    )


def subject_of(sentence: Sentence) -> Found | None:
    """The body or place that a sentence is about: the first agent that no preposition governs."""
    free = (n for n in sentence.agents if not sentence.modifies(n))
    return next((n for n in free if not sentence.governed(sentence.run_back(n, sentence.agents)[0])), None)


def event_of(sentence: Sentence) -> Found | None:
    """The last event that the sentence names."""
    events = [name for name in sentence.names if is_event(sentence, name)]
    return events[-1] if events else None


def is_event(sentence: Sentence, name: Found) -> bool:
    """A program that people come together for: a meeting, a fair, a contest."""
    heads = tuple(terms("event_heads"))
    return name.kind is Kind.PROGRAM and sentence.text(name.start, name.end).rstrip("”’》").endswith(heads)


def names_an_event(sentence: Sentence) -> bool:
    """本次活动, 此次招聘会: the sentence speaks of an event named before."""
    return bool(_anaphor().search(sentence.sheet.norm, sentence.span.start, sentence.span.end))


@cache
def _anaphor() -> re.Pattern[str]:
    heads = alternation(head for head in terms("event_heads") if len(head) > 1)
    return re.compile(rf"(?:本次|此次|这次|这场|本场|本届|该|当天的?|此项|这项|整个)(?:[\u4e00-\u9fff]{{0,6}}?){heads}")


def speaker_of(sentence: Sentence, posts: tuple[Post, ...]) -> Found | None:
    """The place (or body without one) of the official who says the sentence."""
    said = compiled("person_verbs")
    for post in posts:
        if sentence.span.covers(post.person.span) and said.match(sentence.sheet.norm, post.person.end):
            body: Found | None = post.body
            while body is not None and body.scope is not None and body.kind is Kind.AGENCY:
                body = body.scope
            return body
    return None
