"""Somebody was asked which matter they meant, and said it in their own way: then nobody need be asked about it."""

from dataclasses import dataclass

import pytest

from tests.stories.more import STAFF
from tests.stories.town import Town, said_to

UNCLEAR = "没说清是哪一件"


@dataclass(frozen=True)
class Meant:
    """What whoever was asked says next, if anything; quoting the card of the second matter or not."""

    name: str
    words: str | None
    quotes: bool = False
    staff_hear: bool = False


@pytest.mark.parametrize(
    "meant",
    [
        pytest.param(meant, id=meant.name)
        for meant in (
            Meant("its number", "#2 我去看看"),
            Meant("the card quoted", "我去看看", quotes=True),
            Meant("the number alone", "2"),
            Meant("nothing", None, staff_hear=True),
            Meant("something else", "今天好冷", staff_hear=True),
        )
    ],
)
def test_a_leader_who_took_one_of_two(town: Town, meant: Meant) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    card = town.say("张伯", "3栋2单元楼道灯不亮了", message_id="lamp")
    assert card
    town.wait(minutes=1)
    assert "哪" in said_to(town.say("李姐", "收到"), "oa-李姐")

    town.wait(minutes=5)
    if meant.words is not None:
        quote = _card_of(town, 2) if meant.quotes else None
        town.say("李姐", meant.words, quote=quote, channel="bridge" if meant.quotes else "oa")
    seen = town.wait_in_steps(70, 10)

    assert (UNCLEAR in said_to(seen, STAFF)) == meant.staff_hear


def test_a_neighbour_with_two_matters_of_their_own(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("王阿姨", "3栋2单元楼道灯不亮了")
    assert "哪" in said_to(town.say("王阿姨", "不用来了"), "oa-王阿姨")

    town.say("王阿姨", "#2 不用来了")

    assert town.ticket(2).status == "withdrawn"
    assert UNCLEAR not in said_to(town.wait_in_steps(70, 10), STAFF)


def _card_of(town: Town, number: int) -> str:
    """The message id of the card of that matter in the leaders' chat."""
    sent = town.channels["bridge"].sent
    at = max(n for n, line in enumerate(sent, 1) if f"(#{number})" in line.text and line.chat_id == "单元长群")
    return f"m{at}-bridge"
