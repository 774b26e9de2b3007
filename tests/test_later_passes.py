"""Later passes: what the gold leaves open is taught as likely as it is, and processes that share a step agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.network.read import WEIGHTS, weights
from learned import torch, write_pages

FILES = ("encoder.onnx", "pairs.onnx", "heads.npz")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    torch()
    monkeypatch.delenv(WEIGHTS, raising=False)
    import scripts.later_passes as module

    return module


def test_what_complete_gold_does_not_name_is_hardly_taught(later: Any) -> None:
    assert later.missed(np.array([0.0, 0.5, 0.99, 1.0]), 1.0).tolist() == [0, 0, 0, 0]


def test_the_more_gold_leaves_out_the_more_the_network_is_believed(later: Any) -> None:
    half = later.missed(0.9, 0.5)
    assert half == pytest.approx(0.45 / 0.55)  # of ten that it thinks likely nine are names, half of them unnamed
    assert later.missed(0.9, 0.9) < half < later.missed(0.99, 0.5) < 1


def test_gold_and_the_networks_word_are_blended(later: Any) -> None:
    said, own = np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.9])
    assert later.blended(said, own, 1.0).tolist() == pytest.approx([1, 0.7, 0, 0.27])
    assert later.blended(said, own, 0.5).tolist() == pytest.approx([1, 0.7, 0, 0.45 / 0.55])


def test_a_softened_lesson_keeps_its_gold_and_adds_what_the_network_hears(later: Any, tmp_path: Path) -> None:
    from kg.learn.examples import from_pages
    from kg.learn.lessons import lesson

    (example,) = from_pages([write_pages(tmp_path, 1)])
    hard = lesson(example)
    soft = later.softened(later._reader().eval(), hard, 0.9)
    sure = {tuple(row): chance for row, chance in zip(soft.spans.tolist(), soft.sure.tolist(), strict=True)}
    assert {tuple(row) for row in hard.spans.tolist()} <= sure.keys()
    assert all(sure[tuple(row)] >= 1 - later.OWN - 1e-6 for row in hard.spans.tolist())
    assert soft.related.shape == hard.related.shape
    assert soft.text == hard.text


@pytest.mark.parametrize("processes", [1, 2])
def test_the_same_folders_give_the_same_network(later: Any, tmp_path: Path, processes: int) -> None:
    folder = write_pages(tmp_path / "pages", 4)
    plan = later.Plan(later.Course(1, rate=1e-3, characters=60), processes)
    for out in ("a", "b"):
        later.run(plan, [(folder, 0.93)], tmp_path / out)
    again = [(tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in FILES]
    shipped = weights("encoder.onnx").read_bytes()
    assert again == [True] * 3
    assert (tmp_path / "a" / "encoder.onnx").read_bytes() != shipped
    assert {p.name for p in (tmp_path / "a").iterdir()} >= {p.name for p in weights("encoder.onnx").parent.iterdir()}


def test_processes_agree_where_one_has_nothing_to_relate(later: Any, tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "pages", 1)
    (folder / "bare.txt").write_text("雨下了一夜\n雨下了一夜，天亮才停。\n", "utf-8")
    gold = {"doc": "bare.txt", "articles": [], "entities": [], "relations": []}
    (folder / "bare.json").write_text(json.dumps(gold), "utf-8")
    later.run(later.Plan(later.Course(2, rate=1e-3, characters=1)), [(folder, 1.0)], tmp_path / "out")
    assert (tmp_path / "out" / "encoder.onnx").read_bytes() != weights("encoder.onnx").read_bytes()
