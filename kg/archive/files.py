"""Output files that are blocks of text in the order of their keys: the earlier file and what has changed → the new one.

The database holds the length of every block, not its text: what has not changed is copied from the earlier file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kg.archive.changed import Changed
from kg.archive.store import note, noted

_NOTE = "files"
_CHUNK = 1 << 20
_AT_ONCE = 2  # files that are copied at a time
_HELD = 1 << 24  # bytes of changes of a file that may wait in memory for it to be copied


class Change(NamedTuple):
    """What stands instead of the bytes from `start` to `end` of the earlier file."""

    start: int
    end: int
    text: bytes


def is_intact(database: sqlite3.Connection, out: Path) -> bool:
    """Whether the files in `out` are still those of which the database has the blocks."""
    before: Mapping[str, list[int]] = json.loads(noted(database, _NOTE) or "{}")
    return all(_stamp(out / name) == stamp for name, stamp in before.items())


def stamp(database: sqlite3.Connection, folder: Path, names: list[str]) -> None:
    """Note what files these are: they keep their marks when they are published."""
    note(database, _NOTE, json.dumps({name: _stamp(folder / name) for name in names if (folder / name).exists()}))


def _stamp(file: Path) -> list[int] | None:
    try:
        told = file.stat()
    except OSError:
        return None
    return [told.st_size, told.st_mtime_ns, told.st_ino]


def rewrite(database: sqlite3.Connection, changed: Changed, old: Path, new: Path, heads: Mapping[str, str]) -> None:
    """Write the files that `heads` names (name → how it begins) into the folder `new`, from the earlier ones in `old`
    (none where the database has no blocks of it) and what has changed."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:  # copying is the system's work, and two cores do it in half the time
        copying: list[Future[None]] = []
        for name, head in heads.items():
            begin = head.encode("utf-8")
            if database.execute("SELECT 1 FROM blocks WHERE file = ? LIMIT 1", (name,)).fetchone() is None:
                _write(new / name, begin, changed.text(name))
            elif changed.size(name) > _HELD:
                _merge(old / name, new / name, begin, _places(database, changed, name, len(begin)))
            else:
                places = list(_places(database, changed, name, len(begin)))
                copying.append(threads.submit(_merge, old / name, new / name, begin, places))
            _note_lengths(database, name)
        for job in copying:
            job.result()


def _places(database: sqlite3.Connection, changed: Changed, file: str, at: int) -> Iterator[Change]:
    """Where in the earlier file, whose blocks begin at `at`, the changes belong."""
    after = ""  # no key is empty
    for key, text in changed.of(file):
        at += _sum(database, "key > ? AND key < ?", file, after, key)
        end = at + _sum(database, "key = ?", file, key)
        yield Change(at, end, text)
        after, at = key, end


def _sum(database: sqlite3.Connection, which: str, *given: str) -> int:
    """The bytes of some blocks of a file."""
    found = database.execute(f"SELECT COALESCE(SUM(length), 0) FROM blocks WHERE file = ? AND {which}", given)
    return int(found.fetchone()[0])


def _write(new: Path, head: bytes, texts: Iterable[bytes]) -> None:
    with new.open("wb") as out:
        out.write(head)
        out.writelines(texts)


def _merge(old: Path, new: Path, head: bytes, changes: Iterable[Change]) -> None:
    """Write the head, and after it the earlier file but for what has changed."""
    with old.open("rb") as earlier, new.open("wb") as out:
        out.write(head)
        start = len(head)
        for change in changes:
            _copy(earlier, out, start, change.start)
            out.write(change.text)
            start = change.end
        _copy(earlier, out, start, None)


def _copy(earlier: BinaryIO, out: BinaryIO, start: int, end: int | None) -> None:
    """The bytes from `start` to `end`, to the end of the file where that is None."""
    earlier.seek(start)
    left = end - start if end is not None else None
    while left is None or left > 0:
        data = earlier.read(_CHUNK if left is None else min(_CHUNK, left))
        if not data:
            return
        out.write(data)
        left = left - len(data) if left is not None else None


def _note_lengths(database: sqlite3.Connection, file: str) -> None:
    gone = "SELECT key FROM changed WHERE file = ?1 AND length = 0"
    database.execute(f"DELETE FROM blocks WHERE file = ?1 AND key IN ({gone})", (file,))
    there = "SELECT file, key, length FROM changed WHERE file = ? AND length > 0 ORDER BY key"
    database.execute(f"INSERT OR REPLACE INTO blocks {there}", (file,))
