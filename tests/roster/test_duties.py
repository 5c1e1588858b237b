"""Duty rosters, duties and families in the workbook: read, written, twice the same."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlmodel import select

from bot import roster
from bot.desk import Desk
from bot.roster import lists
from bot.roster.cells import BadCell, Cell
from bot.roster.check import check
from bot.roster.known import NOTHING
from bot.roster.rows import OPEN_END, ShiftRow
from bot.roster.words import DUTIES
from models import DutyShift, DutyTag, Kin, Post
from tests.roster.test_apply import ROSTER, TODAY, person

NIGHT = ShiftRow("P2", "E", time(18), time(8), TODAY, (0, 4))


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("周一", (0,)),
        ("星期一、礼拜三", (0, 2)),
        ("周一至周五", (0, 1, 2, 3, 4)),
        ("周五到周一", (0, 4, 5, 6)),
        ("工作日", (0, 1, 2, 3, 4)),
        ("周末", (5, 6)),
        ("周天", (6,)),
        ("每天", (-1,)),
        ("无", (-1,)),
    ],
)
def test_days_of_the_week_as_people_write_them(said: str, days: tuple[int, ...]) -> None:
    assert lists.weekdays(Cell(said)) == days


@pytest.mark.parametrize(
    ("said", "at"),
    [("18:00", time(18)), ("8:30", time(8, 30)), ("18点", time(18)), ("24:00", time(0)), (time(7, 15, 9), time(7, 15))],
)
def test_hours_as_people_write_them(said: object, at: time) -> None:
    assert lists.clock(Cell(said)) == at


@pytest.mark.parametrize("said", ["25:00", "8:75", "早上", "8", "", "8:00-9:00"])
def test_what_is_no_hour_is_refused(said: str) -> None:
    with pytest.raises(BadCell):
        lists.clock(Cell(said))


@pytest.mark.parametrize("said", ["周八", "下周一", "1号", "周一周二"])
def test_what_is_no_weekday_is_refused(said: str) -> None:
    with pytest.raises(BadCell):
        lists.weekdays(Cell(said))


def test_duties_are_told_by_any_of_their_words() -> None:
    read = lists.several_of(DUTIES, "职责")
    assert read(Cell("卫生、消防，维权")) == ("hygiene", "safety", "rights")
    assert read(Cell("全部")) == ()
    assert set(DUTIES) == set(DutyTag)
    with pytest.raises(BadCell, match="职责"):
        read(Cell("卫生、做饭"))


def test_turns_duties_and_families_are_there_after_an_import_and_twice_changes_nothing(desk: Desk) -> None:
    first, second = ROSTER.people
    wanted = replace(
        ROSTER,
        shifts=(NIGHT,),
        people=(replace(first, kin=("P2",)), second),
        posts=(replace(ROSTER.posts[0], duties=("hygiene", "safety")), ROSTER.posts[1]),
    )
    outcome = roster.apply(desk, wanted)
    assert outcome.counts["shifts"].added == 2
    again = roster.apply(desk, wanted)
    assert (again.added, again.changed) == (0, 0)

    session = desk.session
    turns = session.exec(select(DutyShift).order_by(DutyShift.weekday)).all()  # type: ignore[arg-type]  # a column
    assert [(turn.weekday, turn.starts, turn.ends) for turn in turns] == [
        (0, time(18), time(8)),
        (4, time(18), time(8)),
    ]
    one, other = sorted((person(session, "P1").id, person(session, "P2").id))
    assert [(kin.person_id, kin.kin_id) for kin in session.exec(select(Kin))] == [(one, other)]
    held = session.exec(select(Post).where(Post.person_id == person(session, "P1").id)).one()
    assert held.duties == ["hygiene", "safety"]


def test_a_blank_cell_leaves_and_none_takes_away(desk: Desk) -> None:
    first, second = ROSTER.people
    roster.apply(desk, replace(ROSTER, shifts=(NIGHT,), people=(replace(first, kin=("P2",)), second),
                               posts=(replace(ROSTER.posts[0], duties=("safety",)),)))  # fmt: skip
    roster.apply(desk, ROSTER)
    assert len(desk.session.exec(select(Kin)).all()) == 1
    assert "safety" in str([post.duties for post in desk.session.exec(select(Post))])

    ended = replace(NIGHT, to_on=TODAY)
    cleared = replace(ROSTER, shifts=(ended,), people=(replace(first, kin=()), second),
                      posts=(replace(ROSTER.posts[0], duties=()),))  # fmt: skip
    roster.apply(desk, cleared)
    assert desk.session.exec(select(Kin)).all() == []
    assert {turn.to_on for turn in desk.session.exec(select(DutyShift))} == {TODAY}
    roster.apply(desk, replace(ROSTER, shifts=(replace(NIGHT, to_on=OPEN_END),)))
    assert {turn.to_on for turn in desk.session.exec(select(DutyShift))} == {None}


@pytest.mark.parametrize(
    ("shift", "reason"),
    [
        (replace(NIGHT, person="nobody"), "没有编号"),
        (replace(NIGHT, area="nowhere"), "没有编号"),
        (replace(NIGHT, to_on=date(2020, 1, 1)), "比起的日期早"),
    ],
)
def test_turns_that_do_not_fit_are_told(shift: ShiftRow, reason: str) -> None:
    [problem] = check(replace(ROSTER, shifts=(shift,)), NOTHING)
    assert problem.sheet == "值班"
    assert reason in problem.reason


def test_the_same_turn_twice_and_oneself_as_kin_are_told() -> None:
    twice = check(replace(ROSTER, shifts=(NIGHT, replace(NIGHT, weekdays=(4,)))), NOTHING)
    own = check(replace(ROSTER, people=(replace(ROSTER.people[0], kin=("P1", "P9")), ROSTER.people[1])), NOTHING)

    assert ["重复" in problem.reason for problem in twice] == [True]
    assert {problem.column for problem in own} == {"亲属编号"}
    assert len(own) == 2
