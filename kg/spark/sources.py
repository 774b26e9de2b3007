"""What the user names → a row for each file to be read, with its bytes where only Spark reaches it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from kg.errors import PageError
from kg.model import Finding, Level
from kg.page import PageSource, find_pages
from kg.page.readers import LARGEST_FILE
from kg.page.source import STDIN, best_forms, is_aside, tables_of, unique_ids
from kg.spark.blocks import Row, frame, partitions, table, union
from kg.spark.reading import findings, source_row

TOGETHER = 32  # pages that one task reads
Tables = Mapping[str, dict[str, dict[str, str]]]  # folder → its pages.toml


def is_uri(given: str) -> bool:
    """Whether it names something on another file system than this machine's, or on that one as Hadoop writes it."""
    return "://" in given


def sources(spark: SparkSession, given: Sequence[str]) -> tuple[DataFrame, list[Row]]:
    """Rows with a column `content` (null for a file that the reading machine opens), and findings on what is missing.

    Raises PageError for standard input, for files and URIs in one build, and for a wrong pages.toml.
    """
    if STDIN in given:
        raise PageError("-: --engine spark reads no standard input; save the page first 请先保存版面")
    there = [one for one in given if is_uri(one)]
    if not there:
        return _here(spark, given), []
    if len(there) < len(given):
        raise PageError("name either files of this machine or URIs, not both in one build 本机文件与 URI 不可混用")
    return _there(spark, there)


def _here(spark: SparkSession, given: Sequence[str]) -> DataFrame:
    rows = [source_row(source) for source in find_pages(given)]
    parts = max(partitions(spark), len(rows) // TOGETHER)
    return frame(spark, rows).repartition(parts, "key").withColumn("content", F.lit(None).cast("binary"))


def _there(spark: SparkSession, uris: Sequence[str]) -> tuple[DataFrame, list[Row]]:
    """The files below the URIs; Spark fetches their bytes where they are read."""
    loaded = [(uri, _loaded(spark, uri)) for uri in uris]
    missing = [_missing(uri) for uri, files in loaded if files is None]
    found = [(uri, files) for uri, files in loaded if files is not None]
    if not found:
        return frame(spark, []).withColumn("content", F.lit(None).cast("binary")), [*findings(missing)]
    sizes = {path: size for uri, files in found for path, size in _listed(uri, files).items()}
    every = union(*(files for _, files in found)).dropDuplicates(["path"])
    rows = [*_rows(sizes, _tables(every))]
    files = every.where(F.col("length") <= LARGEST_FILE).select("path", "content")
    known = spark.createDataFrame(table([row for _, row in rows]).append_column("path", [[path for path, _ in rows]]))
    content = F.coalesce("content", F.lit(b"")).alias("content")
    return known.join(files, "path", "left").select("mark", "key", "body", content), [*findings(missing)]


def _loaded(spark: SparkSession, uri: str) -> DataFrame | None:
    try:
        return spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(uri)
    except AnalysisException:
        return None


def _missing(uri: str) -> Finding:
    message = f"{uri}: cannot be read (nothing is there); check the path 读不了这个文件,请检查路径"
    return Finding(Level.ERROR, "page-unreadable", uri, message)


def _listed(uri: str, files: DataFrame) -> dict[str, int]:
    """Path → bytes of the page files that a URI means: as in a folder, of one page in several forms the first."""
    sizes = {str(row.path): int(row.length) for row in files.select("path", "length").collect()}
    sizes |= {path: 0 for path in map(_decoded, files.inputFiles()) if path not in sizes}  # Spark reads no empty file
    return {path: sizes[path] for path in best_forms(path for path in sorted(sizes) if not _is_aside(path, uri))}


def _decoded(uri: str) -> str:
    """file:///a%20b, as Spark lists its files, → file:/a b, as it names them where they are read."""
    scheme, _, rest = uri.partition(":")
    return f"{scheme}:{unquote(rest.removeprefix('//') if rest.startswith('///') else rest)}"


def _is_aside(path: str, uri: str) -> bool:
    """Whether a file below a URI is hidden, or saved beside a page by a browser."""
    start, inside = _bare(uri).rstrip("/") + "/", _bare(path)
    *folders, name = inside.removeprefix(start).split("/") if inside.startswith(start) else inside.split("/")[-1:]
    return name.startswith(".") or any(map(is_aside, folders))


def _bare(uri: str) -> str:
    """hdfs://host/x → host/x; Hadoop writes file:/x for file:///x."""
    return uri.partition(":")[2].lstrip("/")


def _tables(files: DataFrame) -> Tables:
    tomls = files.where(F.col("path").endswith("/pages.toml")).select("path", "content").collect()
    return {str(row.path).rpartition("/")[0]: tables_of(Path(row.path), bytes(row.content)) for row in tomls}


def _rows(sizes: Mapping[str, int], tables: Tables) -> Iterable[tuple[str, Row]]:
    for path, name in unique_ids(sorted(sizes)).items():
        folder, _, file = path.rpartition("/")
        every = tables.get(folder, {})
        said = {key: every[key] for key in every if key in ("default", file) or key.startswith(f"{file}/")}
        yield path, source_row(PageSource(name, path), said, sizes[path] > LARGEST_FILE)
