"""The blocks that scripts write into documents."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.evaluate.origin import Origin
from scripts import card, runs
from scripts.markdown import fill, table
from scripts.measure_accuracy import DOCUMENTS, MADE
from scripts.splits import ROOT, splits


def test_a_block_is_written_anew_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("before\n<!-- figures: one -->\nold\n<!-- end of figures -->\nafter\n", "utf-8")
    fill(page, {"one": lambda: table(("a", "b"), [("x", 0.25), ("y", 3)])})
    once = page.read_text("utf-8")
    assert once.startswith("before\n<!-- figures: one -->\n\n| a | b |\n| --- | --- |\n| x | 0.250 |\n| y | 3 |\n")
    assert once.endswith("<!-- end of figures -->\nafter\n")
    fill(page, {"one": lambda: table(("a", "b"), [("x", 0.25), ("y", 3)])})
    assert page.read_text("utf-8") == once


def test_a_block_that_nobody_makes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("<!-- figures: two -->\n<!-- end of figures -->", "utf-8")
    with pytest.raises(KeyError, match="two"):
        fill(tmp_path / "a.md", {})


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_of_a_document_is_made(document: str) -> None:
    wanted = set(re.findall(r"<!-- figures: ([\w-]+) -->", (ROOT / document).read_text("utf-8")))
    assert wanted
    assert wanted <= {*MADE, *card.blocks(splits()), "runs"}


def test_runs_are_tables(tmp_path: Path) -> None:
    assert list(runs.tables(folder=tmp_path)) == ["(no runs in `train/runs` yet 尚无记录)"]
    run = {"title": "Curve", "rows": [{"articles": 100, "entities": 0.5}, {"articles": 200, "relations": 0.25}]}
    (tmp_path / "a.json").write_text(json.dumps(run), "utf-8")
    assert list(runs.tables(folder=tmp_path))[2:] == [
        "| articles | entities | relations |", "| --- | --- | --- |", "| 100 | 0.500 |  |", "| 200 |  | 0.250 |", "",
    ]  # fmt: skip


def figures(tp: int) -> dict[str, int]:
    return {"tp": tp, "fp": 1, "fn": 1}


def test_what_kg_train_writes_is_a_table_of_folds(tmp_path: Path) -> None:
    leading = dict.fromkeys(runs.LEADING, figures(3))
    folds = {"0": {**leading, "by predicate": {"runs": figures(1)}}, "1": {**leading, "entities": figures(1)}}
    (tmp_path / "a.json").write_text(json.dumps({"folds": folds, "pages": {"a.txt": leading}}), "utf-8")
    lines = list(runs.tables(lambda: {"a.txt": Origin("x/y", "2021")}, tmp_path))
    assert "|  | fold 1 | fold 2 | mean ± sd | together |" in lines
    assert "| entities | 0.750 | 0.500 | 0.625 ± 0.177 | 0.667 |" in lines
    assert "| runs | 0.500 | – | – | 0.500 |" in lines
    assert "| year 年份 | articles | entities | relations | posts with title |" in lines


def test_the_card_names_every_file_of_the_weights() -> None:
    listed = "\n".join(card.files())
    assert all(name in listed for name in ("encoder.onnx", "pairs.onnx", "mentions.onnx", "characters.txt"))
    assert len(re.findall(r"`[0-9a-f]{64}`", listed)) == len(listed.splitlines()) - 2
