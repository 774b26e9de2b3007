"""Page files of every form, made by hand from sentences of our own, byte for byte the same each time."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

MASTHEAD = ("云泽日报", "2024年5月6日 星期一 第A01版")
HEADLINE = "北桥区新渡口开航"
BODY = "本报讯(记者 林早)昨天上午,北桥区新渡口正式开航,北桥区区长何青松到场,市交通局局长江海讲话。"
MORE = "渡口每天往返二十班,方便南岸居民出行。"

Print = tuple[float, float, float, str]  # x, y, size in points; text


def html(*body: str, head: str = "<title>云泽日报</title>") -> str:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{''.join(body)}</body></html>"


def paper_html() -> str:
    lines = [f"<p>{line}</p>" for line in MASTHEAD]
    return html(*lines, f"<h2>{HEADLINE}</h2><p>　　{BODY}</p><p>　　{MORE}</p>")


def packed(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of files, each of the same day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (2024, 5, 6, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def docx(*paragraphs: str) -> bytes:
    """A Word document; a paragraph is the XML inside it."""
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    about = '<c xmlns:d="http://purl.org/dc/terms/"><d:created>2024-05-07T00:00:00Z</d:created></c>'
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "docProps/core.xml": about,
            "word/document.xml": f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>",
        }
    )


def epub(chapters: Mapping[str, str], spine: Iterable[str], **more: str) -> bytes:
    """An EPUB: file name → XHTML, read in the order of `spine`."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    items = "".join(f'<item id="i{n}" href="{name}"/>' for n, name in enumerate(chapters))
    numbers = {name: n for n, name in enumerate(chapters)}
    refs = "".join(f'<itemref idref="i{numbers[name]}"/>' for name in spine)
    opf = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{refs}</spine></package>'
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": opf}
    return packed(files | {f"OEBPS/{name}": text for name, text in chapters.items()} | more)


def pdf(*sheets: Iterable[Print], rotate: int = 0, trailer: str = "") -> bytes:
    """A PDF of sheets of 400 × 500 points, its letters not embedded: PDFium takes what the machine has."""
    contents = [_stream("".join(map(_show, sheet))) for sheet in sheets]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    ]
    for n, content in enumerate(contents):
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 500] /Rotate {rotate} /Contents {6 + 2 * n} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>"
        )
        objects += [page.encode(), content]
    return _file(objects, trailer)


def _show(one: Print) -> str:
    x, y, size, text = one
    return f"BT /F {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def _stream(content: str) -> bytes:
    data = zlib.compress(content.encode())
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(data), data)


def _file(objects: list[bytes], trailer: str) -> bytes:
    out = b"%PDF-1.5\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table) + end.encode()


def locked_pdf() -> bytes:
    """A PDF that no empty password opens."""
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<00> <00>]"
    return pdf([(20, 400, 10, HEADLINE)], trailer=lock)


def wrapped(text: str, x: float, y: float, width: int, size: float = 10) -> list[Print]:
    """A column of so many characters a line, the first line indented by two blanks."""
    text = "\u3000\u3000" + text
    return [(x, y - 1.5 * size * n, size, text[i : i + width]) for n, i in enumerate(range(0, len(text), width))]


def columns(text: str, places: list[tuple[float, float]], width: int, lines: int, size: float = 10) -> list[Print]:
    """One text that runs on from column to column, each of so many lines."""
    rows = [row for *_, row in wrapped(text, 0, 0, width, size)]
    return [
        (x, y - 1.5 * size * n, size, row)
        for column, (x, y) in enumerate(places)
        for n, row in enumerate(rows[column * lines : (column + 1) * lines])
    ]


def paper_pdf() -> bytes:
    """A masthead, a headline over two columns, and a text that runs on in the second; printed row by row."""
    two = columns(BODY + MORE, [(20, 380), (215, 380)], 17, 3)
    rows = sorted(two, key=lambda one: (-one[1], one[0]))
    return pdf([(120, 460, 30, MASTHEAD[0]), (20, 435, 10, MASTHEAD[1]), (90, 405, 22, HEADLINE), *rows])


TEXT = "\n".join((*MASTHEAD, HEADLINE, "\u3000\u3000" + BODY + MORE)) + "\n"
LINES = (*MASTHEAD, HEADLINE, BODY, MORE)
PAPERS: dict[str, bytes] = {
    "a.html": paper_html().encode(),
    "gbk.htm": paper_html().replace("utf-8", "gb2312").encode("gb18030"),
    "a.docx": docx(*map(run, LINES)),
    "a.epub": epub({"2.xhtml": html(*(f"<p>{line}</p>" for line in LINES))}, ["2.xhtml"]),
    "a.pdf": paper_pdf(),
    "a.zip": packed({"a.txt": TEXT}),
}


def put(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path
