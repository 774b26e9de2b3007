"""Where articles come from, and figures by it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.gold import total
from kg.score import Report

FEW = 4  # articles, below which a group has no figures of its own
OTHERS = "others 其他"


@dataclass(frozen=True, slots=True)
class Origin:
    """The repository that an article was taken from, and its year ("" where unknown)."""

    source: str
    year: str


def origins(file: Path) -> dict[str, Origin]:
    """File name of an article → where it comes from, by a sources.jsonl (doc, source, date)."""
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return {Path(r["doc"]).name: Origin(r["source"].partition(":")[2], (r["date"] or "")[:4]) for r in rows}


def grouped(reports: Iterable[Report], of: Callable[[str], str], few: int = FEW) -> dict[str, tuple[int, Report]]:
    """Group → number of articles and their figures together; small groups are one, at the end."""
    members: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        members[of(report.doc)].append(report)
    large = {name: found for name, found in sorted(members.items()) if len(found) >= few}
    rest = [report for name, found in members.items() if name not in large for report in found]
    return {name: (len(found), total(found)) for name, found in {**large, **({OTHERS: rest} if rest else {})}.items()}


def known(table: Mapping[str, Origin], doc: str) -> Origin:
    return table.get(Path(doc).name, Origin("", ""))
