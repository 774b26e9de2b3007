"""The blocks of text that a build has made anew, until its files are written.

Their text stands in a file without a name, in the order in which it was made; the database knows what stands where.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile, gettempdir
from typing import IO, NamedTuple

from kg.errors import OutputError

_MOST = 1 << 20  # bytes that are read at once
_SORT = "CREATE INDEX temp.changed_by_key ON changed (file, key, start, length)"
_NOTHING = """
    INSERT INTO changed SELECT ?1, ?2, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM changed WHERE file = ?1 AND key = ?2)
"""


class Text(NamedTuple):
    """Blocks in the order in which they were made: (file, key, bytes) of each, and the text of them all.

    A block without bytes says nothing any more.
    """

    blocks: list[tuple[str, str, int]]
    text: bytes


class Changed:
    """The blocks of one build. They are `put` first, then `sorted`, then taken out file by file."""

    def __init__(self, database: sqlite3.Connection, scratch: IO[bytes]) -> None:
        self._database, self._scratch = database, scratch
        self._end = 0

    def put(self, made: Text) -> None:
        """Keep blocks; none of them was put before."""
        with _asking_for_room():
            self._scratch.write(made.text)
        self._database.executemany("INSERT INTO changed VALUES (?, ?, ?, ?)", self._placed(made.blocks))

    def _placed(self, blocks: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, str, int, int]]:
        for file, key, length in blocks:
            yield file, key, self._end, length
            self._end += length

    def sort(self) -> None:
        """All is put; to keep it in order while it is put would take twice as long."""
        with _asking_for_room():
            self._scratch.flush()
        self._database.execute(_SORT)

    def take_back(self, keys: Iterable[tuple[str, str]]) -> None:
        """Nothing stands any more under these keys (file, key), where nothing was put there."""
        self._database.executemany(_NOTHING, keys)

    def size(self, file: str) -> int:
        """The bytes of what was put for a file."""
        found = self._database.execute("SELECT COALESCE(SUM(length), 0) FROM changed WHERE file = ?", (file,))
        return int(found.fetchone()[0])

    def of(self, file: str) -> Iterator[tuple[str, bytes]]:
        """The blocks of a file in the order of their keys, each with its text."""
        places = self._database.execute("SELECT key, start, length FROM changed WHERE file = ? ORDER BY key", (file,))
        for key, start, length in places:
            yield key, self._read(start, start + length)

    def text(self, file: str) -> Iterator[bytes]:
        """The text of a file, its blocks in the order of their keys; what stands side by side comes in one piece."""
        places = self._database.execute("SELECT start, length FROM changed WHERE file = ? ORDER BY key", (file,))
        begin = end = 0
        for start, length in places:
            if start != end or end - begin > _MOST:
                yield self._read(begin, end)
                begin = start
            end = start + length
        yield self._read(begin, end)

    def _read(self, start: int, end: int) -> bytes:
        """Not by mmap: what was read of it would count as memory of this process."""
        return os.pread(self._scratch.fileno(), end - start, start)


@contextmanager
def changed(database: sqlite3.Connection) -> Iterator[Changed]:
    """Room for the blocks of a build, which is gone with the block or the process."""
    with _asking_for_room():
        scratch = TemporaryFile()  # noqa: SIM115 - closed below
    with scratch:
        yield Changed(database, scratch)


@contextmanager
def _asking_for_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = f"cannot be written: {error.strerror}; TMPDIR can name another folder 可用 TMPDIR 另行指定"
        raise OutputError(f"{gettempdir()}: {why}") from error
