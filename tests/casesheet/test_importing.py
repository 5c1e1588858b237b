"""Cases from a sheet: each on its matter, counted once, told to whoever handles it, and nobody types twice."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot import casesheet
from bot.roster import RosterRefused
from tests.casesheet.conftest import HEADINGS, Office, Rows, Write
from tests.stories.hands import cases
from tests.stories.town import MONDAY, said_to

LIGHT = (
    "20261123001",
    "2026-11-27",
    "12345",
    "2026-11-23 08:30",
    "",
    "B3U2",
    "2单元楼道灯不亮，我住502",
    "13800002222",
)
NOISE = ("20261123002", "2026-12-03 12:00", "", "", "", "XF", "5栋楼上天天半夜跳绳，吵得睡不着", "")


def test_what_is_new_opens_a_ticket_at_its_place_and_the_handlers_hear_of_it(office: Office, workbook: Write) -> None:
    done = office.take(workbook((HEADINGS, LIGHT)))
    assert (done.opened, done.attached, done.matters) == (1, 0, 1)
    ticket = office.town.ticket()
    assert (ticket.category, ticket.building, ticket.unit, ticket.room) == ("light", "3", "2", "502")
    (case,) = cases(office.town)
    assert (case.number, case.due_at) == ("20261123001", MONDAY + timedelta(days=4, hours=9))
    assert case.received_at == MONDAY - timedelta(minutes=30)
    seen = office.town.drain()
    card = said_to(seen, "单元长群")
    assert "3栋2单元" in card
    assert "502" not in card
    assert "138" not in card
    details = said_to(office.town.say("李姐", "详情 1"), "oa-李姐")
    assert "13800002222" in details


def test_the_same_sheet_twice_changes_nothing_and_a_new_deadline_is_taken_up(office: Office, workbook: Write) -> None:
    office.take(workbook((HEADINGS, LIGHT, NOISE)))
    again = office.take(workbook((HEADINGS, LIGHT, NOISE)))
    assert (again.opened, again.attached, again.changed, again.unchanged) == (0, 0, 0, 2)
    earlier = (LIGHT[0], "2026-11-23 11:00", *LIGHT[2:])
    assert office.take(workbook((HEADINGS, earlier))).changed == 1
    assert office.town.ticket().resolve_due_at == MONDAY + timedelta(hours=2)
    assert len(office.town.tickets()) == 2


def test_two_numbers_about_one_thing_are_one_matter(office: Office, workbook: Write) -> None:
    second = ("20261123009", "无", "信访", "", "", "B3U2", "楼道的灯又不亮了，天天摸黑", "")
    done = office.take(workbook((HEADINGS, LIGHT, second)))
    assert (done.opened, done.attached, done.matters) == (1, 1, 1)
    assert office.town.voices() == [2]
    assert {case.ticket_id for case in cases(office.town)} == {office.town.ticket().id}


def test_what_a_neighbour_told_already_is_the_same_matter(office: Office, workbook: Write) -> None:
    office.town.say("王阿姨", "3栋2单元楼道灯不亮")
    done = office.take(workbook((HEADINGS, LIGHT)))
    assert (done.opened, done.attached) == (0, 1)
    office.town.say("李姐", "修好了 换了灯泡")
    assert cases(office.town)[0].answer == "换了灯泡"


def test_our_own_number_says_which_matter_it_is(office: Office, workbook: Write) -> None:
    office.town.say("王阿姨", "3栋2单元电梯停了")
    ref = office.town.ticket().ref
    done = office.take(workbook((HEADINGS, ("20261123003", "2026-11-24", "", "", ref, "", "", ""))))
    assert (done.opened, done.attached) == (0, 1)
    assert cases(office.town)[0].ticket_id == office.town.ticket().id


def test_a_dispute_is_for_the_office_alone_and_danger_is_looked_at_by_staff(office: Office, workbook: Write) -> None:
    gas = ("20261123004", "2026-11-23 12:00", "", "", "", "B3U2", "楼道里好大燃气味", "")
    leader = ("20261123005", "2026-11-30", "", "", "", "B3U2", "单元长把架空层租给人停车收钱", "")
    unclear = ("20261123006", "2026-11-30", "", "", "", "XF", "你好", "")
    office.take(workbook((HEADINGS, NOISE, gas, leader, unclear)))
    assert all(ticket.private for ticket in office.town.tickets())
    seen = office.town.drain()
    assert said_to(seen, "单元长群") == said_to(seen, "3栋2单元群") == said_to(seen, "oa-李姐") == ""
    assert said_to(seen, "社工群").count("(#") == 3
    assert "(#3)" in said_to(seen, "oa-书记")
    assert office.town.ticket(2).urgent


BAD: list[tuple[str, tuple[object, ...], int, str, str]] = [
    ("no number", ("", "2026-11-27", "", "", "", "B3U2", "灯不亮", ""), 2, "工单编号", "这一格要填"),
    ("blanks in the number", ("1 2", "2026-11-27", "", "", "", "B3U2", "灯不亮", ""), 2, "工单编号", "空格"),
    ("a lost number", (12345678901234567890, "无", "", "", "", "B3U2", "灯", ""), 2, "工单编号", "丢了后面的数"),
    ("a formula", ("=1+1", "无", "", "", "", "B3U2", "灯不亮", ""), 2, "工单编号", "公式"),
    ("no deadline", ("20261", "", "", "", "", "B3U2", "灯不亮", ""), 2, "答复期限", "这一格要填"),
    ("no such day", ("20261", "2026-02-30", "", "", "", "B3U2", "灯不亮", ""), 2, "答复期限", "没有"),
    ("no such hour", ("20261", "2026-11-27 25:00", "", "", "", "B3U2", "灯", ""), 2, "答复期限", "没有“25:00”这个时间"),
    ("not a time", ("20261", "2026-11-27 noon", "", "", "", "B3U2", "灯", ""), 2, "答复期限", "看不出"),
    ("a number for a day", ("20261", 5, "", "", "", "B3U2", "灯不亮", ""), 2, "答复期限", "日期和时间"),
    ("due before it came", ("20261", "2026-11-20", "", "2026-11-21", "", "B3U2", "灯", ""), 2, "答复期限", "还早"),
    ("not yet received", ("20261", "无", "", "2027-01-01", "", "B3U2", "灯", ""), 2, "收到时间", "还没到"),
    ("no such area", ("20261", "无", "", "", "", "B99", "灯不亮", ""), 2, "区域编号", "没有编号是“B99”"),
    ("above a community", ("20261", "无", "", "", "", "QH", "灯不亮", ""), 2, "区域编号", "写到社区"),
    ("no area", ("20261", "无", "", "", "", "", "灯不亮", ""), 2, "区域编号", "要写区域编号"),
    ("no words", ("20261", "无", "", "", "", "B3U2", "", ""), 2, "内容", "要写内容"),
    ("no such ticket", ("20261", "无", "", "", "2026-XF-99", "", "", ""), 2, "社区工单号", "没有“2026-XF-99”"),
    ("no phone", ("20261", "无", "", "", "", "B3U2", "灯不亮", "电话在内容里"), 2, "联系电话", "不像电话"),
]


@pytest.mark.parametrize(("name", "row", "at", "column", "why"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_cell_is_named_by_row_and_column_and_nothing_is_written(
    office: Office, workbook: Write, name: str, row: tuple[object, ...], at: int, column: str, why: str
) -> None:
    with pytest.raises(RosterRefused) as refused:
        office.take(workbook((HEADINGS, row, LIGHT)))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (at, column)
    assert why in problem.reason
    assert office.town.tickets() == []


def test_every_problem_is_told_at_once(office: Office, workbook: Write) -> None:
    rows: Rows = (HEADINGS, LIGHT, LIGHT, ("20262", "2026-13-01", "", "", "", "B3U2", "灯", ""))
    with pytest.raises(RosterRefused) as bad:
        casesheet.read(workbook(rows))
    assert [problem.row for problem in bad.value.problems] == [4]
    with pytest.raises(RosterRefused) as doubled:
        office.take(workbook(rows[:3]))
    assert [(p.row, p.reason) for p in doubled.value.problems] == [(3, "跟第2行重复")]


def test_a_number_that_stands_elsewhere_is_told_with_that_ticket(office: Office, workbook: Write) -> None:
    office.take(workbook((HEADINGS, LIGHT)))
    office.town.say("王阿姨", "3栋2单元电梯停了")
    other = office.town.ticket(2).ref
    with pytest.raises(RosterRefused, match=office.town.ticket(1).ref):
        office.take(workbook((HEADINGS, (LIGHT[0], "无", "", "", other, "", "", ""))))


def test_columns_nobody_knows_are_named_and_a_missing_deadline_is_refused(workbook: Write) -> None:
    more = ("工单编号", "诉求人", "处理时限", "诉求内容", "区域", "满意度")
    rows, passed_over = casesheet.read(workbook((more, ("20261", "某人", "2026-11-27", "灯不亮", "B3U2", "5"))))
    assert passed_over == ["诉求人", "满意度"]
    assert (rows[0].words, rows[0].area) == ("灯不亮", "B3U2")
    with pytest.raises(RosterRefused, match="答复期限：缺这一列"):
        casesheet.read(workbook((("工单编号", "内容", "区域"), ("20261", "灯不亮", "B3U2"))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_reads_like_a_workbook(office: Office, text_file: Callable[[Rows, str], Path], encoding: str) -> None:
    done = office.take(text_file((HEADINGS, LIGHT), encoding))
    assert done.opened == 1
    assert office.town.ticket().room == "502"


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"\xff\xfe\x00", b'a,"b\n', b"\x81" * 10, b"\n\n\n"])
def test_what_is_no_table_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    for name in ("bad.csv", "bad.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(RosterRefused):
            casesheet.read(path)
