"""A workbook becomes a Roster, or every reason why not."""

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot import roster
from bot.roster.known import Known, KnownArea
from bot.roster.rows import Roster
from models import Level, Role, Slot
from tests.roster.conftest import (
    AREAS,
    AT_EIGHT,
    PEOPLE,
    POSTS,
    Write,
    only,
    problems_of,
    whole,
    with_area,
    with_post,
)


def test_a_whole_roster_is_read_as_it_was_written(workbook: Write) -> None:
    read = roster.read(workbook(whole()))
    assert [row.code for row in read.areas] == ["JD", "SQ", "XQ", "XQ-3", "XQ-3-2"]
    assert read.areas[3].aliases == ("超市楼上", "老三栋")
    assert read.people[0].name == "阿卜杜热合曼·吐尔逊"
    assert read.people[0].contact_note == "听不见，请发文字"
    assert [(row.role, row.slot) for row in read.posts] == [(Role.UNIT_LEADER, Slot.A), (Role.UNIT_LEADER, Slot.B)]
    assert read.posts[0].ends_on == date(2026, 12, 31)
    assert read.posts[1].ends_on is None
    assert read.organisations[0].phone == "400-123-4567"


def test_english_headings_and_titles_are_read_too(workbook: Write) -> None:
    read = roster.read(
        workbook(
            {
                "areas": (("Code", "Parent", "Level", "Name"), ("SQ", None, "community", "某社区")),
                "People": (("code", "name", "phone", "contact note", "area"), ("P1", "张三", None, None, "SQ")),
                "accounts": (("person code", "channel", "user id"), ("P1", "wechat", "o-1")),
                "posts": (("person", "role", "area code", "from", "to"), ("P1", "unit leader", "SQ", "2026/1/1", None)),
            }
        )
    )
    assert read.areas[0].level == Level.COMMUNITY
    assert read.posts[0].role == Role.UNIT_LEADER
    assert read.accounts[0].user == "o-1"


def test_notes_above_the_headings_and_a_column_of_remarks_are_passed_over(workbook: Write) -> None:
    rows = (
        ("填表说明：一行一个区域",),
        (),
        ("编号*", "级别（必填）", "名称", "备注"),
        ("SQ", "社区", "某社区", "随便写"),
    )
    assert [row.code for row in roster.read(workbook({"区域": rows, "说明": (("怎么填",),)})).areas] == ["SQ"]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (("X", "ZZ", "楼栋", "9栋"), "上级编号", "没有编号是“ZZ”的区域"),
        (("XQ-3", "XQ", "楼栋", "9栋"), "编号", "跟第5行重复"),
        (("X", "XQ", "大楼层", "9栋"), "级别", "没有“大楼层”这种级别"),
        (("X", "XQ", "单元", "1单元"), "上级编号", "单元要在楼栋下面"),
        (("X", "JD", "小区", "外面"), "上级编号", "往上找不到社区"),
        (("X", "XQ-3", "小区", "里面"), "上级编号", "级别比上级还高"),
        (("X", "SQ", "社区", "社区里的社区"), "上级编号", "级别比上级还高"),
        (("X", "XQ", "楼栋", "梅园"), "门牌标签", "看不出是几号"),
        (("X", "XQ", "楼栋", "三栋"), "名称", "已经叫这个名字"),
        (("中文", "JD", "社区", "社区"), "编号", "只用英文字母"),
        (("X", "XQ", "楼栋", None), "名称", "这一格要填"),
        (("X Y", "XQ", "楼栋", "9栋"), "编号", "中间不要空格"),
        (("X", "XQ", "楼栋", "9" * 101), "名称", "太长了"),
        (("X", "XQ", "楼栋", "9\u202e栋"), "名称", "看不见的控制字符"),
        (("X", "XQ", "楼栋", AT_EIGHT), "名称", "当成了日期"),
        (("X", "XQ", "楼栋", 3.5), "名称", "不能是小数"),
        (("X", "XQ", "楼栋", True), "名称", "不是“是/否”"),
        (("X", "XQ", "楼栋", "=1+1"), "名称", "公式"),
        (("X", "XQ", "楼栋", 12345678901234567), "名称", "超过15位"),
        (("X", "XQ", "楼栋", "9栋", None, "甲、" * 21 + "乙、丙" * 20), "别名", "太"),
    ],
)
def test_a_bad_area_is_refused_with_its_place_and_reason(
    workbook: Write, row: tuple[object, ...], column: str, reason: str
) -> None:
    problem = only(workbook(with_area(*row)))
    assert (problem.sheet, problem.row, problem.column) == ("区域", 7, column)
    assert reason in problem.reason


