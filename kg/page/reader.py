"""One page source → a `Page`, or the one finding that says why there is none."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from io import BytesIO
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

from kg.errors import KgError, MissingExtraError, PageError
from kg.model import Finding, Level, Page
from kg.page.decode import is_chinese
from kg.page.issue_date import derive
from kg.page.masthead import Masthead, home_of, read_masthead
from kg.page.readers import HEAD, LARGEST_TEXT, TEXT, Part, Read, check_form, reader_of
from kg.page.source import STDIN, PageSource, legible


def read_page(
    source: PageSource, *, newspaper: str = "", issued: str = "", home: str = "", data: bytes | None = None
) -> tuple[Page | None, list[Finding]]:
    """Read one page; the keyword arguments overrule what `pages.toml` states and what the page prints.

    `data` are the bytes of the file where it is no file of this machine.

    Returns (page, findings). A page that cannot be read gives (None, [one finding of level ERROR]); one that can,
    gives INFO or WARNING findings on what was odd about it. Raises nothing.
    """
    try:
        read = read_source(source.path, source.part, data)
    except (PageError, MissingExtraError) as error:
        return None, [Finding(Level.ERROR, "page-unreadable", source.id, str(error))]
    said = replace(
        source,
        newspaper=newspaper or source.newspaper,
        issued=issued or source.issued,
        home=home or source.home,
    )
    return describe(said, read)


def read_source(path: str, part: Part = (), data: bytes | None = None) -> Read:
    """The text of a page, or a PageError (MissingExtraError) that says in one line why there is none."""
    name = "standard input" if path == STDIN else legible(path)
    reader = reader_of(path) or TEXT
    try:
        with held(data) if data is not None else opened(path, name) as file:
            check_form(reader, file.read(HEAD), name)
            file.seek(0)
            return checked(reader.read(file, name, part), "/".join((name, *part)))
    except KgError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PageError(f"{name}: cannot be read ({reason}); check the path 读不了这个文件,请检查路径") from error
    except Exception as error:  # what a library makes of a hostile file must not cost the user the other pages
        why = type(error).__name__
        raise PageError(f"{name}: cannot be read as {reader.name} ({why}); save it again 文件无法解析") from error


@contextmanager
def held(data: bytes) -> Iterator[BinaryIO]:
    """A file of its own for bytes from elsewhere; it is gone with the block."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield cast(BinaryIO, file)


def opened(path: str, name: str) -> AbstractContextManager[BinaryIO]:
    """The file of a page, open for reading."""
    if path == STDIN:
        return BytesIO(sys.stdin.buffer.read(LARGEST_TEXT + 1))
    if os.path.isdir(path):
        os.listdir(path)  # an OSError where it may not be opened
        raise PageError(f"{name}: no page file in this folder; name a folder of pages 文件夹里没有版面文件")
    if os.path.exists(path) and not os.path.isfile(path):
        raise PageError(f"{name}: no ordinary file; save it first, or pipe it into `kg build -` 不是普通文件")
    return open(path, "rb")


def checked(read: Read, name: str) -> Read:
    """`read`, where its text is that of a Chinese page."""
    text = read.decoded.text
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise PageError(f"{name}: empty file 空文件")
    if not is_chinese(text):
        raise PageError(f"{name}: hardly any Chinese in it; only Chinese pages are read 不是中文版面")
    return read


def describe(said: PageSource, read: Read) -> tuple[Page, list[Finding]]:
    """The page with what is stated, printed or derived about it, in this order of trust."""
    text = read.decoded.text
    printed = read_masthead(text)
    newspaper = said.newspaper or printed.newspaper
    certain = bool(said.issued or printed.issued)
    derived = None if certain else derive(text, newspaper)
    page = Page(
        id=said.id,
        text=text,
        encoding=read.decoded.encoding,
        path="" if said.path == STDIN else said.path,
        newspaper=newspaper,
        issued=said.issued or printed.issued or (derived.issued if derived else ""),
        issued_certain=certain,
        number=said.number or printed.number,
        home=said.home or home_of(newspaper),
        **origin(said, read),
    )
    findings = [*oddities(page, read, printed)]
    if derived:
        findings.append(Finding(Level.INFO, "date-derived", f"{page.id}:{derived.start}-{derived.end}", derived.why))
    return page, findings


def origin(said: PageSource, read: Read) -> dict[str, Any]:
    """Which bytes the offsets of a page count in: a text file's own, or those of the text that was taken out."""
    file = hashlib.sha256(read.file).hexdigest()
    reader = reader_of(said.path) or TEXT
    if reader is TEXT:
        return {"sha256": file}
    kept = hashlib.sha256(read.decoded.text.encode()).hexdigest()
    return {"sha256": kept, "form": reader.name, "part": said.part, "file_sha256": file}


def oddities(page: Page, read: Read, printed: Masthead) -> list[Finding]:
    """What a user should know about how the page was read."""
    decoded = read.decoded
    hint = f"; the file says of itself: {read.hint} 文件自述" if read.hint else ""
    found: list[Finding] = []

    def note(level: Level, code: str, message: str) -> None:
        found.append(Finding(level, code, page.id, message))

    if decoded.truncated:
        note(Level.WARNING, "page-cut-off", "the file ends inside a character; its end may be missing 文件末尾残缺")
    if decoded.encoding != "utf-8":
        note(Level.INFO, "encoding", f"read as {decoded.encoding.upper()} 编码:{decoded.encoding.upper()}")
    if not page.newspaper:
        note(Level.INFO, "no-newspaper", "no newspaper's name found; state it with --newspaper 未找到报名" + hint)
    elif not page.home:
        note(Level.INFO, "no-home", f"no home city known for {page.newspaper}; state it with --home 不知所在城市")
    if page.newspaper and printed.newspaper and page.newspaper != printed.newspaper:
        note(Level.INFO, "newspaper-differs", f"stated {page.newspaper}, printed {printed.newspaper} 报名不一")
    if not page.issued:
        note(Level.INFO, "no-date", "no date of issue found; state it with --issued 未找到出版日期" + hint)
    return found
