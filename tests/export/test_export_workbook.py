"""The workbook as openpyxl and pandas read it, and JSON Lines as pandas and pyarrow do."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.json
import pyarrow.parquet as pq
import pytest

import kg.export.workbook
from kg.entries import KINDS as CLASSES
from kg.export import export
from kg.ontology import KG
from tests.export.sample import FACTS, FORMULA, HOSTILE, ID, KINDS, PAGES, name

ROWS = sum(len(fact[5]) or 1 for fact in FACTS)
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
SHEETS = [
    "公职人员 Official", "人物 Person", "机构 Agency", "企业 Enterprise", "地点 Place", "项目 Program",
    "关系 relations", "版面 pages", "稿件 articles",
]  # fmt: skip


@pytest.fixture
def book(build: Path, tmp_path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(export(build, "xlsx", tmp_path / "graph.xlsx").path)


def test_a_sheet_a_class(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for title, kind in zip(SHEETS, CLASSES, strict=False):
        rows = list(book[title].iter_rows(min_row=2, values_only=True))
        expected = {str(ID[k]): name(k) for k, kinds in KINDS.items() if kinds[0] == kind}
        assert {row[0]: row[3] for row in rows} == expected | {k: f"'{v}" for k, v in expected.items() if v == FORMULA}
        assert {row[1] for row in rows} == {kind}
    assert [book[title].max_row - 1 for title in SHEETS[6:]] == [ROWS, len(PAGES), len(PAGES)]


def test_cells_are_typed_and_none_is_a_formula(book: openpyxl.Workbook) -> None:
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    head, *rows = book["关系 relations"].iter_rows(values_only=True)
    row = next(dict(zip(head, row, strict=True)) for row in rows if row[1] == "locatedIn")
    assert (row["subject"], row["start"], row["date_certain"], row["list_order"]) == (HOSTILE, 5, True, None)


def test_pandas_reads_what_it_reads_from_csv(build: Path, tmp_path: Path) -> None:
    path = export(build, "xlsx", tmp_path / "graph.xlsx").path
    sheet = pd.read_excel(path, "关系 relations", dtype=str, keep_default_na=False)
    table = pd.read_csv(export(build, "csv", tmp_path / "csv").path / "relations.csv", dtype=str, keep_default_na=False)
    table["date_certain"] = table["date_certain"].map({"true": "True", "false": "False", "": ""})
    for column in ("sentence",):  # XML has one line break
        table[column] = table[column].str.replace("\r\n", "\n")
        sheet[column] = sheet[column].str.replace("_x000D_", "").str.replace("\r\n", "\n")
    pd.testing.assert_frame_equal(sheet, table, check_dtype=False)


def test_a_full_sheet_goes_on_in_another(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = openpyxl.load_workbook(export(build, "xlsx", tmp_path / "graph.xlsx").path)["关系 relations"]
    monkeypatch.setattr(kg.export.workbook, "ROWS", 6)
    book = openpyxl.load_workbook(export(build, "xlsx", tmp_path / "graph.xlsx").path)
    parts = [book[title] for title in book.sheetnames if title.startswith("关系 relations")]
    rows = [row for part in parts for row in part.iter_rows(min_row=2, values_only=True)]
    assert rows == [*whole.iter_rows(min_row=2, values_only=True)]
    assert [part.max_row for part in parts[:-1]] == [6] * (len(parts) - 1)
    assert {part["A1"].value for part in parts} == {"subject"}


def test_what_a_cell_cannot_hold_is_told(tmp_path: Path) -> None:
    names = {"http://a/1": "长" * 40_000, "http://a/2": "😀" * 20_000, "http://a/3": "前\\u0001后", "http://a/4": "＝1"}
    text = "\n".join(f'<{iri}> a <{KG}Place> ; {LABEL} "{label}"@zh .' for iri, label in names.items())
    (tmp_path / "graph.ttl").write_text(text, "utf-8")
    done = export(tmp_path, "xlsx", tmp_path / "graph.xlsx")
    rows = openpyxl.load_workbook(done.path)["地点 Place"].iter_rows(min_row=2, values_only=True)
    assert [row[3] for row in rows] == ["长" * 32_767, "😀" * 16_383, "前\ufffd后", "'＝1"]
    assert [note.split()[0] for note in done.notes] == ["1", "1", "2"]


TABLES = ("entities", "relations", "pages", "articles")


@pytest.mark.parametrize("table", TABLES)
def test_json_lines_hold_what_parquet_holds(table: str, build: Path, tmp_path: Path) -> None:
    path = export(build, "jsonl", tmp_path / "jsonl").path / f"{table}.jsonl"
    parquet = pq.read_table(export(build, "parquet", tmp_path / "parquet").path / f"{table}.parquet")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert rows == parquet.to_pylist() != []
    assert len(pd.read_json(path, lines=True)) == len(rows)
    assert pyarrow.json.read_json(path).column_names == parquet.column_names


def test_parquet_in_groups_holds_the_same(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pq.read_table(export(build, "parquet", tmp_path / "one").path / "relations.parquet")
    monkeypatch.setattr("kg.export.sheet_files.GROUP", 4)
    file = pq.ParquetFile(export(build, "parquet", tmp_path / "two").path / "relations.parquet")
    assert file.num_row_groups == -(-ROWS // 4)
    assert file.read().equals(whole)


def test_a_place_that_cannot_be_written_is_an_error_of_the_system(build: Path, tmp_path: Path) -> None:
    """And not one of XlsxWriter's, which nobody would tell in one line."""
    with pytest.raises(OSError, match="No such file"):
        kg.export.workbook.write(build, tmp_path / "missing" / "graph.xlsx")


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_missing_package_is_named(form: str, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.errors import MissingExtraError

    monkeypatch.setitem(__import__("sys").modules, {"xlsx": "xlsxwriter", "parquet": "pyarrow"}[form], None)
    with pytest.raises(MissingExtraError, match=r"fangzhi\[export\]"):
        export(build, form, tmp_path / "out" / "x")
    assert not [*(tmp_path / "out").iterdir()]
