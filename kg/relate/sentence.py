"""A sentence as the cue rules see it: its names, its clauses, the lists that names form, and its cue verbs."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from kg.lexicon import terms, values
from kg.model import Kind, Span, Status
from kg.tag.sheet import Found, Sheet, ending

AGENTS = frozenset({Kind.AGENCY, Kind.ENTERPRISE, Kind.PLACE})
PROGRAM = frozenset({Kind.PROGRAM})
_JOINT = re.compile(r"[“”‘’《》]*(?:\([^()]*\))?(?:、|和|及|以及|与|暨|联合|携手|会同|同|,)?[“”‘’《》]*")
_BREAK = re.compile(r"[,;。!?:\n]")
_ACTING_PLACES = (
    "place.division",
    "place.zone",
    *(f"place.suffix.{level}" for level in ("zone", "city", "county", "town", "village")),
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue verb of the lexicon outside names, with the relations it can state."""

    text: str
    start: int
    end: int
    predicates: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """`names` are the outermost names in it, in order; relative ones included."""

    sheet: Sheet
    span: Span
    names: tuple[Found, ...]

    @cached_property
    def agents(self) -> list[Found]:
        """Bodies act; of places only divisions, zones and the relative ones do."""
        inner = {id(name.scope) for name in self.names if name.kind is Kind.PLACE and name.scope is not None}
        return [
            name
            for name in self.names
            if name.kind in AGENTS and acts(name) and id(name) not in inner and not self._all(name)
        ]

    def _all(self, name: Found) -> bool:
        """全省首创, 全国率先: how far it reaches, not who does it."""
        return self.sheet.norm.startswith(("全国", "全省"), name.start)

    @cached_property
    def breaks(self) -> list[int]:
        """Offsets of the marks that end a clause; a mark inside a name ends none."""
        marks = [m.start() for m in _BREAK.finditer(self.sheet.norm, self.span.start, self.span.end)]
        return [at for at in marks if not any(name.start <= at < name.end for name in self.names)]

    @cached_property
    def cues(self) -> list[Cue]:
        """Its cue verbs, the longest reading of each, in order."""
        norm, table, found = self.sheet.norm, values("relation_cues"), []
        inside = {at for name in self.names for at in range(name.start, name.end)}
        starts = self.sheet.word_starts | {name.end for name in self.names}
        ends = self.sheet.word_ends | {name.start for name in self.names}
        at = self.span.end
        while at > self.span.start:
            text = ending(norm, at, frozenset(table), 6) if at in ends else ""
            start = at - len(text)
            if text and start in starts and at - 1 not in inside and start not in inside:
                found.append(Cue(text, start, at, tuple(table[text].split(","))))
                at = start
            else:
                at -= 1
        return found[::-1]

    def text(self, start: int, end: int) -> str:
        return self.sheet.norm[start:end]

    def clause(self, at: int) -> Span:
        """The clause that holds `at`."""
        i = bisect_left(self.breaks, at)
        start = self.breaks[i - 1] + 1 if i else self.span.start
        return Span(start, self.breaks[i] if i < len(self.breaks) else self.span.end)

    def before(self, at: int, floor: int, kinds: frozenset[Kind]) -> list[Found]:
        """Names of these kinds that end at or before `at` and begin at `floor` or later."""
        return [name for name in self.names if name.kind in kinds and floor <= name.start and name.end <= at]

    def after(self, at: int, ceiling: int, kinds: frozenset[Kind]) -> list[Found]:
        """Names of these kinds that begin at `at` or later and end at or before `ceiling`."""
        return [name for name in self.names if name.kind in kinds and at <= name.start and name.end <= ceiling]

    def run_back(self, last: Found, pool: list[Found]) -> list[Found]:
        """The list of which `last` is the last member: 甲、乙和丙."""
        members = [last]
        for name in reversed([n for n in pool if n.end <= last.start]):
            between = self.text(name.end, members[0].start)
            if not between or not _JOINT.fullmatch(between) or between == ",":
                break
            members.insert(0, name)
        return members

    def run_on(self, first: Found, pool: list[Found]) -> list[Found]:
        """The list of which `first` is the first member."""
        members = [first]
        for name in [n for n in pool if n.start >= first.end]:
            between = self.text(members[-1].end, name.start)
            if not _JOINT.fullmatch(between) or between == ",":
                break
            members.append(name)
        return members

    def governed(self, name: Found) -> bool:
        """A preposition stands before the name: it is no subject."""
        return self.text(max(self.span.start, name.start - 2), name.start).endswith(tuple(terms("prepositions")))

    def modifies(self, name: Found) -> bool:
        """X的…: the name only qualifies what follows."""
        return self.text(name.end, name.end + 1) == "的"

    def status(self, at: int) -> Status:
        """Whether the words directly before a cue make it a plan or a denial."""
        clause = self.clause(at)
        if self.text(clause.start, clause.start + 3).startswith(tuple(terms("status_cues", "supposed"))):
            return Status.PLANNED
        window = self.text(max(clause.start, at - 8), at)
        for end in range(len(window), 0, -1):
            if len(window) - end > 3:
                break
            if ending(window, end, terms("status_cues", "planned"), 4):
                return Status.PLANNED
            if ending(window, end, terms("status_cues", "negated"), 3):
                return Status.NEGATED
        return Status.ASSERTED


def acts(name: Found) -> bool:
    """Whether a body or place can be who does something."""
    return name.kind is not Kind.PLACE or name.relative or name.rule.startswith(_ACTING_PLACES)


def sentences_of(sheet: Sheet, names: tuple[Found, ...]) -> list[Sentence]:
    """The sentences of an article, each with its outermost names; a short form in brackets is none of them."""
    outer: list[list[Found]] = [[] for _ in sheet.sentences]
    reach = -1
    for name in sorted(names, key=lambda n: (n.start, -n.end, n.same is not None)):
        level = name.relative and name.rule.endswith(("prefix", "title"))
        bracketed = name.same is not None and sheet.norm[name.start - 1 : name.start] in ("(", "称", "为")
        if name.end <= reach or level or bracketed or name.rule == "agency.of-title":
            continue
        reach = name.end
        outer[sheet.sentence_number(name.start)].append(name)
    return [Sentence(sheet, span, tuple(inside)) for span, inside in zip(sheet.sentences, outer, strict=True)]
