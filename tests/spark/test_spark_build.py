"""`kg build --engine spark` on two cores gives what `kg build` gives, from files and from URIs."""

from __future__ import annotations

import json
import os
import pydoc
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archive import write_archive

from commands import kg
from papers import PAPERS, packed, put

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
LINES = ("mentions.jsonl", "findings.jsonl")
TABLES = ("entities", "relations", "pages", "articles")


def on_spark(*arguments: object) -> Any:
    return kg("build", "--engine", "spark", *arguments)


def graph(folder: Path) -> bytes:
    """The parts of graph.nq in the order of their names, or the whole of it."""
    given = folder / "graph.nq"
    parts = sorted(given.glob("part-*")) if given.is_dir() else [given]
    return b"".join(part.read_bytes() for part in parts)


def rows(folder: Path, table: str) -> list[str]:
    """The rows of a Parquet table, in any order."""
    from pyarrow import parquet

    return sorted(map(repr, parquet.read_table(folder / f"{table}.parquet").to_pylist()))


def same_files(here: Path, there: Path) -> None:
    """A build of one machine and one of Spark's say the same."""
    ours, theirs = graph(here).splitlines(), graph(there).splitlines()
    assert set(theirs) == set(ours)
    assert theirs == ours, "sorted over all parts, and every quad once"
    for name in LINES:
        assert (there / name).read_bytes() == (here / name).read_bytes(), name
    assert places(there) == places(here)


def places(folder: Path) -> dict[str, dict[str, str]]:
    """pages.json, the files by their own places."""
    noted = json.loads((folder / "pages.json").read_text("utf-8"))
    return {page: note | {"path": str((folder / note["path"]).resolve())} for page, note in noted.items()}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, built on one machine."""
    out = tmp_path_factory.mktemp("one")
    assert kg("build", SEEDS, "-o", out, "--no-html", "-q").code == 0
    return out


def test_the_samples_give_the_same(spark: object, one: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kg("build", SEEDS / "yunze_front.txt", "-o", out, "-q")
    ran = on_spark(SEEDS, "-o", out, "--json")
    assert (ran.code, ran.err) == (0, "")
    same_files(one, out)
    assert len([*(out / "graph.nq").iterdir()]) > 1, "several parts"
    told = json.loads(ran.out)
    assert {Path(file).name for file in told["files"]} == {file.name for file in out.iterdir()}
    assert told["entities"] == json.loads(kg("build", SEEDS, "-o", one, "--no-html", "--json").out)["entities"]


def test_its_tables_are_those_of_the_export(spark: object, one: Path, tmp_path: Path) -> None:
    options = ["--evidence", "offsets", "--base", "https://x.test/y#", "--min-confidence", "0.6", "--home", "洛阳市"]
    page = SEEDS / "luoyang_city.txt"
    assert kg("build", page, "-o", tmp_path / "one", *options, "--issued", "2020-02-29", "-q").code == 0
    assert on_spark(page, "-o", tmp_path / "spark", *options, "--issued", "2020-02-29", "-q").code == 0
    same_files(tmp_path / "one", tmp_path / "spark")
    kg("export", tmp_path / "one", "--to", "parquet", "-o", tmp_path / "export")
    for table in TABLES:
        assert rows(tmp_path / "spark", table) == rows(tmp_path / "export", table), table
    assert len(rows(tmp_path / "spark", "relations")) > 30


def test_an_archive_of_500_pages_gives_the_same(spark: object, tmp_path: Path) -> None:
    write_archive(tmp_path / "pages", 500)
    here = kg("build", tmp_path / "pages", "-o", tmp_path / "one", "--no-html", "--json")
    there = on_spark(tmp_path / "pages", "-o", tmp_path / "spark", "--json")
    assert (there.code, here.code) == (1, 1), "some pages cannot be read"
    same_files(tmp_path / "one", tmp_path / "spark")
    ours, theirs = json.loads(here.out), json.loads(there.out)
    assert {key: theirs[key] for key in theirs if key != "files"} == {key: ours[key] for key in ours if key != "files"}
    assert theirs["pages"] == {"read": 501, "failed": 5}
    assert there.err.splitlines() == here.err.splitlines()
    assert len({line for line in graph(tmp_path / "spark").decode().splitlines() if "@" in line.split(" ")[0]}) > 100


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page in every form, archives of them, what a pages.toml states, and what is no page."""
    folder = tmp_path_factory.mktemp("forms") / "报 纸"
    for name, data in PAPERS.items():
        put(folder / Path(name).suffix[1:], name, data)
    put(folder, "issue.zip", packed({"A01.txt": "云泽市水利局局长江帆说,渡口开航。\n", "A02.html": PAPERS["a.html"]}))
    put(folder, "pages.toml", '[default]\nhome = "云泽市"\n["issue.zip/A01.txt"]\nnewspaper = "云泽日报"\n')
    put(folder / "a_files", "aside.txt", "云泽市水利局局长江帆。")
    put(folder / "txt", "empty.txt", "")
    put(folder / "txt", "bad.zip", b"PK\x03\x04 and nothing more")
    return folder


