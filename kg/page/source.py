"""What a user names → the page files meant, each with an id and with what `pages.toml` states about it."""

from __future__ import annotations

import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from glob import glob
from pathlib import Path
from typing import Any

from kg.errors import KgError, PageError
from kg.page.readers import HEAD, READERS, Part, check_form, reader_of

STDIN = "-"
STATED = ("newspaper", "issued", "home", "number")


@dataclass(frozen=True, slots=True, order=True)
class PageSource:
    """One page to be read. `path` is "-" for standard input; the last four are stated by `pages.toml`.

    `part` is which page of the file it is, () for the whole.
    """

    id: str
    path: str
    part: Part = ()
    newspaper: str = ""
    issued: str = ""
    home: str = ""
    number: str = ""


def find_pages(inputs: Sequence[str]) -> list[PageSource]:
    """The pages that `inputs` name, sorted by id: files, folders (every page file below them), globs and "-".

    A path that does not exist stays in the list, so that `read_page` reports it and the others are still read.
    A file named twice is read once. Raises PageError for a `pages.toml` that is not what it should be.
    """
    paths = sorted({path for given in inputs for path in expand(given)})
    return sorted(
        PageSource("/".join((name, *part)), path, part, **stated(path, part))
        for path, name in unique_ids(paths).items()
        for part in parts_of(path)
    )


def parts_of(path: str) -> list[Part]:
    """The pages in one file; [()] where it is one page, or cannot be opened (`read_page` then says why)."""
    reader = None if path == STDIN else reader_of(path)
    if reader is None or not reader.listing or not os.path.isfile(path):
        return [()]
    try:
        with open(path, "rb") as file:
            check_form(reader, file.read(HEAD), path)
            file.seek(0)
            return reader.parts(file, legible(path))
    except (KgError, OSError):
        return [()]


def expand(given: str) -> Iterator[str]:
    """The files that one argument names; the argument itself where it names none."""
    if given == STDIN:
        yield STDIN
        return
    if os.path.isfile(given):
        yield str(Path(given))
    elif os.path.isdir(given):
        yield from page_files(given) or [given]
    else:
        matches = [match for match in matching(given) if match != given]
        yield from [name for match in matches for name in expand(match)] or [given]


def matching(given: str) -> list[str]:
    """What a glob finds; nothing where it is none, or is longer than a path can be."""
    try:
        return glob(given, recursive=True)
    except (OSError, ValueError, re.error):
        return []


def page_files(folder: str) -> list[str]:
    """Every page file below `folder`, hidden ones and what a browser saves beside a page left out.

    Of one page in several forms (a scan's A01.pdf and its A01.txt) the first form in the order of READERS is taken.
    What is called as a page and cannot be one (a link to nowhere, a pipe), and a folder that may not be opened, stay
    in the list, so that `read_page` says so.
    """
    barred: list[str] = []
    return [*best_forms(walked(str(Path(folder)), barred)), *barred]


def best_forms(paths: Iterable[str]) -> list[str]:
    """The page files among paths, of one page in several forms the first in the order of READERS."""
    best: dict[str, tuple[int, str]] = {}
    for path in paths:
        if (reader := reader_of(path)) is not None:
            stem, rank = os.path.splitext(path)[0], (READERS.index(reader), path)
            best[stem] = min(rank, best.get(stem, rank))
    return [path for _, path in best.values()]


def walked(folder: str, barred: list[str]) -> Iterator[str]:
    """The files below a folder but what stands aside; folders that may not be opened are added to `barred`."""
    for above, folders, files in os.walk(folder, onerror=lambda error: barred.append(error.filename)):
        folders[:] = sorted(name for name in folders if not is_aside(name))
        yield from (os.path.join(above, name) for name in sorted(files) if not name.startswith("."))


def is_aside(folder: str) -> bool:
    """Whether a folder's name says that it is hidden or holds the pictures of a saved web page."""
    return folder.startswith(".") or folder.endswith(("_files", ".files"))


