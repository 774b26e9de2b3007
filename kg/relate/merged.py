"""Bodies that become part of another: 将甲、乙、丙整合为丁, 把甲从乙调至丙."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Kind, Predicate
from kg.relate.sentence import Sentence
from kg.relate.stated import Stated

_BODY = frozenset({Kind.AGENCY, Kind.ENTERPRISE})
_MERGED = re.compile(
    r"(?:[一二三四五六七八九十两\d]+(?:块牌子|个部门|家单位|个单位|家企业)?)?(?:整合为|合并为|合并组建为?|合并成立|整合组建为?|并入|划入|划归|改组为)"
)
_HAS = re.compile(r"(?:下辖|旗下(?:有|拥有)?|下设|拥有)")
_MOVED = re.compile(r"从[^,。;]{2,20}?(?:调至|划转至|划入|划归|移至|调整至|调到)")


def merged(sentence: Sentence) -> Iterator[Stated]:
    """partOf that a reorganisation makes."""
    bodies = [name for name in sentence.names if name.kind in _BODY]
    for one in bodies:
        if match := _MERGED.match(sentence.sheet.norm, one.end):
            whole = [b for b in bodies if 0 <= b.start - match.end() <= 1]
            for part in sentence.run_back(one, bodies) if whole else []:
                yield Stated(part, Predicate.PART_OF, whole[0], one.start, "cue.merged-into")
        if match := _HAS.match(sentence.sheet.norm, one.end):
            parts = [b for b in bodies if b.start == match.end()]
            for part in sentence.run_on(parts[0], bodies) if parts else []:
                yield Stated(part, Predicate.PART_OF, one, part.start, "cue.has-parts")
        if match := _MOVED.match(sentence.sheet.norm, one.end):
            homes = [b for b in bodies if b.start >= match.end()]
            run = [b for b in homes if b.start == match.end() or any(o.end == b.start for o in homes)]
            for home in run:
                yield Stated(one, Predicate.PART_OF, home, one.start, "cue.moved-to")
