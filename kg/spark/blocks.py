"""Rows, and the two ways in which a function of ours runs over them: row by row, or block by block.

A row is a mark (what it is), a key (what it is taken together by) and a body (MessagePack or UTF-8). A block is all
rows of one key, in an order that depends on nothing but them: what is made of it is the same on any number of machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial, reduce
from itertools import groupby, islice
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from kg.spark.session import PARTITIONS

Row = tuple[str, str, bytes]  # mark, key, body
Block = Iterator[tuple[str, bytes]]  # mark, body
Batches = Iterator[pa.RecordBatch]
SCHEMA = "mark string, key string, body binary"
ARROW = pa.schema([("mark", pa.string()), ("key", pa.string()), ("body", pa.binary())])
BATCH = 1000  # rows that go back to Spark together


class Mark(StrEnum):
    """What a row is; in brackets its key."""

    SOURCE = "source"  # a page to be read (its id)
    FINDING = "finding"  # a line of findings.jsonl (its place in the file)
    QUAD = "quad"  # a line of N-Quads
    TEXT = "text"  # a line of texts.jsonl (page)
    MENTION = "mention"  # a line of mentions.jsonl (its place in the file)
    FILE = "file"  # where a page's file is (page)
    PAGE = "page"  # a row of a table, as the three below
    ARTICLE = "article"
    ENTITY = "entity"  # (class)
    RELATION = "relation"
    SHARE = "share"  # what a page says of a thing (key of the thing)
    SAID = "said"  # a claim of a page (page)
    NAMING = "naming"  # the mentions of a page (page)
    THING = "thing"  # a thing (kind and name)
    NAMED = "named"  # a thing with its id (id)
    END = "end"  # the id of a thing on a page (page)
    CODE = "code"  # the code of a division (its id)
    CLAIMED = "claimed"  # a claim between two ids (both of them)
    OFFICIAL = "official"  # nothing more (id of a person)
    WITHIN = "within"  # in what a division is said to lie (its id)
    STATED = "stated"  # whether there is a sentence (predicate)


def frame(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    """Rows that this process has."""
    return spark.createDataFrame(table(list(rows)), SCHEMA)


def only(rows: DataFrame, *marks: Mark) -> DataFrame:
    """The rows of these marks."""
    return rows.where(F.col("mark").isin(*(mark.value for mark in marks)))


def union(*frames: DataFrame) -> DataFrame:
    """The rows of all."""
    return reduce(DataFrame.unionByName, frames)


def each(rows: DataFrame, work: Callable[[tuple[Any, ...]], Iterable[Row]]) -> DataFrame:
    """What `work` makes of every row by itself; these rows may have other columns."""
    return rows.mapInArrow(partial(_each, work), SCHEMA)


def blocks(rows: DataFrame, work: Callable[[str, Block], Iterable[Row]]) -> DataFrame:
    """What `work` makes of every block: of a key and its rows, sorted by mark and body."""
    together = rows.repartition(partitions(rows.sparkSession), "key").sortWithinPartitions("key", "mark", "body")
    return together.mapInArrow(partial(_blocks, work), SCHEMA)


def partitions(spark: SparkSession) -> int:
    """Into how many parts rows are divided when they are put together anew."""
    return int(spark.conf.get(PARTITIONS) or 200)


def _each(work: Callable[[tuple[Any, ...]], Iterable[Row]], batches: Batches) -> Batches:
    return _batches(made for row in _rows(batches) for made in work(row))


def _blocks(work: Callable[[str, Block], Iterable[Row]], batches: Batches) -> Batches:
    """A block may go on from one batch to the next; it is handed on row by row."""
    grouped = groupby(_rows(batches), key=lambda row: row[1])
    return _batches(made for key, rows in grouped for made in work(key, ((mark, body) for mark, _, body in rows)))


def _rows(batches: Batches) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _batches(rows: Iterator[Row]) -> Batches:
    while some := list(islice(rows, BATCH)):
        yield from table(some).to_batches()


def table(rows: Sequence[Row]) -> pa.Table:
    """Rows as Arrow has them."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(ARROW)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, ARROW, strict=True)], schema=ARROW)
