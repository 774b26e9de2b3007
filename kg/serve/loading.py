"""A build's graph files into an Oxigraph store: in slices, and all of it in the default graph."""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from kg.errors import OutputError
from kg.publish import settle

_SLICE = 32 * 1024 * 1024  # bytes of N-Quads that one thread loads at a time
_WRITERS = 2  # threads; Oxigraph sorts and writes each slice on its own


def graph_files(output: Path, missing_ok: bool = False) -> list[Path]:
    """graph.nq and graph.ttl of a build, those that exist; a graph file itself stands for a build too."""
    settle(output)
    files = [output] if output.is_file() else [output / name for name in ("graph.nq", "graph.ttl")]
    files = [file for file in files if file.is_file()]
    if not files and not missing_ok:
        raise OutputError(f"{output}: holds no graph.nq or graph.ttl; run `kg build` first")
    return files


def digest(files: list[Path]) -> str:
    """SHA-256 over the content of `files`."""
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()


def load_files(store: Store, files: list[Path]) -> bool:
    """Load a build's graph files: graph.nq into its named graphs, everything into the default graph as well.

    True where every triple stands in a named graph: then the default graph says nothing of its own.
    """
    jobs = [(file, part) for file in files for part in _slices(file)]
    merged = any(file.suffix == ".ttl" for file in files)
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(lambda job: _load_part(store, *job), jobs))
    named = next(store.named_graphs(), None) is not None
    own = not named or (not merged and _first_of_default(store))
    if named and not merged:
        for file in files:
            store.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in parse(path=file))
    return not own


def _first_of_default(store: Store) -> bool:
    return next(iter(store.quads_for_pattern(None, None, None, DefaultGraph())), None) is not None


def _load_part(store: Store, file: Path, part: tuple[int, int]) -> None:
    if file.suffix != ".nq":
        store.bulk_load(path=file)
        return
    with file.open("rb") as stream:
        stream.seek(part[0])
        store.bulk_load(stream.read(part[1] - part[0]), RdfFormat.N_QUADS)


def _slices(file: Path) -> Iterator[tuple[int, int]]:
    """Stretches of whole lines; a file of another format is one stretch."""
    size = file.stat().st_size
    if file.suffix != ".nq" or size <= _SLICE:
        yield 0, size
        return
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        start = 0
        while start < size:
            end = text.find(b"\n", min(start + _SLICE, size) - 1) + 1 or size
            yield start, end
            start = end
