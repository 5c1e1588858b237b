"""A roster is looked at before it is taken in: what changes, what is wrong and where, what is not one's own."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from openpyxl import Workbook
from sqlmodel import col, select
from werkzeug.test import TestResponse

from bot import inbox
from models import Area, Person, Post, RosterUpload
from tests.conftest import StandingClock
from tests.console.place import Browser, Place

HOSTILE = "<img src=x onerror=alert(1)>"
Rows = Sequence[Sequence[object]]
AREA = ("编号", "上级编号", "级别", "名称")
PERSON = ("编号", "姓名", "电话", "区域编号")
POST = ("人员编号", "岗位", "区域编号", "起")
ROSTER: Mapping[str, Rows] = {
    "区域": (AREA, ("xf-3", "xf-g1", "楼栋", "三栋"), ("xf-3-4", "xf-3", "单元", "4单元")),
    "人员": (PERSON, ("unit_leader", "李姐", "13800001111", "xf-3-2"), ("N1", "新来的赵姐", None, "xf-3-4")),
    "岗位": (POST, ("N1", "单元长", "xf-3-4", "2026-01-01")),
}


def book(sheets: Mapping[str, Rows]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def upload(browser: Browser, data: bytes, name: str = "名单.xlsx") -> TestResponse:
    browser.get("/directory/import")
    return browser.post("/directory/import", file=(io.BytesIO(data), name))


def names(place: Place) -> set[str | None]:
    with place.world.services.reading() as session:
        return set(session.exec(select(Person.name).where(col(Person.code).in_(["unit_leader", "N1"]))))


def test_looked_at_first_and_taken_in_as_it_was_seen(place: Place) -> None:
    browser = place.with_second("administrator")
    page = upload(browser, book(ROSTER)).text
    for said in ("加3行", "改2行", "新来的赵姐", "三栋", "李姐", "第3行", "2个人会有绑定码", "unit_leader的名字"):
        assert said in page, said
    assert "13800001111" not in page
    assert names(place) == {"unit_leader的名字"}  # nothing was written
    done = browser.post("/directory/import/confirm").text
    assert "加了3行，改了2行" in done
    assert "新来的赵姐" in done
    assert names(place) == {"李姐", "新来的赵姐"}
    with place.world.services.reading() as session:
        assert session.exec(select(RosterUpload)).all() == []
        leader = session.exec(select(Person).where(Person.code == "N1")).one()
        assert session.exec(select(Post).where(Post.person_id == leader.id)).one().area_id
    assert len(place.world.audited("roster.import")) == 1
    assert "和现在一样" in upload(browser, book(ROSTER)).text
    assert browser.post("/directory/import/confirm").status_code == 409  # nothing waits any more


def test_what_is_wrong_is_said_with_row_and_column_and_nothing_is_done(place: Place) -> None:
    browser = place.with_second("administrator")
    wrong = {**ROSTER, "岗位": (POST, ("N1", "单元长", "没有的", "2026-01-01"), ("N1", "船长", "xf-3", "2026-01-01"))}
    answer = upload(browser, book(wrong))
    assert answer.status_code == 400
    for said in ("没有编号是“没有的”的区域", "船长", 'class="number">2<', 'class="number">3<', "有2处不对"):
        assert said in answer.text, said
    bad = upload(browser, b"PK no workbook", "我的<b>名单.xlsx")
    assert bad.status_code == 400
    assert 'data-label="表">我的&lt;b&gt;名单.xlsx<' in bad.text
    assert "roster.xlsx" not in bad.text
    assert names(place) == {"unit_leader的名字"}
    assert browser.post("/directory/import/confirm").status_code == 409


def test_what_a_colleague_changed_meanwhile_is_shown_again(place: Place) -> None:
    browser = place.with_second("administrator")
    upload(browser, book(ROSTER))
    with place.world.services.transaction() as session:
        session.exec(select(Person).where(Person.code == "unit_leader")).one().name = "陈副"
    told = browser.post("/directory/import/confirm")
    assert told.status_code == 409
    assert "有人改了名单" in told.text
    assert "陈副" in told.text
    assert names(place) == {"陈副"}
    assert browser.post("/directory/import/confirm").status_code == 200
    assert names(place) == {"李姐", "新来的赵姐"}


def test_another_communitys_rows_are_left_to_its_own(place: Place) -> None:
    browser = place.with_second("administrator_next_door")
    for foreign in (
        ROSTER,
        {"区域": (AREA, ("xf-3", "yh", "楼栋", "3栋"))},  # taken over by moving it
        {"人员": (PERSON, ("unit_leader", "改了名", None, "yh"))},
    ):
        answer = upload(browser, book(foreign))
        assert answer.status_code == 400
        assert "不归您管" in answer.text, re.findall(r'data-label="怎么了">([^<]+)', answer.text)
    own = {"区域": (AREA, ("yh-1", "yh", "楼栋", "1栋"))}
    assert "加1行" in upload(browser, book(own)).text
    assert browser.post("/directory/import/confirm").status_code == 200
    with place.world.services.reading() as session:
        assert session.exec(select(Area).where(Area.code == "yh-1")).one().path.count("/") == 4


def test_what_nobody_confirms_is_gone_within_the_hour(place: Place) -> None:
    browser = place.with_second("administrator")
    upload(browser, book(ROSTER))
    clock = place.world.services.now
    assert isinstance(clock, StandingClock)
    clock.at += timedelta(minutes=61)
    inbox.clockwork(place.world.services)
    with place.world.services.reading() as session:
        assert session.exec(select(RosterUpload)).all() == []


def test_the_template_and_hostile_names(place: Place) -> None:
    browser = place.with_second("administrator")
    assert browser.get("/directory/import/template").data.startswith(b"PK")
    hostile = {"人员": (PERSON, ("N2", HOSTILE, None, "xf-3"), ("unit_leader", HOSTILE, None, "xf-3-2"))}
    assert "<img" not in upload(browser, book(hostile)).text
    assert "<img" not in browser.post("/directory/import/confirm").text
    assert "<img" not in upload(browser, book({"人员": (PERSON, (HOSTILE, HOSTILE, HOSTILE, HOSTILE))})).text
