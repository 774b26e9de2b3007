"""Relations that a verb states: who runs, joins, supports what; who acts with whom; what lies where.

A cue is a verb of the lexicon. Its subject is the list of bodies or places before it in its clause, else in an earlier
clause of the sentence, else the subject of the sentence before in the same block (rule name …elliptic). Its object is
the list of names behind it in its clause. `拟 将 计划` make it planned, `未 不 取消` negated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.lexicon import terms, values
from kg.model import Kind, Predicate, Status
from kg.relate.sentence import AGENTS, Sentence
from kg.relate.stated import Stated
from kg.tag.sheet import Found, ending

_PROGRAM = frozenset({Kind.PROGRAM})
_PLACE = frozenset({Kind.PLACE})
_HOSTS = frozenset({"主办", "承办", "协办", "联合主办", "共同主办", "举办", "组织"})
_HELPED = frozenset({Kind.ENTERPRISE, Kind.PROGRAM, Kind.PERSON})
_FAR = 30


@dataclass(frozen=True, slots=True)
class Cue:
    text: str
    start: int
    end: int
    predicates: tuple[str, ...]


def cues_of(sentence: Sentence) -> list[Cue]:
    """The cue verbs of a sentence that stand outside names, the longest reading of each."""
    norm, found = sentence.sheet.norm, []
    table = values("relation_cues")
    inside = {at for name in sentence.names for at in range(name.start, name.end)}
    at = sentence.span.end
    while at > sentence.span.start:
        text = ending(norm, at, frozenset(table), 6) if at in sentence.sheet.word_ends else ""
        if text and at - len(text) in sentence.sheet.word_starts and at - 1 not in inside and at - len(text) not in inside:
            found.append(Cue(text, at - len(text), at, tuple(table[text].split(","))))
            at -= len(text)
        else:
            at -= 1
    return found[::-1]


def cued(sentence: Sentence, subject: Found | None) -> Iterator[Stated]:
    """Every relation that the verbs of one sentence state; `subject` is what the sentence before was about."""
    for cue in cues_of(sentence):
        status = sentence.status(cue.start)
        for predicate in cue.predicates:
            rule = _RULES.get(predicate)
            if rule is not None:
                yield from rule(sentence, cue, subject, status)


def subject_of(sentence: Sentence) -> Found | None:
    """The body or place that a sentence is about: the first agent that no preposition governs."""
    for name in sentence.names:
        if name.kind in AGENTS and _is_agent(name) and not _governed(sentence, name):
            return name
    return None


def _governed(sentence: Sentence, name: Found) -> bool:
    before = sentence.sheet.norm[max(sentence.span.start, name.start - 2) : name.start]
    return bool(before) and before.endswith(tuple(terms("prepositions")))


def _is_agent(name: Found) -> bool:
    """Bodies act; of places only divisions, zones and the relative ones do."""
    if name.kind is not Kind.PLACE:
        return True
    return name.relative or name.rule.startswith(("place.division", "place.zone", "place.suffix.zone", "place.suffix.town", "place.suffix.village", "place.suffix.county", "place.suffix.city"))


def _subjects(sentence: Sentence, cue: Cue, subject: Found | None) -> tuple[list[Found], str]:
    """Who does it, and how that was found: "" in the clause, "-earlier" clause, "-elliptic"."""
    agents = [name for name in sentence.names if name.kind in AGENTS and _is_agent(name)]
    clause = sentence.clause(cue.start)
    near = [name for name in agents if clause.start <= name.start and name.end <= cue.start]
    near = [name for name in near if not _modifier(sentence, name)]
    if near:
        return sentence.run_back(near[-1], agents), ""
    earlier = [name for name in agents if name.end <= clause.start and not _governed(sentence, name) and not _modifier(sentence, name)]
    if earlier:
        return sentence.run_on(earlier[0], agents), "-earlier"
    return ([subject], "-elliptic") if subject is not None else ([], "")


def _modifier(sentence: Sentence, name: Found) -> bool:
    """X的…: the name only qualifies what follows."""
    return sentence.sheet.norm[name.end : name.end + 1] == "的"


def _objects(sentence: Sentence, cue: Cue, kinds: frozenset[Kind]) -> list[Found]:
    clause = sentence.clause(cue.end)
    pool = sentence.after(cue.end, sentence.span.end, kinds)
    first = [name for name in pool if name.start < clause.end and name.start - cue.end <= _FAR]
    if not first or _cut_off(sentence, cue.end, first[0].start):
        return []
    return sentence.run_on(first[0], pool)


def _cut_off(sentence: Sentence, start: int, end: int) -> bool:
    """Another verb's object, or a complement of time or manner, stands between."""
    between = sentence.sheet.norm[start:end]
    return bool(re.search(r"[以在于从向对把将被让使]|方面|过程|工作中", between)) and "以来" not in between


