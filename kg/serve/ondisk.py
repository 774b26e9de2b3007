"""The store on disk: loaded once from a build's output, opened again without loading, guarded by a lock of ours.

A folder holds editions of the store (`edition`), a mark that says which one is current, and a lock file that says who
is there: many servers that read, or one that writes.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from pyoxigraph import Store

from kg.errors import OutputError
from kg.serve import scratch
from kg.serve.edition import DATA, Edition
from kg.serve.loading import digest, graph_files, load_files
from kg.serve.locks import take

_MARK = "fangzhi.json"
_LOCK = "fangzhi.lock"
_LAYOUT = 2  # of the folder; another number is another program's, or an older one's


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a folder holds: the SHA-256 of the graph files that were loaded, and what was done since."""

    source: str
    writes: int = 0
    edition: int = 0
    layout: int = _LAYOUT


@dataclass(slots=True)
class OnDisk:
    """An open folder. `version` changes with every write, and is the same again after a restart."""

    folder: Path
    mark: _Mark
    temporary: bool
    lock: IO[str]

    @property
    def edition(self) -> Path:
        """The folder of the current edition."""
        return _edition(self.folder, self.mark.edition)

    @property
    def data(self) -> Path:
        """What Oxigraph opens, read-only."""
        return self.edition / DATA

    @property
    def version(self) -> str:
        """A short stable name of what the store holds now."""
        return f"{self.mark.source[:16]}-{self.mark.writes}"

    def next(self) -> Path:
        """The folder for the next edition; whatever an ended write left there is deleted."""
        folder = _edition(self.folder, self.mark.edition + 1)
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def commit(self, edition: Path) -> None:
        """Make the edition that was written at `next()` the current one, for ever."""
        mark = replace(self.mark, writes=self.mark.writes + 1, edition=int(edition.name))
        _write_mark(self.folder, mark)
        self.mark = mark

    def close(self) -> None:
        """Give the lock back; delete what is no longer current, or the folder if it was only for this run."""
        if take(self.lock, exclusive=True):
            _sweep(self.folder, self.edition)
        self.lock.close()
        if self.temporary:
            scratch.drop(self.folder.parent)


def open_store(output: Path, folder: Path | None, writable: bool) -> tuple[OnDisk, list[str]]:
    """The store for the build in `output`, and notes for the user. `folder` None: a temporary one.

    A build that was made anew since is loaded anew, unless something was written to the store. Raises OutputError
    where there is no build, where another process holds the store, or where it cannot be opened.
    """
    if folder is None:
        home = scratch.make()
        try:
            return _opened(_first(output, home / "store"), writable, temporary=True), []
        except BaseException:
            scratch.drop(home)
            raise
    if not (folder / _MARK).exists():
        _refuse_foreign(folder)
        _first(output, folder)
    store = _opened(folder, writable, temporary=False)
    try:
        return store, _refreshed(store, output, writable)
    except BaseException:
        store.close()
        raise


def _refreshed(store: OnDisk, output: Path, writable: bool) -> list[str]:
    """Load the build where it is another one than the store was loaded from; what to tell the user."""
    files = graph_files(output, missing_ok=True)
    if not files or (source := digest(files)) == store.mark.source:
        return []
    other = f"{store.folder} was loaded from another build than {output}"
    if store.mark.writes:
        kept = f"and {store.mark.writes} writes were made to it since; it is served as it is"
        return [f"{other}, {kept}. Name another --store to load the build · 库中有后来写入的内容，未重新载入"]
    if not take(store.lock, exclusive=True):
        return [f"{other}, and another process has it open; it is served as it is · 另有程序正在使用，未重新载入"]
    _replace(store, output, source)
    _sweep(store.folder, store.edition)
    take(store.lock, exclusive=writable)
    return [f"{other}; it was loaded anew · 构建已更新，已重新载入"]


def renewed(store: OnDisk, output: Path, writable: bool) -> tuple[Path | None, str]:
    """Load the build into the running store where it is another one: the edition that was current until then, and
    what to tell the operator. Raises OutputError where it cannot be loaded; the old edition stays then."""
    if (source := digest(graph_files(output))) == store.mark.source:
        return None, ""
    if store.mark.writes:
        return None, f"{output} was made anew, but the store has writes of its own; it is served as it is"
    if not take(store.lock, exclusive=True):
        return None, f"{output} was made anew, but another process has the store open; it is served as it is"
    try:
        old = store.edition
        _replace(store, output, source)
        return old, f"{output} was made anew and is served now · 构建已更新，已重新载入"
    finally:
        take(store.lock, exclusive=writable)


def _replace(store: OnDisk, output: Path, source: str) -> None:
    edition = store.next()
    _load(output, graph_files(output), edition)
    mark = replace(store.mark, source=source, edition=int(edition.name))
    _write_mark(store.folder, mark)
    store.mark = mark


def _first(output: Path, folder: Path) -> Path:
    """Load into a folder beside `folder`, then rename: a load that was stopped leaves nothing that looks whole."""
    files = graph_files(output)
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _load(output, files, _edition(half, 0))
        _write_mark(half, _Mark(digest(files)))
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    except OSError as error:
        raise OutputError(f"{output}: cannot be loaded into {folder}: {error}") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return folder


def _load(output: Path, files: list[Path], folder: Path) -> None:
    try:
        edition = Edition(folder)
        edition.loaded(load_files(edition.data, files))
        edition.close()
    except (OSError, SyntaxError, ValueError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise OutputError(f"{output}: cannot be loaded into {folder.parent}: {error}") from error


def _edition(folder: Path, number: int) -> Path:
    return folder / f"{number:08d}"


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder}: is not empty and was not made by `kg serve`; name an empty or new folder")


def _opened(folder: Path, writable: bool, temporary: bool) -> OnDisk:
    mark = _read_mark(folder)
    try:
        lock = (folder / _LOCK).open("a+", encoding="utf-8")
        if alone := take(lock, exclusive=True):
            mark = _read_mark(folder)
            _sweep(folder, _edition(folder, mark.edition))
            Store(_edition(folder, mark.edition) / DATA)  # fails where a foreign program has it open
        if not (alone if writable else take(lock, exclusive=False)):
            raise OSError("lock")
    except OSError as error:
        if "lock" in str(error).lower():
            raise OutputError(f"{folder}: another process has it open; stop that, or name another folder") from error
        raise OutputError(f"{folder}: cannot be opened: {error}") from error
    return OnDisk(folder, mark, temporary, lock)


def _sweep(folder: Path, current: Path) -> None:
    """Delete the editions that are no longer current, and those that never were."""
    for edition in folder.glob("[0-9]" * 8):
        if edition != current:
            shutil.rmtree(edition, ignore_errors=True)


def _write_mark(folder: Path, mark: _Mark) -> None:
    """In one stroke, and on the disk before anyone is told."""
    half = folder / f"{_MARK}.half"
    with half.open("w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(mark)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, folder / _MARK)


def _read_mark(folder: Path) -> _Mark:
    try:
        found = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        if found.get("layout") != _LAYOUT:
            raise ValueError("it was made by another version")
        return _Mark(**found)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise OutputError(f"{folder / _MARK}: cannot be read ({error}); delete {folder} to load again") from error
