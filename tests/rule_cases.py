"""Cases of `tests/cases/rules/*.tsv` and what they expect of the Knowledge that is read from them.

A file is one family of rules: columns case, home, text, expect, known. `text` is one page in our own words, with `\\n`
for a line break; `§` begins another page, which may name its own home city (`@衡阳市 …`). `expect` is a list
divided by `;`, each item turned round by a leading `!`; names divided by `/` are all right, `*` is any:

- `Place:衡阳市` a thing with that name or alias; `Official:` a person in a public post
- `Place:衡阳市=衡阳` both names stand for one thing; `Place:呆鹰岭镇~果鹰岭镇` the second is its misprint
- `#Person:王伟=2` so many things have that name or alias (a name in quotes or with its head counts as the name)
- `subject|predicate|object|title|status|order|group` a statement; what is left empty may be anything, but the
  status of an expected statement is asserted if it is empty, and a planned or negated one must not be asserted too

`known` is `fails` where the extractor is wrong and the case is right.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from kg.model import Entity, Kind, Knowledge, Page, Statement
from kg.reading import read
from kg.resolve.merge import resolve

FOLDER = Path(__file__).parent / "cases" / "rules"
KINDS = {kind.value for kind in Kind}
FIELDS = ("subject", "predicate", "object", "title", "status", "order", "group")


@dataclass(frozen=True)
class Case:
    """One row: `pages` are (home city, text)."""

    family: str
    name: str
    pages: tuple[tuple[str, str], ...]
    expect: tuple[str, ...]
    fails: bool


def cases(family: str) -> list[Case]:
    """The cases of one file, in order."""
    with (FOLDER / f"{family}.tsv").open(encoding="utf-8", newline="") as file:
        return [_case(family, row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def families() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.tsv"))


def _case(family: str, row: dict[str, str]) -> Case:
    pages = tuple(_page(text, row["home"]) for text in row["text"].replace("\\n", "\n").split("§"))
    return Case(family, row["case"], pages, tuple(row["expect"].split(";")), row["known"] == "fails")


def _page(text: str, home: str) -> tuple[str, str]:
    if text.startswith("@"):
        home, _, text = text[1:].partition(" ")
    return home, text


def knowledge(pages: tuple[tuple[str, str], ...], order: tuple[int, ...] = ()) -> Knowledge:
    """What the pages together say, given to the resolver in this order."""
    numbers = order or tuple(range(len(pages)))
    return resolve([read(Page(f"{n}.txt", pages[n][1], f"{n:064d}", home=pages[n][0])) for n in numbers])


def wrong(expectation: str, known: Knowledge) -> str:
    """Why the expectation does not hold, "" where it does."""
    if expectation.startswith("!"):
        return f"{expectation[1:]} is there" if _holds(expectation[1:], known, asserted=False) else ""
    return "" if _holds(expectation, known, asserted=True) else f"{expectation} is not there"


def said(known: Knowledge) -> str:
    """What the pages did give, for the reader of a failure."""
    lines = [f"{e.id} {' '.join(e.aliases)}" for e in known.entities if e.pages]
    lines += ["|".join(_cells(s, known)[:5]) + f" {s.order} {s.group}" for s in known.statements if s.evidence]
    return "\n".join(lines)


def _holds(expectation: str, known: Knowledge, *, asserted: bool) -> bool:
    if expectation.startswith("#"):
        thing, _, count = expectation[1:].partition("=")
        return len(_things(thing, known)) == int(count)
    if "|" in expectation:
        return _stated(expectation.split("|"), known, asserted=asserted)
    thing, alias, printed = _parts(expectation)
    found = _things(thing, known)
    return any(_goes_by(e, alias) and (not printed or printed in e.printed_as) for e in found)


def _parts(expectation: str) -> tuple[str, str, str]:
    """(thing, its other name, its misprint)"""
    thing, _, printed = expectation.partition("~")
    thing, _, alias = thing.partition("=")
    return thing, alias or "*", printed


def _things(thing: str, known: Knowledge) -> list[Entity]:
    """The things that a page names, of one kind, with one of the names."""
    kind, _, names = thing.partition(":")
    if kind not in {*KINDS, "Official"}:
        raise ValueError(f"{thing}: no such kind")
    people = [e for e in known.entities if e.official] if kind == "Official" else list(known.entities)
    return [e for e in people if e.pages and kind in (e.kind.value, "Official") and _goes_by(e, names)]


def _goes_by(entity: Entity, names: str) -> bool:
    return names == "*" or bool({entity.name, *entity.aliases} & set(names.split("/")))


def _stated(wanted: list[str], known: Knowledge, *, asserted: bool) -> bool:
    wanted = [*wanted, *[""] * (len(FIELDS) - len(wanted))]
    if not asserted:
        return any(_fits(wanted, s, known) for s in known.statements)
    wanted[4] = wanted[4] or "asserted"
    there = any(_fits(wanted, s, known) for s in known.statements)
    done = [*wanted[:4], "asserted", "", ""]
    return there and (wanted[4] == "asserted" or not any(_fits(done, s, known) for s in known.statements))


def _fits(wanted: list[str], statement: Statement, known: Knowledge) -> bool:
    ways = [statement]
    if statement.predicate == "cooperatesWith":
        ways.append(_turned(statement))
    return any(_fits_one(wanted, way, known) for way in ways)


def _fits_one(wanted: list[str], statement: Statement, known: Knowledge) -> bool:
    things = {entity.id: entity for entity in known.entities}
    ends = ((wanted[0], things[statement.subject]), (wanted[2], things[statement.object]))
    cells = _cells(statement, known)
    rest = [(wanted[n], cells[n]) for n in (1, 3, 4, 5, 6)]
    return all(_goes_by(thing, names) for names, thing in ends) and all(
        not want or want == "*" or cell in want.split("/") for want, cell in rest
    )


def _turned(s: Statement) -> Statement:
    return Statement(s.object, s.predicate, s.subject, s.evidence, s.rules, s.title, s.date, s.status)


def _cells(s: Statement, known: Knowledge) -> list[str]:
    names = {entity.id: entity.name for entity in known.entities}
    return [names[s.subject], s.predicate, names[s.object], s.title, s.status, str(s.order), s.group]


def orders(case: Case) -> Iterator[tuple[int, ...]]:
    """Every order of the pages of a case but the first."""
    yield from list(permutations(range(len(case.pages))))[1:]
