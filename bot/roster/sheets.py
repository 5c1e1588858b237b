"""A workbook to a Roster: every cell read, every bad one noted, nothing judged across rows yet."""

import unicodedata
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook.workbook import Workbook

from bot.roster import archive, delimited
from bot.roster.cells import BadCell, Cell
from bot.roster.check import check
from bot.roster.columns import SHEETS, Column, Sheet, sheets
from bot.roster.known import NOTHING, Known
from bot.roster.rows import Problem, Roster, RosterRefused
from models import Level

MAX_COLUMNS = 40
HEADING_WITHIN = 5  # notes may stand above the headings, no deeper than this
NOTE_COLUMNS = {"备注", "说明", "note", "notes", "remark"}
NOTE_SHEETS = ("说明", "readme", "选项")
ENOUGH_HEADINGS = 2
USUAL: Mapping[Level, tuple[str, ...]] = {}  # the words of bot.roster.words
Table: TypeAlias = tuple[list[tuple[int, list[Cell]]], tuple[str, ...]]  # numbered rows, merged cells


@dataclass
class Reading:
    """What has been read so far. `declared` has the keys of rows that are left out, so that one bad cell does
    not make every row that refers to it bad too."""

    sheets: tuple[Sheet, ...] = SHEETS
    rows: dict[str, list[Any]] = field(default_factory=dict)  # a Row each; of another table what its sheet makes
    declared: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)  # headings that a lenient sheet does not read

    def roster(self) -> Roster:
        return Roster(**{name: tuple(rows) for name, rows in self.rows.items()})


def read(path: Path, known: Known = NOTHING, levels: Mapping[Level, tuple[str, ...]] = USUAL) -> Roster:
    """Read a workbook whole. `known`: what the database holds already, for a roster of new rows alone. `levels`: own
    words for the levels of the tree (settings.levels).

    Raises RosterRefused with every problem at once: bad cells, and rows that do not fit together.
    """
    reading = Reading(sheets(levels))
    try:
        merged = archive.inspect(path)
        _read_workbook(path, merged, reading)
    except archive.NotReadable as error:
        raise RosterRefused([Problem(path.name, 0, "", str(error))]) from error
    roster = reading.roster()
    if roster.empty() and not reading.problems:
        reading.problems.append(Problem(path.name, 0, "", "表里没有内容"))
    problems = [*reading.problems, *check(roster, known, reading.declared)]
    if problems:
        raise RosterRefused(_in_order(problems))
    return roster


def read_table(path: Path, sheet: Sheet) -> Reading:
    """Read one table by itself, from the one sheet of a workbook that has its headings, or from a .csv file.

    Raises RosterRefused with every bad cell at once, named by row and column.
    """
    reading = Reading()
    try:
        found = _tables(path, sheet)
    except archive.NotReadable as error:
        raise RosterRefused([Problem(path.name, 0, "", str(error))]) from error
    if len(found) != 1:
        why = "有两张一样的表，只能有一张" if found else f"没找到表头，至少要有：{_wanted(sheet)}"
        raise RosterRefused([Problem(path.name, 0, "", why)])
    _read_sheet(sheet, *found[0], reading)
    if not reading.rows and not reading.problems:
        reading.problems.append(Problem(path.name, 0, "", "表里没有内容"))
    if reading.problems:
        raise RosterRefused(sorted(reading.problems, key=lambda problem: problem.row))
    return reading


def _tables(path: Path, sheet: Sheet) -> list[Table]:
    """The sheets of a workbook that have this table's headings, with their merged cells; a .csv is one by itself."""
    if path.suffix.lower() == ".csv":
        return [(list(delimited.rows(path)), ())]
    merged = archive.inspect(path)
    found = []
    with _opened(path) as book:
        for title in book.sheetnames:
            if hasattr(book[title], "reset_dimensions"):
                rows = _rows_of(book, title)
                if any(_is_heading(sheet, row) for _, row in rows[:HEADING_WITHIN]):
                    found.append((rows, merged.get(title, ())))
    return found


def _wanted(sheet: Sheet) -> str:
    return "、".join(column.heading for column in sheet.columns if column.required)


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    titles = [sheet.title for sheet in SHEETS]
    return sorted(problems, key=lambda p: (titles.index(p.sheet) if p.sheet in titles else -1, p.row))


def _read_workbook(path: Path, merged: Mapping[str, tuple[str, ...]], reading: Reading) -> None:
    with _opened(path) as book:
        _read_sheets(book, merged, reading)


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of drop-downs and styles it does not keep
        try:
            book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        except Exception as error:  # openpyxl raises whatever the damaged XML leads it into
            raise archive.NotReadable("打不开：文件坏了。请在表格软件里另存为.xlsx") from error
        try:
            yield book
        finally:
            book.close()


def _rows_of(book: Workbook, title: str) -> list[tuple[int, list[Cell]]]:
    worksheet: Any = book[title]
    worksheet.reset_dimensions()  # some programs write a wrong size, and what lies beyond would be dropped
    try:
        return list(_numbered(worksheet))
    except Exception as error:  # as above
        raise archive.NotReadable(f"“{title}”读不了，文件坏了。请在表格软件里另存为.xlsx") from error


