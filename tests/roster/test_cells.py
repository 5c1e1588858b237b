"""What a spreadsheet program made of what somebody typed, and what they meant."""

from datetime import date

import pytest

from bot import roster
from bot.roster.cells import label_of
from bot.roster.rows import OPEN_END
from tests.roster.conftest import (
    AREAS,
    AT_EIGHT,
    PEOPLE,
    POSTS,
    Write,
    only,
    whole,
    with_person,
    with_post,
)


def read_post(workbook: Write, start: object, end: object = None) -> tuple[date, date | None]:
    sheets = whole() | {"岗位": (POSTS[0], ("P1", "单元长", "XQ-3-2", None, None, start, end))}
    post = roster.read(workbook(sheets)).posts[0]
    return post.starts_on, post.ends_on


def test_numbers_are_taken_as_the_words_they_stand_for(workbook: Write) -> None:
    rows = (
        AREAS[0],
        (1, None, "社区", "某社区"),
        (12.0, 1, "楼栋", 12, 12),
        (121, 12, "单元", "3单元", "3"),
    )
    people = (PEOPLE[0], (7, "张三", 1.38e10, None, 121))
    read = roster.read(workbook({"区域": rows, "人员": people}))
    assert [(row.code, row.parent, row.label) for row in read.areas[1:]] == [("12", "1", "12"), ("121", "12", "3")]
    assert (read.people[0].code, read.people[0].phone) == ("7", "13800000000")


@pytest.mark.parametrize(
    ("name", "label"),
    [("3栋", "3"), ("三栋", "3"), ("十二栋", "12"), ("二十号楼", "20"), ("A座", "A"), ("a座", "A"), ("２单元", "2"),
     ("第一单元", "1"), ("两单元", "2"), ("B12栋", "B12"), ("03栋", "3"), ("梅园", None), ("十十栋", None)],
)  # fmt: skip
def test_a_label_is_taken_from_the_name_as_understanding_gives_it(name: str, label: str | None) -> None:
    assert label_of(name) == label


@pytest.mark.parametrize(
    "said",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+86 138-0013-8000", "１３８００１３８０００", "0731-88888888",
     "0731-88888888-801", "(0731)88888888", "88888888转801", "96110", "400-123-4567", "000-0001", "+85212345678"],
)  # fmt: skip
def test_phones_are_taken_as_people_write_them(workbook: Write, said: str) -> None:
    assert roster.read(workbook(with_person("P9", "某人", said))).people[-1].phone


@pytest.mark.parametrize(
    "said",
    [
        "1380013800",
        "138001380001",
        "12345678901",
        "我没有电话",
        "13800138000/13900139000",
        "1.38E+10",
        1.38,
        "12",
        "--",
    ],
)
def test_malformed_phones_are_refused(workbook: Write, said: object) -> None:
    problem = only(workbook(with_person("P9", "某人", said)))
    assert (problem.sheet, problem.row, problem.column) == ("人员", 4, "电话")


@pytest.mark.parametrize(
    "said",
    ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", "２０２６－０３－０１", AT_EIGHT,
     date(2026, 3, 1)],
)  # fmt: skip
def test_dates_are_taken_as_text_or_as_dates(workbook: Write, said: object) -> None:
    assert read_post(workbook, said) == (date(2026, 3, 1), None)


def test_a_term_without_an_end_may_be_said(workbook: Write) -> None:
    assert read_post(workbook, "2026-01-01", "长期")[1] == OPEN_END


@pytest.mark.parametrize("said", ["明天", "2026-02-30", "2026-13-01", "0026-03-01", "3月1日", 46082, 1.5, True])
def test_bad_dates_are_refused(workbook: Write, said: object) -> None:
    problem = only(workbook(with_post("P1", "楼栋长", "XQ-3", None, None, said, None)))
    assert (problem.sheet, problem.row, problem.column) == ("岗位", 4, "起")
