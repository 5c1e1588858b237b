"""A digest as a workbook: numbers are numbers, texts are texts and never a formula."""

from io import BytesIO
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.digest import tables, text
from bot.digest.figures import Digest
from bot.digest.tables import Cell, Table
from bot.ledger_file import plain, to_print
from bot.wording import Wording

_NARROW, _WIDE = 12, 26
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def workbook(digest: Digest, wording: Wording, zone: ZoneInfo) -> bytes:
    """The .xlsx: what matters on the first sheet, each chart's table on one of its own."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = wording("digest_table_numbers")
    row = _line(first, 1, (f"{tables.title(wording, digest)} {text.span(wording, digest, zone)}",), size=16)
    row = _line(first, row, (made(digest, wording, zone),))
    for table in (tables.numbers(wording, digest), tables.rates(wording, digest), tables.intents(wording, digest),
                  *tables.looked_at(wording, digest, zone)):  # fmt: skip
        row = _table(first, row + 1, table)
    for table in tables.charted(wording, digest):
        _table(book.create_sheet(table.title), 1, table)
    for sheet in book.worksheets:
        for at in range(1, 7):
            sheet.column_dimensions[get_column_letter(at)].width = _WIDE if at == 1 else _NARROW
        to_print(sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def made(digest: Digest, wording: Wording, zone: ZoneInfo) -> str:
    """When it was counted, and what is not in it."""
    local = digest.as_of.astimezone(zone)
    return wording("digest_made", at=f"{local.year}年{local.month}月{local.day}日{local:%H:%M}")


def _table(sheet: Worksheet, row: int, table: Table) -> int:
    row = _line(sheet, row, (table.title,), size=13)
    row = _line(sheet, row, table.columns, size=11, bold=True)
    for cells in table.rows:
        row = _line(sheet, row, cells)
    return row


def _line(sheet: Worksheet, row: int, cells: tuple[Cell, ...], *, size: int = 11, bold: bool = False) -> int:
    """Write one row; returns the number of the next."""
    for at, value in enumerate(cells, 1):
        cell = sheet.cell(row, at)
        cell.font = Font(bold=bold or size > 11, size=size)  # noqa: PLR2004 - headings are larger than text
        if isinstance(value, int):
            cell.value = value
            continue
        cell.value = plain(value)
        cell.data_type = "s"  # openpyxl makes a formula of whatever begins with "="
        cell.quotePrefix = value.startswith(_FORMULA)
        cell.alignment = Alignment(vertical="top")
    return row + 1
