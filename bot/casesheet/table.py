"""The table of external cases: its columns, read with the roster's own cell readers and their errors."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from bot import roster
from bot.cases import HOTLINE, normal
from bot.roster import cells
from bot.roster.cells import BadCell, Cell
from bot.roster.columns import Column, Sheet
from intents.external import SOURCES

MOMENT = re.compile(r"(?P<day>\S+?)(?:[ T]+(?P<clock>\d.*))?")
CLOCK = re.compile(r"(\d{1,2})\s*[:时点](?:\s*(\d{1,2})\s*(?:[:分]\s*(?:\d{1,2}(?:\.\d+)?秒?)?)?)?")


@dataclass(frozen=True)
class CaseRow:
    """One line of the sheet. Moments are as they were written: naive, or a day alone. due None: 无 was written."""

    number: str
    due: datetime | date | None
    source: str = HOTLINE
    received: datetime | date | None = None
    ref: str | None = None  # our own number, where the matter is here already
    area: str | None = None
    words: str | None = None
    phone: str | None = None
    at: int = 0  # the row in the sheet


def read(path: Path) -> tuple[list[CaseRow], list[str]]:
    """The rows of an .xlsx or .csv, and headings that were passed over. Raises RosterRefused with all bad cells."""
    reading = roster.read_table(path, CASES)
    return list(reading.rows.get(CASES.field, [])), reading.passed_over


def moment(cell: Cell) -> datetime | date:
    """A date cell with or without a time, or both as text: 2026-12-03 17:00, 2026年12月3日 17时, 2026-12-03."""
    value = cell.value
    if isinstance(value, datetime):
        day = cells.day(cell)
        return day if value.time() == time(0) else value
    if isinstance(value, date):
        return cells.day(cell)
    if not isinstance(value, str):
        raise BadCell("这里要填日期和时间，比如 2026-12-03 17:00")
    said = unicodedata.normalize("NFKC", value).strip()
    found = MOMENT.fullmatch(said)
    if found is None:
        raise BadCell(f"看不出“{said[:20]}”是什么时候，请写成 2026-12-03 17:00 这样")
    day = cells.day(Cell(found["day"]))
    if found["clock"] is None:
        return day
    clock = CLOCK.fullmatch(found["clock"].strip())
    if clock is None:
        raise BadCell(f"看不出“{said[:20]}”是几点，请写成 2026-12-03 17:00 这样")
    try:
        return datetime.combine(day, time(int(clock[1]), int(clock[2] or 0)))
    except ValueError as error:
        raise BadCell(f"没有“{found['clock'][:20]}”这个时间") from error


def _until(cell: Cell) -> datetime | date | None:
    if isinstance(cell.value, str) and cell.value.strip().lower() in cells.NOTHING_WORDS:
        return None
    return moment(cell)


def _number(cell: Cell) -> str:
    return normal(str(cells.code(64)(cell)))


def _source(cell: Cell) -> str:
    said = str(cells.text(32)(cell))
    return SOURCES.get(said, said) or HOTLINE


CASES = Sheet(
    "cases",
    "工单",
    "一行一张外来的工单（12345等）。写了社区工单号的记到那一件上；没写的，按区域和内容新开一件，同一处同一种的并成一件。",
    (
        Column("number", "工单编号", _number, "对方的编号，原样", ("编号", "工单号", "number"), required=True),
        Column(
            "due",
            "答复期限",
            _until,
            "什么时候前要答复，2026-12-03 17:00；没有的写“无”",
            ("办理期限", "办结期限", "处理时限", "截止时间", "期限", "due"),
            required=True,
        ),
        Column("source", "来源", _source, "12345、信访……空着算12345", ("工单来源", "source")),
        Column("received", "收到时间", moment, "空着算现在", ("受理时间", "来电时间", "派单时间", "received")),
        Column("ref", "社区工单号", cells.code(64), "这件事在这里已经有了的，写我们的工单号", ("ref",)),
        Column("area", "区域编号", cells.code(64), "花名册里的区域编号，越细越好", ("区域", "area")),
        Column("words", "内容", cells.text(2000), "什么事", ("诉求内容", "工单内容", "来电内容", "words")),
        Column("phone", "联系电话", cells.phone, "只给办这件事的人看", ("电话", "来电号码", "phone")),
    ),
    CaseRow,
    key="number",
    lenient=True,
)
