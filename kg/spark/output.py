"""Where a build goes: a folder of this machine, published whole, or a URI, whole when its graph.nq is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from kg.errors import OutputError
from kg.export.folder import HTML, STATE, TEXTS, pages_json
from kg.model import Page
from kg.publish import publishing
from kg.spark.sources import is_uri

PLACES = "pages.json"  # for a folder of this machine, where `kg check` looks
# What only a build on one machine writes: left beside this one, it would be of other pages.
OTHERS = ("graph.ttl", "entities.csv", "relations.csv", HTML, TEXTS, STATE)


class Target(NamedTuple):
    """Where Spark writes; `folder` is that of this machine which is published in the end, None for a URI."""

    uri: str
    folder: Path | None = None


@contextmanager
def place(output: str) -> Iterator[Target]:
    """Where to write. Raises OutputError where nothing can be written there.

    A folder of this machine gets its files when the block ends well, and stays as it was when it does not.
    """
    if is_uri(output):
        yield Target(output.rstrip("/"))
        return
    with publishing(Path(output), OTHERS) as folder:
        yield Target(f"file://{folder.resolve()}", folder)
        _tidy(folder)


def check_new(spark: SparkSession, uri: str) -> None:
    """Raise OutputError where something stands at a URI: there, an earlier build cannot be replaced in one stroke."""
    try:
        spark.read.format("binaryFile").load(uri)
    except AnalysisException:
        return
    raise OutputError(f"{uri}: exists already; name a folder that does not 已存在,请换一个新文件夹")


def write_lines(rows: DataFrame, uri: str) -> None:
    """The bodies of rows as lines of text, sorted by key over all parts."""
    lines = rows.select("key", F.col("body").cast("string").alias("line"))
    lines.orderBy("key", "line").select("line").write.mode("errorifexists").text(uri)


def write_graph(quads: DataFrame, uri: str) -> None:
    """The lines of N-Quads, each once, sorted over all parts: joined, they are the graph.nq of one machine."""
    lines = quads.select(F.col("body").cast("string").alias("line")).distinct()
    lines.orderBy("line").write.mode("errorifexists").text(uri)


def write_table(rows: DataFrame, uri: str, *order: str) -> None:
    """A Parquet table, each part of it sorted."""
    rows.sortWithinPartitions(*order).write.mode("errorifexists").parquet(uri)


def write_places(folder: Path, out: Path, files: Iterable[bytes]) -> None:
    """pages.json, for `kg check`."""
    pages = sorted(map(_page, files), key=lambda page: page.id)
    (folder / PLACES).write_text(pages_json(pages, out), "utf-8")


def _page(body: bytes) -> Page:
    path, page = msgspec.msgpack.decode(body, type=tuple[bytes, Page])
    return replace(page, path=os.fsdecode(path))


def _tidy(folder: Path) -> None:
    """Parts by plain names, and a file for what one machine writes as one."""
    for given in sorted(path for path in folder.iterdir() if path.is_dir()):
        parts = sorted(part for part in given.iterdir() if part.name.startswith("part-") and part.stat().st_size)
        if given.suffix == ".jsonl":
            _join(parts, folder / f"{given.name}.whole")
            shutil.rmtree(given)
            (folder / f"{given.name}.whole").rename(given)
        else:
            _number(given, parts)
    if not (folder / TEXTS).stat().st_size:
        (folder / TEXTS).unlink()


def _join(parts: Iterable[Path], target: Path) -> None:
    with target.open("wb") as whole:
        for part in parts:
            with part.open("rb") as lines:
                shutil.copyfileobj(lines, whole)


def _number(given: Path, parts: list[Path]) -> None:
    for other in set(given.iterdir()) - set(parts):
        other.unlink()
    for number, part in enumerate(parts):
        part.rename(given / f"part-{number:05}{given.suffix}")
