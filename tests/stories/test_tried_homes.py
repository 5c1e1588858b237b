"""Where somebody lives, as people really say it: without the word for it, and with a word too many."""

import pytest

from models import BindState
from tests.stories.test_living import home, states
from tests.stories.town import Town, said_to


@pytest.mark.parametrize("words", ["绑定", "我要绑定", "帮我绑定一下"])
def test_who_does_not_say_where_is_asked(town: Town, words: str) -> None:
    assert "几栋几单元" in said_to(town.say("刘婶", words), "oa-刘婶")


@pytest.mark.parametrize("words", ["我住5栋1单元", "你好，我是5栋1单元的住户", "我家住在5栋1单元502"])
def test_where_somebody_lives_is_no_matter_and_is_remembered(town: Town, words: str) -> None:
    seen = town.say("刘婶", words)
    assert "有什么事直接说" in said_to(seen, "oa-刘婶")
    assert {line.chat for line in seen} == {"oa-刘婶"}  # nobody is asked about somebody who only said where they live
    assert (town.tickets(), states(town)) == ([], [])
    assert home(town, "刘婶") == (None, None)

    town.say("刘婶", "楼道灯不亮")
    assert (town.ticket().building, town.ticket().unit) == ("5", "1")


def test_where_somebody_lives_and_what_is_broken_is_a_matter(town: Town) -> None:
    town.say("刘婶", "我住5栋1单元，楼道灯坏了")
    assert town.ticket().unit == "1"


@pytest.mark.parametrize("words", ["不认识这个人", "没见过", "不太清楚", "不认识，可能是租户"])
def test_a_leaders_no_in_other_words(town: Town, words: str) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    assert "请社区的人再核对" in said_to(town.say("李姐", words), "oa-李姐")
    assert states(town) == [BindState.STAFF]


@pytest.mark.parametrize("words", ["是的，老邻居了", "认识，住4楼", "对 是我们单元的"])
def test_a_leaders_yes_with_a_word_more(town: Town, words: str) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    town.say("李姐", words)
    assert home(town, "刘婶") == ("B3U2", "leader")


@pytest.mark.parametrize("words", ["是吗？", "是的，但是搬走了", "是的，我们楼道灯也坏了"])
def test_what_only_begins_like_a_yes_is_none(town: Town, words: str) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    town.say("李姐", words)
    assert home(town, "刘婶") == (None, None)
