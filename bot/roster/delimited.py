"""A .csv file as rows of cells, and tables written out: both with what a spreadsheet program does to them in mind."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from bot.roster.archive import MAX_FILE_BYTES, MAX_ROWS, NotReadable
from bot.roster.cells import Cell

ENCODINGS = ("utf-8-sig", "gb18030")  # what is saved today, and what older programs save in China
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "|",
    "%",
    "＝",
    "＋",
    "－",
    "＠",
)  # a cell that begins so is reckoned, not shown
QUOTE = "'"
MAX_COLUMNS = 40


def rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that hold anything, with their numbers. Raises NotReadable for what is no text, or too much of it."""
    if not path.is_file():
        raise NotReadable("没有这个文件")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise NotReadable(f"文件超过{MAX_FILE_BYTES // 1024 // 1024}MB，太大了")
    try:
        for number, row in enumerate(csv.reader(_text(path).splitlines(keepends=True), strict=True), start=1):
            if number > MAX_ROWS:
                raise NotReadable(f"超过{MAX_ROWS}行，太长了")
            cells = [Cell(_unquoted(value) or None) for value in row[:MAX_COLUMNS]]
            if not all(cell.blank() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise NotReadable("打不开：引号或逗号不成对。请在表格软件里另存为.xlsx") from error


def write(path: Path, title: str, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Write a table as .csv or .xlsx, by the file's name. No cell of it is ever reckoned as a formula, whoever wrote
    the text in it. Raises OSError where the file cannot be written.
    """
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows([[quoted(value) for value in line] for line in lines])
        return
    book = Workbook()
    worksheet = book.active or book.create_sheet()
    worksheet.title = title
    for number, line in enumerate([headings, *lines], start=1):
        for at, value in enumerate(line, start=1):
            # The quote too: a file that is saved as .csv later must be as harmless.
            cell = worksheet.cell(number, at, value if number == 1 else quoted(_plain(value)))
            cell.number_format = "@"
            if number == 1:
                cell.font = Font(bold=True)
    worksheet.freeze_panes = "A2"
    book.save(path)


def quoted(value: str) -> str:
    """The text with a quote before it where a spreadsheet program would take it for a formula."""
    return f"{QUOTE}{value}" if value.lstrip(" ").startswith(FORMULA) or value.startswith(QUOTE) else value


def _unquoted(value: str) -> str:
    """What `quoted` was given; another quote is the writer's own."""
    bare = value.removeprefix(QUOTE)
    return bare if value != bare and quoted(bare) == value else value


def _plain(value: str) -> str:
    """Without the control characters that no workbook may hold."""
    return "".join(letter for letter in value if letter >= " " or letter in "\t\n")


def _text(path: Path) -> str:
    content = path.read_bytes()
    if b"\x00" in content:
        raise NotReadable("打不开：不是文字文件。请在表格软件里另存为.xlsx")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable("打不开：文字编码认不出来。请在表格软件里另存为.xlsx")
