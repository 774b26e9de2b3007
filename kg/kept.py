"""The store that `kg query` keeps beside a large build, so that it is loaded once and not for every question.

It stands in the output folder as `graph.store`, is marked with the digest of the graph files, made anew when they
have changed, and appears whole or not at all. Whoever deletes it loses nothing but time.
"""

from __future__ import annotations

import os
from pathlib import Path

from pyoxigraph import Store

from kg.errors import OutputError
from kg.serve.loading import digest, graph_files
from kg.serve.ondisk import OnDisk, open_store

NAME = "graph.store"
_LARGE = 32 * 1024 * 1024  # bytes of graph files; a smaller build is in memory in a second

_open: dict[Path, tuple[OnDisk, Store]] = {}  # by output folder; a lock is held as long as the store is open


def kept(output: Path) -> Store | None:
    """The kept store of a build, read-only; None where the build is small, or nothing can be kept beside it.

    The default graph holds everything, and the named graphs are there too. Raises OutputError for unreadable RDF.
    """
    if not is_large(output):
        return None
    source, folder = digest(graph_files(output)), output.resolve()
    if folder in _open and _open[folder][0].mark.source != source:
        _open.pop(folder)[0].close()
    if folder not in _open:
        disk = _disk(folder, source)
        if disk is None:
            return None
        _open[folder] = disk, Store.read_only(str(disk.data))
    return _open[folder][1]


def is_large(output: Path) -> bool:
    """Whether a store is kept for this build (only for a folder, never for a graph file)."""
    return output.is_dir() and sum(file.stat().st_size for file in graph_files(output, missing_ok=True)) >= _LARGE


def is_there(output: Path) -> bool:
    """Whether one is kept already."""
    return (output / NAME).is_dir()


def _disk(folder: Path, source: str) -> OnDisk | None:
    """The folder of the store, loaded where it must be; None where that is not to be had, or is of another build."""
    if not os.access(folder, os.W_OK):
        return None
    try:
        disk, _ = open_store(folder, folder / NAME, writable=False)
    except OutputError as error:
        if isinstance(error.__cause__, SyntaxError):
            raise
        return None
    if disk.mark.source != source:
        disk.close()
        return None
    return disk
