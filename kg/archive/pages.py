"""The pages of a build in its database: the reading of each, kept as long as the page is the same."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import msgspec

from kg.confidence import confident
from kg.flow import Told, read_one
from kg.model import Finding, Page, Reading
from kg.page.readers import LARGEST_FILE, ZIP, reader_of
from kg.page.source import STDIN, PageSource

_NO_PAGE = Page("", "", "")
LARGEST_ARCHIVE = 4_000_000_000  # bytes of a ZIP whose pages are kept from build to build
_EVERY = 50  # readings written at a time
_REMEMBERED = 4_000_000  # characters of pages held in memory
_INSERT = "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)"
DAMAGED = (zlib.error, msgspec.DecodeError)


class Packed(NamedTuple):
    """A reading as it is kept. It is packed where it is made: bytes pass between processes for next to nothing."""

    path: bytes
    page: bytes
    findings: bytes
    text: bytes
    reading: bytes

    @classmethod
    def of(cls, reading: Reading) -> Packed:
        pack = msgspec.msgpack.encode
        return cls(
            os.fsencode(reading.page.path),
            pack(replace(reading.page, text="", path="")),
            pack(reading.findings),
            zlib.compress(reading.page.text.encode("utf-8", "surrogatepass"), 1),
            zlib.compress(pack(replace(reading, page=_NO_PAGE, findings=())), 1),
        )

    def whole_page(self) -> Page:
        """The page with its text."""
        text = zlib.decompress(self.text).decode("utf-8", "surrogatepass")
        return replace(msgspec.msgpack.decode(self.page, type=Page), text=text, path=os.fsdecode(self.path))

    def unpacked(self, minimum: float) -> Reading:
        """What was read, without what is too doubtful."""
        bare = msgspec.msgpack.decode(zlib.decompress(self.reading), type=Reading)
        findings = msgspec.msgpack.decode(self.findings, type=tuple[Finding, ...])
        return confident(replace(bare, page=self.whole_page(), findings=findings), minimum)


def read_packed(source: PageSource, told: Told) -> tuple[Packed | None, tuple[Finding, ...]]:
    """`kg.flow.read_one`, its reading packed."""
    reading, odd = read_one(source, told)
    return (Packed.of(reading) if reading is not None else None), odd


class Pages:
    """The pages of a build. `key` tells whether a page is to be read again; `put` keeps what was read of it."""

    def __init__(self, database: sqlite3.Connection, options: Sequence[str], minimum: float) -> None:
        self._database, self._options, self.minimum = database, tuple(options), minimum
        self._new = 0
        self._digests = lru_cache(maxsize=64)(_digest)
        self._held: OrderedDict[str, Page] = OrderedDict()
        self._size = 0

    def key(self, source: PageSource) -> bytes | None:
        """The digest of the file, of what is stated of the page and of the options; None where there is no file."""
        if source.path == STDIN or (digest := self._digests(source.path)) is None:
            return None
        stated = msgspec.msgpack.encode((replace(source, path=""), self._options))
        return hashlib.sha256(digest + stated).digest()

    def is_kept(self, source: PageSource, key: bytes | None) -> bool:
        """Whether the reading of this page is there; then its path is what it is now."""
        row = self._database.execute("SELECT key, path FROM pages WHERE id = ?", (source.id,)).fetchone()
        if row is None or key is None or row[0] != key:
            return False
        if row[1] != (path := os.fsencode(source.path)):
            self._database.execute("UPDATE pages SET path = ? WHERE id = ?", (path, source.id))
        return True

    def put(self, source: PageSource, key: bytes | None, packed: Packed) -> None:
        """Keep a reading."""
        known = key or hashlib.sha256(packed.page + msgspec.msgpack.encode(self._options)).digest()
        self._database.execute(_INSERT, (source.id, known, *packed))
        self._new += 1
        if self._new % _EVERY == 0:
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While this lasts pages are put; a build that is stopped later goes on from what was."""
        self._database.execute("BEGIN")
        try:
            yield
        finally:
            self._database.execute("COMMIT")

    def keep_only(self, ids: Iterable[str]) -> None:
        """Say which pages the build has; `forget` then forgets the others."""
        self._database.executemany("INSERT OR IGNORE INTO present VALUES (?)", ((one,) for one in ids))

    def forget(self) -> None:
        """Forget the pages that the build has not."""
        self._database.execute("DELETE FROM pages WHERE id NOT IN present")

    def get(self, page: str) -> Page:
        """A page by its id, with its text."""
        if (known := self._held.get(page)) is None:
            known = self._held[page] = self._page(page)
            self._size += len(known.text)
        self._held.move_to_end(page)
        while self._size > _REMEMBERED and len(self._held) > 1:
            self._size -= len(self._held.popitem(last=False)[1].text)
        return known

    def _page(self, page: str) -> Page:
        row = self._database.execute("SELECT path, page, x'', text, x'' FROM pages WHERE id = ?", (page,)).fetchone()
        return Packed(*row).whole_page()

    def packed(self, page: str) -> Packed | None:
        """What was read of a page, as it is kept; None where the page is gone."""
        told = "SELECT path, page, findings, text, reading FROM pages WHERE id = ?"
        row = self._database.execute(told, (page,)).fetchone()
        return Packed(*row) if row is not None else None

    def reading(self, page: str) -> Reading | None:
        """What was read of a page, without what is too doubtful; None where the page is gone."""
        packed = self.packed(page)
        return packed.unpacked(self.minimum) if packed is not None else None

    def all(self) -> Iterator[Page]:
        """Every page without its text, sorted by id."""
        for page, path in self._database.execute("SELECT page, path FROM pages ORDER BY id"):
            yield replace(msgspec.msgpack.decode(page, type=Page), path=os.fsdecode(path))

    def findings(self) -> Iterator[Finding]:
        """What was odd in the pages, in the order of their ids."""
        for (found,) in self._database.execute("SELECT findings FROM pages ORDER BY id"):
            yield from msgspec.msgpack.decode(found, type=tuple[Finding, ...])


def _digest(path: str) -> bytes | None:
    if not os.path.isfile(path):  # a pipe would be waited for
        return None
    try:
        if os.path.getsize(path) > (LARGEST_ARCHIVE if reader_of(path) is ZIP else LARGEST_FILE):
            return None  # it will not be read; a file can say to have a million times what the disk has
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return None
