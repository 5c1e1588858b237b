"""What is no matter of ours must not fall silent in private, nor be answered in a group."""

import pytest

from tests.stories.town import Town, chats, said_to

GROUP = "3栋2单元群"
STAFF = "社工群"


def test_a_journalist_reaches_the_secretary_in_private_and_nobody_else(town: Town) -> None:
    seen = town.say("张伯", "我是晚报记者，想采访一下这件事")

    assert "书记" in said_to(seen, "oa-张伯")
    assert set(chats(seen)) <= {"oa-张伯", STAFF, "oa-书记"}
    assert town.history() == ["opened", "dispatched"]


def test_a_rumour_in_a_group_gets_silence_there_and_staff_check(town: Town) -> None:
    seen = town.say("张伯", "听说5栋有人拐小孩，快转发", to=GROUP)

    assert said_to(seen, GROUP) == ""
    assert "核实" in said_to(seen, STAFF)
    assert town.tickets() == []
    assert said_to(town.say("王阿姨", "听说5栋有人拐小孩，大家快转", to=GROUP), STAFF) == ""


@pytest.mark.parametrize(("words", "answer"), [("谢谢你", "不客气"), ("蠢机器人", "人工"), ("你好", "人工")])
def test_small_talk_in_private_gets_a_word_and_the_way_to_a_person(town: Town, words: str, answer: str) -> None:
    assert answer in said_to(town.say("张伯", words), "oa-张伯")
    assert town.tickets() == []


def test_a_sentence_that_we_do_not_understand_is_asked_about_and_ends_with_a_person(town: Town) -> None:
    assert "修" in said_to(town.say("王阿姨", "那个东西这两天总是那样子的"), "oa-王阿姨")

    seen = town.wait(minutes=61)

    assert len(town.tickets()) == 1
    assert said_to(seen, STAFF)


def test_the_answer_to_the_question_decides_what_it_becomes(town: Town) -> None:
    town.say("王阿姨", "那个东西这两天总是那样子的")

    town.say("王阿姨", "修")

    assert town.ticket().intent == "repair"
    assert (town.ticket().building, town.ticket().unit) == ("3", "2")
