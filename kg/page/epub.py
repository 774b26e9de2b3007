"""EPUB → its text: the documents of the book in the order in which they are read."""

from __future__ import annotations

import posixpath
from typing import BinaryIO
from urllib.parse import unquote
from zipfile import ZipFile, ZipInfo

from lxml import etree

from kg.errors import PageError
from kg.page.archive import parcel, unpacked
from kg.page.docx import said, tree
from kg.page.readers import LARGEST_FILE, Part, Read, all_of, extracted, too_large
from kg.page.webpage import parsed, text_of

CONTAINER, LOCK = "META-INF/container.xml", "META-INF/encryption.xml"
OPF = "{http://www.idpf.org/2007/opf}"
ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
FONTS = "http://www.idpf.org/2008/embedding"  # only its fonts are made unreadable: the text is open


def read(file: BinaryIO, name: str, part: Part = ()) -> Read:
    """The text of an EPUB; raises PageError where it is damaged, locked or none."""
    data = all_of(file, name)
    archive, inside = parcel(file, name)
    with archive:
        book = _Book(archive, inside, name)
        if LOCK in inside and FONTS.encode() not in book.bytes(LOCK):
            raise PageError(f"{name}: locked against copying (DRM); its text cannot be read 有版权保护,无法读取")
        package = tree(book.bytes(book.package), name)
        text = "\n\n".join(text_of(parsed(book.bytes(path), name)) for path in book.documents(package))
    return extracted(text, data, name, said(package.find(f"{OPF}metadata"), "title", "date"))


class _Book:
    """The members of an EPUB, of which together no more is unpacked than a file may have."""

    def __init__(self, archive: ZipFile, inside: dict[str, ZipInfo], name: str) -> None:
        self.archive, self.inside, self.name, self.left = archive, inside, name, LARGEST_FILE

    def bytes(self, path: str) -> bytes:
        if path not in self.inside:
            raise PageError(f"{self.name}: {path} is missing in this EPUB; fetch it again 电子书不完整,请重新获取")
        data = unpacked(self.archive, self.inside[path], self.name)
        self.left -= len(data)
        if self.left < 0:
            raise too_large(self.name, LARGEST_FILE)
        return data

    @property
    def package(self) -> str:
        """The path of the file that says what the book is made of."""
        roots = list(tree(self.bytes(CONTAINER), self.name).iter(ROOTFILE))
        return roots[0].get("full-path", "") if roots else ""

    def documents(self, package: etree._Element) -> list[str]:
        """The paths of the documents in reading order, each once; a table of contents is none."""
        home = posixpath.dirname(self.package)
        items = {item.get("id"): item for item in package.iter(f"{OPF}item")}
        listed = [items[ref.get("idref")] for ref in package.iter(f"{OPF}itemref") if ref.get("idref") in items]
        texts = [item for item in listed if "nav" not in (item.get("properties") or "").split()]
        paths = (posixpath.normpath(posixpath.join(home, unquote(item.get("href") or ""))) for item in texts)
        return list(dict.fromkeys(paths))
