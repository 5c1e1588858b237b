"""Staff give a matter to somebody of their choice: 12号派给网格刘."""

import pytest
from sqlmodel import col, select

from bot import holders, tickets
from bot.moves import Verb
from bot.permits import Actor
from models import Outgoing, Person, Role, Status, Ticket
from tests.stories.more import LEADERS, STAFF
from tests.stories.town import Town, said_to

LIFT = "3栋2单元电梯停了"


def test_staff_name_somebody_and_whoever_had_it_is_relieved(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "我去看看", to=LEADERS)

    seen = town.say("社工小邹", "#1 派给网格刘", to=STAFF)

    assert town.ticket().status == Status.DISPATCHED
    assert "交给网格长了" in said_to(seen, STAFF)
    assert "电梯停了(#1)，社区请网格长接一下" in said_to(seen, LEADERS)  # so whoever was on the way reads it, too
    assert "given" in town.history()
    assert "社区派给：网格长" in town.ticket().why
    assert "网格长" in said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")


@pytest.mark.parametrize(
    ("who", "where"), [("李姐", LEADERS), ("网格刘", LEADERS), ("王阿姨", None), ("物业邓工", None)]
)
def test_nobody_but_the_office_gives_anything_away(town: Town, who: str, where: str | None) -> None:
    town.say("王阿姨", LIFT)
    before = town.ticket().holder_post_id
    town.say(who, "#1 派给陈副", to=where)
    assert town.ticket().holder_post_id == before
    assert "given" not in town.history()


def test_what_staff_say_with_it_stands_on_the_card_unless_it_is_not_for_a_group(town: Town) -> None:
    town.say("王阿姨", LIFT)
    with town.services.transaction() as session:
        desk, ticket = town.services.desk(session), session.exec(select(Ticket)).one()
        grid, second, *_ = [
            one for one in holders.choices(desk, ticket) if one.role in (Role.GRID_LEADER, Role.PROPERTY)
        ]
        staff = Actor(person_id=session.exec(select(Person.id).where(Person.name == "社工小邹")).one(), staff=True)
        tickets.act(desk, ticket, Verb.GIVE, staff, target_name=str(grid.post_id), note="上回是您修好的")
        tickets.act(desk, ticket, Verb.GIVE, staff, target_name=str(second.post_id), note="打13800001111问王阿姨")
        cards = list(session.exec(select(Outgoing.text).where(col(Outgoing.text).contains("接一下"))))
    assert len(cards) == 2
    assert "社区说“上回是您修好的”" in cards[0]
    assert "13800001111" not in cards[1]


def test_whoever_had_it_and_reads_elsewhere_hears_that_they_need_not_go(plain_town: Town) -> None:
    plain_town.say("王阿姨", LIFT)
    plain_town.say("李姐", "我去看看")
    seen = plain_town.say("社工小邹", "#1 派给网格刘")
    assert "交给网格长了" in said_to(seen, "oa-社工小邹")
    with plain_town.services.reading() as session:
        lines = list(session.exec(select(Outgoing.text)))
    assert any("请别人接着办了，您不用再跑" in line for line in lines)


def test_whoever_is_away_or_unknown_gets_nothing(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("网格刘", "我请假到周五")
    town.say("社工小邹", "#1 派给网格刘", to=STAFF)
    town.say("社工小邹", "#1 派给钱多多", to=STAFF)
    assert "given" not in town.history()


def test_what_was_told_in_confidence_goes_to_the_office_and_the_mediators_alone(town: Town) -> None:
    town.say("张伯", "楼上天天半夜拖椅子，我睡不着，跟他们说了也不听")
    town.say("张伯", "1")
    assert "换一位" in said_to(town.say("社工小邹", "#1 派给李姐", to=STAFF), STAFF)
    assert "given" not in town.history()
    seen = town.say("社工小邹", "#1 派给社工小邹", to=STAFF)
    assert "given" in town.history()
    assert not said_to(seen, LEADERS)


def test_it_can_be_taken_back_at_once(town: Town) -> None:
    town.say("王阿姨", LIFT)
    before = town.ticket().holder_post_id
    town.say("社工小邹", "#1 派给网格刘", to=STAFF)
    town.say("社工小邹", "撤销", to=STAFF)
    assert town.ticket().holder_post_id == before
