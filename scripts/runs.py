"""train/runs/*.json → tables: cross-validation, learning curve, ablation, what was tried. Figures only, no text.

One file a run, in the order of their names. Either what `kg train` writes (figures.json: "folds", each with the figures
of `kg score --json`; where it has "pages" too, these are also told by source and year), or a table:

    {"title": "Learning curve 学习曲线", "note": "…", "rows": [{"articles": 375, "entities": 0.81}, …]}

Every row is flat; the keys of all rows, in the order of their first use, are the columns. Both may have a `title` and a
`note`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from kg.evaluate.origin import Origin, grouped, known
from kg.score import Report, Tally
from scripts.markdown import table
from scripts.splits import ROOT

FOLDER = ROOT / "train" / "runs"
LEADING = ("entities", "relations", "posts with title")
Origins = Callable[[], Mapping[str, Origin]]


def tables(origins: Origins = dict, folder: Path = FOLDER) -> Iterator[str]:
    """Every run of the folder, or a line that says that there is none yet."""
    files = sorted(folder.glob("*.json"))
    if not files:
        yield "(no runs in `train/runs` yet 尚无记录)"
    for file in files:
        run = json.loads(file.read_text("utf-8"))
        yield from (f"### {run.get('title', 'Cross-validation 交叉验证')}", "")
        if run.get("note"):
            yield from (run["note"], "")
        yield from _rows(run["rows"]) if "rows" in run else _folds(run["folds"])
        if "pages" in run:
            yield from _by_origin(run["pages"], origins())


def _rows(rows: list[dict[str, Any]]) -> Iterator[str]:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    yield from table(columns, ([row.get(column, "") for column in columns] for row in rows))


def _folds(folds: dict[str, dict[str, Any]]) -> Iterator[str]:
    """F1 of every fold, their mean and spread, and F1 of all together."""
    flat = [_flat(figures) for figures in folds.values()]
    names = list(dict.fromkeys(name for one in flat for name in one))
    columns = ("", *(f"fold {n}" for n in range(1, len(flat) + 1)), "mean ± sd", "together")
    yield from table(
        columns, (_fold_row(name, [one[name] for one in flat if name in one], len(flat)) for name in names)
    )


def _fold_row(name: str, tallies: list[Tally], folds: int) -> list[object]:
    f1 = [tally.f1 for tally in tallies]
    each = [*f1, *["–"] * (folds - len(f1))]  # a rare relation is not in every fold
    spread = f"{mean(f1):.3f} ± {stdev(f1):.3f}" if len(f1) > 1 else "–"
    return [name, *each, spread, sum(tallies, Tally()).f1]


def _flat(figures: Mapping[str, Any]) -> dict[str, Tally]:
    """The single figures, then those by kind and by relation."""
    groups = [value for name, value in figures.items() if name.startswith("by ")]
    single = {name: value for name, value in figures.items() if not name.startswith("by ")}
    return {name: _tally(value) for group in (single, *groups) for name, value in group.items()}


def _tally(figures: Mapping[str, Any]) -> Tally:
    return Tally(figures["tp"], figures["fp"], figures["fn"])


def _by_origin(pages: dict[str, dict[str, Any]], places: Mapping[str, Origin]) -> Iterator[str]:
    reports = [Report(doc, {name: _tally(one[name]) for name in LEADING}, {}, ()) for doc, one in pages.items()]
    yield from origin_tables(reports, places)


def origin_tables(reports: list[Report], places: Mapping[str, Origin]) -> Iterator[str]:
    """F1 by source, then by year."""
    for word, of in (("source 来源", _source), ("year 年份", _year)):
        rows = grouped(reports, lambda doc, of=of: of(known(places, doc))).items()  # type: ignore[misc]
        body = ((name, count, *(whole.single[f].f1 for f in LEADING)) for name, (count, whole) in rows)
        yield from table((word, "articles", *LEADING), body)


def _source(origin: Origin) -> str:
    return origin.source


def _year(origin: Origin) -> str:
    return origin.year
