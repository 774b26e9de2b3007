"""CSV read by pandas, Parquet by pyarrow, SQLite by sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kg.export import export
from tests.export.sample import FACTS, FORMULA, HOSTILE, ID, KINDS, PAGES, SECOND, name

ROWS = sum(len(fact[5]) or 1 for fact in FACTS)


def test_csv_entities(build: Path, tmp_path: Path) -> None:
    done = export(build, "csv", tmp_path / "csv")
    table = pd.read_csv(done.path / "entities.csv", dtype=str, keep_default_na=False)
    labels = dict(zip(table["id"], table["name"], strict=True))
    assert labels.pop(str(ID["program/formula"])) == f"'{FORMULA}"
    assert labels == {str(ID[k]): name(k) for k in KINDS if k != "program/formula"}
    assert set(table["class"]) == {"Person", "Official", "Agency", "Enterprise", "Place", "Program"}
    assert done.notes == ("2 cells that a spreadsheet would run as formulas start with an apostrophe",)
    assert (done.path / "entities.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_csv_relations_have_a_row_for_each_sentence(build: Path, tmp_path: Path) -> None:
    table = pd.read_csv(export(build, "csv", tmp_path / "csv").path / "relations.csv", dtype=str, keep_default_na=False)
    assert len(table) == ROWS
    row = table[table["relation"] == "locatedIn"].iloc[0]
    expected = {
        "subject": HOSTILE, "object": "青石镇", "sentence": f"{HOSTILE}落户青石镇。", "newspaper": "云泽日报",
        "issued": "2021-03-05", "date_certain": "true", "page_number": "2", "page": SECOND, "start": "5",
        "rules": "sample-rule", "dates": "2021-03-05", "status": "asserted", "subject_class": "Enterprise",
        "object_class": "Place", "subject_id": str(ID["enterprise/hostile"]), "list_order": "",
    }  # fmt: skip
    assert {column: row[column] for column in expected} == expected
    inferred = table[table["inferred_from"] != ""]
    assert set(inferred["sentence"]) == set(inferred["start"]) == {""}
    assert sorted(table["status"])[-2:] == ["negated", "planned"]


def test_csv_pages_and_articles(build: Path, tmp_path: Path) -> None:
    folder = export(build, "csv", tmp_path / "csv").path
    pages = pd.read_csv(folder / "pages.csv", dtype=str, keep_default_na=False)
    assert dict(zip(pages["page"], pages["issued"], strict=True)) == {file: page[1] for file, page in PAGES.items()}
    articles = pd.read_csv(folder / "articles.csv")
    assert set(articles["journalists"]) == {"苏记者"}


@pytest.mark.parametrize("table", ["entities", "relations", "pages", "articles"])
def test_parquet_holds_what_csv_holds(table: str, build: Path, tmp_path: Path) -> None:
    folder = export(build, "csv", tmp_path / "csv").path
    frame = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
    read = pq.read_table(export(build, "parquet", tmp_path / "parquet").path / f"{table}.parquet")
    assert read.column_names == list(frame.columns)
    assert read.num_rows == len(frame) > 0


def test_parquet_types(build: Path, tmp_path: Path) -> None:
    read = pq.read_table(export(build, "parquet", tmp_path / "parquet").path / "relations.parquet").to_pylist()
    row = next(row for row in read if row["relation"] == "locatedIn")
    assert (row["subject"], row["start"], row["date_certain"], row["rules"]) == (HOSTILE, 5, True, ["sample-rule"])
    inferred = next(row for row in read if row["relation"] == "within")
    assert (inferred["sentence"], inferred["start"], inferred["inferred_from"]) == (None, None, ["gazetteer"])


@pytest.fixture
def database(build: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(export(build, "sqlite", tmp_path / "graph.sqlite").path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def test_sqlite_is_sound(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    counts = {
        table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("entities", "claims", "pages", "articles", "statements", "relations")
    }
    assert counts == {
        "entities": len(KINDS), "claims": len(FACTS), "pages": len(PAGES), "articles": len(PAGES), "statements": ROWS,
        "relations": ROWS - 2,
    }  # fmt: skip


def test_sqlite_names_and_views(database: sqlite3.Connection) -> None:
    assert dict(database.execute("SELECT iri, name FROM entities")) == {str(ID[k]): name(k) for k in KINDS}
    posts = set(database.execute("SELECT person, title, body, issued FROM posts WHERE title <> ''"))
    assert posts == {
        ("安如山", "局长", "云泽市水利局", "2021-03-05"),
        ("安如山", "局长", "云泽市水利局", "2021-03-06"),
        ("顾小满", "镇长", "青石镇", ""),
    }
    rows = database.execute("SELECT sentence, rules, inferred_from FROM relations WHERE relation = 'partOf'").fetchall()
    assert rows == [(None, "sample-rule", "composed-name")]
    assert database.execute("SELECT sort FROM names WHERE name = '安加山'").fetchall() == [("misprint",)]


@pytest.mark.parametrize(
    ("ask", "term", "found"),
    [
        ("name_search MATCH ?", "水利局", {"云泽市水利局"}),
        ("n.name LIKE ?", "%水利%", {"云泽市水利局"}),
        ("n.name LIKE ?", "%加山%", {"安如山"}),
        ("name_search MATCH ?", "没有这个", set()),
    ],
)
def test_sqlite_search_by_name(database: sqlite3.Connection, ask: str, term: str, found: set[str]) -> None:
    sql = f"""SELECT DISTINCT e.name FROM name_search JOIN names n ON n.id = name_search.rowid
              JOIN entities e ON e.id = n.entity WHERE {ask}"""
    assert {row[0] for row in database.execute(sql, (term,))} == found


def test_sqlite_search_in_sentences(database: sqlite3.Connection) -> None:
    sql = "SELECT text FROM sentence_search WHERE sentence_search MATCH ?"
    assert database.execute(sql, ("局长安如山",)).fetchall() == [("市水利局局长安如山到场。",)]


def test_sqlite_search_uses_its_index(database: sqlite3.Connection) -> None:
    plan = database.execute("EXPLAIN QUERY PLAN SELECT * FROM relations WHERE subject_id = 1").fetchall()
    assert any("claims_by_subject" in str(step) for step in plan)