def test_areas_that_stand_in_a_circle_are_refused(workbook: Write) -> None:
    found = problems_of(
        workbook({"区域": (*AREAS, ("A", "B", "网格", "甲"), ("B", "C", "网格", "乙"), ("C", "A", "网格", "丙"))})
    )
    assert [(problem.row, problem.column) for problem in found] == [(7, "上级编号"), (8, "上级编号"), (9, "上级编号")]
    assert all("圈" in problem.reason for problem in found)


def test_an_area_above_itself_is_refused(workbook: Write) -> None:
    assert "圈" in only(workbook(with_area("A", "A", "网格", "甲"))).reason


def test_a_roster_without_a_community_is_refused(workbook: Write) -> None:
    problem = only(workbook({"区域": (AREAS[0], ("JD", None, "街道", "某街道"))}))
    assert "一个社区也没有" in problem.reason


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (("P9", "单元长", "XQ-3-2", None, "A", "2026-01-01", None), "人员编号", "没有编号是“P9”的人员"),
        (("P1", "单元长", "XX", None, "A", "2026-01-01", None), "区域编号", "没有编号是“XX”的区域"),
        (("P1", "物业", "XQ", "ZZ", "A", "2026-01-01", None), "单位编号", "没有编号是“ZZ”的单位"),
        (("P1", "国王", "XQ-3-2", None, "A", "2026-01-01", None), "岗位", "没有“国王”这种岗位"),
        (("P1", "楼栋长", "XQ-3", None, "C", "2026-01-01", None), "A/B岗", "没有“c”这种A/B岗"),
        (("P1", "楼栋长", "XQ-3", None, "A", "2026-03-01", "2026-02-01"), "止", "比起的日期早"),
        (("P1", "楼栋长", "XQ-3", None, "A", None, None), "起", "这一格要填"),
        (("P1", "单元长", "XQ-3-2", None, "A", "2026-06-01", None), "起", "跟第2行是同一个人的同一个岗位，时间重叠"),
    ],
)
def test_a_bad_post_is_refused(workbook: Write, row: tuple[object, ...], column: str, reason: str) -> None:
    problem = only(workbook(with_post(*row)))
    assert (problem.sheet, problem.row, problem.column) == ("岗位", 4, column)
    assert reason in problem.reason


def test_two_holders_of_one_post_are_let_pass(workbook: Write) -> None:
    assert len(roster.read(workbook(with_post("P2", "单元长", "XQ-3-2", None, "A", "2026-01-01", None))).posts) == 3


def test_one_account_for_two_people_is_refused(workbook: Write) -> None:
    accounts = (("人员编号", "渠道", "账号"), ("P1", "wechat", "o-1"), ("P2", "WeChat", "o-1"))
    problem = only(workbook(whole() | {"账号": accounts}))
    assert (problem.sheet, problem.row, problem.column) == ("账号", 3, "账号")
    assert "跟第2行是同一个账号" in problem.reason


@pytest.mark.parametrize("kind", ["私聊", "private", "unbound", "群"])
def test_a_group_of_no_known_kind_is_refused(workbook: Write, kind: str) -> None:
    chats = (("渠道", "群号", "类型", "区域编号"), ("onebot", "g", kind, "XQ"))
    assert only(workbook(whole() | {"群": chats})).column == "类型"


