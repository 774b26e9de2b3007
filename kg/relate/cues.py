"""Relations that a verb states between a body or place and a program, a firm or a person.

A cue is a verb of the lexicon; its object is the list of names behind it in its clause, its subject what
`subjects.doers` finds (the rule's name says how). 拟 将 计划 make a relation planned, 未 不 取消 negated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import terms
from kg.model import Kind, Predicate, Status
from kg.relate.sentence import PROGRAM, Cue, Sentence
from kg.relate.stated import Stated
from kg.relate.subjects import Context, Doers, doers, names_an_event
from kg.tag.sheet import Found

_HOSTS = frozenset({"主办", "承办", "协办", "联合主办", "共同主办"})
_HELPED = frozenset({Kind.ENTERPRISE, Kind.PROGRAM, Kind.PERSON})
_FAR = 30
_WON_IN = re.compile(r"[”’]?(?:评选|比赛|竞赛|考核|活动)?中$")


def cued(sentence: Sentence, context: Context) -> Iterator[Stated]:
    """Every relation that the verbs of one sentence state."""
    for cue in sentence.cues:
        status = sentence.status(cue.start)
        for predicate, rule in _RULES:
            if predicate in cue.predicates:
                yield from rule(sentence, cue, context, status)


def objects_of(sentence: Sentence, cue: Cue, kinds: frozenset[Kind]) -> list[Found]:
    """The list of names of these kinds that the cue governs."""
    clause = sentence.clause(cue.end)
    pool = sentence.after(cue.end, sentence.span.end, kinds)
    first = [name for name in pool if name.start < clause.end and name.start - cue.end <= _FAR]
    if not first or _cut_off(sentence, cue.end, first[0].start):
        return []
    return sentence.run_on(first[0], pool)


def _cut_off(sentence: Sentence, start: int, end: int) -> bool:
    """Another verb's object, or a complement of time or manner, stands between."""
    between = sentence.text(start, end)
    return bool(re.search(r"[以在于从向对把将被让使]|方面|过程|工作中", between)) and "以来" not in between


def _runs(sentence: Sentence, cue: Cue, context: Context, status: Status) -> Iterator[Stated]:
    if cue.text in _HOSTS:
        yield from _hosts(sentence, cue, context, status)
        return
    objects = [o for o in objects_of(sentence, cue, PROGRAM) if not _only_spirit(sentence, cue, o)]
    if not objects:
        yield from _run_by(sentence, cue, status)
        return
    found = doers(sentence, cue, context)
    for agent in found.names:
        for program in objects:
            yield Stated(agent, Predicate.RUNS, program, cue.start, f"cue.runs{found.how}", status=status)


def _run_by(sentence: Sentence, cue: Cue, status: Status) -> Iterator[Stated]:
    """P 由甲、乙负责实施."""
    clause = sentence.clause(cue.start)
    near = [n for n in sentence.agents if clause.start <= n.start and n.end <= cue.start and cue.start - n.end <= 4]
    members = sentence.run_back(near[-1], sentence.agents) if near else []
    programs = sentence.before(members[0].start, sentence.span.start, PROGRAM)[-1:] if members else []
    if programs and sentence.text(members[0].start - 1, members[0].start) == "由":
        for agent in members:
            yield Stated(agent, Predicate.RUNS, programs[0], cue.start, "cue.runs-by", status=status)


def _only_spirit(sentence: Sentence, cue: Cue, program: Found) -> bool:
    """根据…会议精神, 贯彻…大会: a meeting that one follows is not one that one holds."""
    meeting = program.rule in ("program.meeting", "program.session") or sentence.text(
        program.end, program.end + 3
    ).startswith(("精神", "”精神"))
    return meeting and cue.text not in ("召开", "举行", "举办", "组织")


def _hosts(sentence: Sentence, cue: Cue, context: Context, status: Status) -> Iterator[Stated]:
    """由甲、乙主办,丙承办: the event stands before, behind, or was named in an earlier sentence (本次活动)."""
    events = objects_of(sentence, cue, PROGRAM) if "的" in sentence.text(cue.end, cue.end + 1) else []
    rule = "cue.hosts"
    if not events:
        events = sentence.before(cue.start, sentence.span.start, PROGRAM)[-1:] or objects_of(sentence, cue, PROGRAM)
    if context.event is not None and (not events or names_an_event(sentence)):
        events, rule = [context.event], "cue.hosts-event"
    clause = sentence.clause(cue.start)
    near = [n for n in sentence.agents if clause.start <= n.start and n.end <= cue.start]
    for agent in sentence.run_back(near[-1], sentence.agents) if near else []:
        for event in events:
            yield Stated(agent, Predicate.RUNS, event, cue.start, rule, status=status)


def _joins(sentence: Sentence, cue: Cue, context: Context, status: Status) -> Iterator[Stated]:
    objects, rule = objects_of(sentence, cue, PROGRAM), "cue.takes-part"
    if not objects:
        behind = sentence.before(cue.start, sentence.span.start, PROGRAM)[-1:]
        won = behind and any(
            _WON_IN.match(sentence.text(behind[0].end, at)) for at in range(behind[0].end, behind[0].end + 6)
        )
        if not behind or not (cue.text in terms("joining_cues") or won):
            return
        objects, rule = behind, "cue.takes-part-back"
    found = _winners(sentence, cue, doers(sentence, cue, context))
    if found.how == "-section" or (found.how and rule.endswith("-back")):
        return  # who joined has to be told: a headline's district is not one of the winners
    for agent in found.names:
        if sentence.text(agent.start - 1, agent.start) in ("获", "被", "经", "由"):
            yield from (
                Stated(agent, Predicate.RUNS, program, cue.start, "cue.awards", status=status) for program in objects
            )
            continue
        for program in objects:
            if agent.start != program.start:
                yield Stated(agent, Predicate.TAKES_PART_IN, program, cue.start, rule + found.how, status=status)


def _winners(sentence: Sentence, cue: Cue, found: Doers) -> Doers:
    """甲被乙授予…: besides the awarder 乙, the list that stands before 被."""
    last = found.names[-1] if found.names else None
    if last is None or sentence.text(last.start - 1, last.start) not in ("获", "被", "经", "由"):
        return found
    earlier = [name for name in sentence.agents if name.end <= last.start - 1]
    winners = sentence.run_back(earlier[-1], sentence.agents) if earlier else []
    return Doers([*winners, last], found.how)


def _supports(sentence: Sentence, cue: Cue, context: Context, status: Status) -> Iterator[Stated]:
    objects = objects_of(sentence, cue, _HELPED)
    tag = sentence.sheet.word_at(cue.start).tag
    if tag not in ("v", "ORG", "nt") and not (tag == "vn" and objects and objects[0].start - cue.end <= 1):
        return  # 服务, 支持 as nouns state nothing
    if not objects or objects[0].start - cue.end > 12 or sentence.text(cue.end, objects[0].start).startswith("下"):
        return
    found = doers(sentence, cue, context)
    if found.how in ("", "-earlier"):
        for agent in found.names:
            for helped in objects:
                yield Stated(agent, Predicate.SUPPORTS, helped, cue.start, f"cue.supports{found.how}", status=status)


_RULES = (("runs", _runs), ("takesPartIn", _joins), ("supports", _supports))
