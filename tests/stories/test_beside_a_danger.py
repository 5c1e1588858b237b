"""A danger that is asked about, told in one breath with something else: no answer loses any of it."""

from dataclasses import dataclass

import pytest

from tests.stories.more import GROUP, LEADERS
from tests.stories.town import Town, said_to

BOTH = "路灯不亮，井盖也翘起来了"
LOOSE = "楼梯扶手松了，老人差点摔下去"


@dataclass(frozen=True)
class Told:
    """What is said where, what is answered (None: nothing for an hour), and what stands then: category and danger."""

    name: str
    words: str
    where: str | None
    answer: str | None
    stands: tuple[tuple[str, str | None], ...]


LAMP, WELL, DEEP = ("light", None), ("road", None), ("road", "manhole")
STORIES = [
    Told("nothing wrong with the well", BOTH, None, "没事", (LAMP, WELL)),
    Told("an open well", BOTH, None, "是", (LAMP, DEEP)),
    Told("no answer", BOTH, None, None, (LAMP, WELL)),
    Told("nothing wrong, in the group", BOTH, GROUP, "没事", (LAMP, WELL)),
    Told("an open well, in the group", BOTH, GROUP, "是", (LAMP, DEEP)),
    Told("no answer, in the group", BOTH, GROUP, None, (LAMP, WELL)),
    Told("one thing, and nobody fell", LOOSE, None, "没事", (("road", None),)),
    Told("one thing, and somebody fell", LOOSE, None, "是", (("road", "fall"),)),
]


@pytest.mark.parametrize("told", [pytest.param(told, id=told.name) for told in STORIES])
def test_whatever_is_answered_all_of_it_stands(town: Town, told: Told) -> None:
    town.say("王阿姨", told.words, to=told.where)

    if told.answer is None:
        town.wait_in_steps(65, 13)
    else:
        town.say("王阿姨", told.answer)

    assert tuple(sorted((ticket.category, ticket.danger) for ticket in town.tickets())) == tuple(sorted(told.stands))


def test_the_lamp_has_its_receipt_and_its_card_at_once(town: Town) -> None:
    seen = town.say("王阿姨", BOTH)

    assert "灯(#1)" in said_to(seen, "oa-王阿姨")
    assert "回“是”或“没事”" in said_to(seen, "oa-王阿姨")
    assert "灯不亮(#1)" in said_to(seen, LEADERS)
    assert not any(ticket.urgent for ticket in town.tickets())


@pytest.mark.parametrize("answer", ["没事", "是"])
def test_where_the_place_is_missing_one_thing_is_asked_after_the_other(town: Town, answer: str) -> None:
    """Somebody nobody knows: the well first, then where; and the lamp is written down."""
    town.person("租客")
    asked = said_to(town.say("租客", BOTH), "oa-租客")
    assert asked.count("吗？") == 1
    assert town.tickets() == []

    town.say("租客", answer)
    town.say("租客", "5栋1单元")

    assert "light" in {ticket.category for ticket in town.tickets()}
    assert [ticket.building for ticket in town.tickets()] == ["5", "5"]
    assert [ticket.danger for ticket in town.tickets() if ticket.danger] == (["manhole"] if answer == "是" else [])


def test_bacon_stays_bacon(town: Town) -> None:
    town.say("王阿姨", "楼下冒烟，好像在熏腊肉")
    town.say("王阿姨", "没事")
    assert town.tickets() == []


def test_a_danger_elsewhere_is_raised_where_it_was_said_to_be(town: Town) -> None:
    town.say("王阿姨", "我妈那边5栋1单元楼下冒烟，好像在熏腊肉")
    town.say("王阿姨", "是")
    assert town.ticket().building == "5"
