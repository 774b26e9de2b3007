"""Files for `neo4j-admin database import`: nodes.csv, relationships.csv, and the command line in README.txt."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.confidence import written
from kg.contents import Told, opened
from kg.export.cypher import Value, labels, node_properties, relationship_properties, relationship_type
from kg.export.provenance import origin
from kg.export.tables import RETURN

BETWEEN = "\x1f"  # the unit separator stands in no readable name, unlike ; and |

README = """\
Import into an empty Neo4j 5 database (stop the server first):
导入一个空的 Neo4j 5 数据库（先停止服务）：

neo4j-admin database import full neo4j --nodes=nodes.csv --relationships=relationships.csv \\
  --array-delimiter=U+001F --multiline-fields=true --legacy-style-quoting=false

Relations that a page only plans or denies have types of their own: PLANNED_RUNS, NEGATED_RUNS.
报纸说“拟”“将”或否定的关系另有类型：PLANNED_RUNS、NEGATED_RUNS。
"""

NODE_COLUMNS = ("id:ID", "name", "aliases:string[]", "printed_as:string[]", "pages:int", "name_inferred:boolean",
                "confidence:double", ":LABEL")  # fmt: skip
RELATIONSHIP_COLUMNS = (
    ":START_ID", ":END_ID", "claim", "title", "status", "rules:string[]", "observed:string[]", "sentences:string[]",
    "newspapers:string[]", "issued:string[]", "uncertain_dates:string[]", "places:string[]", "inferred_from:string[]",
    "confidence:double", ":TYPE",
)  # fmt: skip


def write(source: Path, target: Path) -> tuple[str, ...]:
    """Write the folder `target`."""
    target.mkdir()
    with opened(source) as contents:
        nodes = ((t.iri, *node_properties(t).values(), labels(t)) for t in contents.things())
        _write(target / "nodes.csv", NODE_COLUMNS, nodes)
        _write(target / "relationships.csv", RELATIONSHIP_COLUMNS, map(_relationship, contents.told()))
    (target / "README.txt").write_text(README, encoding="utf-8")
    return ()


def _relationship(told: Told) -> tuple[Value, ...]:
    fact, properties = told.fact, relationship_properties(told.fact, origin(told.cited))
    return fact.subject, fact.object, fact.iri, *properties.values(), relationship_type(fact)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(tuple(map(_cell, row)) for row in rows)


def _cell(value: Value) -> str:
    if value is None or isinstance(value, float):
        return written(value)
    if isinstance(value, bool | int):
        return str(value).lower()
    items = (value,) if isinstance(value, str) else value
    return RETURN.sub("\n", BETWEEN.join(item.replace(BETWEEN, " ").replace("\x00", " ") for item in items))