def test_every_problem_is_told_at_once_in_the_order_of_the_sheets(workbook: Write) -> None:
    found = problems_of(
        workbook(
            {
                "岗位": (POSTS[0], ("P1", "国王", "ZZ", None, None, "昨天", None)),
                "人员": (PEOPLE[0], ("P1", None, "123456789"), ("P1", "张三", None, None, "哪里")),
                "区域": (*AREAS, ("X", "ZZ", "大楼", None)),
            }
        )
    )
    assert [problem.sheet for problem in found] == sorted(
        (problem.sheet for problem in found), key=["区域", "人员", "岗位"].index
    )
    assert {(problem.sheet, problem.row) for problem in found} == {("区域", 7), ("人员", 2), ("人员", 3), ("岗位", 2)}
    assert len(found) == 7


def test_one_bad_area_does_not_make_everything_in_it_bad_too(workbook: Write) -> None:
    sheets = whole() | {"区域": (*AREAS[:-1], ("XQ-3-2", "XQ-3", "单元", "2单元", 2.5))}
    assert only(workbook(sheets)).column == "门牌标签"


def test_a_problem_reads_as_a_sentence(workbook: Write) -> None:
    problem = only(workbook(with_area("X", "ZZ", "楼栋", "9栋")))
    assert str(problem) == "区域 第7行 上级编号：没有编号是“ZZ”的区域"


@pytest.mark.parametrize("heading", ["电活", "身份证"])
def test_a_column_nobody_knows_is_refused_rather_than_dropped(workbook: Write, heading: str) -> None:
    people = ((*PEOPLE[0], heading), (*PEOPLE[1], "110"))
    problem = only(workbook({"区域": AREAS, "人员": people}))
    assert (problem.row, problem.column) == (1, heading)


def test_a_missing_column_and_a_sheet_nobody_knows_are_refused(workbook: Write) -> None:
    sheets = {"区域": AREAS, "人员": (("姓名", "电话"), ("张三", None)), "住户": (("张三",),)}
    assert {(problem.sheet, problem.column) for problem in problems_of(workbook(sheets))} == {
        ("住户", ""),
        ("人员", "编号"),
    }


def test_merged_cells_below_the_headings_are_refused_and_above_them_not(workbook: Write) -> None:
    path = workbook({"区域": (("标题",), *AREAS)})
    book = load_workbook(path)
    book["区域"].merge_cells("A1:F1")
    book.save(path)
    assert len(roster.read(path).areas) == 5
    book["区域"].merge_cells("B4:B5")
    book.save(path)
    merged = [problem for problem in problems_of(path) if "合并" in problem.reason]
    assert [(problem.sheet, problem.row, problem.column) for problem in merged] == [("区域", 4, "B4:B5")]


def test_a_wrong_size_written_into_the_sheet_loses_no_row(workbook: Write, tmp_path: Path) -> None:
    path = workbook(whole())
    changed = rewrite(path, tmp_path / "small.xlsx", "xl/worksheets/sheet1.xml", rb'ref="A1:F6"', b'ref="A1:A2"')
    assert len(roster.read(changed).areas) == 5


def rewrite(source: Path, target: Path, part: str, old: bytes, new: bytes) -> Path:
    """A copy of a workbook with something else in one of its parts."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            if name == part:
                assert re.search(old, body), body[:300]
                body = re.sub(old, new, body)
            after.writestr(name, body)
    return target


def test_new_rows_alone_may_refer_to_what_is_there_already(workbook: Write) -> None:
    path = workbook({"人员": (PEOPLE[0], ("P7", "新人", None, None, "XQ-3-2"))})
    assert [problem.column for problem in problems_of(path)] == ["级别", "区域编号"]
    there = Known(areas={"SQ": KnownArea(Level.COMMUNITY, None), "XQ-3-2": KnownArea(Level.UNIT, "SQ")})
    assert roster.read(path, there).people[0].area == "XQ-3-2"


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "empty.xlsx")
    assert only(tmp_path / "empty.xlsx").reason == "表里没有内容"


def test_an_empty_roster_says_so() -> None:
    assert Roster().empty()
