"""People at events: 主持, 出席, 参加, 发言. Members keep their printed order and their group."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import compiled, values
from kg.model import Kind, Predicate
from kg.relate.sentence import Sentence
from kg.relate.stated import Stated
from kg.relate.subjects import Context, is_event
from kg.tag.sheet import Found

_MEMBERS = frozenset({Kind.PERSON, Kind.AGENCY, Kind.ENTERPRISE})
_FIRMS_AT = re.compile(
    r"等(?:\d+|[一二三四五六七八九十多]+)?(?:余|多)?(?:家|个)?[\u4e00-\u9fff]{0,8}?(?:企业|公司|单位|商家)[^,。;]{0,14}?(?:参加|参与|带来|提供|参展|亮相|进场|签约|设摊)"
)
_BETWEEN = re.compile(r"(?:、|和|及|以及|与|,)?[^,。;!?“”]{0,40}")


def attended(sentence: Sentence, context: Context, in_titles: frozenset[int]) -> Iterator[Stated]:
    """takesPartIn of the people and bodies whom a sentence shows at an event that it, or an earlier one, names.

    `in_titles` are the bodies (by id) that only stand in somebody's title.
    """
    people = [name for name in sentence.names if name.kind in _MEMBERS and id(name) not in in_titles]
    if not any(name.kind is Kind.PERSON for name in people):
        return
    floor = sentence.span.start
    for match in compiled("group_cues").finditer(sentence.sheet.norm, sentence.span.start, sentence.span.end):
        group = values("group_cues")[match[0]]
        event = _event(sentence, match.start(), context)
        members = [m for m in _members(sentence, people, match.start()) if m.start >= floor and _belongs(m, group)]
        if event is None or not members:
            continue
        floor = match.end()
        for number, member in enumerate(members, 1):
            order = number if len(members) > 1 else 0
            yield Stated(
                member, Predicate.TAKES_PART_IN, event, match.start(), "cue.attends", order=order, group=group,
                status=sentence.status(match.start()),
            )  # fmt: skip


def _belongs(member: Found, group: str) -> bool:
    """Bodies attend; only people preside and speak."""
    return member.kind is Kind.PERSON or group in ("参加", "出席", "列席")


def firms_at(sentence: Sentence) -> Iterator[Stated]:
    """甲、乙等32家企业带来1100个岗位: the firms of a list at the event of the sentence."""
    firms = [name for name in sentence.names if name.kind is Kind.ENTERPRISE]
    for firm in firms:
        match = _FIRMS_AT.match(sentence.sheet.norm, firm.end)
        event = _event(sentence, firm.start, Context()) if match else None
        if event is None or event.start >= firm.start:
            continue
        for member in sentence.run_back(firm, firms):
            yield Stated(member, Predicate.TAKES_PART_IN, event, firm.start, "cue.firms-attend")


def _event(sentence: Sentence, at: int, context: Context) -> Found | None:
    own = [name for name in sentence.names if is_event(sentence, name)]
    behind = [name for name in own if name.start >= at]
    return behind[0] if behind else own[-1] if own else context.event


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
