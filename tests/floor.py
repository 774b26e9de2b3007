"""The figures below which the reading of pages that nothing was trained on may not fall.

`make floor` writes the figures of now, less MARGIN: a change of the rounding is none of the reading.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from kg.gold import score_files, total

DEV = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "dev"
FLOOR = Path(__file__).with_name("floor.json")
FIGURES = ("entities", "relations", "posts with title", "article starts", "journalists")
MARGIN = 0.01


def floors() -> dict[str, float]:
    """figure → the F1 that it must reach."""
    return json.loads(FLOOR.read_text("utf-8"))  # type: ignore[no-any-return]


def figures() -> tuple[int, dict[str, float]]:
    """How many pages there are, and figure → the F1 of now, each page built alone and their counts added up."""
    reports = score_files([DEV])
    whole = total(reports).single
    return len(reports), {name: whole[name].f1 for name in FIGURES}


def main() -> None:
    """Write the floors anew."""
    pages, now = figures()
    floor = {name: max(0.0, math.floor(1000 * (value - MARGIN)) / 1000) for name, value in now.items()}
    FLOOR.write_text(json.dumps(floor, indent=1) + "\n", "utf-8")
    print(f"{pages} pages", *(f"{name} {now[name]:.3f} → {floor[name]:.3f}" for name in FIGURES), sep="  ")


if __name__ == "__main__":
    main()
