"""The flow of a build on Spark, on one screen: sources → rows of pages → things → claims → statements → out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from py4j.protocol import Py4JError
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from kg.errors import KgError, PageError
from kg.export import sheets
from kg.model import Finding, Level, Predicate
from kg.spark.blocks import Mark, blocks, each, frame, only, union
from kg.spark.job import Job
from kg.spark.linking import EVIDENCED, of_gazetteer, of_id, of_key, of_name, of_page, of_pair
from kg.spark.output import PLACES, Target, check_new, place, write_graph, write_lines, write_places, write_table
from kg.spark.reading import rows_of
from kg.spark.session import is_here, session
from kg.spark.sources import is_uri, sources
from kg.spark.tables import columns, filled
from kg.summary import CLASSES, Summary

FILES = (
    "graph.nq", "entities.parquet", "relations.parquet", "pages.parquet", "articles.parquet", "mentions.jsonl",
    "findings.jsonl", "texts.jsonl", "pages.json",
)  # fmt: skip
_RAISED = re.compile(r"[\w.]+(?:Error|Exception|Operation|Exit|Interrupt): ")  # how Python ends a report
SHOWN = 1000  # findings that come back to the program; all are in findings.jsonl


class Built(NamedTuple):
    """The rows of a build, by the step that made them."""

    read: DataFrame
    named: DataFrame
    paged: DataFrame
    stated: DataFrame
    known: DataFrame
    beyond: DataFrame

    @property
    def entities(self) -> DataFrame:
        return columns(only(union(self.known, self.beyond), Mark.ENTITY), sheets.ENTITIES)

    @property
    def relations(self) -> DataFrame:
        rows = columns(only(union(self.stated, self.beyond), Mark.RELATION), sheets.RELATIONS)
        return filled(rows, self.entities, self.pages)

    @property
    def pages(self) -> DataFrame:
        return columns(only(self.read, Mark.PAGE), sheets.PAGES)

    @property
    def articles(self) -> DataFrame:
        return columns(only(self.read, Mark.ARTICLE), sheets.ARTICLES)

    @property
    def findings(self) -> DataFrame:
        return only(self.read, Mark.FINDING).distinct()

    @property
    def quads(self) -> DataFrame:
        return only(union(self.read, self.stated, self.known, self.beyond), Mark.QUAD)


def run(pages: Sequence[str], output: str, job: Job, master: str) -> tuple[Summary, tuple[str, ...]]:
    """See `kg.spark.build`."""
    job.told.check()
    with place(output) as target, _plain(), session(master) as spark:
        check_reach(spark, pages, output)
        if is_uri(output):
            check_new(spark, output)
        with ExitStack() as ends:
            built = _built(spark, pages, job, ends)
            summary = _summary(built)
            if not summary.pages:
                why = "no page could be read, nothing was written 没有可读的版面"
                raise PageError("\n    ".join([why, *summary.errors()]))
            _write(built, target, Path(output))
    there = [name for name in FILES if (is_uri(output) and name != PLACES) or Path(output, name).exists()]
    return summary, tuple(f"{output.rstrip('/')}/{name}" for name in there)


def _built(spark: SparkSession, pages: Sequence[str], job: Job, ends: ExitStack) -> Built:
    """Every step is kept on the disks of the machines: several others need it."""

    def kept(rows: DataFrame) -> DataFrame:
        ends.callback(rows.persist(StorageLevel.DISK_ONLY).unpersist)
        return rows

    files, missing = sources(spark, pages)
    read = kept(union(each(files, partial(rows_of, job)), frame(spark, missing)))
    things = blocks(only(read, Mark.SHARE), of_key)
    named = kept(blocks(things, of_name))
    paged = kept(blocks(union(only(read, Mark.SAID, Mark.NAMING), only(named, Mark.END)), of_page))
    stated = kept(blocks(only(paged, Mark.CLAIMED), partial(of_pair, job)))
    known = kept(blocks(union(only(named, Mark.NAMED), only(stated, Mark.OFFICIAL)), partial(of_id, job)))
    beyond = frame(spark, [*of_gazetteer(job, *_divisions(named, stated))])
    return Built(read, named, paged, stated, known, beyond)


def _divisions(named: DataFrame, stated: DataFrame) -> tuple[dict[str, tuple[str, str]], set[tuple[str, str]]]:
    """Code → id and name of the divisions that pages name, and which of them pages say to lie in what."""
    rows = only(union(named, stated), Mark.CODE, Mark.WITHIN).collect()
    codes = [(row["key"], *msgspec.msgpack.decode(row["body"])) for row in rows if row["mark"] == Mark.CODE]
    said = {(str(row["key"]), bytes(row["body"]).decode()) for row in rows if row["mark"] == Mark.WITHIN}
    return {code: (identifier, name) for identifier, code, name in codes}, said


def _write(built: Built, target: Target, out: Path) -> None:
    """All files; the graph last, since it tells that the others are there."""
    uri = target.uri
    write_table(built.entities, f"{uri}/entities.parquet", "id")
    write_table(built.relations, f"{uri}/relations.parquet", "claim", "page", "start")
    write_table(built.pages, f"{uri}/pages.parquet", "id")
    write_table(built.articles, f"{uri}/articles.parquet", "id")
    write_lines(only(built.paged, Mark.MENTION), f"{uri}/mentions.jsonl")
    write_lines(built.findings, f"{uri}/findings.jsonl")
    write_lines(only(built.read, Mark.TEXT), f"{uri}/texts.jsonl")
    if target.folder is not None:
        files = only(built.read, Mark.FILE).toLocalIterator()
        write_places(target.folder, out, (bytes(row["body"]) for row in files))
    write_graph(built.quads, f"{uri}/graph.nq")


def _summary(built: Built) -> Summary:
    counts = _counts(built)
    found = _findings(built)
    errors = {one.where for one in found if one.level is Level.ERROR}
    return Summary(
        pages=counts[Mark.PAGE, "", b""],
        failed=len(errors) if len(found) < SHOWN else _failed(built),
        articles=counts[Mark.ARTICLE, "", b""],
        mentions=counts[Mark.MENTION, "", b""],
        entities={name: counts[Mark.ENTITY, name, b""] for name in CLASSES},
        relations={p.value: sum(counts[Mark.STATED, p.value, body] for body in (b"", EVIDENCED)) for p in Predicate},
        evidenced={p.value: counts[Mark.STATED, p.value, EVIDENCED] for p in Predicate},
        findings=found,
    )


def _counts(built: Built) -> Counter[tuple[str, str, bytes]]:
    """How many rows there are of each mark; of entities for each class, of statements for each predicate and body."""
    rows = union(built.read, built.paged, built.stated, built.known, built.beyond)
    told = F.col("mark").isin(Mark.ENTITY.value, Mark.STATED.value)
    label = F.when(told, F.col("key")).otherwise("").alias("label")
    flag = F.when(F.col("mark") == Mark.STATED.value, F.col("body")).otherwise(F.lit(b"")).alias("flag")
    every = rows.select("mark", label, flag).groupBy("mark", "label", "flag").count().collect()
    return Counter({(row["mark"], row["label"], bytes(row["flag"])): row["count"] for row in every})


def _findings(built: Built) -> list[Finding]:
    """The first of them, errors before all others."""
    first = built.findings.orderBy(~is_error(), "key").limit(SHOWN).collect()
    found = [json.loads(bytes(row["body"])) for row in first]
    made = [Finding(Level(one["level"]), one["code"], one["where"], one["message"]) for one in found]
    return sorted(made, key=lambda one: ([*Level].index(one.level), one.where, one.code))


def _failed(built: Built) -> int:
    where = F.substring_index("key", "\0", 1)
    return int(built.findings.where(is_error()).select(where).distinct().count())


def is_error() -> Column:
    """Whether a row is a finding that made a page fail."""
    return F.col("body").cast("string").startswith('{"level": "error"')


def check_reach(spark: SparkSession, pages: Sequence[str], output: str) -> None:
    """Refuse what only this machine has where others are to read or write it."""
    if is_here(spark.sparkContext.master):
        return
    for given in (*pages, output):
        if not is_uri(given):
            raise KgError(
                f"{given}: a cluster needs URIs that all its machines reach (hdfs://, s3a://, file:// for a shared "
                "folder) 集群须用各机器都能访问的 URI"
            )


@contextmanager
def _plain() -> Iterator[None]:
    """Spark's errors in one line, and what is left of it where Java was killed."""
    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        raise KgError(f"Spark stopped: {_last(str(error))}; its log says more Spark 出错中止") from error


def _last(text: str) -> str:
    """The line of a long report that names the cause: the last of Python's own, else the first."""
    lines = [line.strip() for line in text.split("JVM stacktrace:")[0].splitlines() if line.strip()]
    own = [line for line in lines if _RAISED.match(line)]
    return (own or lines[:1] or ["no reason given"])[-1]
