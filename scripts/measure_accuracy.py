"""Measure again and write the figures into docs/accuracy.md: `python scripts/measure_accuracy.py`.

The figures stand between two marker lines; the words around them are written by hand. The newspaper's own pages are
measured where ../shared is there (they may not be copied into the project), the sample pages always.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.gold import score_files, total
from kg.score import Report

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
MARKS = ("<!-- figures: scripts/measure_accuracy.py -->", "<!-- end of figures -->")
SETS = (
    ("Real pages 真实版面 (株洲日报)", [ROOT.parent / "shared" / "gold", ROOT.parent / "shared" / "pages"]),
    ("Sample pages 样例版面 (`seeds/`, `tests/gold/`)", [ROOT / "tests" / "gold", ROOT / "seeds"]),
)
COLUMNS = ("entities", "relations", "posts with title", "article starts", "journalists")


def main() -> None:
    measured = [(title, score_files(paths)) for title, paths in SETS if all(path.is_dir() for path in paths)]
    lines = [line for title, reports in measured for line in pages(title, reports)]
    everything = total([report for _, reports in measured for report in reports])
    figures = "\n".join([*lines, *by_name(everything), *by_rule(everything)])
    text = PAGE.read_text(encoding="utf-8")
    start, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    PAGE.write_text(f"{text[:start]}\n\n{figures}\n\n{text[end:]}", encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def pages(title: str, reports: list[Report]) -> Iterator[str]:
    """A table of one set: F1 a page, and all of them together with precision and recall."""
    yield from heading(title, "page", *COLUMNS)
    for report in reports:
        yield f"| {report.doc} | " + " | ".join(f"{report.single[name].f1:.3f}" for name in COLUMNS) + " |"
    whole = total(reports).single
    cells = (f"**{t.f1:.3f}** (P {t.precision:.3f}, R {t.recall:.3f})" for t in (whole[name] for name in COLUMNS))
    yield from ("| together | " + " | ".join(cells) + " |", "")


def heading(title: str, *columns: str) -> tuple[str, ...]:
    return f"### {title}", "", "| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"


def by_name(report: Report) -> Iterator[str]:
    yield from heading("By class and relation 按类别与关系", " ", "P", "R", "F1", "true", "false", "missed")
    for tallies in report.grouped.values():
        for name, t in tallies.items():
            yield f"| {name} | {t.precision:.3f} | {t.recall:.3f} | {t.f1:.3f} | {t.tp} | {t.fp} | {t.fn} |"
    yield ""


def by_rule(report: Report) -> Iterator[str]:
    yield from heading("By rule 按规则", "made", "rule", "true", "false", "optional", "precision")
    for (made, rule), v in report.rules.items():
        precision = f"{v.true / (v.true + v.false):.2f}" if v.true + v.false else "–"
        yield f"| {made} | {rule} | {v.true} | {v.false} | {v.optional} | {precision} |"


if __name__ == "__main__":
    main()
