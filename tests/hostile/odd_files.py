"""Files of every form that are damaged, locked, traps or not what they say: name → (file name, bytes)."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import papers
from papers import TEXT, docx, epub, html, packed, paper_html, paper_pdf, pdf, run
from test_inputs import HOSTILE, LAUGHS

GOOD = packed({"a.txt": TEXT})
W = papers.W
CONTAINER = "META-INF/container.xml"
_EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


def word(xml: str) -> bytes:
    """A Word document whose main part is this XML."""
    return packed({"word/document.xml": xml})


def book(**parts: str | bytes) -> bytes:
    """An EPUB of one chapter, some of its parts others."""
    names = {"container": CONTAINER, "opf": "OEBPS/book.opf", "chapter": "OEBPS/a.xhtml"}
    with zipfile.ZipFile(io.BytesIO(epub({"a.xhtml": paper_html()}, ["a.xhtml"]))) as made:
        files: dict[str, str | bytes] = {name: made.read(name) for name in made.namelist()}
    return packed(files | {names[part]: data for part, data in parts.items()})


def changed(data: bytes, mark: bytes, at: int, value: bytes) -> bytes:
    """`data` with other bytes `at` bytes behind each `mark`."""
    out = bytearray(data)
    for found in re.finditer(re.escape(mark), data):
        out[found.start() + at : found.start() + at + len(value)] = value
    return bytes(out)


def object_pdf(body: bytes) -> bytes:
    """A PDF with this in place of its list of pages."""
    return re.sub(rb"<< /Type /Pages.*?>>", lambda _: body, pdf([(20, 400, 10, "云泽市")]), count=1)


HEAD, LIST = b"PK\x03\x04", b"PK\x01\x02"
DEEP = "<div>" * 20_000 + TEXT
FILES: dict[str, tuple[str, str | bytes]] = {
    **{name: (file, data) for name, (file, data, _) in HOSTILE.items() if len(data) < 3_000_000},
    "zip of one byte": ("a.zip", b"P"),
    "zip of a head alone": ("a.zip", HEAD + bytes(26)),
    "zip of an end alone": ("a.zip", b"PK\x05\x06" + bytes(18)),
    "zip with another method": ("a.zip", changed(changed(GOOD, HEAD, 8, b"\x63\0"), LIST, 10, b"\x63\0")),
    "zip with a wrong size": ("a.zip", changed(GOOD, LIST, 24, struct.pack("<I", 5))),
    "zip with a huge size": ("a.zip", changed(GOOD, LIST, 24, struct.pack("<I", 2**32 - 2))),
    "zip with a wrong place": ("a.zip", changed(GOOD, LIST, 42, struct.pack("<I", 9_999))),
    "zip with a wrong date": ("a.zip", changed(GOOD, LIST, 12, b"\xff\xff\xff\xff")),
    "zip with wrong deflate": ("a.zip", GOOD[:40] + bytes(20) + GOOD[60:]),
    "zip behind other bytes": ("a.zip", b"x" * 99 + GOOD),
    "zip before other bytes": ("a.zip", GOOD + b"x" * 99),
    "zip with a long comment": ("a.zip", GOOD[:-2] + b"\xff\xff" + b"PK\x05\x06" * 9_000),
    "zip of bzip2": ("a.zip", packed({"a.txt": TEXT}, zipfile.ZIP_BZIP2)),
    "zip of lzma": ("a.zip", packed({"a.txt": TEXT}, zipfile.ZIP_LZMA)),
    "zip stored": ("a.zip", packed({"a.txt": TEXT}, zipfile.ZIP_STORED)),
    "zip with a folder named as a page": ("a.zip", packed({"a.txt/": b""})),
    "zip with a file of a folder's name": ("a.zip", packed({"a": b"x", "a/b.txt": TEXT})),
    "zip with a blank name": ("a.zip", packed({" .txt": TEXT, "/.txt": TEXT})),
    "zip with a long name": ("a.zip", packed({"长" * 5_000 + ".txt": TEXT})),
    "zip with a nul in a name": ("a.zip", packed({"a?b.txt": TEXT}).replace(b"a?b", b"a\0b")),
    "zip with escapes in a name": ("a.zip", packed({"\x1b[2J\u202e.txt": TEXT})),
    "zip with dots": ("a.zip", packed({"./a.txt": TEXT, "b/../c.txt": TEXT})),
    "zip with drives": ("a.zip", packed({"\\\\host\\a.txt": TEXT})),
    "zip with case alone between": ("a.zip", packed({"a.txt": TEXT, "A.TXT": TEXT})),
    "zip of 2,000 members": ("a.zip", packed({f"{n}.txt": "" for n in range(2_000)})),
    "zip in zip in zip": ("a.zip", packed({"b.zip": packed({"c.zip": GOOD})})),
    "docx in zip": ("a.zip", packed({"b.docx": GOOD})),
    "damaged pdf in zip": ("a.zip", packed({"b.pdf": paper_pdf()[:300]})),
    "html named zip": ("a.zip", paper_html()),
    "pdf named zip": ("a.zip", paper_pdf()),
    "docx named zip": ("a.zip", docx(run("云泽市"))),
    "epub named docx": ("a.docx", epub({"a.xhtml": paper_html()}, ["a.xhtml"])),
    "docx of nothing": ("a.docx", packed({})),
    "docx without paragraphs": ("a.docx", docx()),
    "docx of other xml": ("a.docx", word("<html/>")),
    "docx that is no xml": ("a.docx", word("云泽市")),
    "docx in utf-16": ("a.docx", packed({"word/document.xml": "<w/>".encode("utf-16")})),
    "docx with a wrong encoding": ("a.docx", word('<?xml version="1.0" encoding="x"?><w/>')),
    "docx with an outer entity": ("a.docx", word(f"{_EXTERNAL}<w:document {W}><w:t>&e;</w:t></w:document>")),
    "docx with an outer dtd": ("a.docx", word(f"{_REMOTE}<w:document {W}/>")),
    "docx with a nul": ("a.docx", docx(run("云泽市\0水利局"))),
    "docx with many attributes": ("a.docx", word("<w " + " ".join(f'a{n}=""' for n in range(20_000)) + "/>")),
    "docx cut off": ("a.docx", docx(run(TEXT))[:-60]),
    "docx with a bomb": ("a.docx", word(f"<w:document {W}><w:t>{'市' * 2_000_000}</w:t></w:document>")),
    "epub without a list": ("a.epub", book(opf="<package/>")),
    "epub without a container": ("a.epub", packed({"mimetype": "application/epub+zip"})),
    "epub with a broken container": ("a.epub", book(container="<container")),
    "epub with an outer entity": ("a.epub", book(chapter=f"{_EXTERNAL}<html><body>&e;</body></html>")),
    "epub with entities": ("a.epub", book(chapter=LAUGHS)),
    "epub with an empty chapter": ("a.epub", book(chapter="")),
    "epub with a binary chapter": ("a.epub", book(chapter=bytes(range(256)))),
    "epub with deep xml": ("a.epub", book(chapter="<a>" * 9_999)),
    "epub cut off": ("a.epub", book()[:-40]),
    "html of tags alone": ("a.html", html("<p></p>" * 2_000)),
    "html without an end": ("a.html", html(f"<p>{TEXT}<!-- ")),
    "html with an open script": ("a.html", html(f"<p>{TEXT}<script>")),
    "html with deep tags": ("a.html", html(DEEP)),
    "html with a deep list": ("a.html", html("<ul><li>" * 5_000 + TEXT)),
    "html with nested tables": ("a.html", html("<table><tr><td>" * 3_000 + TEXT)),
    "html with a nul": ("a.html", html(TEXT.replace("北", "\0"))),
    "html with wrong characters": ("a.html", html("&#xD800;&#x110000;&#0;&bogus;" + TEXT)),
    "html that says another encoding": ("a.html", html(TEXT).replace("utf-8", "shift_jis")),
    "html that says no encoding": ("a.html", html(TEXT).replace("utf-8", "klingon")),
    "html in utf-16": ("a.html", html(TEXT).encode("utf-16")),
    "html with a frame": ("a.html", "<html><frameset><frame src=file:///etc/passwd></html>"),
    "html with a redirect": ("a.html", html(TEXT, head='<meta http-equiv=refresh content="0;url=http://x">')),
    "html with a long attribute": ("a.html", html(f"<p title='{'x' * 300_000}'>{TEXT}</p>")),
    "html with many attributes": ("a.html", html("<p " + " ".join(f"a{n}=1" for n in range(9_000)) + f">{TEXT}")),
    "pdf of a head alone": ("a.pdf", b"%PDF-1.7\n"),
    "pdf of zero pages": ("a.pdf", pdf()),
    "pdf without pages": ("a.pdf", object_pdf(b"<< >>")),
    "pdf with pages in a circle": ("a.pdf", object_pdf(b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>")),
    "pdf with a huge count": ("a.pdf", object_pdf(b"<< /Type /Pages /Count 99999999 /Kids [5 0 R] >>")),
    "pdf with a wrong list": ("a.pdf", paper_pdf().replace(b"startxref", b"startxyz")),
    "pdf with a wrong stream": ("a.pdf", re.sub(rb"stream\n.{9}", b"stream\n" + bytes(9), paper_pdf(), flags=re.S)),
    "pdf with a wrong length": ("a.pdf", re.sub(rb"/Length \d+", b"/Length 99999", paper_pdf())),
    "pdf with a bomb": ("a.pdf", paper_pdf() + zlib.compress(bytes(30_000_000))),
    "pdf with characters off the sheet": ("a.pdf", pdf([(9e9, -9e9, 10, TEXT[:20]), (0, 0, 0, TEXT[:20])])),
    "pdf with characters on one spot": ("a.pdf", pdf([(20, 400, 10, "市")] * 3_000)),
    "pdf turned round": ("a.pdf", pdf([(20, 400, 10, TEXT[:20])], rotate=90)),
    "pdf of 300 pages": ("a.pdf", pdf(*[[(20, 400, 10, "云泽市水利局")]] * 300)),
    "pdf with huge letters": ("a.pdf", pdf([(20, 400, 1e7, "云泽市水利局")])),
    "word of 1997 named txt": ("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "text named pdf": ("a.pdf", TEXT),
    "text named html": ("a.html", TEXT),
    "text named epub": ("a.epub", TEXT),
    "nothing named docx": ("a.docx", b""),
    "nothing named html": ("a.html", b""),
    "nothing named epub": ("a.epub", b""),
}
