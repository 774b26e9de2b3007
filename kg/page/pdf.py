"""PDF with a text layer → its text, a newspaper page a page, by where each character stands.

PDFium reads the file. Of its characters only the code, the origin and the size are used: their boxes depend on the
fonts of the machine where a file does not carry its own. A file of several pages is several pages.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from kg.errors import PageError
from kg.page.archive import damaged
from kg.page.columns import Glyph, in_reading_order
from kg.page.readers import LARGEST_TEXT, Part, Read, all_of, extracted, too_large

ONE_AT_A_TIME = Lock()  # PDFium is not made for several threads
MOST_PAGES = 2_000


def parts(file: BinaryIO, name: str) -> list[Part]:
    """The pages of a PDF by their number, as many digits as the last one has; one page is the file itself."""
    with _opened(all_of(file, name), name) as document:
        count = len(document)
    if count > MOST_PAGES:
        raise PageError(f"{name}: {count} pages; split it into issues of at most {MOST_PAGES} 页数过多,请拆分")
    return [()] if count == 1 else [(str(n).zfill(len(str(count))),) for n in range(1, count + 1)]


def read(file: BinaryIO, name: str, part: Part = ()) -> Read:
    """The text of one page of a PDF; raises PageError where the file is damaged or locked, or the page has no text."""
    data = all_of(file, name)
    with _opened(data, name) as document:
        number = int(part[0]) if part else 1
        if not 1 <= number <= len(document):
            raise PageError(f"{name}: has no page {number} 没有第 {number} 页")
        glyphs = _glyphs(document, number, name)
        hint = " ".join(document.get_metadata_value(key) for key in ("Title", "CreationDate"))
    text = in_reading_order(glyphs)
    if not text.strip():
        where = f"page {number} of {name}" if part else name
        raise PageError(f"{where}: no text, only pictures (a scan); recognise its characters first 扫描件,没有文字层")
    return extracted(text, data, name, hint)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
                raise PageError(f"{name}: encrypted; save it without its password first 已加密,请先解除密码") from error
            raise damaged(name) from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise damaged(name) from error
        finally:
            document.close()


def _glyphs(document: pypdfium2.PdfDocument, number: int, name: str) -> list[Glyph]:
    """The characters of a page in the order of the file, turned so that most of them are upright."""
    page = document[number - 1]
    text = page.get_textpage()
    count = text.count_chars()
    if count > LARGEST_TEXT // 2:
        raise too_large(name, LARGEST_TEXT)
    found = [(glyph, turn) for i in range(count) for glyph, turn in _glyph(text.raw, i)]
    turns = Counter(turn for glyph, turn in found if glyph.text.strip())
    turned = min(turns, key=lambda turn: (-turns[turn], turn), default=0)
    left, bottom, right, top = page.get_cropbox()
    inside = (glyph for glyph, _ in found if left <= glyph.x <= right and bottom <= glyph.y <= top)
    return [_turn(glyph, turned) for glyph in inside]


def _glyph(text: ctypes.c_void_p, i: int) -> Iterator[tuple[Glyph, int]]:
    """The `i`th character of a page with the quarters of a turn that it is set at.

    Of what PDFium made up only blanks are kept, as such, and no ends of lines.
    """
    code = pdfium.FPDFText_GetUnicode(text, i)
    made_up = pdfium.FPDFText_IsGenerated(text, i) == 1
    if code in (0, 0xFFFE, 0xFFFF) or (made_up and code != 0x20):
        return
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(text, i, x, y)
    pdfium.FPDFText_GetMatrix(text, i, matrix)
    size = pdfium.FPDFText_GetFontSize(text, i)
    wide, high = size * math.hypot(matrix.a, matrix.b), size * math.hypot(matrix.c, matrix.d)
    if made_up:
        yield Glyph(" ", round(x.value, 2), round(y.value, 2), 0.0, 0.0), 0
    elif min(wide, high) > 0 and all(map(math.isfinite, (x.value, y.value, wide, high))):
        turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        yield Glyph(chr(code), round(x.value, 2), round(y.value, 2), round(wide, 2), round(high, 2)), turn


def _turn(glyph: Glyph, quarters: int) -> Glyph:
    x, y = ((glyph.x, glyph.y), (glyph.y, -glyph.x), (-glyph.x, -glyph.y), (-glyph.y, glyph.x))[quarters]
    return glyph._replace(x=x, y=y)
