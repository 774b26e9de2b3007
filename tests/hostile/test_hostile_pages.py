"""One build of every hostile input and one good page: nothing breaks it, all is told, the good page is as if alone."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import odd_texts
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from commands import kg as in_process
from hostile import GOOD, Build, build, kg, put_all
from kg.export import FORMATS

CASES = 300
# Not a page, and nothing to say of it: folders without one, what is hidden, what has no ending of a page.
PASSED_OVER = {
    "place: name: only the ending", "place: empty folder", "place: folder named as a page",
    "place: folder named as an archive", "place: link to a folder", "place: hidden page",
    "place: page without an ending",
}  # fmt: skip
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("alone")
    (folder / "pages").mkdir()
    (folder / "pages" / GOOD).write_text(odd_texts.GOOD, "utf-8")
    return build(folder / "pages", folder / "out", {}, workers=1)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("hostile")
    folders = put_all(folder / "pages")
    (folder / "pages" / GOOD).write_text(odd_texts.GOOD, "utf-8")
    return build(folder / "pages", folder / "out", folders)


def test_there_are_enough_of_them(hostile: Build) -> None:
    assert len(hostile.folders) >= CASES


def test_nothing_breaks_a_build(hostile: Build) -> None:
    assert hostile.code == 1, hostile.said
    assert "Traceback" not in hostile.said
    assert "please report it" not in hostile.said
    assert not [line for line in hostile.said.splitlines() if not line.startswith("kg: error: ")]
    assert not CONTROL.search(hostile.said)


def test_every_input_is_read_or_told_of(hostile: Build) -> None:
    read = {folder for path in hostile.read() for folder in path.parents}
    said = " ".join(finding["message"] for finding in hostile.errors())
    silent = {case for case, folder in hostile.folders.items() if folder not in read and folder.name not in said}
    assert silent == PASSED_OVER


def test_a_message_is_one_line_in_both_languages(hostile: Build) -> None:
    for finding in hostile.errors():
        assert re.search(r"[\u4e00-\u9fff]", finding["message"]), finding
        assert "\n" not in finding["message"]


def quads(out: Path, page: str) -> set[Quad]:
    store = Store()
    store.load(path=str(out / "graph.nq"), format=RdfFormat.N_QUADS)
    return {quad for quad in store if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.endswith(page)}


def test_the_good_page_is_as_if_it_were_alone(hostile: Build, alone: Build) -> None:
    assert (alone.code, alone.said) == (0, "")
    ours = [line for line in hostile.lines("mentions.jsonl") if f'"page": "{GOOD}"' in line]
    assert ours == alone.lines("mentions.jsonl") != []
    assert quads(hostile.out, GOOD) == quads(alone.out, GOOD) != set()


def test_the_output_is_whole(hostile: Build, alone: Build) -> None:
    made, wanted = ({file.name for file in one.out.iterdir()} for one in (hostile, alone))
    assert made - {"texts.jsonl"} == wanted
    Store().load(path=str(hostile.out / "graph.ttl"), format=RdfFormat.TURTLE)
    for name in ("mentions.jsonl", "findings.jsonl", "texts.jsonl"):
        assert all(map(json.loads, hostile.lines(name)))
    for name in ("entities.csv", "relations.csv"):
        with (hostile.out / name).open(encoding="utf-8-sig", newline="") as table:
            assert len({len(row) for row in csv.reader(table)}) == 1
    # Nothing of a page becomes an element of the page that shows it.
    counts = [(one.out / "graph.html").read_text("utf-8").lower().count("<script") for one in (hostile, alone)]
    assert counts[0] == counts[1]


def test_every_quote_is_proved(hostile: Build) -> None:
    ran = kg("check", hostile.out)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("name", [form.name for form in FORMATS])
def test_every_export_is_written(hostile: Build, tmp_path: Path, name: str) -> None:
    ran = in_process("export", hostile.out, "--to", name, "-o", tmp_path / "export")
    assert ran.code == 0, ran.err
    assert "Traceback" not in ran.err


def test_alone_an_input_that_cannot_be_read_leaves_nothing(hostile: Build, tmp_path: Path) -> None:
    read = {folder for path in hostile.read() for folder in path.parents}
    bad = [folder for case, folder in hostile.folders.items() if folder not in read and "may not" not in case]
    assert len(bad) > 100
    for folder in bad:
        ran = in_process("build", folder, "-o", tmp_path / "out", "--workers", "1")
        assert (ran.code, ran.out) == (2, ""), folder
        assert "Traceback" not in ran.err
        assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", odd_texts.HUGE)
def test_much_too_much_of_one_thing_ends(tmp_path: Path, name: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "huge.txt").write_bytes(odd_texts.HUGE[name])
    (tmp_path / "pages" / GOOD).write_text(odd_texts.GOOD, "utf-8")
    ran = kg("build", tmp_path / "pages", "-o", tmp_path / "out", "-q", deadline=300)
    assert ran.returncode in (0, 1)
    assert "Traceback" not in ran.stderr
