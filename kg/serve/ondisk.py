"""The store on disk: loaded once from a build's output, opened again without loading, guarded by a lock of ours.

Queries run in processes of their own (`worker`), which open the folder read-only; a write opens it alone. Oxigraph
itself does not notice readers, so a lock file says who is there: many readers, or one writer.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from kg.errors import OutputError

_MARK = "fangzhi.json"
_LOCK = "fangzhi.lock"
_SLICE = 32 * 1024 * 1024  # bytes of N-Quads that one thread loads at a time
_WRITERS = 2  # threads; Oxigraph sorts and writes each slice on its own


@dataclass(slots=True)
class OnDisk:
    """An open folder. `version` changes with every write, and is the same again after a restart."""

    path: Path
    source: str  # SHA-256 of the graph files that were loaded
    writes: int
    temporary: bool
    lock: IO[str]

    @property
    def version(self) -> str:
        """A short stable name of what the store holds now."""
        return f"{self.source[:16]}-{self.writes}"

    def wrote(self) -> None:
        """Note that the content changed."""
        self.writes += 1
        _write_mark(self.path, self.source, self.writes)

    def close(self) -> None:
        """Give the lock back; delete the folder if it was only for this run."""
        self.lock.close()
        if self.temporary:
            shutil.rmtree(self.path.parent, ignore_errors=True)


def open_store(output: Path, folder: Path | None, writable: bool) -> tuple[OnDisk, list[str]]:
    """The store for the build in `output`, and notes for the user. `folder` None: a temporary one.

    Raises OutputError where there is no build, where another process holds the store, or where it cannot be opened.
    """
    if folder is None:
        home = Path(tempfile.mkdtemp(prefix="fangzhi-"))
        try:
            return _opened(_load(output, home / "store"), writable, temporary=True), []
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
    notes = []
    if not (folder / _MARK).exists():
        _refuse_foreign(folder)
        _load(output, folder)
    elif graph_files(output, missing_ok=True) and _read_mark(folder)[0] != digest(graph_files(output)):
        notes.append(f"{folder} was loaded from another build than {output}; it is served as it is. Delete it to load.")
    return _opened(folder, writable, temporary=False), notes


def graph_files(output: Path, missing_ok: bool = False) -> list[Path]:
    """graph.nq and graph.ttl of a build, those that exist; a graph file itself stands for a build too."""
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


def _load(output: Path, folder: Path) -> Path:
    """Load into a folder beside `folder`, then rename: a load that was stopped leaves nothing that looks whole."""
    files = graph_files(output)
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        store = Store(half)
        load_files(store, files)
        store.flush()
        del store
        _write_mark(half, digest(files), 0)
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    except (OSError, SyntaxError, ValueError) as error:
        raise OutputError(f"{output}: cannot be loaded into {folder}: {error}") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return folder


def load_files(store: Store, files: list[Path]) -> None:
    """Load a build's graph files: graph.nq into its named graphs, everything into the default graph as well."""
    jobs = [(file, part) for file in files for part in _slices(file)]
    merged = any(file.suffix == ".ttl" for file in files)
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(lambda job: _load_part(store, *job), jobs))
    if not merged and next(store.named_graphs(), None) is not None:
        for file in files:
            store.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in parse(path=file))


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


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder}: is not empty and was not made by `kg serve`; name an empty or new folder")


def _opened(folder: Path, writable: bool, temporary: bool) -> OnDisk:
    try:
        lock = (folder / _LOCK).open("a+", encoding="utf-8")
        alone = _take(lock, exclusive=True)
        if alone:
            Store(folder).flush()  # mends what a killed writer left; fails where a foreign program has it open
        if not (alone if writable else _take(lock, exclusive=False)):
            raise OSError("lock")
    except OSError as error:
        if "lock" in str(error).lower():
            raise OutputError(f"{folder}: another process has it open; stop that, or name another folder") from error
        raise OutputError(f"{folder}: cannot be opened: {error}") from error
    source, writes = _read_mark(folder)
    return OnDisk(folder, source, writes, temporary, lock)


def _take(lock: IO[str], exclusive: bool) -> bool:
    """Lock without waiting, until the file is closed; False where another process stands in the way."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _write_mark(folder: Path, source: str, writes: int) -> None:
    half = folder / f"{_MARK}.half"
    half.write_text(json.dumps({"source": source, "writes": writes}) + "\n", encoding="utf-8")
    os.replace(half, folder / _MARK)


def _read_mark(folder: Path) -> tuple[str, int]:
    try:
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        return str(mark["source"]), int(mark["writes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{folder / _MARK}: cannot be read ({error}); delete {folder} to load again") from error
