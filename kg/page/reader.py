"""One page source → a `Page`, or the one finding that says why there is none."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

from kg.errors import PageError
from kg.model import Finding, Level, Page
from kg.page.decode import Decoded, decode, is_binary, is_chinese
from kg.page.issue_date import derive
from kg.page.masthead import Masthead, home_of, read_masthead
from kg.page.source import STDIN, PageSource, legible

LIMIT = 2_000_000  # bytes; a whole issue of a thick newspaper has a quarter of it


def read_page(
    source: PageSource, *, newspaper: str = "", issued: str = "", home: str = ""
) -> tuple[Page | None, list[Finding]]:
    """Read one page; the keyword arguments overrule what `pages.toml` states and what the page prints.

    Returns (page, findings). A page that cannot be read gives (None, [one finding of level ERROR]); one that can,
    gives INFO or WARNING findings on what was odd about it. Raises nothing.
    """
    try:
        data = read_bytes(source.path)
        decoded = decode_bytes(source.id, data)
    except PageError as error:
        return None, [Finding(Level.ERROR, "page-unreadable", source.id, str(error))]
    said = replace(
        source,
        newspaper=newspaper or source.newspaper,
        issued=issued or source.issued,
        home=home or source.home,
    )
    return describe(said, data, decoded)


def read_bytes(path: str) -> bytes:
    """The bytes of a page file, never more than LIMIT and one of them."""
    name = "standard input" if path == STDIN else legible(path)
    try:
        if path == STDIN:
            data = sys.stdin.buffer.read(LIMIT + 1)
        elif Path(path).is_dir():
            raise PageError(f"{name}: no .txt file in this folder; name a folder of pages 文件夹里没有 .txt 文件")
        elif Path(path).exists() and not Path(path).is_file():
            raise PageError(f"{name}: no ordinary file; save it first, or pipe it into `kg build -` 不是普通文件")
        else:
            with open(path, "rb") as file:
                data = file.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PageError(f"{name}: cannot be read ({reason}); check the path 读不了这个文件,请检查路径") from error
    if len(data) > LIMIT:
        raise PageError(
            f"{name}: larger than {LIMIT // 1_000_000} MB, which no newspaper page is; split it into pages "
            "文件过大,请按版面拆开"
        )
    return data


def decode_bytes(name: str, data: bytes) -> Decoded:
    """The text of a page, or a PageError that says in one line why it is none."""
    if not data.strip():
        raise PageError(f"{name}: empty file 空文件")
    if is_binary(data):
        raise PageError(f"{name}: not a text file; pages are plain text (.txt) 不是文本文件")
    decoded = decode(data)
    if decoded is None:
        raise PageError(f"{name}: neither UTF-8 nor GB18030; save it as UTF-8 编码无法识别,请存为 UTF-8")
    if not decoded.text.strip("\ufeff \t\r\n\u3000"):
        raise PageError(f"{name}: empty file 空文件")
    if not is_chinese(decoded.text):
        raise PageError(f"{name}: hardly any Chinese in it; only Chinese pages are read 不是中文版面")
    return decoded


def describe(said: PageSource, data: bytes, decoded: Decoded) -> tuple[Page, list[Finding]]:
    """The page with what is stated, printed or derived about it, in this order of trust."""
    printed = read_masthead(decoded.text)
    newspaper = said.newspaper or printed.newspaper
    certain = bool(said.issued or printed.issued)
    derived = None if certain else derive(decoded.text, newspaper)
    page = Page(
        id=said.id,
        text=decoded.text,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        path="" if said.path == STDIN else said.path,
        newspaper=newspaper,
        issued=said.issued or printed.issued or (derived.issued if derived else ""),
        issued_certain=certain,
        number=said.number or printed.number,
        home=said.home or home_of(newspaper),
    )
    findings = [*oddities(page, decoded, printed)]
    if derived:
        findings.append(Finding(Level.INFO, "date-derived", f"{page.id}:{derived.start}-{derived.end}", derived.why))
    return page, findings


def oddities(page: Page, decoded: Decoded, printed: Masthead) -> list[Finding]:
    """What a user should know about how the page was read."""
    found: list[Finding] = []

    def note(level: Level, code: str, message: str) -> None:
        found.append(Finding(level, code, page.id, message))

    if decoded.truncated:
        note(Level.WARNING, "page-cut-off", "the file ends inside a character; its end may be missing 文件末尾残缺")
    if decoded.encoding != "utf-8":
        note(Level.INFO, "encoding", f"read as {decoded.encoding.upper()} 编码:{decoded.encoding.upper()}")
    if not page.newspaper:
        note(Level.INFO, "no-newspaper", "no newspaper's name found; state it with --newspaper 未找到报名")
    elif not page.home:
        note(Level.INFO, "no-home", f"no home city known for {page.newspaper}; state it with --home 不知所在城市")
    if page.newspaper and printed.newspaper and page.newspaper != printed.newspaper:
        note(Level.INFO, "newspaper-differs", f"stated {page.newspaper}, printed {printed.newspaper} 报名不一")
    if not page.issued:
        note(Level.INFO, "no-date", "no date of issue found; state it with --issued 未找到出版日期")
    return found
