"""Measuring: calibration, minima, spread and origins on figures made by hand; one of our own pages read for real."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from kg.evaluate.calibration import bins, expected_error, lean
from kg.evaluate.judged import Judged, judged
from kg.evaluate.origin import OTHERS, grouped, origins
from kg.evaluate.pages import Measured, measure
from kg.evaluate.sweep import best, spread, sweep
from kg.gold import score_files
from kg.score import Report, Tally

ROOT = Path(__file__).parents[1]
FILES = [ROOT / "tests" / "gold" / "yunze_front.json", ROOT / "seeds" / "yunze_front.txt"]


def row(confidence: float, right: bool) -> Judged:
    return Judged("entity", "Place", (), confidence, right)


def report(doc: str, tp: int, fp: int) -> Report:
    return Report(doc, {"entities": Tally(tp, fp, 0)}, {}, ())


@cache
def page() -> Measured:
    return measure(FILES)[0]


def test_what_is_right_as_often_as_it_says_has_no_error() -> None:
    rows = [row(0.75, True)] * 3 + [row(0.75, False)]
    assert expected_error(rows) == lean(rows) == 0
    assert expected_error([]) == lean([]) == 0


def test_errors_of_two_bins_do_not_cancel() -> None:
    rows = [row(0.95, False), row(0.05, True)]
    assert expected_error(rows) == pytest.approx(0.95)
    assert lean(rows) == pytest.approx(0)


def test_one_belongs_to_the_last_bin() -> None:
    [last] = bins([row(1.0, True), row(0.9, True)])
    assert (last.low, last.high, last.count, last.right) == (0.9, 1.0, 2, 1.0)


def test_the_best_minimum_is_the_lowest_of_equals() -> None:
    swept = {0.0: report("p", 5, 5), 0.4: report("p", 5, 1), 0.6: report("p", 5, 1)}
    assert best(swept, "entities") == 0.4


def test_the_spread_holds_the_figure_and_is_the_same_every_time() -> None:
    tallies = [Tally(n, 2, 3) for n in range(1, 20)]
    low, high = spread(tallies)
    assert low < sum(tallies, Tally()).f1 < high
    assert spread(tallies) == (low, high)
    assert spread([Tally(3, 1, 1)]) == (0.75, 0.75)


def test_small_groups_are_one_at_the_end() -> None:
    reports = [report(f"{n}.txt", 1, n) for n in range(6)]
    found = grouped(reports, lambda doc: "large" if doc < "4" else doc, few=3)
    assert {name: count for name, (count, _) in found.items()} == {"large": 4, OTHERS: 2}
    assert list(found)[-1] == OTHERS
    assert found["large"][1].single["entities"] == Tally(4, 6, 0)


def test_an_article_knows_where_it_comes_from(tmp_path: Path) -> None:
    rows = [
        {"doc": "dev/a.txt", "source": "github:x/y", "date": "2021-03-04"},
        {"doc": "b.txt", "source": "", "date": None},
    ]
    (tmp_path / "s.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    found = origins(tmp_path / "s.jsonl")
    assert (found["a.txt"].source, found["a.txt"].year, found["b.txt"].year) == ("x/y", "2021", "")


def test_a_page_scores_as_with_kg_score() -> None:
    assert page().report().as_dict() == score_files(FILES)[0].as_dict()


def test_what_is_judged_is_what_the_figures_count() -> None:
    """True and false things are those of the report that leaves nothing out."""
    tally = page().report(0.0).single["entities"]
    things = [one for one in judged([page()]) if one.what == "entity"]
    assert (sum(one.right for one in things), sum(not one.right for one in things)) == (tally.tp, tally.fp)
    assert all(0 <= one.confidence <= 1 for one in things)


def test_a_higher_minimum_finds_no_more() -> None:
    swept = sweep([page()], (0.0, 0.5, 0.9))
    found = [report.single["entities"].tp + report.single["entities"].fp for report in swept.values()]
    assert found == sorted(found, reverse=True)
