"""The tables and the output folder: what a spreadsheet opens, and that a build is published whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import OutputError
from kg.export.folder import write_all
from kg.export.tables import cell, entities_csv, findings_jsonl, mentions_jsonl, relations_csv
from kg.model import Entity, Finding, Kind, Knowledge, Level, Page, Reading
from knowledge import AGENCY, FRONT, SECOND, knowledge

FILES = {"graph.ttl", "graph.nq", "entities.csv", "relations.csv", "mentions.jsonl", "findings.jsonl", "pages.json"}


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff"), "Excel would read Chinese as rubbish"
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_entities() -> None:
    found = {row["id"]: row for row in rows(entities_csv(knowledge()))}
    assert len(found) == 10
    assert found[AGENCY]["aliases"] == "区水利局"
    assert found[AGENCY]["pages"] == "front.txt；second.txt"
    assert found["person/林岚"]["class"] == "Official"
    assert found["agency/中共云泽市委"]["name_inferred"] == "true"
    assert found["place/柳树村"]["printed_as"] == "柳村"
    assert found["place/云泽市"]["pages"] == ""
    assert found[AGENCY]["iri"].endswith("/agency/桥头区水利局")


def test_relations_one_row_a_sentence() -> None:
    found = rows(relations_csv(knowledge()))
    posts = [r for r in found if r["subject"] == "周明远"]
    assert [r["page"] for r in posts] == ["front.txt", "second.txt"]
    said = {"post_title": "局长", "relation_zh": "任职于", "object": "桥头区水利局", "rules": "post.before-name"}
    assert posts[1] | said == posts[1]
    assert posts[0]["sentence"] == "昨天,桥头区水利局局长周明远说,区水利局今年开展“清溪行动”。"
    assert FRONT[int(posts[0]["start"]) : int(posts[0]["end"])].replace("\n", "") == posts[0]["sentence"]
    assert (posts[0]["newspaper"], posts[0]["issued"], posts[0]["page_number"]) == ("云泽日报", "2024-03-08", "A01")
    [plan] = [r for r in found if r["status"] == "planned"]
    assert plan["subject"] == "云泽市数据局"
    [inferred] = [r for r in found if r["inferred_from"]]
    assert (inferred["sentence"], inferred["page"], inferred["inferred_from"]) == ("", "", "gazetteer")


def test_relations_without_sentences() -> None:
    assert not any(r["sentence"] for r in rows(relations_csv(knowledge(), evidence="offsets")))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-甲", "'-甲"),
        ("@甲", "'@甲"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n'=1"),
        ("\n甲", "'\n甲"),
        ("甲\n=1\n乙", "甲\n'=1\n乙"),
        ("甲\r\n@乙", "甲\r\n'@乙"),
        ("＝1+1", "'＝1+1"),
        ("＋86", "'＋86"),
        ("－甲", "'－甲"),
        ("＠甲", "'＠甲"),
        ("甲\n＝乙", "甲\n'＝乙"),
        ("甲＝乙", "甲＝乙"),
        ("甲=乙", "甲=乙"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    assert cell(text) == shown


def test_no_formula_gets_into_a_table() -> None:
    odd = Entity("program/=cmd", Kind.PROGRAM, '=cmd|"/c calc"!A1', aliases=("@x",))
    [row] = rows(entities_csv(Knowledge((), (odd,), ())))
    assert row["name"] == '\'=cmd|"/c calc"!A1'
    assert row["aliases"] == "'@x"


def test_mentions_stand_on_their_page() -> None:
    text = {"front.txt": FRONT, "second.txt": SECOND}
    found = lines(mentions_jsonl(knowledge()))
    assert len(found) == 4
    for mention in found:
        assert text[mention["page"]][mention["start"] : mention["end"]] == mention["surface"]
    assert [m["entity"] for m in found if m["surface"] == "柳树村"] == ["place/柳树村"]


def test_findings_are_sorted_and_said_once() -> None:
    one, two = (Finding(Level.WARNING, "odd", where, "怪") for where in ("a.txt", "b.txt"))
    assert [f["where"] for f in lines(findings_jsonl([two, one, two]))] == ["a.txt", "b.txt"]


def test_a_build_is_published(tmp_path: Path) -> None:
    write_all(
        knowledge(), tmp_path / "a" / "out", extras=[lambda folder: (folder / "graph.html").write_text("x") and None]
    )
    assert {f.name for f in (tmp_path / "a" / "out").iterdir()} == FILES | {"graph.html"}


def test_a_second_build_replaces_the_first_and_leaves_other_files(tmp_path: Path) -> None:
    write_all(knowledge(), tmp_path)
    (tmp_path / "rulings.tsv").write_text("mine")
    write_all(Knowledge(), tmp_path)
    assert rows((tmp_path / "entities.csv").read_text("utf-8")) == []
    assert (tmp_path / "rulings.tsv").read_text() == "mine"


def test_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_all(knowledge(), tmp_path / name)
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in FILES)


def test_nothing_is_left_of_a_build_that_fails(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        write_all(knowledge(), tmp_path / "new", extras=[fail])
    assert not (tmp_path / "new").exists()
    write_all(knowledge(), tmp_path / "old")
    before = (tmp_path / "old" / "graph.ttl").read_bytes()
    with pytest.raises(OutputError):
        write_all(Knowledge(), tmp_path / "old", extras=[fail])
    assert (tmp_path / "old" / "graph.ttl").read_bytes() == before
    assert {f.name for f in (tmp_path / "old").iterdir()} == FILES


def test_an_error_that_is_not_ours_is_not_hidden_and_leaves_nothing(tmp_path: Path) -> None:
    def divide(folder: Path) -> None:
        (folder / "half").write_text(str(1 / 0))

    with pytest.raises(ZeroDivisionError):
        write_all(Knowledge(), tmp_path / "new", extras=[divide])
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="out") as caught:
        write_all(Knowledge(), tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_under_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot write"):
        write_all(Knowledge(), tmp_path / "file" / "out")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot write"):
        write_all(Knowledge(), tmp_path / "out")


def test_pages_are_remembered_from_the_folder_that_remembers_them(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    write_all(knowledge(tmp_path / "pages"), tmp_path / "deep" / "out")
    noted = json.loads((tmp_path / "deep" / "out" / "pages.json").read_text("utf-8"))
    assert noted["front.txt"]["path"] == "../../pages/front.txt"
    stdin = Knowledge((Reading(Page("stdin", "", "0" * 64, path="-")),))
    write_all(replace(stdin), tmp_path / "out")
    assert json.loads((tmp_path / "out" / "pages.json").read_text("utf-8"))["stdin"]["path"] == ""
