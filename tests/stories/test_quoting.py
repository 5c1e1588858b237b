"""Who quotes a message says what they are speaking of."""

import pytest

from models import Status
from tests.stories.town import Town

GROUP = "3栋2单元群"


def test_a_neighbour_who_quotes_joins_whatever_floor_they_name(town: Town) -> None:
    town.say("刘婶", "三楼楼道灯不亮了", to=GROUP, message_id="lamp")
    town.say("老秦", "六楼的灯也不亮", to=GROUP, quote="lamp")
    assert town.voices() == [2]


def test_who_quotes_what_is_said_to_be_done_and_tells_the_same_trouble_reopens_it(town: Town) -> None:
    town.say("刘婶", "三楼楼道灯不亮了", to=GROUP, message_id="lamp")
    town.say("李姐", "修好了", to=GROUP, quote="lamp", message_id="done")
    assert town.ticket().status == Status.RESOLVED
    town.say("老秦", "楼道灯一盏都不亮，黑得很", to=GROUP, quote="done")
    assert town.ticket().status == Status.REOPENED
    assert len(town.tickets()) == 1


@pytest.mark.parametrize(
    "words",
    ["今晚吃什么", "电梯也不动了", "602厨房水管漏水，派人来修一下"],
    ids=["chatter", "another thing", "own pipes"],
)
def test_a_quotation_alone_joins_nothing(town: Town, words: str) -> None:
    town.say("刘婶", "301厨房底下的管子在滴水", to=GROUP, message_id="pipe")
    before = town.voices()[0]
    town.say("老秦", words, to=GROUP, quote="pipe")
    assert town.voices()[0] == before


def test_who_has_a_post_there_speaks_as_such(town: Town) -> None:
    town.say("刘婶", "三楼楼道灯不亮了", to=GROUP, message_id="lamp")
    town.say("李姐", "六楼的灯也不亮，我喊电工一起修", to=GROUP, quote="lamp")
    assert town.voices()[0] == 1
