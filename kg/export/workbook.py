"""One workbook for Excel, WPS and LibreOffice: a sheet for each class of things, then relations, pages and articles.

Written a row at a time by XlsxWriter. A sheet goes on in another where it is full; a text that Excel cannot hold whole
is cut. The same graph gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg import ontology
from kg.contents import Contents, opened
from kg.entries import KINDS
from kg.errors import MissingExtraError
from kg.export.sheet_files import text
from kg.export.sheets import Cell, Table, entity, tables
from kg.export.tables import cell as guarded
from kg.export.triples import MENDED, NOT_XML

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_576  # of a sheet, its heading among them
LETTERS = 32_767  # UTF-16 units of a cell
EPOCH = datetime(1980, 1, 1)  # in place of the time of writing
WIDTH = 18  # of a column, in characters
# What is always unique in a workbook, and no longer than Excel's 31 characters.
TITLES = {"relations": "关系 relations", "pages": "版面 pages", "articles": "稿件 articles"}

GUARDED = "{} cells that a spreadsheet would run as formulas start with an apostrophe"
MENDINGS = "{} cells held characters that XML cannot hold: U+FFFD stands for them"
CUTS = f"{{}} cells were cut at {LETTERS} characters, the most that Excel can hold"


@dataclass
class _Book:
    """The workbook being written, and what had to be done to its cells."""

    book: Workbook
    done: Counter[str] = field(default_factory=Counter)

    def add(self, title: str, table: Table) -> None:
        """A sheet of the table, and as many more as it needs."""
        sheet, at = self._sheet(title, table), 0
        for number, row in enumerate(table.rows):
            part, at = divmod(number, ROWS - 1)
            if part and not at:
                sheet = self._sheet(f"{title} {part + 1}", table)
            for column, value in enumerate(row):
                self._write(sheet, at + 1, column, value)

    def _sheet(self, title: str, table: Table) -> Worksheet:
        sheet = self.book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns) - 1, WIDTH)
        for column, (name, _) in enumerate(table.columns):
            sheet.write_string(0, column, name)
        return sheet

    def _write(self, sheet: Worksheet, row: int, column: int, value: Cell) -> None:
        if value is None or value in ("", ()):
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, self._fit(text(value)))

    def _fit(self, plain: str) -> str:
        """The text as a cell can hold it."""
        mended = NOT_XML.sub(MENDED, plain)
        safe = guarded(mended)
        short = safe.encode("utf-16-le")[: 2 * LETTERS].decode("utf-16-le", "ignore")
        for note, needed in ((MENDINGS, mended != plain), (GUARDED, safe != mended), (CUTS, short != safe)):
            self.done[note] += needed
        return short


def write(source: Path, target: Path) -> tuple[str, ...]:
    """Write the file `target`. Raises MissingExtraError without XlsxWriter."""
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import XlsxFileError
    except ImportError as error:
        raise MissingExtraError("A workbook needs one more package: pip install 'fangzhi[export]'") from error
    with opened(source) as contents, TemporaryDirectory(prefix="kg-export-") as rows:
        file = BytesIO()  # packed in memory: a ZipFile that meets a full disk says so once more when it is deleted
        filled = _Book(Workbook(file, {"constant_memory": True, "tmpdir": rows}))
        filled.book.set_properties({"created": EPOCH})
        for title, table in _sheets(contents):
            filled.add(title, table)
        try:
            filled.book.close()
        except XlsxFileError as error:
            raise OSError(str(error)) from error
    target.write_bytes(file.getbuffer())
    return tuple(note.format(count) for note, count in sorted(filled.done.items()) if count)


def _sheets(contents: Contents) -> Iterator[tuple[str, Table]]:
    """The sheets in their order: the things of each class, then the other tables."""
    things, *others = tables(contents)
    for kind in KINDS:
        title = f"{ontology.load().term(kind).label_zh} {kind}"
        yield title, Table(kind, things.columns, map(entity, contents.things(kind)))
    yield from ((TITLES[table.name], table) for table in others)
