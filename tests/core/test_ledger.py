"""The ledger: what is in it, in which order, and that nothing in it is anybody's own or a formula."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot import ledger, ledger_file, ledger_table
from bot.ledger import Ledger, Row
from bot.ledger_table import Sheet, Table
from bot.services import KEYWORDS
from bot.wording import Wording, load
from models import Area, Intent, Level, Origin, Role, Status, Ticket
from tests.conftest import START

ZONE = ZoneInfo("Asia/Shanghai")
BUILDING = Area(id=2, level=Level.BUILDING, code="B3", name="3栋", path="/1/2/")
UNIT = Area(id=3, level=Level.UNIT, code="B3U2", name="2单元", parent_id=2, path="/1/2/3/")


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load(KEYWORDS / "wording.toml")


def ticket(number: int, **columns: Any) -> Ticket:
    opened = START - timedelta(days=columns.pop("days", 1))
    fields: Mapping[str, Any] = {
        "ref": f"y-XF-{number}", "number": number, "year": 1, "community_id": 1, "intent": Intent.REPAIR,
        "category": "lift", "area_id": 3, "building": "3", "unit": "2", "matter": "电梯停了", "opened_at": opened,
        "last_report_at": opened, "status": Status.DISPATCHED, "recused_person_ids": [], **columns,
    }  # fmt: skip
    return Ticket(**fields)


def row(number: int, *, role: Role | None = Role.UNIT_LEADER, ended: datetime | None = None, **columns: Any) -> Row:
    return Row(ticket(number, **columns), UNIT, BUILDING, role, ended)


def build(*rows: Row, **more: Any) -> Ledger:
    return ledger.build(UNIT, rows, START, date(START.year, 1, 1), ZONE, **more)


def test_from_open_oldest_first_to_struck_off_latest_first() -> None:
    book = build(
        row(5, days=1),
        row(4, days=9, status=Status.CLOSED, resolved_at=START - timedelta(days=3)),
        row(3, days=7, status=Status.REOPENED, resolved_at=None),
        row(2, days=8, status=Status.RESOLVED, resolved_at=START - timedelta(days=1)),
        row(1, days=9, status=Status.WITHDRAWN, ended=START - timedelta(days=2)),
    )

    assert [entry.number for entry in book.open] == [3, 5]
    assert [entry.number for entry in book.struck_off] == [2, 1, 4]
    assert [entry.struck_off_on for entry in book.struck_off] == [
        (START - timedelta(days=days)).astimezone(ZONE).date() for days in (1, 2, 3)
    ]


def test_what_has_run_past_its_promise_shows_and_only_while_it_is_open() -> None:
    due = START - timedelta(hours=1)
    book = build(row(2, resolve_due_at=due), row(1, resolve_due_at=due, status=Status.CLOSED, resolved_at=START))

    assert (book.open[0].overdue, book.struck_off[0].overdue) == (True, False)


def test_what_was_told_in_confidence_is_a_count_and_for_the_office_its_kind() -> None:
    rows = [
        row(3, private=True, intent=Intent.DISPUTE, category="noise", matter="楼上吵", need="楼上天天吵"),
        row(2, private=True, intent=Intent.DISPUTE, category="parking", status=Status.CLOSED, resolved_at=START),
        row(1),
    ]

    for book in (build(*rows), build(*rows, office=True)):
        assert [entry.number for entry in book.open] == [1]
        assert (book.confidential_open, book.confidential_struck_off) == (1, 1)
    assert build(*rows).confidential == ()
    assert [(c.number, c.category) for c in build(*rows, office=True).confidential] == [(3, "noise"), (2, "parking")]


def test_a_party_never_sees_the_matter_not_even_in_the_count() -> None:
    rows = [row(2, private=True, recused_person_ids=[7]), row(1, recused_person_ids=[7])]

    mine, theirs = build(*rows, viewer=7, office=True), build(*rows, viewer=8, office=True)

    assert (mine.open, mine.confidential_open, mine.confidential) == ((), 0, ())
    assert (len(theirs.open), theirs.confidential_open) == (1, 1)


PERSONAL = [
    ("3栋2单元电梯又坏了，我住502，电话13800001111", "3栋2单元电梯又坏了"),
    ("402李娭毑家灯坏了", None),
    ("找王师傅换了阀门", None),
    ("阿卜杜热合曼·吐尔逊说没水", None),
    ("物业换了主板，张伟说好了", "物业换了主板"),
    ("约11月24日下午换", "约11月24日下午换"),
    (None, None),
    ("", None),
]


@pytest.mark.parametrize(("said", "left"), PERSONAL)
def test_a_clause_that_may_name_somebody_is_left_out_whole(said: str | None, left: str | None) -> None:
    assert ledger.clean(said, {"张伟"}) == left


def test_a_need_of_which_nothing_may_be_told_is_told_by_its_matter() -> None:
    entry = build(row(1, need="402李娭毑家灯坏了", location="李姐家隔壁", building=None, unit=None)).open[0]

    assert (entry.need, entry.place) == ("电梯停了", "3栋2单元")


@settings(max_examples=150, deadline=None)
@given(said=st.text(max_size=80), phone=st.from_regex(r"1[3-9]\d{9}", fullmatch=True), room=st.integers(101, 3304))
def test_no_phone_and_no_room_is_left_in_any_column(said: str, phone: str, room: int) -> None:
    text = f"{said}{phone} {room}室 {said}，{room}"
    book = build(row(1, need=text, cause=text, plan=text, progress=text, outcome=text, room=str(room)))

    told = [value for value in vars(book.open[0]).values() if isinstance(value, str)]

    assert not any(phone in value or f"{room}室" in value for value in told)


def test_as_people_read_it(wording: Wording) -> None:
    book = build(
        row(2, origin=Origin.PATROL, role=None), row(1, status=Status.CLOSED, resolved_at=START, outcome="换了灯泡")
    )

    sheet = ledger_table.sheet(book, wording, {})

    assert [table.title.split("（")[0] for table in sheet.tables] == ["没销号的", "销号的"]
    open_row = dict(zip(sheet.tables[0].columns, sheet.tables[0].rows[0], strict=True))
    done_row = dict(zip(sheet.tables[1].columns, sheet.tables[1].rows[0], strict=True))
    assert (open_row["编号"], open_row["来源"], open_row["到哪步"], open_row["谁在办"]) == ("#2", "巡查", "待接", "")
    assert (done_row["到哪步"], done_row["成效"], done_row["谁在办"]) == ("已销号", "换了灯泡", "单元长")
    assert {"需求", "原因", "方案", "进度", "成效"} <= set(sheet.tables[0].columns)


NASTY = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("x")',
    "好\x00\x0b了",
    "\ufffe",
]


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_is_ever_a_formula(text: str) -> None:
    content = ledger_file.workbook(Sheet(text or "x", (Table(text, (text, text), ((text, text),)),), (text,)))

    book = load_workbook(BytesIO(content))
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).lstrip().startswith(("=", "+", "-", "@")))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=3000))
def test_whatever_stands_in_a_cell_the_workbook_opens(text: str) -> None:
    content = ledger_file.workbook(Sheet("台账[1]", (Table("t", ("a",), ((text,),)),), ()))

    assert load_workbook(BytesIO(content)).worksheets[0].title == "台账1"
