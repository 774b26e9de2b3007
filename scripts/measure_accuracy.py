"""Measure again and write every published figure: `python -m scripts.measure_accuracy`.

docs/accuracy.md, kg/weights/CARD.md and both READMEs are written anew between their marker lines, from one run over the
sets of train/splits.toml with the weights in use (FANGZHI_WEIGHTS, else kg/weights). The texts may not be copied into
the project: without ../shared nothing can be measured, and nothing is written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.confidence import DEFAULT_MIN_CONFIDENCE
from kg.evaluate.calibration import Bin, bins, expected_error, lean
from kg.evaluate.judged import Judged, What, judged
from kg.evaluate.origin import origins
from kg.evaluate.pages import Measured, measure, reports
from kg.evaluate.sweep import best, spread, sweep
from kg.gold import total
from kg.model import Kind, Predicate
from kg.score import Report, Tally
from scripts import card, runs
from scripts.markdown import fill, table
from scripts.splits import ROOT, Split, splits
from scripts.stand_off import restore

DOCUMENTS = ("docs/accuracy.md", "kg/weights/CARD.md", "README.md", "README.zh-CN.md")
FIGURES = ("entities", "relations", "posts with title", "article starts", "journalists")
LEADING = FIGURES[:3]
JUDGED: dict[What, str] = {"mention": "names", "entity": "things", "claim": "statements"}


@dataclass(frozen=True)
class Set:
    """One set of train/splits.toml, read with the weights in use."""

    split: Split
    pages: Sequence[Measured]

    @cached_property
    def reports(self) -> list[Report]:
        return reports(self.pages)

    @cached_property
    def total(self) -> Report:
        return total(self.reports)

    @cached_property
    def judged(self) -> list[Judged]:
        return judged(self.pages)

    @cached_property
    def swept(self) -> dict[float, Report]:
        return sweep(self.pages)


def main() -> None:
    every = splits()
    wanted = [one for one in every.values() if one.use in ("look", "measure")]
    if missing := [one.name for one in wanted if not one.here]:
        sys.exit(f"train/splits.toml: {', '.join(missing)}: folders are missing, nothing is written 缺少版面，未作改动")
    sets = {one.name: Set(one, _measured(one)) for one in wanted}
    blocks = {name: partial(make, sets) for name, make in MADE.items()}
    taught = partial(card.taught_origins, every)
    for document in DOCUMENTS:
        fill(ROOT / document, {**blocks, **card.blocks(every), "runs": partial(runs.tables, taught)})
        print(f"written: {document}")


def _measured(split: Split) -> list[Measured]:
    if split.raw is None:
        return measure(list(dict.fromkeys([*split.gold, *split.pages])))
    with TemporaryDirectory() as folder:
        restore(split.stand_off, split.raw, Path(folder))
        return measure([Path(folder)])


# -- blocks ---------------------------------------------------------------------------------------------------------


def short(sets: dict[str, Set]) -> Iterator[str]:
    """The sets side by side; for the READMEs."""
    yield from table(
        ("", *LEADING),
        ((one.split.title, *(one.total.single[name].f1 for name in LEADING)) for one in sets.values()),
    )


def by_set(sets: dict[str, Set]) -> Iterator[str]:
    for one in sets.values():
        yield from (f"### {one.split.title}", "")
        few = one.reports if len(one.reports) <= 12 else []
        rows = [[report.doc, *(report.single[name].f1 for name in FIGURES)] for report in few]
        rows.append([f"all {len(one.reports)} together", *(_whole(one, name) for name in FIGURES)])
        yield from table(("page", *FIGURES), rows)


def _whole(one: Set, name: str) -> str:
    tally = one.total.single[name]
    low, high = spread([report.single[name] for report in one.reports])
    return f"**{tally.f1:.3f}** (P {tally.precision:.3f}, R {tally.recall:.3f}; {low:.2f}–{high:.2f})"


def by_name(sets: dict[str, Set]) -> Iterator[str]:
    """Kinds, then relations, of the unseen articles; beside them F1 of the other sets."""
    dev, *others = sets.values()
    columns = ("", "P", "R", "F1", "true", "false", "missed", *(f"F1 {one.split.name}" for one in others))
    names = [("by type", kind) for kind in Kind] + [("by predicate", p) for p in Predicate]
    yield from table(columns, (_named_row(dev, others, group, name) for group, name in names))


def _named_row(dev: Set, others: Sequence[Set], group: str, name: str) -> list[object]:
    t = dev.total.grouped[group].get(name, Tally())
    beside = (one.total.grouped[group].get(name, Tally()) for one in others)
    return [name, t.precision, t.recall, t.f1, t.tp, t.fp, t.fn, *(b.f1 if b.tp + b.fp + b.fn else "–" for b in beside)]


def by_origin(sets: dict[str, Set]) -> Iterator[str]:
    dev = sets["dev"]
    if dev.split.sources is None:
        return
    yield from runs.origin_tables(dev.reports, origins(dev.split.sources))


def by_label(sets: dict[str, Set]) -> Iterator[str]:
    rows = sets["dev"].total.rules.items()
    yield from table(
        ("made", "label", "true", "false", "optional", "precision"),
        ((m, rule, v.true, v.false, v.optional, _share(v.true, v.true + v.false)) for (m, rule), v in rows),
    )


def _share(part: int, whole: int) -> float | str:
    return part / whole if whole else "–"


def by_minimum(sets: dict[str, Set]) -> Iterator[str]:
    swept = sets["dev"].swept
    columns = ("`--min-confidence`", *(f"{name} {part}" for name in LEADING for part in ("P", "R", "F1")))
    rows = (
        (f"{m:.2f}", *(x for t in (whole.single[n] for n in LEADING) for x in (t.precision, t.recall, t.f1)))
        for m, whole in swept.items()
    )
    yield from table(columns, rows)
    highest = ", ".join(f"{name} {best(swept, name):.2f}" for name in LEADING)
    yield f"Highest F1 at 最高 F1 所在: {highest}. Default 默认: {DEFAULT_MIN_CONFIDENCE:.2f}."


def reliability(sets: dict[str, Set]) -> Iterator[str]:
    """How sure and how right, by tenths; then by kind and relation."""
    rows = {what: [one for one in sets["dev"].judged if one.what == what] for what in JUDGED}
    cells = {
        what: {b.low: f"{b.confidence:.2f} → {b.right:.2f} ({b.count})" for b in bins(r)} for what, r in rows.items()
    }
    lows = sorted({low for cell in cells.values() for low in cell})
    body = [[f"{low:.1f}–{low + 0.1:.1f}", *(cells[what].get(low, "–") for what in JUDGED)] for low in lows]
    body.append(["expected calibration error", *(f"**{expected_error(r):.3f}**" for r in rows.values())])
    yield from table(("confidence → right (how many)", *JUDGED.values()), body)
    yield from table(
        ("", "label", "how many", "too sure by", "expected calibration error"),
        (row for what, word in JUDGED.items() for row in _by_label(word, rows[what])),
    )


def _bin(one: Bin) -> str:
    return f"{one.confidence:.2f} → {one.right:.2f} ({one.count})"


def _by_label(word: str, rows: Sequence[Judged]) -> Iterator[tuple[object, ...]]:
    for label in [*Kind, *Predicate]:
        if mine := [one for one in rows if one.label == label]:
            yield word, label, len(mine), f"{lean(mine):+.3f}", expected_error(mine)


def in_short(sets: dict[str, Set]) -> Iterator[str]:
    """For the card: F1 a kind and a relation, on unseen articles."""
    dev = sets["dev"].total
    named = [*dev.grouped["by type"].items(), *dev.grouped["by predicate"].items()]
    rows = [*((name, dev.single[name]) for name in LEADING), *named]
    yield from table(("", "P", "R", "F1"), ((name, t.precision, t.recall, t.f1) for name, t in rows))


MADE = {
    "short": short, "sets": by_set, "names": by_name, "origins": by_origin, "labels": by_label, "minimum": by_minimum,
    "reliability": reliability, "card": in_short,
}  # fmt: skip


if __name__ == "__main__":
    main()
