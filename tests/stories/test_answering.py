"""A question about a rule waits for staff: what they say to it, in the group or in private, is the answer."""

import pytest

from models import Status
from tests.stories.more import GROUP
from tests.stories.town import Town, said_to

QUESTION = "请问社区食堂老年卡在哪里办手续"
ANSWER = "带身份证和一寸照片，到社区一楼窗口办，当天就能拿"


@pytest.fixture
def asked(town: Town) -> Town:
    town.say("张伯", QUESTION, to=GROUP, message_id="q")
    assert town.ticket().intent == "policy"
    assert town.ticket().status == Status.DISPATCHED
    return town


def test_staff_answer_the_question_they_quote(asked: Town) -> None:
    asked.say("路人", "听说要排号的", to=GROUP)

    seen = asked.say("社工小邹", ANSWER, to=GROUP, quote="q")

    assert asked.ticket().status == Status.RESOLVED
    assert asked.ticket().outcome == ANSWER
    assert seen == []  # everybody has read it


def test_staff_answer_right_after_it(asked: Town) -> None:
    asked.wait(minutes=4)
    asked.say("社工小邹", ANSWER, to=GROUP)

    assert asked.ticket().status == Status.RESOLVED


def test_said_in_private_to_the_card_it_reaches_who_asked(town: Town) -> None:
    town.say("张伯", QUESTION)
    card = town.channels["oa"].sent[-1] if town.channels["oa"].sent else town.channels["bridge"].sent[-1]
    assert "等回话" in card.text

    seen = town.say("社工小邹", ANSWER, to="社工群")

    assert town.ticket().status == Status.RESOLVED
    assert "一寸照片" in said_to(seen, "oa-张伯")
    assert "答给问的人了" in said_to(seen, "社工群")


def test_a_wrong_answer_is_taken_back(town: Town) -> None:
    town.say("张伯", QUESTION)
    town.say("社工小邹", ANSWER, to="社工群")

    town.say("社工小邹", "撤销", to="社工群")

    assert town.ticket().status == Status.DISPATCHED


@pytest.mark.parametrize(
    "words", ["我帮您问一下", "收到", "稍等，我查查文件", "这个我不清楚", "您问的是哪种卡？", "谢谢提醒", "晚点答复您"]
)
def test_what_is_no_answer_leaves_it_open(asked: Town, words: str) -> None:
    asked.say("社工小邹", words, to=GROUP, quote="q")

    assert asked.ticket().status in {Status.DISPATCHED, Status.ACCEPTED}


def test_a_neighbours_guess_leaves_it_open(asked: Town) -> None:
    asked.say("王阿姨", ANSWER, to=GROUP, quote="q")

    assert asked.ticket().status == Status.DISPATCHED


def test_staff_who_speak_of_something_else_later_answer_nothing(asked: Town) -> None:
    asked.wait(minutes=10)
    asked.say("王阿姨", "今天的菜好新鲜", to=GROUP)
    asked.say("社工小邹", "明天下午两点活动室有健康讲座", to=GROUP)

    assert asked.ticket().status == Status.DISPATCHED


def test_an_answer_that_does_not_help_opens_it_again(asked: Town) -> None:
    asked.say("社工小邹", ANSWER, to=GROUP, quote="q")

    asked.say("张伯", "没用", to=GROUP)

    assert asked.ticket().status in {Status.REOPENED, Status.DISPATCHED}
