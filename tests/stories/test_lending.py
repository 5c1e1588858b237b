"""A neighbour asks for a hand and another gives it, in words of their own."""

import pytest

from models import Status
from tests.stories.more import GROUP
from tests.stories.town import Town

ASK = "谁能帮我把一袋米扛上五楼，我七十八了，腰不行"


@pytest.fixture
def asked(town: Town) -> Town:
    town.say("王阿姨", ASK, to=GROUP, message_id="a")
    assert town.ticket().intent == "help"
    return town


@pytest.mark.parametrize(
    "words", ["阿姨我来，六点下班就到", "大娘俺去扛，等俺停好车", "我帮你搬嘛，十分钟到", "等阵我去帮你托上去"]
)
def test_taken_on_by_whoever_quotes_it(asked: Town, words: str) -> None:
    asked.say("张伯", words, to=GROUP, quote="a")

    assert asked.ticket().status == Status.ACCEPTED


def test_taken_on_right_after_it(asked: Town) -> None:
    asked.say("租客", "阿姨我来，六点下班就到", to=GROUP)

    assert asked.ticket().status == Status.ACCEPTED


@pytest.mark.parametrize(
    "words", ["我来不了，在外地", "我帮不上忙", "谁去帮一下啊", "我去年也扛过", "我也想有人帮我", "我来问问是几栋？"]
)
def test_no_offer_takes_nothing(asked: Town, words: str) -> None:
    asked.say("张伯", words, to=GROUP, quote="a")

    assert asked.ticket().status == Status.DISPATCHED


@pytest.mark.parametrize("words", ["米扛上去了，阿姨给了个苹果", "搞掂，放厨房门口了", "已经送到家了"])
def test_who_took_it_on_says_that_it_is_done(asked: Town, words: str) -> None:
    asked.say("张伯", "阿姨我来", to=GROUP, quote="a")
    asked.wait(minutes=50)

    asked.say("租客", words, to=GROUP)
    assert asked.ticket().status == Status.ACCEPTED
    asked.say("张伯", words, to=GROUP)
    assert asked.ticket().status == Status.RESOLVED


@pytest.mark.parametrize("words", ["我家的空调修好了没", "刚下班，还在路上", "今天的菜买贵了", "明天再扛吧"])
def test_other_words_of_theirs_end_nothing(asked: Town, words: str) -> None:
    asked.say("张伯", "阿姨我来", to=GROUP, quote="a")

    asked.say("张伯", words, to=GROUP)

    assert asked.ticket().status == Status.ACCEPTED
