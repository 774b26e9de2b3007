"""Who acts with whom: 甲联合乙…, 甲与乙签订…, 由甲与乙合作共建的丙."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from kg.lexicon import terms
from kg.model import Kind, Predicate
from kg.relate.sentence import Cue, Sentence
from kg.relate.stated import Stated
from kg.relate.subjects import Context, doers
from kg.tag.sheet import Found

_WITH = re.compile(r"(?:\([^)]*\))?(?:,)?(?:与|同|和|跟|携手|联合|会同)")
_ALONGSIDE = re.compile(r"(?:\([^)]*\))?(?:与|同|会同|联合|携手)")
_JOINING = frozenset({"联合", "携手", "会同", "联手", "牵手", "协同"})


def together(sentence: Sentence, context: Context) -> Iterator[Stated]:
    """cooperatesWith, each pair once."""
    done: set[tuple[int, int]] = set()
    for cue in sentence.cues:
        joint = "cooperatesWith" in cue.predicates
        left, right = (
            _sides(sentence, cue, context) if joint else _around_with(sentence, _near(sentence, cue), strict=True)
        )
        for one in left:
            for other in right:
                pair = (min(one.start, other.start), max(one.start, other.start))
                if one is not other and pair not in done:
                    done.add(pair)
                    rule = "cue.cooperates" if joint else "cue.acts-with"
                    yield Stated(
                        one, Predicate.COOPERATES_WITH, other, cue.start, rule, status=sentence.status(cue.start)
                    )


def _sides(sentence: Sentence, cue: Cue, context: Context) -> tuple[list[Found], list[Found]]:
    if cue.text in _JOINING:
        partners = [n for n in sentence.agents if 0 <= n.start - cue.end <= 2]
        if partners:
            right = sentence.run_on(partners[0], list(sentence.names))
            return doers(sentence, cue, context).names, [name for name in right if name in sentence.agents]
    near = _near(sentence, cue)
    left, right = _around_with(sentence, near)
    if not left and cue.text in terms("joint_cues"):
        members = doers(sentence, cue, context).names
        return (members, members) if cue.text.startswith("签") else (members[:1], members[1:])
    return left, right


def _near(sentence: Sentence, cue: Cue) -> list[Found]:
    clause = sentence.clause(cue.start)
    return [n for n in sentence.agents if clause.start <= n.start and n.end <= cue.start]


def _around_with(sentence: Sentence, near: list[Found], *, strict: bool = False) -> tuple[list[Found], list[Found]]:
    """The two sides of 与 in 甲、乙与丙、丁; `strict` where the verb alone does not say that they act together."""
    bodies = [n for n in near if n.kind is not Kind.PLACE] if strict else near
    for one, other in itertools.pairwise(bodies):
        between = sentence.text(one.end, other.start)
        if (_ALONGSIDE if strict else _WITH).fullmatch(between):
            left = [n for n in near if n.end <= one.end]
            right = [n for n in near if n.start >= other.start]
            return _tight(sentence, left[::-1]), _tight(sentence, right)
    return [], []


def _tight(sentence: Sentence, ordered: list[Found]) -> list[Found]:
    """The part of a list that hangs together by 、 from its first member, in either direction."""
    kept = ordered[:1]
    for name in ordered[1:]:
        low, high = sorted((name, kept[-1]), key=lambda n: n.start)
        if sentence.text(low.end, high.start) != "、":
            break
        kept.append(name)
    return kept
