"""The ledger as a workbook. A cell holds what it says and nothing else: no text of a neighbour's is ever a formula."""

import re
from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.ledger_table import Sheet, Table

WIDTHS = (8, 12, 14, 22, 8, 10, 12, 12, 30, 20, 24, 24, 24)
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # halves of characters, and what is none
_LONGEST = 2000  # characters of a cell
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # how a formula begins, here or in whatever it is pasted into
_EDGE = Side(style="thin", color="000000")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_TITLE = 31  # characters of a worksheet's name


def workbook(sheet: Sheet) -> bytes:
    """The .xlsx: one worksheet, the tables below each other, set up to be printed black on white, A4 across."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "".join(c for c in plain(sheet.title) if c not in "[]:*?/\\'").strip()[:_TITLE] or "1"
    row = _line(page, 1, [sheet.title], bold=True, size=16)
    for table in sheet.tables:
        row = _table(page, row + 1, table)
    for remark in sheet.remarks:
        row = _line(page, row + 1, [remark])
    for at, width in enumerate(WIDTHS, 1):
        page.column_dimensions[get_column_letter(at)].width = width
    to_print(page)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def plain(text: str) -> str:
    """A text as a cell may hold it: without control characters, and no longer than a cell is read."""
    return _NO_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))[:_LONGEST]


def _table(page: Worksheet, row: int, table: Table) -> int:
    row = _line(page, row, [table.title], bold=True, size=13)
    row = _line(page, row, table.columns, bold=True, boxed=True)
    for cells in table.rows:
        row = _line(page, row, cells, boxed=True)
    return row


def _line(page: Worksheet, row: int, cells: Iterable[str], *, bold: bool = False, size: int = 11,
          boxed: bool = False) -> int:  # fmt: skip
    """Write one row; returns the number of the next."""
    for at, text in enumerate(cells, 1):
        cell = page.cell(row, at)
        cell.value = plain(text)
        cell.data_type = "s"  # openpyxl makes a formula of whatever begins with "="
        cell.quotePrefix = text.startswith(_FORMULA)  # and a spreadsheet keeps it a text when somebody edits the cell
        cell.font = Font(bold=bold, size=size)
        cell.alignment = Alignment(vertical="top", wrap_text=boxed)
        if boxed:
            cell.border = _BOX
    return row + 1


def to_print(page: Worksheet) -> None:
    """Set a sheet up for paper: A4 across, as wide as one page."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