def unique_ids(paths: Iterable[str]) -> dict[str, str]:
    """path → id: the file name, with as many parent folders before it as tell it from its namesakes.

    A file that is reached by two paths is one page; a link is called as it is called there.
    """
    real: dict[str, str] = {}
    for path in paths:
        real.setdefault(path if path == STDIN or "\0" in path else os.path.realpath(path), path)
    names = {path: ("stdin.txt",) if path == STDIN else Path(os.path.abspath(path)).parts for path in real.values()}
    depth = dict.fromkeys(names, 1)
    while clashes := clashing(names, depth):
        for path in clashes:
            depth[path] += 1
    return {path: label(parts, depth[path]) for path, parts in names.items()}


def clashing(names: Mapping[str, tuple[str, ...]], depth: Mapping[str, int]) -> list[str]:
    """The paths that share an id and still have a parent folder to add to it."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, parts in names.items():
        groups[label(parts, depth[path])].append(path)
    return [p for group in groups.values() if len(group) > 1 for p in group if depth[p] < len(names[p])]


def label(parts: tuple[str, ...], depth: int) -> str:
    """The last `depth` parts of a path as one id."""
    return "/".join(legible(part.strip("/\\")) for part in parts[-depth:])


def legible(name: str) -> str:
    """A file's name as text that can be printed and stored: names that are not UTF-8 are mostly GBK, else escaped."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def stated(path: str, part: Part = ()) -> dict[str, str]:
    """What the `pages.toml` beside a page says about it; of a part, more precisely, under "issue.zip/A01.html"."""
    beside = os.path.join(os.path.dirname(path), "pages.toml")
    if path == STDIN or not os.path.isfile(beside):
        return {}
    return stated_in(page_tables(Path(beside)), os.path.basename(path), part)


def stated_in(tables: Mapping[str, dict[str, str]], name: str, part: Part = ()) -> dict[str, str]:
    """What the tables of a `pages.toml` state of the file `name`, or of a part of it."""
    whole, own = tables.get(name, {}), tables.get("/".join((name, *part)), {})
    return {**tables.get("default", {}), **whole, **own}


def page_tables(path: Path) -> dict[str, dict[str, str]]:
    """file name → what is stated of it; raises PageError with the file and the key at fault."""
    stat = os.stat(path)
    return read_tables(path.absolute(), path, (stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=64)
def read_tables(place: Path, path: Path, stamp: tuple[int, int]) -> dict[str, dict[str, str]]:
    """`page_tables` of a file that is read once for all its pages; `path` is what it is called in a message."""
    try:
        return tables_of(path, path.read_bytes())
    except OSError as error:
        raise PageError(f"{legible(str(path))}: cannot be read ({error}); it should be TOML in UTF-8") from error


def tables_of(path: Path, data: bytes) -> dict[str, dict[str, str]]:
    """The same, of the bytes of a `pages.toml`."""
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a mere ValueError
        raise PageError(f"{legible(str(path))}: cannot be read ({error}); it should be TOML in UTF-8") from error
    return {name: checked(path, name, table) for name, table in document.items()}


def checked(path: Path, name: str, table: Any) -> dict[str, str]:
    """One table of `pages.toml`, its values as text (TOML dates included)."""
    if not isinstance(table, dict):
        raise PageError(f'{path}: {name} stands outside a table; write it under [default] or under ["{name}"]')
    for key, value in table.items():
        if key not in STATED or not isinstance(value, str | int | date):
            raise PageError(f"{path}: [{name}] {key}: only {', '.join(STATED)} can be stated, each as text")
        if key == "issued" and not is_date(str(value)):
            raise PageError(f"{path}: [{name}] issued: {value} is no date; write it as 2023-05-25")
    return {key: str(value) for key, value in table.items()}


def is_date(value: str) -> bool:
    """Whether `value` is an ISO date such as 2023-05-25; the days of numbered weeks are not."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_text(value: str) -> bool:
    """Whether `value` can be written in UTF-8; what a terminal of another encoding passes on cannot."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
