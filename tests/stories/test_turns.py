"""Whose turn it is on the duty roster hears first: in danger, and of what cannot wait while the office is closed."""

from datetime import date, time

import pytest
from sqlmodel import select

from bot import posted
from models import Area, DutyShift, Person
from tests.stories.town import MONDAY, Town, said_to

TODAY = MONDAY.date()  # a Monday, 9 o'clock


def turn(town: Town, who: str, starts: time, ends: time, *, weekday: int = -1, first: date = TODAY,
         last: date | None = None, area: str = "XF") -> None:  # fmt: skip
    with town.services.transaction() as session:
        person = session.exec(select(Person).where(Person.name == who)).one()
        where = session.exec(select(Area).where(Area.code == area)).one()
        session.add(DutyShift(area_id=where.id, person_id=person.id, weekday=weekday, starts=starts, ends=ends,
                              from_on=first, to_on=last))  # fmt: skip


def on_duty(town: Town, code: str = "B3U2") -> set[str]:
    with town.services.reading() as session:
        area = session.exec(select(Area).where(Area.code == code)).one()
        found = posted.candidates(town.services.desk(session), area)
        people = {c.person_id for c in found if c.on_duty}
        return {session.get_one(Person, person).name or "" for person in people}


@pytest.mark.parametrize(
    ("starts", "ends", "weekday", "last", "hours", "runs"),
    [
        (time(8), time(12), -1, None, 0, True),
        (time(9), time(12), -1, None, 0, True),  # the first minute belongs to it
        (time(8), time(9), -1, None, 0, False),  # the last does not
        (time(8), time(12), 0, None, 0, True),
        (time(8), time(12), 1, None, 0, False),
        (time(8), time(12), 0, None, 7 * 24, True),  # every Monday
        (time(8), time(12), 0, TODAY, 7 * 24, False),
        (time(18), time(8), 0, None, 12, True),  # 21:00
        (time(18), time(8), 0, None, 22, True),  # 7:00 on Tuesday belongs to Monday's night
        (time(18), time(8), 1, None, 22, False),
        (time(18), time(8), -1, TODAY, 22, True),  # the last night ends in the morning after
        (time(18), time(8), -1, TODAY, 36, False),
    ],
)
def test_when_a_turn_runs(
    town: Town, starts: time, ends: time, weekday: int, last: date | None, hours: int, runs: bool
) -> None:
    turn(town, "值班员", starts, ends, weekday=weekday, last=last)
    if hours:
        town.wait(hours=hours)

    assert (on_duty(town) == {"值班员"}) is runs


def test_in_danger_whose_turn_it_is_hears_it_and_the_others_of_the_roster_only_when_nobody_comes(town: Town) -> None:
    town.person("值班老周", ("duty", "XF", "A"))  # type: ignore[arg-type]  # as the columns keep them
    turn(town, "值班老周", time(18), time(8))
    town.wait(hours=14)
    seen = town.say("王阿姨", "3栋2单元电梯关人了，有人困在里面")

    assert "紧急" in said_to(seen, "oa-值班老周")
    assert "紧急" not in said_to(seen, "oa-值班员")
    assert "先告诉当班的值班" in town.ticket().why
    assert "值班A岗：这会儿不当班" in town.ticket().why
    assert "紧急" in said_to(town.wait_in_steps(12), "oa-值班员")


def test_at_night_what_cannot_wait_is_told_to_whose_turn_it_is_as_well(town: Town) -> None:
    turn(town, "值班员", time(18), time(8))
    town.wait(hours=14)
    seen = town.say("王阿姨", "人工")

    assert "找人" in said_to(seen, "oa-值班员")
    assert "不在上班时间，又着急：先告诉当班的值班" in town.ticket().why


def test_by_day_it_is_not(town: Town) -> None:
    turn(town, "值班员", time(8), time(18))
    seen = town.say("王阿姨", "人工")

    assert said_to(seen, "oa-值班员") == ""


def test_a_turn_gives_no_rights(town: Town) -> None:
    town.person("路人甲")
    turn(town, "路人甲", time(0), time(0))
    seen = town.say("王阿姨", "3栋2单元电梯关人了，有人困在里面")

    assert said_to(seen, "oa-路人甲") == ""
