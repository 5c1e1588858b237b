"""Somebody is forgotten: nothing of them is left in any table, matters stay with staff, and the register says so."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from bot import handover, held, holding
from bot.channels import Kind, Media
from bot.desk import Desk
from bot.inbox import erasing
from bot.inbox.erasing import Order, Way
from models import Account, Attachment, AuditEntry, Erasure, Inbound, Person, Post, Report, Ticket
from tests.attachments.things import picture
from tests.stories.town import Town

MARKS = ("王阿姨", "13800001111", "老人家上不去", "三楼到四楼", "听不见", "502")
BY_ORDER = Order(Way.CONSOLE, reason="self")


@pytest.fixture
def told(town: Town) -> Town:
    """王阿姨 in private and in the group, with a phone, a room, a wish and a rating; others speak of her."""
    town.say("王阿姨", "3栋2单元电梯停了，老人家上不去，电话13800001111")
    town.say("王阿姨", "我听不见，莫打电话")
    town.wait(minutes=5)
    town.say("张伯", "电梯停了，我也上不来", to="3栋2单元群")
    town.say("王阿姨", "3栋2单元502楼道灯不亮，三楼到四楼一片黑")
    town.wait(minutes=5)
    town.say("李姐", "详情 2")
    town.say("李姐", "2号 王阿姨家门口502的灯，锁换好了，修好了")
    town.wait(minutes=5)
    town.say("王阿姨", "5栋1单元下水道堵了")
    return town


def everywhere(town: Town) -> Iterator[tuple[str, str]]:
    """Every row of every table as text, the index of words included."""
    with town.services.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            for row in session.connection().execute(table.select()):
                yield table.name, repr(row)
        if session.get_bind().dialect.name == "sqlite":
            for row in session.connection().execute(text("SELECT tokens FROM ticketsearch_fts")):
                yield "ticketsearch_fts", repr(row)


def left(town: Town, *marks: str) -> list[str]:
    return [f"{name}: {mark}: {row}" for name, row in everywhere(town) for mark in marks if mark in row]


def erase(town: Town, name: str) -> Erasure | None:
    with town.services.transaction() as session:
        desk = town.services.desk(session)
        return erasing.person(desk, _only(desk, name), BY_ORDER)


def _only(desk: Desk, name: str) -> held.Subject:
    (found,) = held.find(desk.session, name)
    return found


def test_nothing_is_left_of_somebody_but_their_matters(told: Town) -> None:
    number = _account_ids(told)
    assert left(told, *MARKS)
    row = erase(told, "王阿姨")
    assert row is not None
    told.drain()
    assert left(told, *MARKS, *number) == [], "\n".join(left(told, *MARKS))
    with told.services.reading() as session:
        tickets = session.exec(select(Ticket).order_by(col(Ticket.id))).all()
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "person.erased")).one()
    assert [ticket.matter for ticket in tickets] == ["电梯停了", "楼道灯不亮", "下水道堵了"]
    assert row.counts["reports"] == 3
    assert row.counts["accounts"] == 2
    assert row.kept["tickets"] == 3
    assert entry.subject == f"erasure:{row.id}"


def test_whoever_told_a_thousand_things_is_forgotten_as_well(told: Town) -> None:
    with told.services.transaction() as session:
        mine = session.exec(select(Account).where(Account.user_id == "oa-王阿姨")).one()
        for number in range(1100):
            session.add(
                Report(ticket_id=1, account_id=mine.id, at=told.services.now(), words=f"第{number}回说电梯停了")
            )
    assert erase(told, "王阿姨") is not None
    assert left(told, "回说电梯停了") == []


def test_twice_is_once(told: Town) -> None:
    with told.services.transaction() as session:
        desk = told.services.desk(session)
        somebody = _only(desk, "王阿姨")
        assert erasing.person(desk, somebody, BY_ORDER) is not None
        assert erasing.person(desk, somebody, BY_ORDER) is None
    with told.services.reading() as session:
        assert len(session.exec(select(Erasure)).all()) == 1
        assert held.find(session, "王阿姨") == []


def test_staff_keep_what_is_open_and_nobody_writes_to_her_any_more(told: Town) -> None:
    erase(told, "王阿姨")
    seen = told.drain()
    assert any("反映人" in line.text for line in seen if line.chat == "社工群")
    after = told.say("周叔", "3号修好了") + told.wait(hours=30)
    assert [line for line in after if "erased" in line.chat or "王阿姨" in line.chat] == []


def test_she_may_come_back_as_somebody_new(told: Town) -> None:
    erase(told, "王阿姨")
    assert told.say("王阿姨", "3栋2单元电梯停了")
    with told.services.reading() as session:
        fresh = session.exec(select(Account).where(Account.user_id == "oa-王阿姨")).one()
    assert fresh.person_id is None


def test_who_holds_a_post_is_answerable_until_it_ends(told: Town) -> None:
    with pytest.raises(erasing.Needed):
        erase(told, "李姐")
    with told.services.transaction() as session:
        leader = session.exec(select(Person).where(Person.name == "李姐")).one()
        post = session.exec(select(Post).where(Post.person_id == leader.id)).one()
        post.ends_on = post.starts_on
        post.starts_on = post.ends_on = post.starts_on.replace(year=post.starts_on.year - 1)
    assert erase(told, "李姐") is not None
    assert left(told, "李姐") == []


def test_who_leaves_by_themselves_stands_in_the_register_too(told: Town) -> None:
    told.say("王阿姨", "", kind=Kind.UNFOLLOW)
    with told.services.reading() as session:
        row = session.exec(select(Erasure)).one()
    assert (row.way, row.ordered_by) == (Way.UNFOLLOW, None)
    assert row.counts["reports"] == 3


def test_all_that_is_held_is_handed_over_and_nothing_of_others(told: Town) -> None:
    with told.services.reading() as session:
        desk = told.services.desk(session)
        leaders = holding.everything(desk, _only(desk, "李姐"))
        data = handover.as_zip(desk, _only(desk, "王阿姨"))
    with zipfile.ZipFile(BytesIO(data)) as bundle:
        said = bundle.read("data.json").decode()
        assert bundle.namelist() == ["data.json", "data.xlsx"]
    for mark in ("13800001111", "老人家上不去", "三楼到四楼", "502", "听不见", "电梯停了，老人家"):
        assert mark in said
    assert "张伯" not in said
    assert "13800001111" not in repr(leaders)


def test_a_neighbours_file_says_nothing_of_them_any_more(told: Town) -> None:
    told.channels["bridge"].holds["f1"] = b"%PDF-1.7"
    told.say("张伯", "电梯停了", to="3栋2单元群", media=(Media(Kind.FILE, "f1", name="王阿姨家的单子.pdf"),))
    with told.services.transaction() as session:
        desk = told.services.desk(session)
        erasing.person(desk, _only(desk, "王阿姨"), BY_ORDER)
    with told.services.reading() as session:
        (kept,) = session.exec(select(Attachment)).all()
        (row,) = session.exec(select(Inbound).where(col(Inbound.media).is_not(None))).all()
    assert kept.name == "某某家的单子.pdf"
    assert row.media == [{"kind": "file", "id": "f1", "url": None, "name": "某某家的单子.pdf"}]


def test_what_they_sent_along_is_handed_over_with_it(told: Town) -> None:
    told.channels["oa"].holds["p1"] = picture()
    told.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1")
    with told.services.reading() as session:
        desk = told.services.desk(session)
        data = handover.as_zip(desk, _only(desk, "王阿姨"))
        others = handover.as_zip(desk, _only(desk, "张伯"))
    with zipfile.ZipFile(BytesIO(data)) as bundle:
        (name,) = [name for name in bundle.namelist() if name.startswith("sent/")]
        assert bundle.read(name).startswith(b"\xff\xd8\xff")
        assert name in bundle.read("data.json").decode()
    with zipfile.ZipFile(BytesIO(others)) as bundle:
        assert bundle.namelist() == ["data.json", "data.xlsx"]


def _account_ids(town: Town) -> list[str]:
    with town.services.reading() as session:
        woman = session.exec(select(Person).where(Person.name == "王阿姨")).one()
        return list(session.exec(select(Account.user_id).where(Account.person_id == woman.id)))
