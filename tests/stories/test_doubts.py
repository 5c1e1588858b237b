"""Called by name or written to in private, everybody is answered; in doubt with one short question."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from intents.understanding import Understanding
from models import Review
from tests.stories.doubting import doubting_town
from tests.stories.town import Town, said_to

GROUP, STAFF = "3栋2单元群", "社工群"
OWN = "oa-王阿姨"
ODD = "那个东西这两天总是那样子的"  # may be a repair
CHAT = "今天天气真好我去买菜"  # chatter, but not surely
STRANGE = "这边那个又那样了"  # not surely chatter either
QUESTION = "我怕理解错了"
DOUBTS: dict[tuple[str, str], str | None] = {
    ("private", ODD): "repair",
    ("private", CHAT): None,
    ("private", STRANGE): None,
    ("private", f"{ODD}，{STRANGE}"): None,
}
KNOWN_TALK = {CHAT}  # in it something is known as chatter


@pytest.fixture
def town(database: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = doubting_town(database, tmp_path, understanding, DOUBTS, known=KNOWN_TALK)
    yield built
    built.services.engine.dispose()


@pytest.mark.parametrize(
    ("answer", "intent"),
    [("修", "repair"), ("报修吧", "repair"), ("找人来修一下", "repair"), ("1", "repair"), ("修，3栋2单元", "repair"),
     ("问", "policy"), ("先问问怎么办", "policy"), ("第二个", "policy"), ("人工", "help"), ("喊个人来", "help")],
)  # fmt: skip
def test_a_word_decides_what_the_first_sentence_was(town: Town, answer: str, intent: str) -> None:
    assert QUESTION in said_to(town.say("王阿姨", ODD), OWN)
    assert said_to(town.say("王阿姨", answer), OWN)
    assert [ticket.intent for ticket in town.tickets()] == [intent]
    assert ODD in (town.ticket().need or "")
    town.wait(minutes=70)
    assert len(town.tickets()) == 1


@pytest.mark.parametrize("answer", ["没事", "不用了", "算了", "随便说说", "发错了"])
def test_that_it_was_nothing_is_taken_for_an_answer(town: Town, answer: str) -> None:
    town.say("王阿姨", ODD)
    assert "有事随时说" in said_to(town.say("王阿姨", answer), OWN)
    assert town.wait(minutes=70) == []
    assert town.tickets() == []


def test_a_sentence_that_says_more_is_read_with_the_first(town: Town) -> None:
    town.say("王阿姨", ODD)
    assert "(#1)" in said_to(town.say("王阿姨", "就是3栋2单元的电梯，停了不动"), OWN)
    assert (town.ticket().intent, town.ticket().category) == ("repair", "lift")
    assert town.ticket().need == f"{ODD}\n就是3栋2单元的电梯，停了不动"
    town.wait(minutes=70)
    assert len(town.tickets()) == 1


def test_two_sentences_and_no_wiser_ends_with_a_person(town: Town) -> None:
    town.say("王阿姨", ODD)
    assert "社区的人" in said_to(town.say("王阿姨", STRANGE), OWN)
    assert town.ticket().need == f"{ODD}\n{STRANGE}"


def test_a_greeting_in_between_leaves_the_question_open(town: Town) -> None:
    town.say("王阿姨", ODD)
    town.say("王阿姨", "谢谢")
    town.say("王阿姨", "修")
    assert town.ticket().intent == "repair"


@pytest.mark.parametrize("words", ["你好", "在吗", "谢谢", "👍", "早上好", "要"])
def test_a_greeting_is_answered_and_never_becomes_a_ticket(town: Town, words: str) -> None:
    assert said_to(town.say("王阿姨", words), OWN)
    town.wait(minutes=70)
    assert town.tickets() == []


def test_unanswered_what_may_be_a_matter_is_a_ticket_for_staff(town: Town) -> None:
    town.say("王阿姨", ODD)
    assert said_to(town.wait(minutes=61), STAFF)
    assert len(town.tickets()) == 1


def test_unanswered_once_the_matter_turned_out_to_be_a_danger_is_nothing_more(town: Town) -> None:
    town.say("王阿姨", ODD)
    town.say("王阿姨", "楼道里好大的煤气味")
    assert town.ticket().danger == "gas"
    town.wait(minutes=61)
    assert len(town.tickets()) == 1


def test_called_in_a_group_the_question_goes_to_them_alone(town: Town) -> None:
    seen = town.say("王阿姨", ODD, to=GROUP, to_me=True)
    assert "私下问您" in said_to(seen, GROUP)
    assert QUESTION not in said_to(seen, GROUP)
    assert QUESTION in said_to(seen, OWN)

    assert "(#1)" in said_to(town.say("王阿姨", "修"), OWN)
    assert (town.ticket().building, town.ticket().unit) == ("3", "2")  # the group's place


def test_where_nobody_can_be_reached_alone_the_group_reads_one_line(
    database: str, tmp_path: Path, understanding: Understanding
) -> None:
    town = doubting_town(database, tmp_path, understanding, DOUBTS, whispers=False)
    seen = town.say("新邻居", ODD, to=GROUP, to_me=True)
    assert QUESTION in said_to(seen, GROUP)
    town.say("新邻居", "修", to=GROUP)
    assert town.ticket().intent == "repair"
    assert "社区的人会来回您" in said_to(town.say("新邻居", "人工", to=GROUP, to_me=True), GROUP)
    town.services.engine.dispose()


def test_called_for_a_greeting_the_group_hears_it_once_in_a_while(town: Town) -> None:
    assert "我在" in said_to(town.say("王阿姨", "你好", to=GROUP, to_me=True), GROUP)
    assert said_to(town.say("张伯", "你好", to=GROUP, to_me=True), GROUP) == ""
    town.wait(minutes=11)
    assert "我在" in said_to(town.say("张伯", "你好", to=GROUP, to_me=True), GROUP)


def test_called_at_night_the_answer_is_whispered(town: Town) -> None:
    town.wait(hours=14)
    seen = town.say("王阿姨", "你好", to=GROUP, to_me=True)
    assert said_to(seen, GROUP) == ""
    assert "我在" in said_to(seen, OWN)


def test_a_person_asked_for_in_a_group_is_confirmed_to_them_alone(town: Town) -> None:
    seen = town.say("王阿姨", "人工", to=GROUP, to_me=True)
    assert "#" not in said_to(seen, GROUP)
    assert "私下回您" in said_to(seen, GROUP)
    assert "(#1)" in said_to(seen, OWN)


def test_where_may_be_answered_in_several_messages(town: Town) -> None:
    assert "哪一栋" in said_to(town.say("新邻居", "电梯停了不动"), "oa-新邻居")
    assert "不急" in said_to(town.say("新邻居", "等一下"), "oa-新邻居")
    assert town.tickets() == []
    town.wait(minutes=50)
    assert "(#1)" in said_to(town.say("新邻居", "3栋2单元"), "oa-新邻居")
    assert (town.ticket().building, town.ticket().unit) == ("3", "2")


def test_plain_chatter_that_nobody_explained_waits_on_the_list_alone(town: Town) -> None:
    assert QUESTION in said_to(town.say("王阿姨", CHAT), OWN)
    assert said_to(town.wait(minutes=61), STAFF) == ""
    assert town.tickets() == []
    with town.services.reading() as session:
        assert [(row.text, row.setting) for row in session.exec(select(Review))] == [(CHAT, "private")]
