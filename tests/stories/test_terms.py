"""Leaders are appointed for a year: staff hear in time that it ends, once, and nothing stops meanwhile."""

from datetime import date, timedelta

from sqlmodel import select

from models import Person, Post
from tests.stories.town import MONDAY, Town, said_to

TODAY = MONDAY.date()
STAFF = "社工群"


def ends(town: Town, who: str, on: date | None) -> None:
    with town.services.transaction() as session:
        session.exec(select(Post).join(Person).where(Person.name == who)).one().ends_on = on


def test_a_month_before_the_end_staff_are_told_once_of_all_that_end(town: Town) -> None:
    ends(town, "李姐", TODAY + timedelta(days=32))
    ends(town, "陈副", TODAY + timedelta(days=32))
    assert said_to(town.wait(days=1), STAFF) == ""
    told = said_to(town.wait(days=1), STAFF)

    assert "有2个岗位到期" in told
    assert "幸福里3栋2单元单元长A岗，12月25日" in told
    assert "幸福里3栋2单元单元长B岗" in told
    assert "岗位到期" not in said_to(town.wait(days=3), STAFF)


def test_a_term_that_was_prolonged_is_told_again_when_that_ends(town: Town) -> None:
    ends(town, "李姐", TODAY + timedelta(days=10))
    assert "岗位到期" in said_to(town.wait(minutes=1), STAFF)
    ends(town, "李姐", TODAY + timedelta(days=20))
    assert "12月13日" in said_to(town.wait(minutes=1), STAFF)


def test_who_was_appointed_anew_is_not_asked_about(town: Town) -> None:
    ends(town, "李姐", TODAY + timedelta(days=10))
    with town.services.transaction() as session:
        old = session.exec(select(Post).join(Person).where(Person.name == "李姐")).one()
        session.add(Post(person_id=old.person_id, role=old.role, area_id=old.area_id, slot=old.slot,
                         starts_on=TODAY + timedelta(days=11), ends_on=TODAY + timedelta(days=376)))  # fmt: skip
    assert said_to(town.wait(minutes=1), STAFF) == ""


def test_what_ended_before_anybody_was_asked_is_told_while_it_keeps_working(town: Town) -> None:
    ends(town, "李姐", TODAY - timedelta(days=20))
    ends(town, "陈副", TODAY - timedelta(days=61))
    told = said_to(town.wait(minutes=1), STAFF)

    assert "有1个岗位到期" in told
    town.say("王阿姨", "3栋2单元电梯又坏了")
    assert "单元长A岗在任" in town.ticket().why


def test_nobody_is_told_by_night(town: Town) -> None:
    town.wait(hours=11)
    ends(town, "李姐", TODAY + timedelta(days=10))
    assert said_to(town.wait(hours=1), STAFF) == ""
    assert "岗位到期" in said_to(town.wait(hours=12, minutes=30), STAFF)
