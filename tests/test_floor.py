"""The reading of pages that nothing was trained on reaches the figures of tests/floor.json."""

from __future__ import annotations

import pytest

from floor import DEV, FIGURES, figures, floors

PAGES = 60  # fewer would be another measure


@pytest.mark.skipif(not DEV.is_dir(), reason=f"{DEV} is not at hand: other people's texts are no part of the project")
def test_the_reading_does_not_fall_below_its_floors() -> None:
    pages, now = figures()
    assert pages >= PAGES
    below = {name: (round(now[name], 4), floor) for name, floor in floors().items() if now[name] < floor}
    assert below == {}, "figure: (now, floor); `make floor` writes them anew where a fall is meant"


def test_every_figure_has_its_floor() -> None:
    assert set(floors()) == set(FIGURES)
    assert all(0.5 < floor < 1 for floor in floors().values())
