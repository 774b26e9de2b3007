"""Every form that a page can come in: one row of `READERS` for each, with its name, endings and functions.

A reader is a function `read(file, name, part)`: the open file, what to call it in a message, and which part of it is
meant; it gives a `Read` or raises PageError in one line. Forms that hold several pages have `parts(file, name)` too,
which lists them without reading them. A reader's module is imported only when a file asks for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple

from kg.errors import MissingExtraError, PageError
from kg.page.decode import Decoded

Part = tuple[str, ...]  # ("A01.pdf", "2"): page 2 of the member A01.pdf of an archive; () for the whole file
LARGEST_TEXT, LARGEST_FILE = 2_000_000, 64_000_000  # bytes; a thick issue has a quarter of the first as text
HEAD = 1024  # bytes that tell what a file is
CONTROL = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # marks of typesetting, never of a text
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Read(NamedTuple):
    """The text of a page and the bytes of the file (in an archive: of the member) that it was taken from.

    `hint` (title and date from the file's own data, "" where it has none) is for messages, never for the graph.
    """

    decoded: Decoded
    file: bytes
    hint: str = ""


Reading = Callable[[BinaryIO, str, Part], Read]
Listing = Callable[[BinaryIO, str], list[Part]]


class Reader(NamedTuple):
    """One form: what it is called, how its files' names end, and where its functions are (module:function)."""

    name: str
    endings: tuple[str, ...]
    reading: str
    listing: str = ""

    def read(self, file: BinaryIO, name: str, part: Part = ()) -> Read:
        """The text of a page of `file`. Raises PageError, and MissingExtraError where a library is not installed."""
        read: Reading = self._load(self.reading, name)
        return read(file, name, part)

    def parts(self, file: BinaryIO, name: str) -> list[Part]:
        """The pages in `file`; raises as `read` does."""
        if not self.listing:
            return [()]
        parts: Listing = self._load(self.listing, name)
        return parts(file, name)

    def _load(self, place: str, name: str) -> Any:
        module, _, function = place.partition(":")
        try:
            return getattr(import_module(module), function)
        except ImportError as error:
            raise MissingExtraError(
                f"{name}: reading {self.name} needs more packages: pip install 'fangzhi[inputs]' 请安装 fangzhi[inputs]"
            ) from error


# In this order of trust where a folder holds one page in several forms.
READERS: tuple[Reader, ...] = (
    Reader("text", (".txt",), "kg.page.plain:read"),
    Reader("HTML", (".html", ".htm", ".xhtml"), "kg.page.webpage:read"),
    Reader("DOCX", (".docx",), "kg.page.docx:read"),
    Reader("EPUB", (".epub",), "kg.page.epub:read"),
    Reader("PDF", (".pdf",), "kg.page.pdf:read", "kg.page.pdf:parts"),
    Reader("ZIP", (".zip",), "kg.page.archive:read", "kg.page.archive:parts"),
)
TEXT, ZIP = READERS[0], READERS[-1]


def reader_of(name: str) -> Reader | None:
    """The reader of a file, by the end of its name."""
    ending = os.path.splitext(name)[1].lower()
    return next((reader for reader in READERS if ending in reader.endings), None)


def check_form(reader: Reader, head: bytes, name: str) -> None:
    """Refuse a file that is not what its name says, by its first bytes."""
    if not head:
        raise PageError(f"{name}: empty file 空文件")
    if head.startswith(OLD_WORD):
        raise PageError(
            f"{name}: an old or encrypted Office file; save it as .docx without a password "
            "旧版或加密文档,请另存为 .docx"
        )
    form = form_of(head)
    fits = {"ZIP": ("ZIP", "DOCX", "EPUB")}.get(form, (form,))
    binary = reader.name in ("PDF", "ZIP", "DOCX", "EPUB")
    if (form and reader.name not in fits) or (binary and not form):
        looks = f"begins like {form}" if form else "does not begin like one"
        named = "text 文本" if reader is TEXT else reader.name
        raise PageError(f"{name}: read as {named}, but {looks}; give it its right ending 内容与扩展名不符,请改正扩展名")


def form_of(head: bytes) -> str:
    """PDF, ZIP or HTML where the first bytes of a file tell, else ""."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"%PDF-" in head[:HEAD]:
        return "PDF"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "ZIP"
    return "HTML" if start.startswith((b"<!doctype html", b"<html")) else ""


def all_of(file: BinaryIO, name: str, limit: int = LARGEST_FILE) -> bytes:
    """All bytes of a file, never more than `limit` and one of them."""
    data = file.read(limit + 1)
    if len(data) > limit:
        raise too_large(name, limit)
    return data


def too_large(name: str, limit: int) -> PageError:
    """What is said of a file, or of a text in one, above `limit` bytes."""
    return PageError(
        f"{name}: larger than {limit // 1_000_000} MB, which no newspaper page is; split it into pages "
        "文件过大,请按版面拆开"
    )


def extracted(text: str, data: bytes, name: str, hint: str = "") -> Read:
    """What a reader gives for the text that it found in the file `data`."""
    clean = CONTROL.sub("", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if len(clean.encode()) > LARGEST_TEXT:
        raise too_large(name, LARGEST_TEXT)
    return Read(Decoded(clean, "utf-8"), data, " ".join(hint.split())[:60])
