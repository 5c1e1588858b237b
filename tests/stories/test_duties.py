"""What comes back: decided in a sentence, opened by the clock once on its day. On both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from bot import duties
from bot.inbox import repeating
from bot.inbox.ticking import clockwork
from models import Area, Origin, Post, RecurringDuty, Role, Status
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import MONDAY, Town, chats, said_to

TODAY = MONDAY.date()  # a Monday


@dataclass(frozen=True)
class Decided:
    name: str
    who: str
    words: str
    to: str = ""
    title: str | None = None  # None: nothing is decided
    area: str = "B3U2"
    role: str | None = "unit_leader"
    due: date | None = None
    answer: str = "停掉定期1"


DECISIONS = [
    Decided(
        "weekly, by a leader for her unit",
        "李姐",
        "每周五清理3栋楼道",
        title="清理3栋楼道",
        due=TODAY + timedelta(days=4),
    ),
    Decided(
        "monthly, by staff",
        "社工小邹",
        "以后每月15号巡查消防栓",
        title="巡查消防栓",
        area="XF",
        role=None,
        due=date(2026, 12, 15),
    ),
    Decided("staff name the place", "社工小邹", "每周五清理3栋楼道", title="清理3栋楼道", area="B3", role=None),
    Decided(
        "staff name who does it", "社工小邹", "每周五物业清理3栋楼道", title="清理3栋楼道", area="B3", role="property"
    ),
    Decided(
        "every two weeks, for the grid",
        "网格刘",
        "定期: 每两周检查天台门",
        title="检查天台门",
        area="W1",
        role="grid_leader",
        due=TODAY + timedelta(days=1),
    ),
    Decided("two days a week", "李姐", "每周一、周四清运垃圾", title="清运垃圾", due=TODAY + timedelta(days=3)),
    Decided("among the leaders only plainly", "李姐", "以后每周五清理楼道", to=LEADERS, title="清理楼道"),
    Decided("among the leaders it may be talk", "李姐", "每周五清理楼道", to=LEADERS, answer=""),
    Decided("among residents it is talk", "李姐", "以后每周五清理楼道", to=GROUP, answer=""),
    Decided("a place that is not theirs", "李姐", "每周五清理5栋楼道", answer="不归您这边"),
    Decided("a complaint is no decision", "李姐", "每天都有人在3栋楼道乱扔垃圾", answer=""),
    Decided("a volunteer decides nothing", "志愿者小马", "每周五清理3栋楼道", answer=""),
    Decided("property decides nothing", "物业邓工", "每周五清理3栋楼道", answer=""),
    Decided("a resident decides nothing", "王阿姨", "每周五清理3栋楼道", answer=""),
    Decided("somebody's room is not everybody's to read", "李姐", "每周五看望3栋2单元302王奶奶", answer="换个说法"),
    Decided("what is to be done is asked for", "李姐", "定期 每周五", answer="做什么"),
]


@pytest.mark.parametrize("told", DECISIONS, ids=lambda told: told.name)
def test_a_sentence_decides_what_comes_back(town: Town, told: Decided) -> None:
    seen = town.say(told.who, told.words, to=told.to or None)

    found = _duties(town)
    if told.title is None:
        assert found == []
    else:
        duty = found[0]
        assert (duty.title, _area(town, duty), duty.role) == (told.title, told.area, told.role)
        assert told.due in (None, duty.next_due_on)
    assert told.answer in said_to(seen, told.to or f"oa-{told.who}")


def test_on_its_day_it_opens_a_ticket_of_its_own_and_so_every_week(town: Town) -> None:
    town.say("李姐", "每周五清理3栋楼道")

    assert town.wait(days=3) == []
    seen = town.wait(days=1)

    assert "清理3栋楼道" in said_to(seen, LEADERS) + said_to(seen, "oa-李姐")
    ticket = town.ticket()
    assert (ticket.origin, ticket.status, ticket.duty_id) == (Origin.DUTY, Status.DISPATCHED, _duties(town)[0].id)
    assert town.voices() == [0]

    town.say("李姐", "好了 扫干净了")
    assert town.ticket().status == Status.RESOLVED
    for _ in range(7):
        town.wait(days=1)
    assert [t.origin for t in town.tickets()] == [Origin.DUTY, Origin.DUTY]


def test_not_before_the_leaders_hours_and_never_at_night(town: Town) -> None:
    town.say("李姐", "每周五清理3栋楼道")
    town.wait(days=3, hours=23, minutes=30)  # 08:30 on Friday
    assert town.tickets() == []

    town.wait(hours=1)
    assert len(town.tickets()) == 1


def test_after_days_without_a_clock_it_is_caught_up_once(town: Town) -> None:
    town.say("李姐", "每3天巡查楼道")

    town.services.now.forward(days=20)  # type: ignore[attr-defined]  # the standing clock: nobody looks meanwhile
    town.drain()
    town.drain()

    assert len(town.tickets()) == 1
    due = _duties(town)[0].next_due_on
    assert due is not None
    assert timedelta(0) < due - town.services.now().date() <= timedelta(days=3)


def test_two_clocks_that_saw_the_same_duty_open_it_once(town: Town) -> None:
    town.say("李姐", "每周五清理3栋楼道")
    town.services.now.forward(days=4)  # type: ignore[attr-defined]
    with town.services.reading() as session:
        due = duties.due(session, town.services.settings, town.services.now(), 9)
    assert len(due) == 1

    opened = [repeating._opened(town.services, duty_id) for duty_id in due * 2]

    assert opened == [True, False]
    assert len(town.tickets()) == 1


def test_whoever_was_named_gets_the_card_and_where_nobody_is_the_ordinary_way(town: Town) -> None:
    town.say("社工小邹", "每天物业打扫3栋楼道")
    town.say("社工小邹", "每天志愿者看望3栋的老人")
    with town.services.transaction() as session:
        for post in session.exec(select(Post).where(Post.role == Role.VOLUNTEER)):
            post.ends_on = date(2026, 1, 2)

    seen = town.wait(days=1)

    assert "打扫3栋楼道" in said_to(seen, "oa-物业邓工")
    roles = [_holder(town, t.holder_post_id) for t in town.tickets()]
    assert roles == [Role.PROPERTY, Role.GRID_LEADER]


def test_it_ends_on_its_last_day(town: Town) -> None:
    town.say("李姐", "每天巡查楼道到11月25号")

    for _ in range(6):
        town.wait(days=1)

    assert len(town.tickets()) == 2
    assert _duties(town)[0].next_due_on is None


def test_a_decision_about_a_ticket_takes_its_place_and_its_words(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯坏了")

    seen = town.say("李姐", "定期: 每周五 #1")

    duty = _duties(town)[0]
    assert (duty.title, duty.category, duty.made_from) == ("楼道灯坏了", "light", town.ticket().ref)
    assert "每周五楼道灯坏了" in said_to(seen, "oa-李姐")


def test_the_list_and_an_end_by_its_number(town: Town) -> None:
    assert "没有定期的事" in said_to(town.say("李姐", "定期"), "oa-李姐")
    town.say("李姐", "每周五清理3栋楼道")
    town.say("社工小邹", "以后每月15号巡查消防栓")

    assert "1. 每周五清理3栋楼道（3栋2单元），单元长办，下次11月27日" in said_to(town.say("李姐", "定期"), "oa-李姐")
    assert "2. 每月15号巡查消防栓" in said_to(town.say("社工小邹", "定期清单"), "oa-社工小邹")
    assert "没有找到" in said_to(town.say("李姐", "停掉定期2"), "oa-李姐")
    assert "不再提醒" in said_to(town.say("李姐", "停掉定期1"), "oa-李姐")

    for _ in range(5):
        town.wait(days=1)
    assert town.tickets() == []


def test_one_that_cannot_be_opened_holds_up_no_other_and_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.say("李姐", "每天清理3栋楼道")
    town.say("李姐", "每天巡查消防栓")
    whole = duties.open_due

    def fails(desk, duty_id):  # type: ignore[no-untyped-def]
        if duty_id == 1:
            raise RuntimeError("on purpose")
        return whole(desk, duty_id)

    monkeypatch.setattr(duties, "open_due", fails)
    town.services.now.forward(days=1)  # type: ignore[attr-defined]
    clockwork(town.services)
    assert [t.matter for t in town.tickets()] == ["巡查消防栓"]
    monkeypatch.setattr(duties, "open_due", whole)

    town.wait(days=1)

    assert sorted(t.matter for t in town.tickets()) == ["巡查消防栓", "巡查消防栓", "清理3栋楼道"]


def test_a_group_hears_nothing_of_a_duty(town: Town) -> None:
    town.say("李姐", "每天清理3栋楼道")

    seen = [line for _ in range(3) for line in town.wait(days=1)]
    seen += town.say("李姐", "修好了 #1")

    assert GROUP not in chats(seen)
    assert STAFF not in chats(seen[:1])


def _duties(town: Town) -> list[RecurringDuty]:
    with town.services.reading() as session:
        return list(session.exec(select(RecurringDuty).order_by(col(RecurringDuty.id))))


def _area(town: Town, duty: RecurringDuty) -> str:
    with town.services.reading() as session:
        return session.get_one(Area, duty.area_id).code


def _holder(town: Town, post_id: int | None) -> Role:
    with town.services.reading() as session:
        return session.get_one(Post, post_id).role


def test_eight_clocks_at_the_same_instant_open_it_once(town: Town) -> None:
    for n in range(3):
        town.say("李姐", f"每天巡查{n + 2}号水表井")
    town.services.now.forward(days=1)  # type: ignore[attr-defined]

    with ThreadPoolExecutor(8) as clocks:
        opened = sum(clocks.map(lambda _: repeating.open_due(town.services), range(8)))

    assert opened == 3
    assert sorted(ticket.number for ticket in town.tickets()) == [1, 2, 3]
