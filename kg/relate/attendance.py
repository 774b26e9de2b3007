"""People at events: 主持, 出席, 参加, 发言. Members keep their printed order and their group."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import alternation, terms, values
from kg.model import Kind, Predicate
from kg.relate.sentence import PROGRAM, Sentence
from kg.relate.stated import Stated
from kg.relate.subjects import Context
from kg.tag.sheet import Found

_MEMBERS = frozenset({Kind.PERSON, Kind.AGENCY, Kind.ENTERPRISE})
_BETWEEN = re.compile(r"(?:、|和|及|以及|与|,)?[^,。;!?“”]{0,40}")


def attended(sentence: Sentence, context: Context, in_titles: frozenset[int]) -> Iterator[Stated]:
    """takesPartIn of the people and bodies whom a sentence shows at an event that it, or an earlier one, names.

    `in_titles` are the bodies (by id) that only stand in somebody's title.
    """
    people = [name for name in sentence.names if name.kind in _MEMBERS and id(name) not in in_titles]
    if not any(name.kind is Kind.PERSON for name in people):
        return
    for match in re.finditer(alternation(terms("group_cues")), sentence.text(sentence.span.start, sentence.span.end)):
        at = sentence.span.start + match.start()
        event = _event(sentence, at, context)
        members = _members(sentence, people, at)
        members = [name for name in members if name.kind is Kind.PERSON or values("group_cues")[match[0]] in ("参加", "出席", "列席")]
        if event is None or not members:
            continue
        for number, person in enumerate(members, 1):
            order = number if len(members) > 1 else 0
            yield Stated(
                person, Predicate.TAKES_PART_IN, event, at, "cue.attends", order=order, group=values("group_cues")[match[0]],
                status=sentence.status(at),
            )  # fmt: skip
        return


def _event(sentence: Sentence, at: int, context: Context) -> Found | None:
    own = [name for name in sentence.names if name.kind is Kind.PROGRAM and _is_event(sentence, name)]
    behind = [name for name in own if name.start >= at]
    return behind[0] if behind else own[-1] if own else context.event


def _is_event(sentence: Sentence, name: Found) -> bool:
    return bool(re.search(r"(?:会|会议|仪式|展|展览|节|学习|赛|论坛|活动|培训)[”’》]?$", sentence.text(name.start, name.end)))


def _members(sentence: Sentence, people: list[Found], at: int) -> list[Found]:
    """The people before the cue, back to the last break that is no list; titles may stand between them."""
    members: list[Found] = []
    edge = at
    for person in reversed([p for p in people if p.end <= at]):
        if members and not _BETWEEN.fullmatch(sentence.text(person.end, edge)):
            break
        if not members and re.search(r"[;。]|委托", sentence.text(person.end, edge)):
            continue
        members.insert(0, person)
        edge = person.start
    return members


__all__ = ["PROGRAM", "attended"]
