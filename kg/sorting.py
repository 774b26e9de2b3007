"""More rows than memory holds: put in order, or kept to be looked up, by SQLite.

They lie in a file without a name in the temporary folder (TMPDIR, else /var/tmp), which is gone with the process,
however that ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby

CACHE = 8_000  # KiB that SQLite may hold in memory, and the size of one of its sorted runs

Row = tuple[str, ...]


@contextmanager
def scratch() -> Iterator[sqlite3.Connection]:
    """An empty database of one's own, in one transaction without a journal."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", f"cache_size = -{CACHE}"):
            database.execute(f"PRAGMA {setting}")
        database.execute("BEGIN")
        yield database


def ordered(rows: Iterable[Row], width: int) -> Iterator[Row]:
    """The rows, of `width` texts each, sorted by code points, each once."""
    columns = ", ".join(f"c{number}" for number in range(width))
    with scratch() as database:
        database.execute(f"CREATE TABLE rows ({columns})")
        database.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * width)})", rows)
        yield from (row for row, _ in groupby(database.execute(f"SELECT * FROM rows ORDER BY {columns}")))
