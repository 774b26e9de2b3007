"""Who supports whom beyond a plain verb: 在甲支持下乙规划丙, 甲为乙提供…, 甲对乙给予补助, 乙获甲补贴."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Kind, Predicate
from kg.relate.sentence import Sentence
from kg.relate.stated import Stated
from kg.tag.sheet import Found

_HELPED = frozenset({Kind.ENTERPRISE, Kind.PROGRAM, Kind.PERSON})
_UNDER = re.compile(r"(?:的)?(?:[\u4e00-\u9fff]{0,4})(?:支持|帮助|指导|协助|帮扶|资助)下")
_FOR = re.compile(
    r"[”’]?(?:[\u4e00-\u9fff]{0,6}?)(?:提供|兑现|解决|送去|送上|发放|捐赠|拨付|聘请|争取|办理|配备|减免|给予|协调)"
)
_TO = re.compile(
    r"[”’]?[^,。;]{0,14}?(?:给予|进行)[^,。;]{0,14}?(?:补助|补贴|奖补|支持|资助|奖励|商讨|会商|研究|指导|帮扶|调度)"
)
_FROM = re.compile(r"(?:已)?(?:获得?|得到了?|享受)$")
_GRANT = re.compile(r"(?:的)?(?:[\u4e00-\u9fff\d.]{0,8}?)(?:补助|补贴|奖补|支持|资助|奖励|授信|贷款)")


def aided(sentence: Sentence) -> Iterator[Stated]:
    """supports that a preposition or a grant states."""
    for helper in sentence.agents:
        yield from _under(sentence, helper)
        yield from _granted(sentence, helper)
    for helped in sentence.names:
        if helped.kind in _HELPED:
            yield from _done_for(sentence, helped)


def _under(sentence: Sentence, helper: Found) -> Iterator[Stated]:
    match = _UNDER.match(sentence.sheet.norm, helper.end)
    if match and sentence.governed(helper):
        later = [name for name in sentence.names if name.kind is Kind.PROGRAM and name.start >= match.end()]
        for program in sentence.run_on(later[0], later) if later else []:
            yield Stated(helper, Predicate.SUPPORTS, program, helper.start, "aid.under")


def _granted(sentence: Sentence, helper: Found) -> Iterator[Stated]:
    """乙获甲补贴."""
    won = _FROM.search(sentence.sheet.norm, max(sentence.span.start, helper.start - 4), helper.start)
    if not won or not _GRANT.match(sentence.sheet.norm, helper.end):
        return
    before = [name for name in sentence.names if name.kind in _HELPED and name.end <= won.start()]
    if before:
        yield Stated(helper, Predicate.SUPPORTS, before[-1], helper.start, "aid.granted")


def _done_for(sentence: Sentence, helped: Found) -> Iterator[Stated]:
    """甲为乙提供…, 甲对乙给予…: the list of bodies before the preposition, in the clause or the one before it."""
    start = helped.start - (sentence.text(helped.start - 1, helped.start) in "“‘《")
    preposition = sentence.text(start - 1, start)
    pattern = _FOR if preposition in ("为", "给", "向") else _TO if preposition in ("对",) else None
    if pattern is None or not pattern.match(sentence.sheet.norm, helped.end):
        return
    before = [name for name in sentence.agents if name.end <= start - 1 and not sentence.modifies(name)]
    if not before or sentence.clause(start).start - before[-1].end > 14:
        return
    status = sentence.status(start - 1)
    for helper in sentence.run_back(before[-1], sentence.agents):
        yield Stated(helper, Predicate.SUPPORTS, helped, start, "aid.done-for", status=status)