def _runs(sentence: Sentence, cue: Cue, subject: Found | None, status: Status) -> Iterator[Stated]:
    objects = _objects(sentence, cue, _PROGRAM)
    if not objects and cue.text in _HOSTS:
        earlier = sentence.before(cue.start, sentence.span.start, _PROGRAM)
        objects = earlier[-1:]
    if not objects:
        return
    subjects, how = _subjects(sentence, cue, subject)
    for agent in subjects:
        for program in objects:
            yield Stated(agent, Predicate.RUNS, program, cue.start, f"cue.runs{how}", status=status)


def _joins(sentence: Sentence, cue: Cue, subject: Found | None, status: Status) -> Iterator[Stated]:
    objects = _objects(sentence, cue, _PROGRAM)
    rule = "cue.takes-part"
    if not objects:
        objects = sentence.before(cue.start, sentence.span.start, _PROGRAM)[-1:]
        rule = "cue.takes-part-back"
        if cue.text not in terms("joining_cues"):
            return
    subjects, how = _subjects(sentence, cue, subject)
    for agent in subjects:
        for program in objects:
            if agent.start != program.start:
                yield Stated(agent, Predicate.TAKES_PART_IN, program, cue.start, rule + how, status=status)


def _supports(sentence: Sentence, cue: Cue, subject: Found | None, status: Status) -> Iterator[Stated]:
    objects = _objects(sentence, cue, _HELPED)
    subjects, how = _subjects(sentence, cue, subject) if objects else ([], "")
    for agent in subjects:
        for helped in objects:
            yield Stated(agent, Predicate.SUPPORTS, helped, cue.start, f"cue.supports{how}", status=status)


def _cooperates(sentence: Sentence, cue: Cue, subject: Found | None, status: Status) -> Iterator[Stated]:
    """A 联合 B …; A 与 B 签订/合作/共建 …."""
    agents = [name for name in sentence.names if name.kind in AGENTS and _is_agent(name)]
    clause = sentence.clause(cue.start)
    partners = [n for n in agents if n.start >= cue.end and n.start - cue.end <= 2] if cue.text in ("联合", "携手", "会同", "联手") else []
    if partners:
        left, right = _subjects(sentence, cue, subject)[0], sentence.run_on(partners[0], agents)
    else:
        near = [n for n in agents if clause.start <= n.start and n.end <= cue.start]
        left, right = _around_with(sentence, near)
    for one in left:
        for other in right:
            if one is not other:
                yield Stated(one, Predicate.COOPERATES_WITH, other, cue.start, "cue.cooperates", status=status)


def _around_with(sentence: Sentence, near: list[Found]) -> tuple[list[Found], list[Found]]:
    """The two sides of 与/同/和 in 甲、乙与丙、丁."""
    for one, other in zip(near, near[1:], strict=False):
        between = sentence.sheet.norm[one.end : other.start]
        if re.fullmatch(r"(?:\([^)]*\))?(?:与|同|和|跟)", between):
            left = [n for n in near if n.end <= one.end]
            return _tight(sentence, left, back=True), _tight(sentence, [n for n in near if n.start >= other.start], back=False)
    return [], []


def _tight(sentence: Sentence, names: list[Found], *, back: bool) -> list[Found]:
    """The part of the list that hangs together by 、 from its inner end."""
    ordered = names[::-1] if back else names
    kept = ordered[:1]
    for name in ordered[1:]:
        low, high = (name, kept[-1]) if back else (kept[-1], name)
        if sentence.sheet.norm[low.end : high.start] != "、":
            break
        kept.append(name)
    return kept


def _located(sentence: Sentence, cue: Cue, subject: Found | None, status: Status) -> Iterator[Stated]:
    """P 在 Z 举行; E 落户/位于 Z."""
    things = sentence.before(cue.start, sentence.span.start, frozenset({Kind.PROGRAM, Kind.ENTERPRISE, Kind.AGENCY}))
    if not things:
        return
    behind = sentence.after(cue.end, cue.end + 24, _PLACE)
    if cue.text in terms("settling_cues") and behind and behind[0].start - cue.end <= 2:
        yield Stated(things[-1], Predicate.LOCATED_IN, _smallest(sentence, behind), cue.start, "cue.located-in", status=status)
        return
    between = [p for p in sentence.before(cue.start, things[-1].end, _PLACE) if sentence.sheet.norm[p.start - 1] == "在" or p.scope is not None]
    if between and cue.start - between[-1].end <= 3 and things[-1].kind is not Kind.AGENCY:
        yield Stated(things[-1], Predicate.LOCATED_IN, between[-1], cue.start, "cue.held-in", status=status)


def _smallest(sentence: Sentence, places: list[Found]) -> Found:
    chain = places[:1]
    for place in places[1:]:
        if place.start != chain[-1].end:
            break
        chain.append(place)
    return chain[-1]


_RULES = {
    "runs": _runs,
    "takesPartIn": _joins,
    "supports": _supports,
    "cooperatesWith": _cooperates,
    "locatedIn": _located,
}
