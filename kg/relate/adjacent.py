"""Relations of names that stand side by side: 天元区“河长制+公益诉讼”, 甲、乙“…”大会, 我市…监测系统."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Kind, Predicate
from kg.relate.sentence import AGENTS, Sentence
from kg.relate.stated import Stated


def adjacent(sentence: Sentence) -> Iterator[Stated]:
    """An owner directly before a program runs it; owners in a list all do."""
    agents = [name for name in sentence.names if name.kind in AGENTS]
    for program in sentence.names:
        if program.kind is not Kind.PROGRAM or program.scope is not None:
            continue
        start = (
            program.start - 1
            if sentence.sheet.norm[program.start - 1 : program.start] in ("“", "‘", "《")
            else program.start
        )
        year = re.compile(r"20\d\d年(?:度)?$").search(sentence.sheet.norm, max(sentence.span.start, start - 6), start)
        start = year.start() if year else start
        owner = next((name for name in agents if name.end == start), None)
        if owner is None:
            continue
        award = sentence.sheet.norm[max(0, owner.start - 4) : owner.start].endswith(
            ("获评", "荣获", "获得", "授予", "评为", "入选")
        )
        for one in [] if award else sentence.run_back(owner, agents):
            yield Stated(one, Predicate.RUNS, program, program.start, "adjacent.owner")
