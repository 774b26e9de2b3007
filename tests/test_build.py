"""kg build: every promise about good and bad input, seen from the command line."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import Ran, kg

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "seeds" / "yunze_front.txt"
FILES = {
    "entities.csv", "findings.jsonl", "graph.html", "graph.nq", "graph.ttl", "mentions.jsonl", "pages.json",
    "readings.sqlite", "relations.csv",
}  # fmt: skip
TEXT = PAGE.read_text("utf-8")

# what a file holds → what the one line about it says
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty file"),
    "only blanks": (b"\xef\xbb\xbf \r\n\r\n", "empty file"),
    "binary": (bytes(range(256)) * 64, "not a text file"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
    "another language": ("Le conseil municipal s'est réuni hier soir.\n".encode() * 50, "hardly any Chinese"),
    "japanese": ("きのうの市議会でつぎのことがきまりました。\n".encode() * 50, "hardly any Chinese"),
    "50 MB in one line": ("株洲".encode() * 9_000_000, "larger than"),
    "no encoding": (b"\x81" * 900, "neither UTF-8 nor GB18030"),
}  # fmt: skip


def folder_with(tmp_path: Path, data: bytes) -> Path:
    """A folder of one good page and one with `data`."""
    pages = tmp_path / "pages"
    pages.mkdir()
    shutil.copy(PAGE, pages / "good.txt")
    (pages / "bad.txt").write_bytes(data)
    return pages


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def findings(out: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]


def test_a_build_writes_its_files_and_says_what_it_read(tmp_path: Path) -> None:
    ran = kg("build", PAGE, "-o", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    assert {file.name for file in (tmp_path / "out").iterdir()} == FILES
    assert "1 pages read" in ran.out
    assert str(tmp_path / "out" / "graph.html") in ran.out


@pytest.mark.parametrize(("data", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_unreadable_page_is_one_finding_and_the_others_are_built(tmp_path: Path, data: bytes, says: str) -> None:
    ran = kg("build", folder_with(tmp_path, data), "-o", tmp_path / "out", "--quiet")
    assert ran.code == 1
    assert ran.out == ""
    assert len(lines(ran.err)) == 1
    assert "bad.txt" in ran.err
    assert says in ran.err
    (finding,) = [f for f in findings(tmp_path / "out") if f["level"] == "error"]
    assert finding["where"] == "bad.txt"
    assert "good.txt" in (tmp_path / "out" / "graph.ttl").read_text("utf-8")


@pytest.mark.parametrize(("data", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_where_no_page_can_be_read_nothing_is_written(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    ran = kg("build", tmp_path / "bad.txt", "-o", tmp_path / "out")
    assert ran.code == 2
    assert "bad.txt" in ran.err
    assert says in ran.err
    assert not (tmp_path / "out").exists()


def test_a_missing_path_is_named_and_the_others_are_built(tmp_path: Path) -> None:
    ran = kg("build", PAGE, tmp_path / "missing.txt", tmp_path / "none-*.txt", "-o", tmp_path / "out", "-q")
    assert ran.code == 1
    assert len(lines(ran.err)) == 2
    assert "missing.txt" in ran.err
    assert "none-*.txt" in ran.err


def test_a_page_cut_inside_a_character_is_read_with_a_warning(tmp_path: Path) -> None:
    data = TEXT.rstrip().encode()
    (tmp_path / "cut.txt").write_bytes(data[: data.rindex("。".encode()) + 2])
    ran = kg("build", tmp_path / "cut.txt", "-o", tmp_path / "out", "--json", "--home", "云泽市")
    assert ran.code == 0
    assert [f["code"] for f in json.loads(ran.out)["findings"] if f["level"] == "warning"] == ["page-cut-off"]


def test_pages_of_one_name_in_two_folders_are_two_pages(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        shutil.copy(PAGE, tmp_path / folder / "A01.txt")
    ran = kg("build", tmp_path / "a", tmp_path / "b", "-o", tmp_path / "out", "--json")
    assert json.loads(ran.out)["pages"] == {"read": 2, "failed": 0}
    assert set(json.loads((tmp_path / "out" / "pages.json").read_text("utf-8"))) == {"a/A01.txt", "b/A01.txt"}
    assert kg("check", tmp_path / "out").code == 0


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(lambda tmp: tmp / "file", id="a file of that name"),
        pytest.param(lambda tmp: tmp / "file" / "out", id="below a file"),
        pytest.param(lambda tmp: Path("/proc/fangzhi"), id="a read-only file system"),
    ],
)
def test_an_output_folder_that_cannot_be_written_is_one_line(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    (tmp_path / "file").write_text("mine")
    ran = kg("build", PAGE, "-o", place(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert len(lines(ran.err)) == 1
    assert str(place(tmp_path)) in ran.err
    assert [f.name for f in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


def test_a_write_that_fails_half_way_leaves_the_earlier_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    kg("build", PAGE, "-o", out)
    before = {name: (out / name).read_bytes() for name in FILES - {"readings.sqlite"}}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.view.write_html", full)
    ran = kg("build", ROOT / "seeds", "-o", out)
    assert ran.code == 2
    assert "No space left" in ran.err
    assert {name: (out / name).read_bytes() for name in before} == before
    assert {file.name for file in out.iterdir()} == FILES


USAGE = {
    "no page": ([], "Missing argument"),
    "a date that is none": ([PAGE, "--issued", "2023-13-01"], "2023-13-01"),
    "a base that is none": ([PAGE, "--base", "example.org"], "--base"),
    "another kind of evidence": ([PAGE, "--evidence", "none"], "evidence"),
    "fewer than no workers": ([PAGE, "--workers", "-1"], "workers"),
}


@pytest.mark.parametrize(("arguments", "says"), USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_says_what_is_wrong(tmp_path: Path, arguments: list[object], says: str) -> None:
    ran = kg("build", *arguments, "-o", tmp_path / "out")
    assert ran.code == 2
    assert says in ran.err
    assert not (tmp_path / "out").exists()


def test_a_wrong_pages_toml_stops_with_its_name_and_key(tmp_path: Path) -> None:
    pages = folder_with(tmp_path, TEXT.encode())
    (pages / "pages.toml").write_text('["good.txt"]\nissued = "yesterday"\n')
    ran = kg("build", pages, "-o", tmp_path / "out")
    assert ran.code == 2
    assert "pages.toml" in ran.err
    assert "issued" in ran.err


def test_a_slip_of_ours_costs_one_page_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg import flow

    def slips(page: object, odd: object) -> object:
        if getattr(page, "id", "") == "bad.txt":
            raise IndexError("list index out of range")
        return read(page, odd)  # type: ignore[arg-type]

    read = flow.read
    monkeypatch.setattr(flow, "read", slips)
    ran = kg("build", folder_with(tmp_path, TEXT.encode()), "-o", tmp_path / "out", "-q")
    assert ran.code == 1
    assert "bad.txt" in ran.err
    assert "IndexError" in ran.err


def test_a_page_comes_from_standard_input(tmp_path: Path) -> None:
    ran = kg("build", "-", "-o", tmp_path / "out", "--newspaper", "云泽日报", "--home", "云泽市", stdin=TEXT.encode())
    assert ran.code == 0
    assert "云泽日报" in (tmp_path / "out" / "graph.ttl").read_text("utf-8")


def test_gb18030_and_utf8_give_the_same_things(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(TEXT.encode("gb18030"))
    (tmp_path / "utf8").mkdir()
    shutil.copy(PAGE, tmp_path / "utf8" / "page.txt")
    said = [kg("build", page, "-o", tmp_path / f"out{i}", "--home", "云泽市", "--json") for i, page in enumerate(
        (tmp_path / "page.txt", tmp_path / "utf8" / "page.txt")
    )]  # fmt: skip
    codes = [[f["code"] for f in json.loads(ran.out)["findings"]] for ran in said]
    assert "encoding" in codes[0]
    assert "encoding" not in codes[1]
    tables = [(tmp_path / f"out{i}" / "relations.csv").read_bytes() for i in range(2)]
    assert tables[0] == tables[1]


def test_options_overrule_what_a_page_says(tmp_path: Path) -> None:
    kg(
        "build",
        PAGE,
        "-o",
        tmp_path,
        "--newspaper",
        "江岭晚报",
        "--issued",
        "2020-02-29",
        "--base",
        "https://x.test/y#",
    )
    rows = list(csv.DictReader((tmp_path / "relations.csv").open(encoding="utf-8-sig")))
    assert {(row["newspaper"], row["issued"]) for row in rows if row["page"]} == {("江岭晚报", "2020-02-29")}
    things = list(csv.DictReader((tmp_path / "entities.csv").open(encoding="utf-8-sig")))
    assert {thing["iri"][:17] for thing in things} == {"https://x.test/y#"}


def test_offsets_leave_no_sentence_of_the_page_in_the_output(tmp_path: Path) -> None:
    kg("build", PAGE, "-o", tmp_path)
    assert (tmp_path / "graph.html").exists()
    assert kg("build", PAGE, "-o", tmp_path, "--evidence", "offsets").code == 0
    assert {file.name for file in tmp_path.iterdir()} == FILES - {"graph.html", "readings.sqlite"}
    sentences = [s for s in TEXT.replace("\n", "").split("。") if len(s) > 40]
    written = "".join(file.read_text("utf-8") for file in tmp_path.iterdir()).replace("\n", "")
    assert len(sentences) > 10
    assert not [s for s in sentences if s in written]
    assert kg("check", tmp_path).code == 0


def test_without_html_an_earlier_page_is_taken_away(tmp_path: Path) -> None:
    kg("build", PAGE, "-o", tmp_path)
    kg("build", PAGE, "-o", tmp_path, "--no-html")
    assert {file.name for file in tmp_path.iterdir()} == FILES - {"graph.html"}


def test_json_tells_what_the_tables_hold(tmp_path: Path) -> None:
    told = json.loads(kg("build", PAGE, "-o", tmp_path, "--json").out)
    assert {Path(file).name for file in told["files"]} == FILES - {"readings.sqlite"}
    things = list(csv.DictReader((tmp_path / "entities.csv").open(encoding="utf-8-sig")))
    assert sum(told["entities"].values()) == len(things) > 100
    assert told["mentions"] == len((tmp_path / "mentions.jsonl").read_text("utf-8").splitlines())


def test_quiet_is_quiet(tmp_path: Path) -> None:
    assert kg("build", PAGE, "-o", tmp_path, "-q") == Ran(0, "", "")
