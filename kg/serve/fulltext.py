"""Full text of names and sentences in one SQLite file beside the store (FTS5), of any length from one character.

Chinese has no blanks between words, so a text is indexed by its pairs of neighbouring characters, and what is looked
for is a phrase of pairs: 水利局 is 水利 利局. The trigrams that SQLite itself can make would not find two characters.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

FILE = "fangzhi-search.sqlite"
KINDS = ("names", "sentences")
_MOST_WORDS = 16
_PART = 2_000  # entries that are written at a time
_INSIDE = re.compile(r"[·•・\-'’]+")  # marks inside a name, which some leave out
_BETWEEN = re.compile(r"[\W_]+")
_COLUMNS = "id INTEGER PRIMARY KEY, iri TEXT, text TEXT, page TEXT, newspaper TEXT, issued TEXT"
FIELDS = {"newspaper": "newspaper", "year": "substr(issued, 1, 4)"}  # what sentences can be counted and chosen by
_INDEX = "USING fts5(pairs, content='', tokenize=\"unicode61 remove_diacritics 0\")"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of a thing (a name) or of a piece of evidence (a sentence), with where it stands as far as known."""

    iri: str
    text: str
    page: str = ""
    newspaper: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that fits; a higher score (BM25) fits better."""

    entry: Entry
    score: float


class BadSearchError(ValueError):
    """Nothing to look for, or too much."""


def build(file: Path, version: str, names: Iterable[Entry], sentences: Iterable[Entry]) -> None:
    """Write the index of one version of the store: whole, in place of another, or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    os.close(handle)
    half = Path(name)
    try:
        with closing(sqlite3.connect(half)) as base:
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("PRAGMA synchronous = OFF")
            for kind, entries in zip(KINDS, (names, sentences), strict=True):
                _fill(base, kind, entries)
            base.execute("CREATE TABLE of (version TEXT)")
            base.execute("INSERT INTO of VALUES (?)", (version,))
            base.commit()
        os.replace(half, file)
    finally:
        half.unlink(missing_ok=True)


def _fill(base: sqlite3.Connection, kind: str, entries: Iterable[Entry]) -> None:
    base.execute(f"CREATE TABLE {kind} ({_COLUMNS})")
    base.execute(f"CREATE VIRTUAL TABLE {kind}_text {_INDEX}")
    numbered = enumerate(entries)
    while part := list(islice(numbered, _PART)):
        rows = ((number, one.iri, one.text, one.page, one.newspaper, one.issued) for number, one in part)
        base.executemany(f"INSERT INTO {kind} VALUES (?, ?, ?, ?, ?, ?)", rows)
        pairs = ((number, " ".join(_pairs(one.text))) for number, one in part)
        base.executemany(f"INSERT INTO {kind}_text (rowid, pairs) VALUES (?, ?)", pairs)


def is_of(file: Path, version: str) -> bool:
    """Whether the file is there and of this version of the store."""
    try:
        with _opened(file) as base:
            return bool(base.execute("SELECT version FROM of").fetchone() == (version,))
    except sqlite3.Error:
        return False


def find(file: Path, kind: str, text: str, most: int, skip: int = 0, **chosen: str) -> list[Found]:
    """The entries that hold every word of `text` (words are separated by blanks), the best first.

    `chosen` keeps those with these values of FIELDS. Raises BadSearchError for a text without a letter or with too
    many words.
    """
    where, values = _fitting(kind, text, chosen)
    query = f"SELECT iri, text, page, newspaper, issued, -rank {where} ORDER BY rank, iri, text LIMIT ? OFFSET ?"
    with _opened(file) as base:
        return [Found(Entry(*row[:5]), row[5]) for row in base.execute(query, (*values, most, skip))]


def counts(file: Path, kind: str, text: str, field: str, **chosen: str) -> dict[str, int]:
    """How many fitting entries have each value of the field ("" counts those without), the most frequent first."""
    where, values = _fitting(kind, text, chosen)
    query = f"SELECT {FIELDS[field]}, COUNT(*) {where} GROUP BY 1 ORDER BY 2 DESC, 1"
    with _opened(file) as base:
        return {str(value): int(number) for value, number in base.execute(query, values)}


def _fitting(kind: str, text: str, chosen: Mapping[str, str]) -> tuple[str, list[str]]:
    """The end of a SELECT, and its values."""
    conditions = [f"{kind}_text MATCH ?", *(f"{FIELDS[field]} = ?" for field in chosen)]
    where = f"FROM {kind}_text JOIN {kind} ON id = {kind}_text.rowid WHERE {' AND '.join(conditions)}"
    return where, [_phrases(text), *chosen.values()]


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as base:
        yield base


def _pairs(text: str) -> list[str]:
    """Each character with the next, the last before a mark alone, so that one character can be looked for as a
    beginning. Small letters and half width, as all comparing here."""
    runs = _BETWEEN.split(_INSIDE.sub("", unicodedata.normalize("NFKC", text).lower()))
    return [run[at : at + 2] for run in runs for at in range(len(run))]


def _phrases(text: str) -> str:
    words = text.split()
    if len(words) > _MOST_WORDS:
        raise BadSearchError(f"search for at most {_MOST_WORDS} words 最多 {_MOST_WORDS} 个词")
    alternatives = [dict.fromkeys(_phrase(way(word)) for way in (str, *_scripts())) for word in words]
    groups = [" OR ".join(filter(None, ways)) for ways in alternatives]
    if not any(groups):
        raise BadSearchError("search for at least one letter or character 请输入要搜索的文字")
    return " AND ".join(f"({group})" for group in groups if group)


def _phrase(word: str) -> str:
    """The word as FTS5 looks for it, "" where it has no letter. Its last character is the beginning of a pair."""
    *pairs, last = _pairs(word) or [""]
    if pairs and pairs[-1][-1] == last:
        return f'"{" ".join(pairs)}"'
    return f'"{" ".join((*pairs, last))}" *' if last else ""


@cache
def _scripts() -> tuple[Any, ...]:
    """Ways to write a word in simplified and in traditional characters: a page may be printed in either."""
    from opencc import OpenCC

    return OpenCC("t2s").convert, OpenCC("s2t").convert
