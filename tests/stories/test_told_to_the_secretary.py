"""What was told to the secretary alone is nobody else's to take, to see or to hear of."""

import pytest

from models import Role, Slot, Status
from tests.stories.more import STAFF
from tests.stories.town import Town, chats, said_to

ABOUT_LEADER = "单元长把架空层租给人停车收钱，没人管吗"
TOLD = [
    ("about the leader", ABOUT_LEADER),
    ("anonymous", "我想匿名反映，我们单元长收了开店的钱"),
    ("a journalist", "我是电视台记者，想采访一下你们社区"),
]
ACTED = [
    "收到 #1",
    "#1 我去看看",
    "#1 处理好了",
    "详情 1",
    "清单",
    "台账",
    "#1 转物业",
    "#1 派给调解员老何",
    "#1 为什么是周一",
]


@pytest.mark.parametrize("said", [pytest.param(words, id=name) for name, words in TOLD])
@pytest.mark.parametrize("who", ["调解员老何", "社工小邹", "网格刘"])
def test_nobody_else_takes_it_sees_it_or_hears_of_it(town: Town, said: str, who: str) -> None:
    seen = town.say("王阿姨", said)
    assert [chat for chat in chats(seen) if chat != "oa-王阿姨"] == ["oa-书记"]
    before = town.history()

    for words in ACTED:
        heard = said_to(town.say(who, words), f"oa-{who}")
        assert "架空层" not in heard
        assert "收了" not in heard
        assert town.ticket().matter not in heard

    assert town.history() == before
    assert town.ticket().status == Status.DISPATCHED


@pytest.mark.parametrize("words", ["#1 我来处理", "详情 1"])
def test_the_secretary_does(town: Town, words: str) -> None:
    town.say("王阿姨", ABOUT_LEADER)
    assert said_to(town.say("书记", words), "oa-书记")
    assert "不归" not in said_to(town.say("书记", words), "oa-书记")


def test_the_secretary_may_hand_it_on(town: Town) -> None:
    town.say("王阿姨", ABOUT_LEADER)

    seen = town.say("书记", "#1 派给调解员老何")

    assert said_to(seen, "oa-调解员老何")
    town.say("调解员老何", "#1 我去看看")
    assert town.ticket().status == Status.ACCEPTED


def test_no_company_hears_of_it_either(town: Town) -> None:
    town.say("王阿姨", ABOUT_LEADER)

    seen = town.say("书记", "#1 转物业")

    assert said_to(seen, "oa-物业邓工") == ""
    assert set(chats(seen)) <= {"oa-书记", "oa-王阿姨"}


def test_while_the_secretary_is_away_it_waits_for_them(town: Town) -> None:
    town.say("王阿姨", ABOUT_LEADER)

    seen = [*town.say("书记", "我请假到周五"), *town.wait_in_steps(60 * 24 * 3, 360)]

    assert {chat for chat in chats(seen) if chat != "oa-书记"} <= {"oa-王阿姨"}
    assert town.undelivered() == []


def test_another_secretary_stands_in(town: Town) -> None:
    town.person("副书记", (Role.SECRETARY, "XF", Slot.B))
    town.say("王阿姨", ABOUT_LEADER)

    town.say("书记", "我请假到周五")

    assert said_to(town.say("副书记", "#1 我来处理"), "oa-副书记")
    assert town.ticket().status == Status.ACCEPTED


def test_it_joins_nothing_that_somebody_else_has(town: Town) -> None:
    """A quarrel is with the mediator already when the same person complains of the leader."""
    town.say("王阿姨", "对门老在楼道里堆东西还骂人")
    town.say("王阿姨", "1")

    seen = town.say("王阿姨", "我要投诉单元长，他收钱不办事")

    assert len(town.tickets()) == 2
    assert said_to(seen, "oa-书记")
    assert said_to(seen, "oa-调解员老何") == ""
    assert "收钱" not in said_to(town.say("调解员老何", "详情 1"), "oa-调解员老何")


def test_a_quarrel_that_nobody_was_to_be_told_is_not_the_mediators(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了")
    town.say("王阿姨", "3")

    town.say("调解员老何", "#1 我去看看")

    assert town.ticket().status == Status.DISPATCHED
    assert "没有" in said_to(town.say("调解员老何", "清单"), "oa-调解员老何")
    town.say("社工小邹", "#1 我来问问")
    assert town.ticket().status == Status.ACCEPTED


def test_another_building_makes_it_nobody_elses(town: Town) -> None:
    town.say("王阿姨", ABOUT_LEADER)

    seen = town.say("王阿姨", "不是3栋，是5栋")

    assert not set(chats(seen)) - {"oa-王阿姨", "oa-书记"}
    assert said_to(town.say("调解员老何", "#1 我去看看"), STAFF) == ""
    assert town.ticket().status == Status.DISPATCHED
