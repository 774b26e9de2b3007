"""One Spark session for the tests, on two cores of this machine, that spares what a short run does not earn back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

# Compiling Java further than this takes longer than these tests; three parts, so that every block has neighbours.
DEFAULTS = """
spark.master local[2]
spark.sql.shuffle.partitions 3
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
"""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The session that every build of these tests finds running."""
    pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'fangzhi[spark]'")
    from kg.spark.session import has_java, session

    if not has_java():
        pytest.skip("Spark needs Java 17: apt-get install openjdk-17-jre-headless")
    folder = tmp_path_factory.mktemp("conf")
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    os.environ["SPARK_CONF_DIR"] = str(folder)
    try:
        with session() as running:
            yield running
    finally:
        del os.environ["SPARK_CONF_DIR"]
