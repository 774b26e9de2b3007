"""kg annotate-next: pages with gold to correct, which `kg train` and `kg score` can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import PageError
from kg.gold import score_files
from kg.prefill import most_teaching

SURE = "云泽市水利局局长骆知行昨日到白蘋镇检查工作。\n"
DOUBTFUL = "“渠网清流”与“塘长共治”在云泽一体推进，塘长办、渠网专班协同云泽水务参与。\n"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "sure.txt").write_text(SURE, "utf-8")
    (folder / "doubtful.txt").write_text(DOUBTFUL, "gb18030")
    return folder


def test_the_page_of_which_least_is_sure_comes_first(pages: Path, tmp_path: Path) -> None:
    picked = most_teaching([str(pages)], tmp_path / "out", 2, workers=1)
    assert [path.name for path, _ in picked.golds] == ["doubtful.json", "sure.json"]
    assert picked.golds[0][1] > picked.golds[1][1]
    (only,) = most_teaching([str(pages)], tmp_path / "one", 1, workers=1).golds
    assert only[0] == tmp_path / "one" / "doubtful.json"
    assert sorted(file.name for file in (tmp_path / "one").iterdir()) == ["doubtful.json", "doubtful.txt"]


def test_what_is_filled_in_is_what_is_read(pages: Path, tmp_path: Path) -> None:
    most_teaching([str(pages)], tmp_path / "out", 2, workers=1)
    assert (tmp_path / "out" / "doubtful.txt").read_text("utf-8") == DOUBTFUL
    for report in score_files([tmp_path / "out"]):
        assert all(tally.fp == tally.fn == 0 for tally in report.single.values()), report


def test_a_corrected_file_is_never_written_over(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    most_teaching([str(pages)], out, 1, workers=1)
    (out / "doubtful.json").write_text('{"corrected": true}', "utf-8")
    (next_one,) = most_teaching([str(pages)], out, 1, workers=1).golds
    assert next_one[0].name == "sure.json"
    assert json.loads((out / "doubtful.json").read_text("utf-8")) == {"corrected": True}
    with pytest.raises(PageError, match="already"):
        most_teaching([str(pages)], out, 1, workers=1)


def test_in_the_folder_of_the_pages_these_stay_as_they_are(pages: Path) -> None:
    before = (pages / "doubtful.txt").read_bytes()
    most_teaching([str(pages)], pages, 1, workers=1)
    assert (pages / "doubtful.txt").read_bytes() == before
    assert sorted(file.name for file in pages.iterdir()) == ["doubtful.json", "doubtful.txt", "sure.txt"]


def test_pages_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    for day, text in (("0501", SURE), ("0502", DOUBTFUL)):
        (tmp_path / "pages" / day).mkdir(parents=True)
        (tmp_path / "pages" / day / "A01.txt").write_text(text, "utf-8")
    most_teaching([str(tmp_path / "pages")], tmp_path / "out", 9, workers=1)
    assert {f.name: f.read_text("utf-8") for f in (tmp_path / "out").glob("*.txt")} == {
        "0501_A01.txt": SURE, "0502_A01.txt": DOUBTFUL,
    }  # fmt: skip


def test_a_page_in_another_form_becomes_text(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><h1>云泽开渠</h1><p>{SURE * 5}</p></body></html>", "utf-8")
    most_teaching([str(tmp_path / "a.html")], tmp_path / "out", 1, workers=1)
    assert "骆知行" in (tmp_path / "out" / "a.txt").read_text("utf-8")
    assert json.loads((tmp_path / "out" / "a.json").read_text("utf-8"))["doc"] == "a.txt"


def test_what_cannot_be_read_is_told_and_the_others_are_written(pages: Path, tmp_path: Path) -> None:
    (pages / "empty.txt").write_bytes(b"")
    picked = most_teaching([str(pages)], tmp_path / "out", 9, workers=1)
    assert len(picked.golds) == 2
    assert [finding.where for finding in picked.findings] == ["empty.txt"]
    with pytest.raises(PageError, match="empty"):
        most_teaching([str(pages / "empty.txt")], tmp_path / "none", 9, workers=1)
    assert not (tmp_path / "none").exists()
