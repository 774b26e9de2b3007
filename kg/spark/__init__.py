"""A build on Apache Spark: the functions of `kg build`, run where the pages are.

What `kg.flow` does in one process is done here by the same functions, page by page and block by block, on as many
machines as there are. Nothing is read or linked otherwise: the quads are those of `kg build`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from kg.errors import MissingExtraError
from kg.spark.job import Job
from kg.summary import Summary

__all__ = ["Job", "build"]


def build(pages: Sequence[str], output: str, job: Job, master: str = "") -> tuple[Summary, tuple[str, ...]]:
    """Read `pages` (files, folders, globs, or URIs of folders and files: hdfs://, s3a://) into `output`.

    `output` is a folder, or the URI of one that does not exist yet. `master` is Spark's (local[*], spark://…, yarn);
    "" takes what spark-submit or spark-defaults.conf says, else local[*].
    Returns the counts of the build and what was written. Raises MissingExtraError without PySpark or
    Java, PageError where no page could be read, OutputError where `output` cannot be written, and KgError for what
    made Spark stop.
    """
    if find_spec("pyspark") is None:
        raise MissingExtraError("--engine spark needs more packages: pip install 'fangzhi[spark]' 请安装此扩展")
    from kg.spark.running import run

    return run(pages, output, job, master)
