"""Two tickets are one matter, one is two: said by a leader, undone, and what everybody hears of it."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from models import Report, Status
from tests.stories.town import Town, said_to

GROUP, LEADERS = "3栋2单元群", "单元长群"
DRAIN, SMELL = "3栋2单元下水道堵了", "3栋2单元楼道好臭，垃圾几天没收"


def two_tickets(town: Town) -> None:
    town.say("王阿姨", DRAIN)
    town.say("张伯", SMELL)
    assert [ticket.category for ticket in town.tickets()] == ["drain", "sanitation"]


@dataclass(frozen=True)
class Said:
    """How a leader says it, and which ticket lives on in which."""

    words: str
    gone: int
    into: int


@pytest.mark.parametrize(
    "said",
    [
        Said("1号和2号是同一件事", 2, 1),
        Said("#2 和#1是一件事", 2, 1),
        Said("把2合并到1", 2, 1),
        Said("#1 合并到 #2", 1, 2),
        Said("2号跟1号是同一回事", 2, 1),
    ],
    ids=lambda said: said.words,
)
def test_a_leader_makes_two_tickets_one_and_one_two_again(town: Town, said: Said) -> None:
    two_tickets(town)
    was = {ticket.number: ticket for ticket in town.tickets()}

    seen = town.say("李姐", said.words)

    assert f"(#{said.into})" in said_to(seen, "oa-李姐")
    assert (town.ticket(said.gone).status, town.ticket(said.gone).merged_into_id) == (
        Status.WITHDRAWN,
        town.ticket(said.into).id,
    )
    assert said_to(seen, GROUP) == ""

    seen = town.say("李姐", f"分开 #{said.into}")

    assert f"(#{said.gone})" in said_to(seen, "oa-李姐")
    now = {ticket.number: ticket for ticket in town.tickets()}
    assert now[said.gone] == was[said.gone]
    assert town.voices() == [1, 1]


def test_all_who_told_it_hear_how_it_goes_once_it_is_one(town: Town) -> None:
    two_tickets(town)

    seen = town.say("李姐", "2号和1号是一件事")
    assert "(#1)" in said_to(seen, "oa-张伯")
    assert said_to(seen, "oa-王阿姨") == ""

    seen = town.say("李姐", "#1 修好了 通了")
    assert "(#1)" in said_to(seen, "oa-王阿姨")
    assert "(#1)" in said_to(seen, "oa-张伯")


@pytest.mark.parametrize(
    ("who", "where", "says"),
    [
        ("王阿姨", None, "和您之前说的是一件事"),
        ("王阿姨", GROUP, "和您之前说的是一件事"),  # by her account of the bridge: the same person
        ("张伯", None, "和邻居说的是一件事"),
    ],
)
def test_whose_matter_it_was_before_is_said_as_it_is(town: Town, who: str, where: str | None, says: str) -> None:
    town.say("王阿姨", "3栋2单元楼道灯不亮了")
    town.wait(hours=3)
    town.say(who, "3栋2单元单元门关不上了", to=where)
    assert len(town.tickets()) == 2

    seen = said_to(town.say("李姐", "2号和1号是一件事"), f"oa-{who}")

    assert says in seen
    assert seen.count("是一件事") == 1


def test_the_number_of_a_merged_ticket_still_leads_to_the_matter(town: Town) -> None:
    two_tickets(town)
    town.say("李姐", "2号和1号是一件事")

    town.say("李姐", "#2 我去看看")

    assert town.ticket(1).status == Status.ACCEPTED
    assert "(#1)" in said_to(town.say("张伯", "到哪一步了"), "oa-张伯")


def test_a_voice_that_joined_by_itself_gets_a_ticket_of_its_own(town: Town) -> None:
    town.say("王阿姨", "又停水了", to=GROUP)
    town.say("张伯", "我家也是", to=GROUP, message_id="z1")
    assert town.voices() == [2]

    seen = town.say("李姐", "这是两回事", to=GROUP, quote="z1")

    assert said_to(seen, GROUP) == ""
    assert town.voices() == [1, 1]
    assert town.ticket(2).status == Status.DISPATCHED
    assert "(#2)" in said_to(seen, LEADERS)
    town.say("李姐", "#2 修好了", to=LEADERS)
    assert [ticket.status for ticket in town.tickets()] == [Status.DISPATCHED, Status.RESOLVED]


def test_what_was_to_be_said_of_the_other_matter_is_not_said_after_a_split(town: Town) -> None:
    two_tickets(town)
    town.say("李姐", "2号和1号是一件事")
    town.say("李姐", "#1 修好了 通了")

    seen = said_to(town.say("社工小邹", "分开 #1"), "oa-张伯")

    assert "(#2)" in seen
    assert "还在办" in seen
    assert town.ticket(2).status == Status.DISPATCHED
    assert town.ticket(1).status == Status.RESOLVED


@pytest.mark.parametrize("words", ["这是两回事", "和2号是一件事", "分开 #1"])
def test_who_has_no_post_there_untangles_nothing(town: Town, words: str) -> None:
    two_tickets(town)
    town.say("王阿姨", "3栋2单元楼道好臭，垃圾没人收")
    before = town.voices()

    for who in ("张伯", "周叔"):
        town.say(who, words, to=GROUP)
        town.say(who, words)

    assert town.voices()[:2] == before
    assert all(ticket.merged_into_id is None for ticket in town.tickets())


def test_nothing_told_in_confidence_is_made_one_with_anything(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼上天天半夜跳绳吵得睡不着")
    town.say("王阿姨", "1")
    town.say("张伯", DRAIN)
    numbers = [ticket.number for ticket in town.tickets() if ticket.private]
    assert numbers

    seen = said_to(town.say("社工小邹", f"{numbers[0]}号和2号是一件事"), "oa-社工小邹")

    assert "不能并" in seen
    assert all(ticket.merged_into_id is None for ticket in town.tickets())


def test_an_emergency_is_never_merged_away(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯里困了人，快来救命")
    town.say("张伯", SMELL)
    danger = next(ticket for ticket in town.tickets() if ticket.danger)
    other = next(ticket for ticket in town.tickets() if not ticket.danger)

    town.say("李姐", f"#{danger.number} 合并到 #{other.number}")

    assert town.ticket(danger.number).merged_into_id is None
    assert town.ticket(danger.number).status == Status.DISPATCHED


def test_a_single_voice_cannot_be_split(town: Town) -> None:
    town.say("王阿姨", DRAIN)

    assert "分不开" in said_to(town.say("李姐", "分开 #1"), "oa-李姐")


def test_every_report_remembers_the_ticket_it_was_said_on(town: Town) -> None:
    two_tickets(town)
    town.say("李姐", "2号和1号是一件事")

    with town.session() as session:
        reports = session.exec(select(Report).order_by(col(Report.id))).all()
    first, second = (ticket.id for ticket in town.tickets())
    assert [(report.ticket_id, report.origin_ticket_id) for report in reports] == [(first, first), (first, second)]
