"""A desk on each database, and workbooks written as a person (or a stranger) would."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from bot import roster
from bot.desk import Desk
from bot.roster.rows import Problem, RosterRefused
from bot.settings import Settings
from bot.wording import Wording
from models import db
from tests.conftest import NOTHING, StandingClock

Rows = Sequence[Sequence[object]]
Write = Callable[[Mapping[str, Rows]], Path]


@pytest.fixture
def founding() -> tuple[str, Callable[[str], Any]]:
    return NOTHING


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = db.connect(database, "NORMAL", 2.0)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def desk(session: Session, clock: StandingClock) -> Desk:
    return Desk(session, Settings(), Wording({}), clock())


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    """Writes sheets of plain values, the headings being the first row."""

    def write(sheets: Mapping[str, Rows]) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            worksheet = book.create_sheet(title)
            for row in rows:
                worksheet.append(list(row))
        path = tmp_path / "roster.xlsx"
        book.save(path)
        return path

    return write


AREAS: Rows = (
    ("编号", "上级编号", "级别", "名称", "门牌标签", "别名"),
    ("JD", None, "街道", "某街道"),
    ("SQ", "JD", "社区", "某社区"),
    ("XQ", "SQ", "小区", "某小区"),
    ("XQ-3", "XQ", "楼栋", "三栋", None, "超市楼上、老三栋"),
    ("XQ-3-2", "XQ-3", "单元", "2单元"),
)
PEOPLE: Rows = (
    ("编号", "姓名", "电话", "联系须知", "区域编号"),
    ("P1", "阿卜杜热合曼·吐尔逊", "13800138000", "听不见，请发文字", "XQ-3-2"),
    ("P2", "副手", None, None, "XQ-3-2"),
)
ACCOUNTS: Rows = (("人员编号", "渠道", "账号"), ("P1", "onebot", "u-1"))
POSTS: Rows = (
    ("人员编号", "岗位", "区域编号", "单位编号", "A/B岗", "起", "止"),
    ("P1", "单元长", "XQ-3-2", None, "A", "2026-01-01", "2026-12-31"),
    ("P2", "unit_leader", "XQ-3-2", None, "B", "2026-01-01", None),
)
CHATS: Rows = (("渠道", "群号", "类型", "区域编号", "群名"), ("onebot", "g-1", "居民群", "XQ-3-2", "三栋二单元"))
ORGANISATIONS: Rows = (("编号", "名称", "类型", "区域编号", "电话"), ("WY", "某物业", "物业", "XQ", "400-123-4567"))
AT_EIGHT = datetime(2026, 3, 1, 8, 30)  # noqa: DTZ001 - a spreadsheet knows no zones


def whole() -> dict[str, Rows]:
    """A small roster with something in every sheet."""
    return {
        "区域": AREAS,
        "单位": ORGANISATIONS,
        "群": CHATS,
        "人员": PEOPLE,
        "账号": ACCOUNTS,
        "岗位": POSTS,
    }


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(RosterRefused) as refused:
        roster.read(path)
    return refused.value.problems


def only(path: Path) -> Problem:
    found = problems_of(path)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def with_area(*row: object) -> dict[str, Rows]:
    return {"区域": (*AREAS, row)}


def with_person(*row: object) -> dict[str, Rows]:
    return {"区域": AREAS, "人员": (*PEOPLE, row)}


def with_post(*row: object) -> dict[str, Rows]:
    return whole() | {"岗位": (*POSTS, row)}
