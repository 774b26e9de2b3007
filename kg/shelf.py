"""Where the text that a graph quotes is found again: kept beside the output, or in the page files."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import KgError, OutputError
from kg.export.folder import TEXTS
from kg.model import Finding, Level
from kg.page import decode, read_source


class Quote(NamedTuple):
    """One evidence node: where it stands, and its text where the graph holds it."""

    node: str
    start: int
    end: int
    exact: str | None


class Source(NamedTuple):
    """One page node of the graph. `sha256` is that of the bytes that offsets count in."""

    id: str
    sha256: str
    quotes: tuple[Quote, ...]


class Shelf:
    """The texts of a build's pages.

    `given` are folders (or files) to look in first, by name; then comes what the build noted. Raises OutputError for
    a place in `given` that does not exist, and for a pages.json or texts.jsonl that cannot be read.
    """

    def __init__(self, given: Sequence[Path], build: Path) -> None:
        self.home = build if build.is_dir() else build.parent
        self.noted = _noted(self.home)
        self.kept = dict(_kept(self.home / TEXTS))
        self.by_name: dict[str, list[Path]] = defaultdict(list)
        for path in given:
            if not path.exists():
                raise OutputError(f"{path}: no such file or folder")
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file():
                    self.by_name[file.name].append(file)

    def find(self, source: Source) -> str | Finding:
        """The text that the graph was built from, or what is wrong with the files that were found."""
        note = self.noted.get(source.id, {})
        if note.get("form") and (kept := self._kept_text(source)) is not None:
            return kept
        files = [place for place in self._places(source, note) if place.is_file()]
        for file in files:
            data = _bytes(file, note)
            if hashlib.sha256(data).hexdigest() == source.sha256:
                decoded = decode(data)
                return decoded.text if decoded else ""
        if files:
            return _error(
                "page-changed", source.id, f"{files[0]} is not the file the graph was built from 版面文件已改动"
            )
        return _error("page-missing", source.id, "page file not found: name its folder with --pages 找不到版面文件")

    def _kept_text(self, source: Source) -> str | None:
        """The text kept beside the output, where it is what the graph was built from."""
        if (place := self.kept.get(source.id)) is None:
            return None
        with (self.home / TEXTS).open("rb") as file:
            file.seek(place)
            text = str(json.loads(file.readline())["text"])
        return text if hashlib.sha256(text.encode()).hexdigest() == source.sha256 else None

    def _places(self, source: Source, note: Mapping[str, Any]) -> Iterator[Path]:
        name = Path(note["path"]).name if note.get("form") else source.id.rsplit("/", 1)[-1]
        yield from self.by_name[name]
        if note.get("path"):
            yield self.home / note["path"]


def _bytes(file: Path, note: Mapping[str, Any]) -> bytes:
    """The bytes that offsets count in: a text file's own, or the text taken out of another kind of file once more."""
    if not note.get("form"):
        return file.read_bytes()
    try:
        return read_source(str(file), tuple(note.get("part", ()))).decoded.text.encode()
    except KgError:
        return b""


def _error(code: str, where: str, message: str) -> Finding:
    return Finding(Level.ERROR, code, where, message)


def _noted(home: Path) -> dict[str, dict[str, Any]]:
    """Page id → what the build noted of it in its pages.json."""
    try:
        noted = json.loads((home / "pages.json").read_text("utf-8"))
        return {page: {**note, "path": note["path"]} for page, note in noted.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(f"{home / 'pages.json'}: cannot be read: {error}") from error


def _kept(file: Path) -> Iterator[tuple[str, int]]:
    """Page id → where in the file its line begins; the texts themselves are read one at a time."""
    place = 0
    try:
        with file.open("rb") as lines:
            for line in lines:
                yield str(json.loads(line)["page"]), place
                place += len(line)
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{file}: cannot be read: {error}") from error