def _read_sheets(book: Workbook, merged: Mapping[str, tuple[str, ...]], reading: Reading) -> None:
    seen: set[str] = set()
    for title in book.sheetnames:
        worksheet = book[title]
        if not hasattr(worksheet, "reset_dimensions"):
            continue  # a chart on a sheet of its own
        sheet = _sheet_called(reading, title)
        rows = _rows_of(book, title)
        if sheet is None:
            _refuse_unknown(title, rows, reading)
        elif sheet.field in seen:
            reading.problems.append(Problem(title, 0, "", f"“{sheet.title}”有两张，只能有一张"))
        else:
            seen.add(sheet.field)
            _read_sheet(sheet, rows, merged.get(title, ()), reading)


def _sheet_called(reading: Reading, title: str) -> Sheet | None:
    said = _folded(title)
    return next((sheet for sheet in reading.sheets if said in (sheet.title, sheet.field, f"{sheet.title}表")), None)


def _refuse_unknown(title: str, rows: Sequence[tuple[int, list[Cell]]], reading: Reading) -> None:
    if rows and not _folded(title).startswith(NOTE_SHEETS):
        known = "、".join(sheet.title for sheet in SHEETS)
        reading.problems.append(Problem(title, 0, "", f"不认得这张表，表名要是：{known}（“说明”不读）"))


def _numbered(worksheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that hold anything, with their numbers."""
    for number, cells in enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        row = [Cell(cell.value, cell.data_type) for cell in cells]
        if not all(cell.blank() for cell in row):
            yield number, row


def _read_sheet(sheet: Sheet, rows: Sequence[tuple[int, list[Cell]]], merged: Sequence[str], reading: Reading) -> None:
    if not rows:
        return
    heading_at = next((at for at, (_, row) in enumerate(rows[:HEADING_WITHIN]) if _is_heading(sheet, row)), None)
    if heading_at is None:
        reading.problems.append(Problem(sheet.title, 0, "", f"没找到表头，至少要有：{_wanted(sheet)}"))
        return
    number, heading = rows[heading_at]
    columns = _columns(sheet, number, heading, reading)
    reading.problems.extend(_merged(sheet, number, merged))
    for row_number, row in islice(rows, heading_at + 1, None):
        _read_row(sheet, columns, row_number, row, reading)


def _is_heading(sheet: Sheet, row: Sequence[Cell]) -> bool:
    found = {column.field for cell in row if (column := _column_called(sheet, cell)) is not None}
    return len(found) >= ENOUGH_HEADINGS


def _column_called(sheet: Sheet, cell: Cell) -> Column | None:
    said = _folded(cell.value)
    return next((c for c in sheet.columns if said in (_folded(c.heading), *c.others)), None) if said else None


def _columns(sheet: Sheet, number: int, heading: Sequence[Cell], reading: Reading) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for at, cell in enumerate(heading):
        column = _column_called(sheet, cell)
        shown = str(cell.value)[:20]
        if column is None:
            if sheet.lenient and not cell.blank():
                reading.passed_over.append(shown)
            elif not cell.blank() and _folded(cell.value) not in NOTE_COLUMNS:
                reading.problems.append(Problem(sheet.title, number, shown, "不认得这一列（想写备注，列名用“备注”）"))
        elif column in columns.values():
            reading.problems.append(Problem(sheet.title, number, shown, "这一列有两个"))
        else:
            columns[at] = column
    for column in sheet.columns:
        if column.required and column not in columns.values():
            reading.problems.append(Problem(sheet.title, number, column.heading, "缺这一列"))
    return columns


def _merged(sheet: Sheet, heading: int, merged: Sequence[str]) -> Iterator[Problem]:
    """Merged cells at or below the headings: only the first of them holds anything, the others would read as blank."""
    for reference in merged:
        first = range_boundaries(reference)
        if first[3] is not None and first[3] >= heading:
            yield Problem(sheet.title, max(int(first[1] or 0), heading), reference, "有合并的单元格，请拆开，每格都填")


def _read_row(sheet: Sheet, columns: dict[int, Column], number: int, row: Sequence[Cell], reading: Reading) -> None:
    if all(row[at].blank() for at in columns if at < len(row)):
        return  # a remark beside nothing
    values: dict[str, object] = {}
    good = all(column in columns.values() for column in sheet.columns if column.required)
    for at, column in columns.items():
        cell = row[at] if at < len(row) else Cell(None)
        if cell.blank() and not column.required:
            continue
        try:
            values[column.field] = column.read(cell) if not cell.blank() else _missing()
        except BadCell as error:
            good = False
            reading.problems.append(Problem(sheet.title, number, column.heading, str(error)))
    if good:
        reading.rows.setdefault(sheet.field, []).append(sheet.make(**values, at=number))
    elif sheet.key in values:
        reading.declared.setdefault(sheet.field, set()).add(str(values[sheet.key]))


def _missing() -> object:
    raise BadCell("这一格要填")


def _folded(value: object) -> str:
    """A title or heading as it is compared: without marks for "required", brackets, blanks, case."""
    said = unicodedata.normalize("NFKC", str(value or "")).strip().lower()
    return said.partition("(")[0].strip(" *:").replace("\n", "")
