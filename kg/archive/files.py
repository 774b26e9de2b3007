"""Output files that are blocks of text in the order of their keys: the earlier file and what has changed → the new one.

The database holds the length of every block, not its text: what has not changed is copied from the earlier file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kg.archive.store import note, noted

_NOTE = "files"
_CHUNK = 1 << 20


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


def rewrite(database: sqlite3.Connection, old: Path, new: Path, head: str) -> None:
    """Write the file `new` from the earlier `old` (none where the database has no blocks of it) and the changes."""
    changes = database.execute("SELECT key, text FROM changed WHERE file = ? ORDER BY key", (old.name,))
    first = database.execute("SELECT 1 FROM blocks WHERE file = ? LIMIT 1", (old.name,)).fetchone()
    with new.open("wb") as out:
        out.write(head.encode("utf-8"))
        if first is None:
            out.writelines(text for _, text in changes if text is not None)
        else:
            with old.open("rb") as earlier:
                _merge(earlier, out, _places(database, old.name, len(head.encode("utf-8"))))
    _note_lengths(database, old.name)


def _places(database: sqlite3.Connection, file: str, at: int) -> Iterator[Change]:
    """Where in the earlier file, whose blocks begin at `at`, the changes belong."""
    after = ""  # no key is empty
    for key, text in database.execute("SELECT key, text FROM changed WHERE file = ? ORDER BY key", (file,)):
        at += _sum(database, "key > ? AND key < ?", file, after, key)
        end = at + _sum(database, "key = ?", file, key)
        yield Change(at, end, text or b"")
        after, at = key, end


def _sum(database: sqlite3.Connection, which: str, *given: str) -> int:
    """The bytes of some blocks of a file."""
    found = database.execute(f"SELECT COALESCE(SUM(length), 0) FROM blocks WHERE file = ? AND {which}", given)
    return int(found.fetchone()[0])


def _merge(earlier: BinaryIO, out: BinaryIO, changes: Iterable[Change]) -> None:
    """Copy the earlier file but for what has changed; its head is written."""
    start = out.tell()
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
    database.execute(
        "DELETE FROM blocks WHERE file = ? AND key IN (SELECT key FROM changed WHERE file = ? AND text IS NULL)",
        (file, file),
    )
    database.execute(
        "INSERT OR REPLACE INTO blocks SELECT file, key, length(text) FROM changed WHERE file = ? AND text IS NOT NULL",
        (file,),
    )