@pytest.mark.parametrize("given", [str, Path.as_uri], ids=["folder", "URI"])
def test_every_form_of_a_page_is_read(spark: object, forms: Path, tmp_path: Path, given: Callable[[Path], str]) -> None:
    pages = given(forms).replace("%E6%8A%A5%20%E7%BA%B8", "报 纸")  # Hadoop's URIs are not escaped
    assert kg("build", forms, "-o", tmp_path / "one", "--no-html", "-q").code == 1
    ran = on_spark(pages, "-o", tmp_path / "spark", "-q")
    assert (ran.code, len(ran.err.splitlines())) == (1, 2)
    assert graph(tmp_path / "spark") == graph(tmp_path / "one")
    assert (tmp_path / "spark" / "texts.jsonl").read_bytes() == (tmp_path / "one" / "texts.jsonl").read_bytes()
    assert (tmp_path / "spark" / "mentions.jsonl").read_bytes() == (tmp_path / "one" / "mentions.jsonl").read_bytes()


def test_a_uri_gets_the_parts_and_is_never_written_twice(spark: object, one: Path, tmp_path: Path) -> None:
    out = f"file://{tmp_path}/out"
    ran = on_spark(f"file://{SEEDS}", "file:///nowhere/A01.txt", "-o", out, "-q")
    assert ran.code == 1
    assert "file:///nowhere/A01.txt" in ran.err
    assert graph(tmp_path / "out") == graph(one)
    assert (tmp_path / "out" / "graph.nq" / "_SUCCESS").exists()
    before = sorted(tmp_path.rglob("*"))
    again = on_spark(f"file://{SEEDS}", "-o", out, "-q")
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert "exists already" in again.err
    assert sorted(tmp_path.rglob("*")) == before


def test_one_machine_and_spark_take_turns_in_a_folder(spark: object, tmp_path: Path) -> None:
    """Nothing of the other's is left beside a build, and nothing that is the user's own goes."""
    page, out = SEEDS / "luoyang_city.txt", tmp_path / "out"
    put(out, "notes.txt", "mine")
    assert on_spark(page, "-o", out, "-q").code == 0
    first = {file.name for file in out.iterdir()}
    assert {"graph.nq", "entities.parquet", "findings.jsonl", "notes.txt"} < first
    assert kg("build", page, "-o", out, "--no-html", "-q").code == 0
    assert not {file.name for file in out.iterdir()} & {f"{table}.parquet" for table in TABLES}
    assert on_spark(page, "-o", out, "-q").code == 0
    assert {file.name for file in out.iterdir()} == first


def test_a_build_that_fails_leaves_the_earlier_one(spark: object, tmp_path: Path, monkeypatch: Any) -> None:
    page, out = SEEDS / "luoyang_city.txt", tmp_path / "out"
    kg("build", page, "-o", out, "--no-html", "-q")
    before = {file.name: file.read_bytes() for file in out.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.spark.running.write_graph", full)
    ran = on_spark(SEEDS, "-o", out)
    assert ran.code == 2
    assert "No space left" in ran.err
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_where_no_page_can_be_read_nothing_is_written(spark: object, tmp_path: Path) -> None:
    ran = on_spark(put(tmp_path, "bad.txt", b""), "-o", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert "empty file" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["builtins.ConnectionRefusedError", "py4j.protocol.Py4JNetworkError"])
def test_a_java_that_was_killed_is_told(spark: object, tmp_path: Path, monkeypatch: Any, name: str) -> None:
    def gone(*_: object) -> None:
        raise pydoc.locate(name)("Answer from Java side is empty")  # type: ignore[operator]

    monkeypatch.setattr("kg.spark.running.sources", gone)
    ran = on_spark(SEEDS, "-o", tmp_path / "out")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "Spark stopped" in ran.err
    assert not (tmp_path / "out").exists()


def test_what_a_machine_cannot_do_is_told_in_one_line(spark: object, tmp_path: Path, monkeypatch: Any) -> None:
    """The weights are gone when pages are read: an error on the machine that reads."""
    weights = tmp_path / "weights"
    shutil.copytree(ROOT / "kg" / "weights", weights)
    monkeypatch.setattr("kg.cli.build.use_weights", lambda folder: shutil.rmtree(folder))
    ran = on_spark(SEEDS / "luoyang_city.txt", "-o", tmp_path / "out", "--weights", weights)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "weights" in ran.err
    assert not (tmp_path / "out").exists()


LISTENS = "0A"  # as /proc/net/tcp writes it, and the addresses of this machine alone
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
USAGE = {
    "standard input": (["-"], "reads no standard input"),
    "files and URIs": ([SEEDS, "file:///srv/pages"], "not both"),
    "workers": ([SEEDS, "--workers", "2"], "local[2]"),
    "a date that is none": ([SEEDS, "--issued", "2023-13-01"], "2023-13-01"),
}


@pytest.mark.parametrize(("arguments", "says"), USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_is_one_line(spark: object, tmp_path: Path, arguments: list[object], says: str) -> None:
    ran = on_spark(*arguments, "-o", tmp_path / "out")
    assert ran.code == 2
    assert says in ran.err.replace("\n│ ", "")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_listens_beyond_this_machine(spark: Any) -> None:
    pid = spark._jvm.java.lang.ProcessHandle.current().pid()
    mine = {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()}
    tables = [Path("/proc/net", name).read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table]
    ours = [fields[1] for fields in lines if fields[3] == LISTENS and f"socket:[{fields[9]}]" in mine]
    assert ours
    assert {address.partition(":")[0] for address in ours} <= LOOPBACK
    assert spark.conf.get("spark.ui.enabled") == "false"
