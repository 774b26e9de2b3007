"""The full-text index of this server's store: made when somebody first searches, and anew after a write."""

from __future__ import annotations

import asyncio
import csv
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kg.serve import asking
from kg.serve.errors import HttpError
from kg.serve.fulltext import FILE, Entry, build, is_of
from kg.serve.house import House
from kg.serve.jobs import Query
from kg.serve.pool import Answer

_FORM = "1"  # of the file; another one is made anew


async def index(house: House) -> Path:
    """The file of the index of what the store holds now. Raises HttpError where it cannot be made."""
    file = house.store.edition / FILE
    version = f"{_FORM} {house.store.version}"
    async with house.indexing:
        if not await house.aside(lambda: is_of(file, version)):
            await asyncio.shield(asyncio.ensure_future(_make(house, file, version)))
    return file


async def _make(house: House, file: Path, version: str) -> None:
    with tempfile.TemporaryDirectory(prefix="fangzhi-index-") as folder:
        names, sentences = Path(folder, "names"), Path(folder, "sentences")
        await _keep(await house.answer(Query(asking.ALL_NAMES, "text/csv", "", services=None)), names)
        await _keep(await house.answer(Query(asking.ALL_SENTENCES, "text/csv", "", services=None)), sentences)
        try:
            await house.aside(lambda: build(file, version, _entries(names), _entries(sentences)))
        except (OSError, sqlite3.Error) as error:
            raise HttpError(503, f"the full-text index cannot be written beside the store: {error}") from error


async def _keep(answer: Answer, file: Path) -> None:
    with file.open("wb") as kept:
        if isinstance(answer.body, bytes):
            kept.write(answer.body)
        else:
            async for part in answer.body:
                kept.write(part)


def _entries(file: Path) -> Iterator[Entry]:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        yield from (Entry(*row) for row in rows)
