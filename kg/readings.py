"""Readings kept beside a build, so that the next build into the same folder reads only what is new.

A page is read again where its text, what is known of it (newspaper, date, home), the weights, the lists or the program
have changed: the key says all of these. `readings.sqlite` holds one reading a page. It is no part of the output:
whoever deletes it loses nothing but time, and a build that is stopped leaves what it had read.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

import msgspec

from kg.model import Finding, Page, Reading
from kg.network.read import weights

NAME = "readings.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS readings (key BLOB PRIMARY KEY, reading BLOB NOT NULL) WITHOUT ROWID"
_NO_PAGE = Page("", "", "")
_CODE = {".py", ".tsv", ".txt", ".toml"}  # what decides how a page is read, beside the weights
_ARITHMETIC = ("numpy", "onnxruntime")  # packages whose versions may round otherwise
_EVERY = 50  # readings written at a time


class Kept:
    """The readings of earlier builds into a folder; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder, self._barred = folder, folder is None
        self._file: sqlite3.Connection | None = None
        self._used, self._new = set[bytes](), 0

    def get(self, page: Page, odd: Sequence[Finding]) -> Reading | None:
        """What was read of this page, if it would be read the same again."""
        file = self._opened(make=False)
        if file is None:
            return None
        with suppress(sqlite3.Error, UnicodeError, zlib.error, msgspec.DecodeError):
            row = file.execute("SELECT reading FROM readings WHERE key = ?", (key := _key(page, odd),)).fetchone()
            if row is not None:
                reading = msgspec.msgpack.decode(zlib.decompress(row[0]), type=Reading)
                self._used.add(key)
                return replace(reading, page=page)
        return None

    def put(self, page: Page, odd: Sequence[Finding], reading: Reading) -> None:
        """Keep a reading. A disk that is full, or a name that is no Unicode, costs the next build time and no more."""
        file = self._opened(make=True)
        if file is None:
            return
        with suppress(sqlite3.Error, UnicodeError):
            body = zlib.compress(msgspec.msgpack.encode(replace(reading, page=_NO_PAGE)), 1)
            file.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (key := _key(page, odd), body))
            self._used.add(key)
            self._new += 1
            if self._new % _EVERY == 0:
                file.commit()

    def end(self) -> None:
        """The build is whole: forget the readings of pages that it did not have."""
        if self._file is None or not self._used:
            return
        with suppress(sqlite3.Error):
            old = [row for row in self._file.execute("SELECT key FROM readings") if row[0] not in self._used]
            self._file.executemany("DELETE FROM readings WHERE key = ?", old)
            self._file.commit()

    def close(self) -> None:
        """Keep what was read so far."""
        if self._file is not None:
            with suppress(sqlite3.Error):
                self._file.commit()
            self._file.close()

    def _opened(self, make: bool) -> sqlite3.Connection | None:
        if self._file is None and self._folder is not None and not self._barred:
            if make:
                with suppress(OSError):
                    self._folder.mkdir(parents=True, exist_ok=True)
            if make or (self._folder / NAME).is_file():
                self._file = _open(self._folder / NAME)
                self._barred = self._file is None
        return self._file


@contextmanager
def kept(folder: Path | None) -> Iterator[Kept]:
    """The readings kept in an output folder; None keeps nothing."""
    readings = Kept(folder)
    try:
        yield readings
    finally:
        readings.close()


def _open(path: Path) -> sqlite3.Connection | None:
    """None where another build has it, or nothing can be written there; a file that is damaged is made anew."""
    try:
        return _connected(path)
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError:
        with suppress(OSError, sqlite3.Error):
            path.unlink()
            return _connected(path)
    return None


def _connected(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=0.1)
    try:
        for order in ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", _TABLE):
            file.execute(order)
        file.commit()
    except sqlite3.Error:
        file.close()
        raise
    return file


def _key(page: Page, odd: Sequence[Finding]) -> bytes:
    """Where the page stands does not matter, nor its text beyond what its digest says."""
    known = msgspec.msgpack.encode((replace(page, text="", path=""), odd))
    return hashlib.sha256(_program(weights("encoder.onnx").parent) + known).digest()


@cache
def _program(folder: Path) -> bytes:
    """The digest of everything that decides how a page is read."""
    ours = Path(str(resources.files("kg")))
    files = {file for file in ours.rglob("*") if file.suffix in _CODE}
    files |= {file for place in (folder, ours / "weights") for file in place.iterdir() if file.is_file()}
    found = hashlib.sha256(" ".join(version(name) for name in _ARITHMETIC).encode())
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return found.digest()
