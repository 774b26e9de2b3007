"""The figures below which no page may fall: `make floor` raises them, nothing lowers them but a hand, with a reason."""

from __future__ import annotations

import json
import math
from pathlib import Path

from kg.gold import score_files

ROOT = Path(__file__).parents[1]
FLOOR = Path(__file__).with_name("floor.json")
GOLD = ((ROOT / "tests" / "gold", ROOT / "seeds"), (ROOT.parent / "shared" / "gold", ROOT.parent / "shared" / "pages"))
FIGURES = ("entities", "relations", "posts with title", "article starts", "journalists")

Figures = dict[str, float]


def floors() -> dict[str, Figures]:
    """page → figure → the F1 that it must reach."""
    return json.loads(FLOOR.read_text("utf-8")) if FLOOR.is_file() else {}  # type: ignore[no-any-return]


def figures() -> dict[str, Figures]:
    """page → figure → the F1 of now, for every page at hand, each built alone; three decimals, rounded down."""
    at_hand = [[*pair] for pair in GOLD if all(folder.is_dir() for folder in pair)]
    reports = [report for folders in at_hand for report in score_files(folders)]
    return {r.doc: {name: math.floor(1000 * r.single[name].f1) / 1000 for name in FIGURES} for r in reports}


def main() -> None:
    """Write the higher of each figure and its floor."""
    old, now = floors(), figures()
    raised = {
        page: {name: max(old.get(page, {}).get(name, 0.0), now.get(page, {}).get(name, 0.0)) for name in FIGURES}
        for page in sorted({*old, *now})
    }
    FLOOR.write_text(json.dumps(raised, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for page, values in raised.items():
        print(page, *(f"{name} {value:.3f}" for name, value in values.items()), sep="  ")


if __name__ == "__main__":
    main()
