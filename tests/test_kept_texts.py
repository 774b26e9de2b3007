"""The text taken out of pages that are no plain text is kept, and every quote is proved by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import kg
from kg.check import check
from kg.export.folder import STATE
from papers import PAPERS, TEXT, paper_html, pdf, put


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of pages of every form with two bad ones among them, built into out/ beside it."""
    for name, data in PAPERS.items():
        put(tmp_path / "pages", f"{name.replace('.', '-')}{Path(name).suffix}", data)
    put(tmp_path / "pages", "scan.pdf", pdf([]))
    put(tmp_path / "pages", "plain.txt", TEXT)
    ran = kg("build", tmp_path / "pages", "-o", tmp_path / "out", "--workers", 1, "--quiet")
    assert (ran.code, ran.err.count("\n")) == (1, 1), ran
    assert "no text, only pictures" in ran.err
    return tmp_path


def test_every_quote_is_proved_from_the_kept_text(shelf: Path) -> None:
    assert check(shelf / "out").quotes > 0
    for file in (shelf / "pages").iterdir():
        if file.suffix != ".txt":
            file.unlink()
    assert check(shelf / "out").findings == ()


def test_without_the_kept_text_it_is_taken_out_again(shelf: Path) -> None:
    (shelf / "out" / "texts.jsonl").unlink()
    assert check(shelf / "out").findings == ()
    (shelf / "pages").rename(shelf / "moved")
    assert {f.code for f in check(shelf / "out").findings} == {"page-missing"}
    assert check(shelf / "out", [shelf / "moved"]).findings == ()


def test_a_kept_text_that_was_changed_is_no_proof(shelf: Path) -> None:
    kept = shelf / "out" / "texts.jsonl"
    kept.write_text(kept.read_text("utf-8").replace("何青松", "何青柏"), "utf-8")
    for file in (shelf / "pages").iterdir():
        if file.suffix != ".txt":
            file.unlink()
    found = check(shelf / "out").findings
    assert {f.code for f in found} == {"page-missing"}
    assert len(found) == len(PAPERS)


def test_a_file_that_was_changed_is_no_proof(shelf: Path) -> None:
    (shelf / "out" / "texts.jsonl").unlink()
    put(shelf / "pages", "a-html.html", paper_html().replace("何青松", "何青柏"))
    assert [(f.code, f.where) for f in check(shelf / "out").findings] == [("page-changed", "a-html.html")]


def test_kept_texts_are_what_was_read_and_go_with_the_sentences(shelf: Path) -> None:
    out = shelf / "out"
    kept = [json.loads(line) for line in (out / "texts.jsonl").read_text("utf-8").splitlines()]
    noted = json.loads((out / "pages.json").read_text("utf-8"))
    assert [one["page"] for one in kept] == [page for page, note in noted.items() if note.get("form")]
    assert {one["sha256"] for one in kept} == {noted[one["page"]]["sha256"] for one in kept}
    kg("build", shelf / "pages", "-o", out, "--workers", 1, "--quiet", "--evidence", "offsets")
    assert not (out / "texts.jsonl").exists()
    assert check(out).findings == ()


def test_the_same_files_give_the_same_bytes_in_any_folder(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shelf)
    kg("build", "pages", "-o", "out", "--workers", 1, "--quiet")
    (shelf / "elsewhere").mkdir()
    (shelf / "pages").rename(shelf / "elsewhere" / "pages")
    monkeypatch.chdir(shelf / "elsewhere")
    kg("build", "pages", "-o", "out", "--workers", 2, "--quiet")
    for file in sorted(file for file in (shelf / "out").iterdir() if file.name != STATE):
        assert file.read_bytes() == (shelf / "elsewhere" / "out" / file.name).read_bytes(), file.name
