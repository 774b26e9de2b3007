"""What `kg build --engine spark` says where Spark is not to be had; nothing of these starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import kg

SEEDS = Path(__file__).parents[2] / "seeds"


def test_without_pyspark_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.spark.find_spec", lambda name: None)
    ran = kg("build", SEEDS, "-o", tmp_path / "out", "--engine", "spark")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "pip install 'fangzhi[spark]'" in ran.err
    assert not (tmp_path / "out").exists()


def test_without_java_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = pytest.importorskip("kg.spark.session", reason="PySpark is not installed: pip install 'fangzhi[spark]'")
    monkeypatch.setattr(session.SparkSession, "getActiveSession", lambda: None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    ran = kg("build", SEEDS, "-o", tmp_path / "out", "--engine", "spark")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "Java 17" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_master_without_spark_is_wrong_usage(tmp_path: Path) -> None:
    ran = kg("build", SEEDS, "-o", tmp_path / "out", "--master", "yarn")
    assert ran.code == 2
    assert "--engine spark" in ran.err
