"""One Spark session, quiet and on loopback where the master is this machine."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from kg.errors import KgError, MissingExtraError

ALWAYS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.sql.execution.arrow.maxBytesPerBatch": "64m",  # pages may be files of 64 MB
}
# Nothing but this machine can reach a local session, and there is no page of Spark's to look at.
HERE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "false",  # it pays for large steps on many machines
}
PARTITIONS = "spark.sql.shuffle.partitions"
JAVA = "Spark needs Java 17 or newer: install openjdk-17-jre-headless or set JAVA_HOME 需要 Java 17"


@contextmanager
def session(master: str = "") -> Iterator[SparkSession]:
    """The session that runs in this process, else a new one, which ends with the block.

    `master` "" is that of spark-submit or spark-defaults.conf, else local[*]. Raises MissingExtraError without Java,
    KgError where Spark does not start.
    """
    if (running := SparkSession.getActiveSession()) is not None:
        yield running
        return
    spark = _started(master)
    try:
        yield spark
    finally:
        spark.stop()


def _started(master: str) -> SparkSession:
    if not has_java():
        raise MissingExtraError(JAVA)
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    with _aside() as said:
        try:
            return _session(master)
        except PySparkException as error:
            raise KgError(f"Spark does not start ({_last(said) or error}) Spark 无法启动; {JAVA}") from error


def _session(master: str) -> SparkSession:
    SparkContext._ensure_initialized()  # starts Java, without which the settings of spark-submit are not known
    conf = SparkConf()
    master = master or conf.get("spark.master", "") or "local[*]"
    builder = SparkSession.builder.master(master).appName("fangzhi")
    for key, value in ALWAYS.items():
        builder = builder.config(key, conf.get(key, value))
    if not is_here(master):
        return builder.getOrCreate()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = builder.config(map=dict(HERE)).getOrCreate()
    if not conf.contains(PARTITIONS):
        spark.conf.set(PARTITIONS, str(spark.sparkContext.defaultParallelism))
    return spark


def is_here(master: str) -> bool:
    """Whether a master is this machine alone."""
    return master.partition("[")[0] == "local"


def has_java() -> bool:
    """Whether there is a Java that Spark would start."""
    home = os.environ.get("JAVA_HOME", "")
    return (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None


@contextmanager
def _aside() -> Iterator[Path]:
    """What Java says while it starts goes to a file, and with it all that it says later: errors come to us as such."""
    with tempfile.NamedTemporaryFile() as file:
        before = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield Path(file.name)
        finally:
            os.dup2(before, 2)
            os.close(before)


def _last(said: Path) -> str:
    lines = [line for line in said.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
