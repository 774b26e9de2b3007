"""`kg export`: a built graph in the forms that other tools read. One writer a format, listed in `FORMATS`.

A writer is a function `write(source, target)`: `source` is a build's folder or a graph file, `target` a path that
does not exist yet (a file, or a folder where `folder` is set); it returns notes for the user about what the format
cannot say. `export` puts the result in place whole or not at all.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from sqlite3 import OperationalError
from typing import cast

from kg.errors import OutputError

Writer = Callable[[Path, Path], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: where its writer is (module:function), the name of what it writes, and what it is for."""

    name: str
    writer: str
    output: str
    says: str
    folder: bool = False

    def load(self) -> Writer:
        """The writer; its module is imported only now."""
        module, _, function = self.writer.partition(":")
        return cast(Writer, getattr(import_module(module), function))


FORMATS: tuple[Format, ...] = (
    Format("jsonld", "kg.export.jsonld:write", "graph.jsonld", "JSON-LD 1.1, one thing a line"),
    Format("nt", "kg.export.triples:write_nt", "graph.nt", "N-Triples, sorted"),
    Format("nq", "kg.export.triples:write_nq", "graph.nq", "N-Quads, sorted, a graph a page"),
    Format("trig", "kg.export.triples:write_trig", "graph.trig", "TriG, a graph a page"),
    Format("rdfxml", "kg.export.triples:write_rdfxml", "graph.rdf", "RDF/XML"),
    Format("rdf12", "kg.export.rdf12:write", "graph-rdf12.ttl", "RDF 1.2 Turtle, claims annotate their triples"),
    Format("graphml", "kg.export.network:write_graphml", "graph.graphml", "GraphML: yEd, Cytoscape, igraph, networkx"),
    Format("gexf", "kg.export.network:write_gexf", "graph.gexf", "GEXF: Gephi"),
    Format("cypher", "kg.export.cypher:write", "graph.cypher", "Cypher MERGE statements: Neo4j, Memgraph"),
    Format("neo4j-csv", "kg.export.neo4j:write", "neo4j", "neo4j-admin import files", folder=True),
    Format("ftm", "kg.export.ftm:write", "entities.ftm.json", "FollowTheMoney entities: Aleph, OpenSanctions tools"),
    Format("yente", "kg.export.yente:write", "yente", "FollowTheMoney with a manifest: yente", folder=True),
    Format("csv", "kg.export.sheet_files:write_csv", "csv", "spreadsheets: Excel, LibreOffice, pandas", folder=True),
    Format("xlsx", "kg.export.workbook:write", "graph.xlsx", "one workbook, a sheet a class: Excel, WPS, LibreOffice"),
    Format("jsonl", "kg.export.sheet_files:write_jsonl", "jsonl", "JSON Lines: jq, DuckDB, pandas", folder=True),
    Format("sqlite", "kg.export.sqlite:write", "graph.sqlite", "one SQLite file with search: Datasette, DB Browser"),
    Format("parquet", "kg.export.sheet_files:write_parquet", "parquet", "Parquet: DuckDB, pandas, Spark", folder=True),
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and what the format could not say."""

    path: Path
    notes: tuple[str, ...] = ()


def format_named(name: str) -> Format:
    """The format of that name; raises OutputError that lists the known ones."""
    for known in FORMATS:
        if known.name == name:
            return known
    raise OutputError(f"--to {name}: no such format; known are {', '.join(known.name for known in FORMATS)}")


def export(source: Path, name: str, target: Path | None = None) -> Exported:
    """Write the graph of `source` in format `name` to `target` (by default into the folder export/ beside the graph).

    Raises OutputError where there is no graph, or `target` is something that this export did not write.
    """
    chosen = format_named(name)
    folder = source if source.is_dir() else source.parent
    place = target or folder / "export" / chosen.output
    _check_place(place, source, chosen)
    temporary = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _remove(temporary)
        notes = chosen.load()(source, temporary)
        _put(temporary, place)
    except OSError as error:
        raise OutputError(f"{place}: cannot be written: {error.strerror or error}") from error
    except OperationalError as error:  # SQLite's word for a full disk
        raise OutputError(f"{place}: cannot be written: {error}; is there room there, and in TMPDIR?") from error
    finally:
        _remove(temporary)
    return Exported(place, notes)


def _check_place(place: Path, source: Path, chosen: Format) -> None:
    """Refuse to overwrite the graph that is read, and folders or files that are not ours to replace."""
    graphs = (source,) if source.is_file() else (source / "graph.ttl", source / "graph.nq")
    if any(place.exists() and graph.exists() and place.samefile(graph) for graph in graphs):
        raise OutputError(f"{place}: is the graph itself; give another place with -o")
    if place.is_dir() and not chosen.folder:
        raise OutputError(f"{place}: is a folder; give the name of a file with -o")
    if place.is_file() and chosen.folder:
        raise OutputError(f"{place}: is a file, but {chosen.name} writes a folder; give another name with -o")
    if place.is_dir() and any(place.iterdir()) and not (place / MARK).is_file():
        raise OutputError(f"{place}: is a folder that holds other things; give a new or empty one with -o")


MARK = "README.txt"  # every exported folder holds one, and is replaced as a whole on the next export


def _put(temporary: Path, place: Path) -> None:
    """Rename into place; a folder that stands there is moved aside first and dropped only after."""
    if not place.is_dir():
        temporary.replace(place)
        return
    aside = place.with_name(f".{place.name}.old")
    _remove(aside)
    place.rename(aside)
    try:
        temporary.rename(place)
    except OSError:
        aside.rename(place)
        raise
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
