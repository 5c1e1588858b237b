"""Somebody was missing, and is found: whose word ends the search, and whose does not."""

import pytest

from bot.endings import MISSING
from models import Status
from tests.stories.more import GROUP
from tests.stories.town import Town, said_to

ASKED = "我妈出门买菜三个小时没回来，她记性不好，电话打不通"


@pytest.fixture
def search(town: Town) -> Town:
    town.say("王阿姨", ASKED, to=GROUP, message_id="m")
    assert town.ticket().danger in MISSING
    town.wait(minutes=20)
    return town


@pytest.mark.parametrize(
    "words",
    [
        "找到了，在菜场门口跟人聊天，谢谢大家",
        "找着了找着了，虚惊一场",
        "揾到喇，多謝各位",
        "我妈回来了，大家别找了",
        "人寻着哉，谢谢侬",
    ],
)
def test_who_asked_for_the_search_ends_it(search: Town, words: str) -> None:
    seen = search.say("王阿姨", words, to=GROUP)

    assert search.ticket().status == Status.RESOLVED
    assert "请删掉" in said_to(seen, GROUP)
    assert search.history()[-1] == "resolved"


def test_one_of_the_family_ends_it(search: Town) -> None:
    search.say("张伯", "我老伴找到了，在超市", to=GROUP)

    assert search.ticket().status == Status.RESOLVED


def test_somebody_on_duty_ends_it_and_the_family_hears_of_it(search: Town) -> None:
    seen = search.say("李姐", "老人找到了，在五栋门口坐着")

    assert search.ticket().status == Status.RESOLVED
    assert "人找到了" in said_to(seen, GROUP)
    assert search.wait_in_steps(40) == []


def test_a_neighbour_alone_ends_nothing(search: Town) -> None:
    search.say("路人", "找到了", to=GROUP)

    assert search.ticket().status == Status.DISPATCHED
    assert "said_safe" in search.history()


@pytest.mark.parametrize("words", ["找到了吗", "还没找到", "钥匙找到了", "找到工作了", "老人家回来拿过药，又走了"])
def test_what_only_sounds_like_it_ends_nothing(search: Town, words: str) -> None:
    search.say("王阿姨", words, to=GROUP)

    assert search.ticket().status == Status.DISPATCHED


def test_found_says_nothing_of_a_lift(town: Town) -> None:
    town.say("王阿姨", "电梯里有人被困住了", to=GROUP)

    town.say("王阿姨", "找到了", to=GROUP)

    assert town.ticket().status == Status.DISPATCHED
    assert town.ticket().attended_at is None
