"""Two estates with a 1栋1单元 each: whoever reads of both is told which, and nobody else."""

import pytest

from models import ChatKind, Level, Role, Slot
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import Town, said_to

THERE = "桃园群"


@pytest.fixture(autouse=True)
def both(town: Town) -> None:
    """A second estate of 幸福社区, with a 3栋2单元 of its own."""
    town.area("TY", Level.ESTATE, "桃园", "XF")
    town.area("TB3", Level.BUILDING, "3栋", "TY", "3")
    town.area("TB3U2", Level.UNIT, "2单元", "TB3", "2")
    town.person("易姐", (Role.UNIT_LEADER, "TB3U2", Slot.A))
    town.person("丁哥", home="TB3U2")
    town.group(THERE, ChatKind.RESIDENTS, "TB3U2")
    town.group("桃园单元长群", ChatKind.LEADERS, "TY")


def lamps(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯不亮了")
    town.say("丁哥", "3栋2单元楼道灯不亮了")


def test_in_a_chat_of_both_estates_the_card_names_it(town: Town) -> None:
    first = town.say("王阿姨", "3栋2单元电梯停了")
    assert said_to(first, LEADERS).startswith("幸福里3栋2单元 ")


def test_in_a_chat_of_one_estate_it_goes_without_saying(town: Town) -> None:
    seen = town.say("丁哥", "3栋2单元电梯停了")
    assert said_to(seen, "桃园单元长群").startswith("3栋2单元 ")


@pytest.mark.parametrize(("who", "where"), [("丁哥", THERE), ("丁哥", None), ("王阿姨", GROUP), ("王阿姨", None)])
def test_those_who_live_there_read_no_estate(town: Town, who: str, where: str | None) -> None:
    seen = town.say(who, "电梯又停了，按了没反应", to=where)
    own = said_to(seen, where or f"oa-{who}")
    assert "(#1)" in own
    assert "桃园" not in own
    assert "幸福里" not in own


def test_somebody_who_works_for_both_reads_it_in_lists_and_answers(town: Town) -> None:
    lamps(town)
    listed = said_to(town.say("社工小邹", "清单"), "oa-社工小邹")
    assert "幸福里3栋2单元" in listed
    assert "桃园3栋2单元" in listed
    for words in ("#2 谁在办", "#2 我去看看", "详情 2"):
        assert "桃园3栋2单元" in said_to(town.say("社工小邹", words), "oa-社工小邹")
    ledger = said_to(town.say("社工小邹", "台账"), "oa-社工小邹")
    assert "幸福里3栋2单元" in ledger
    assert "桃园3栋2单元" in ledger


def test_a_leader_of_one_unit_reads_none(town: Town) -> None:
    lamps(town)
    assert "幸福里" not in said_to(town.say("李姐", "清单"), "oa-李姐")


def test_what_goes_on_to_the_staff_says_which(town: Town) -> None:
    """The leader cannot be reached: the line goes on to those who read of both."""
    town.say("丁哥", "3栋2单元电梯停了")
    seen = town.wait_in_steps(60 * 24, 60)
    passed = said_to(seen, STAFF) + said_to(seen, "oa-社工小邹")
    assert "桃园3栋2单元" in passed


def test_an_emergency_says_which_to_those_who_come_from_elsewhere(town: Town) -> None:
    seen = town.say("丁哥", "3栋2单元电梯困人了，里面有人出不来")
    assert "桃园3栋2单元" in said_to(seen, "oa-值班员") + said_to(seen, STAFF)
    assert "桃园" not in said_to(seen, "oa-易姐")
    assert "桃园" not in said_to(seen, "oa-丁哥")
