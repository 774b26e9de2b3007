"""train/runs/*.json → tables: cross-validation, learning curve, ablation, what was tried. Figures only, no text.

One file a run, written by whatever ran it:

    {"title": "Cross-validation 交叉验证", "note": "…", "rows": [{"fold": "1", "articles": 375, "entities": 0.81}, …]}

Every row is flat; the keys of all rows, in the order of their first use, are the columns. Files come in the order of
their names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.markdown import table
from scripts.splits import ROOT

FOLDER = ROOT / "train" / "runs"


def tables(folder: Path = FOLDER) -> Iterator[str]:
    """Every run of the folder, or a line that says that there is none yet."""
    files = sorted(folder.glob("*.json"))
    if not files:
        yield "(no runs in `train/runs` yet 尚无记录)"
    for file in files:
        yield from _run(json.loads(file.read_text("utf-8")))


def _run(run: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {run['title']}", "")
    if run.get("note"):
        yield from (run["note"], "")
    columns = list(dict.fromkeys(key for row in run["rows"] for key in row))
    yield from table(columns, ([row.get(column, "") for column in columns] for row in run["rows"]))
