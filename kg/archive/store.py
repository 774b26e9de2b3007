"""The SQLite file in which a build keeps what it knows of its pages, beside the output.

It is no part of the output: whoever deletes it loses nothing but time. Where it cannot be had (another build has it
open, nothing can be written there, sentences may not be kept) a file without a name takes its place, which is gone
with the process. A file of another version of the program, or one that is damaged, is made anew.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from kg.export.folder import STATE
from kg.network.read import weights

CACHE = 64_000  # KiB that SQLite may hold in memory
_CODE = {".py", ".sql", ".tsv", ".txt", ".toml", ".ttl"}  # what decides the output, beside the weights
_ARITHMETIC = ("numpy", "onnxruntime")  # packages whose versions may round otherwise
_SUFFIXES = ("", "-wal", "-shm")
_LINKED = ("linked", "shares", "things", "said", "statements", "inferred", "above", "officials", "blocks")


@contextmanager
def opened(folder: Path | None) -> Iterator[sqlite3.Connection]:
    """The database of an output folder, its tables made; of its own where `folder` is None or has it not to give."""
    kept = _kept(folder) if folder is not None else None
    database = kept or _made(sqlite3.connect("", isolation_level=None), "OFF")
    try:
        yield database
    finally:
        empty = _is_empty(database)
        database.close()
        if empty and kept is not None and folder is not None:
            discard(folder)


def _is_empty(database: sqlite3.Connection) -> bool:
    with suppress(sqlite3.Error):
        return database.execute("SELECT 1 FROM pages LIMIT 1").fetchone() is None
    return False


def discard(folder: Path) -> None:
    """Delete the database of an output folder."""
    for suffix in _SUFFIXES:
        with suppress(OSError):
            (folder / (STATE + suffix)).unlink()
    with suppress(OSError):
        folder.rmdir()  # only where nothing else stands in it


def forget_links(database: sqlite3.Connection) -> None:
    """Keep what was read, and nothing that was made of it."""
    for table in _LINKED:
        database.execute(f"DELETE FROM {table}")


def noted(database: sqlite3.Connection, name: str) -> str:
    """What was noted under a name, "" if nothing was."""
    row = database.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row is not None else ""


def note(database: sqlite3.Connection, name: str, value: str) -> None:
    """Note a value under a name."""
    database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))


def _kept(folder: Path) -> sqlite3.Connection | None:
    """None where another build has it, or nothing can be written there."""
    with suppress(sqlite3.OperationalError, OSError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return _ours(folder / STATE)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            discard(folder)
            return _ours(folder / STATE)
    return None


def _ours(path: Path) -> sqlite3.Connection:
    """The database at `path`, empty where another version of the program made it."""
    database = sqlite3.connect(path, timeout=0.1, isolation_level=None)
    try:
        if noted(_made(database, "WAL"), "program") != program():
            _emptied(database)
            note(_made(database, "WAL"), "program", program())
        return database
    except BaseException:
        database.close()
        raise


def _made(database: sqlite3.Connection, journal: str) -> sqlite3.Connection:
    safe = f"journal_mode = {journal}", f"synchronous = {'NORMAL' if journal == 'WAL' else 'OFF'}"
    for setting in ("locking_mode = EXCLUSIVE", *safe, f"cache_size = -{CACHE}"):
        database.execute(f"PRAGMA {setting}")
    database.executescript(resources.files("kg.archive").joinpath("schema.sql").read_text("utf-8"))
    return database


def _emptied(database: sqlite3.Connection) -> None:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in tables:
        database.execute(f'DROP TABLE "{name}"')


def program() -> str:
    """The digest of everything that decides the output but the pages and the options."""
    return _program(weights("encoder.onnx").parent)


@cache
def _program(folder: Path) -> str:
    ours = Path(str(resources.files("kg")))
    files = {file for file in ours.rglob("*") if file.suffix in _CODE}
    files |= {file for place in (folder, ours / "weights") for file in place.iterdir() if file.is_file()}
    found = hashlib.sha256(" ".join(version(name) for name in _ARITHMETIC).encode())
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()
