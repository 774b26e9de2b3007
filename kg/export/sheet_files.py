"""The tables as files that are read back column by column or line by line: CSV, JSON Lines, Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kg.confidence import written
from kg.contents import opened
from kg.errors import MissingExtraError
from kg.export.sheets import Cell, Table, Type, tables
from kg.export.tables import cell as guarded

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
GROUP = 10_000  # rows of a Parquet file that are in memory together, its row group

FILES = """\
entities.csv   every person, body, place and program       人、机构、企业、地点、项目
relations.csv  a row for each relation and sentence        每条关系、每个出处一行
pages.csv      the newspaper pages                         报纸版面
articles.csv   the articles on them                        稿件
"""
CSV_README = f"""{FILES}
UTF-8 with a byte order mark, so that Excel shows the characters. Lists are parted by ；.
A cell that a spreadsheet would run as a formula (= + - @ ＝ ＋ － ＠ first) starts with an apostrophe, and so does such
a line inside a cell.
`confidence` is the probability (0 to 1) that a careful reader would agree; empty for what no page says.
`status` tells what the sentence says: asserted (is so), planned (is to be so), negated (is not so).
"""


def write_csv(source: Path, target: Path) -> tuple[str, ...]:
    """Write the folder `target`: a CSV file a table and a README.txt."""
    count = sum(_each(source, target, "csv", _write_csv))
    (target / "README.txt").write_text(CSV_README, encoding="utf-8")
    return (f"{count} cells that a spreadsheet would run as formulas start with an apostrophe",) if count else ()


def write_jsonl(source: Path, target: Path) -> tuple[str, ...]:
    """Write the folder `target`: a file a table with an object a line, null for what is unknown, and a README.txt."""
    _each(source, target, "jsonl", _write_jsonl)
    (target / "README.txt").write_text(FILES.replace(".csv  ", ".jsonl"), encoding="utf-8")
    return ()


def write_parquet(source: Path, target: Path) -> tuple[str, ...]:
    """Write the folder `target`: a Parquet file a table. Raises MissingExtraError without pyarrow."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("Parquet needs one more package: pip install 'fangzhi[export]'") from error
    _each(source, target, "parquet", _write_parquet)
    (target / "README.txt").write_text(FILES.replace(".csv", ".parquet"), encoding="utf-8")
    return ()


def _each(source: Path, target: Path, ending: str, write: Callable[[Table, Path], T]) -> list[T]:
    """Make the folder `target` and write each table into it as NAME.ENDING."""
    target.mkdir()
    with opened(source) as contents:
        return [write(table, target / f"{table.name}.{ending}") for table in tables(contents)]


def text(cell: Cell) -> str:
    """A cell as a spreadsheet shows it."""
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return "；".join(cell)
    if isinstance(cell, float):
        return written(cell)
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _write_csv(table: Table, path: Path) -> int:
    """Write one table; the number of cells that were guarded against being run."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(name for name, _ in table.columns)
        for row in table.rows:
            plain = [*map(text, row)]
            safe = [*map(guarded, plain)]
            writer.writerow(safe)
            count += sum(map(str.__ne__, plain, safe))
    return count


def _write_jsonl(table: Table, path: Path) -> None:
    names = [name for name, _ in table.columns]
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in table.rows:
            out.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")


def _write_parquet(table: Table, path: Path) -> None:
    from pyarrow import parquet

    schema = _schema(table)
    with parquet.ParquetWriter(path, schema) as writer:
        for rows in _groups(table.rows):
            writer.write_table(_arrow(rows, schema))


def _groups(rows: Iterable[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    """The rows by GROUP; of no rows, one empty group."""
    rest = iter(rows)
    yield list(islice(rest, GROUP))
    while group := list(islice(rest, GROUP)):
        yield group


def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    types = {
        Type.TEXT: pa.string(), Type.LIST: pa.list_(pa.string()), Type.NUMBER: pa.int64(), Type.FLAG: pa.bool_(),
        Type.SHARE: pa.float64(),
    }  # fmt: skip
    return pa.schema([(name, types[kind]) for name, kind in table.columns])


def _arrow(rows: list[tuple[Cell, ...]], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
