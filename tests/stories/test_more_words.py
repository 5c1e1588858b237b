"""Leaders work by talking: what a bare 收到 takes, numbers and quotes, undoing, and who hears what."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intents.understanding import Understanding
from tests.stories.more import GROUP, LEADERS, STAFF, quick_town
from tests.stories.town import Town, chats, said_to

LIFT = "3栋2单元电梯又坏了"
LIGHT = "3栋2单元楼道灯不亮了"


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


def status_of(town: Town) -> list[str]:
    return [ticket.status.value for ticket in town.tickets()]


def card_id(town: Town, nth: int = -1) -> str:
    """The platform's id of one of the cards in the leaders' chat."""
    cards = [n for n, line in enumerate(town.channels["bridge"].sent, 1) if line.chat_id == LEADERS]
    return f"m{cards[nth]}-bridge"


@pytest.mark.parametrize("word", ["收到", "要得", "好的", "行"])
def test_a_bare_word_right_after_the_card_takes_it(town: Town, word: str) -> None:
    town.say("王阿姨", LIFT)

    town.say("李姐", word, to=LEADERS)

    assert status_of(town) == ["accepted"]


@pytest.mark.parametrize("word", ["收到", "要得", "好的", "行"])
def test_a_bare_word_to_something_else_takes_nothing(town: Town, word: str) -> None:
    """Case 48: the secretary's notice lies between the card and the word."""
    town.say("王阿姨", LIFT)
    town.wait(minutes=5)
    town.say("书记", "明天上午九点开会，大家准时到", to=LEADERS)
    town.wait(minutes=1)

    assert town.say("李姐", word, to=LEADERS) == []

    assert status_of(town) == ["dispatched"]


def test_a_bare_word_that_quotes_something_else_takes_nothing(town: Town) -> None:
    town.say("书记", "明天上午九点开会，大家准时到", to=LEADERS, message_id="notice")
    town.wait(minutes=5)
    town.say("王阿姨", LIFT)

    town.say("李姐", "收到", to=LEADERS, quote="notice")

    assert status_of(town) == ["dispatched"]


def test_a_bare_word_that_quotes_the_card_takes_it_however_much_was_said_between(town: Town) -> None:
    town.say("王阿姨", LIFT)
    card = card_id(town)
    for n in range(3):
        town.wait(minutes=1)
        town.say("周叔", f"今天菜市场鸡蛋便宜，排队排了{n}个人", to=LEADERS)

    town.say("李姐", "收到", to=LEADERS, quote=card)

    assert status_of(town) == ["accepted"]


def test_a_bare_word_in_private_that_could_mean_several_is_asked_about_once(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("张伯", LIGHT)

    asked = said_to(town.say("李姐", "收到"), "oa-李姐")
    assert "1." in asked
    assert "2." in asked
    assert status_of(town) == ["dispatched", "dispatched"]

    town.say("李姐", "2")
    assert sorted(status_of(town)) == ["accepted", "dispatched"]


def test_received_from_somebody_whose_matter_it_is_not_takes_nothing(town: Town) -> None:
    town.say("王阿姨", LIFT)

    assert town.say("周叔", "收到", to=LEADERS) == []

    assert status_of(town) == ["dispatched"]


def test_on_a_danger_received_gets_the_words_to_stand_aside_every_time(town: Town) -> None:
    town.say("王阿姨", "楼道里好大的煤气味")

    first = town.say("李姐", "收到", to=LEADERS)
    again = town.say("陈副", "#1 收到")

    assert "站到安全地方" in said_to(first, LEADERS)
    assert "站到安全地方" in said_to(again, "oa-陈副")
    assert town.ticket().attended_at is None
    assert "【紧急】" in said_to(town.wait(minutes=4), STAFF)


@pytest.mark.parametrize("word", ["我到了", "我在处理", "已打119"])
def test_only_somebody_who_is_there_or_deals_with_it_stops_the_clock(town: Town, word: str) -> None:
    town.say("王阿姨", "楼道里好大的煤气味")

    town.say("李姐", word, to=LEADERS)

    assert town.ticket().attended_at is not None
    assert town.wait_in_steps(40, 4) == []


def test_accepting_what_is_accepted_already_changes_nothing_and_is_said_in_private_alone(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "#1 我去看看", to=LEADERS)

    in_chat = town.say("陈副", "#1 我去看看", to=LEADERS)
    in_private = town.say("陈副", "#1 我去看看")

    assert in_chat == []
    assert said_to(in_private, "oa-陈副")
    assert said_to(in_private, "oa-王阿姨") == ""
    assert town.history() == ["opened", "dispatched", "accepted"]


def test_done_said_twice_tells_the_residents_once(town: Town) -> None:
    town.say("王阿姨", LIFT)
    first = town.say("李姐", "#1 修好了", to=LEADERS)
    second = town.say("李姐", "#1 修好了", to=LEADERS)

    assert "没好" in said_to(first, "oa-王阿姨")
    assert said_to(second, "oa-王阿姨") == ""


def test_a_number_nobody_has_is_answered_in_private_and_ignored_in_the_group(town: Town) -> None:
    assert "#77" in said_to(town.say("李姐", "#77 我去看看"), "oa-李姐")
    assert town.say("李姐", "#77 我去看看", to=GROUP) == []


def test_a_quote_beats_the_only_open_one_and_a_number_beats_a_quote(town: Town) -> None:
    town.say("王阿姨", LIFT)
    first = card_id(town)
    town.say("张伯", LIGHT)

    town.say("李姐", "我去看看", to=LEADERS, quote=first)
    assert status_of(town) == ["accepted", "dispatched"]

    town.say("李姐", "#2 我去看看", to=LEADERS, quote=first)
    assert status_of(town) == ["accepted", "accepted"]


def test_quoting_the_neighbours_own_words_in_the_group_means_their_matter(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP, message_id="hers")
    town.say("张伯", "楼道灯不亮了", to=GROUP, message_id="his")

    town.say("李姐", "我去看看", to=GROUP, quote="hers")

    assert status_of(town) == ["accepted", "dispatched"]


def test_a_question_in_the_group_about_which_is_asked_in_private(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    town.say("张伯", "楼道灯不亮了", to=GROUP)

    seen = town.say("李姐", "我去看看", to=GROUP)

    assert said_to(seen, GROUP) == ""
    assert "1." in said_to(seen, "oa-李姐")
    assert status_of(town) == ["dispatched", "dispatched"]


def test_an_answer_that_never_comes_ends_with_staff(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("张伯", LIGHT)
    town.say("李姐", "我去看看", to=LEADERS)

    seen = town.wait(minutes=61)

    assert "#1" in said_to(seen, STAFF)
    assert "#2" in said_to(seen, STAFF)


def test_a_residents_answer_that_fits_several_of_theirs_ends_with_staff_as_well(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("王阿姨", LIGHT)
    for number in (1, 2):
        town.say("李姐", f"#{number} 修好了", to=LEADERS)
    assert "1." in said_to(town.say("王阿姨", "没修好"), "oa-王阿姨")

    seen = town.wait(minutes=61)

    assert "#1" in said_to(seen, STAFF)
    assert "#2" in said_to(seen, STAFF)


def test_progress_reaches_the_group_once_and_its_reporters_in_private_after_that(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    town.say("张伯", "我家也是", to=GROUP)

    first = town.say("李姐", "查了是主板坏了", to=LEADERS)
    second = town.say("李姐", "师傅下午来", to=LEADERS)

    assert "主板" in said_to(first, GROUP)
    assert said_to(second, GROUP) == ""
    assert said_to(second, "oa-王阿姨")
    assert said_to(second, "oa-张伯")


def test_what_the_company_gives_back_lands_with_staff(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "转物业", to=LEADERS)

    seen = town.say("物业邓工", "#1 退回 这是电梯公司的事")

    assert status_of(town) == ["dispatched"]
    assert "电梯公司" in said_to(seen, STAFF)


def test_a_leader_who_hands_it_up_is_told_kindly_and_staff_have_it(town: Town) -> None:
    town.say("王阿姨", LIFT)

    seen = town.say("李姐", "忙不过来", to=LEADERS)

    assert "不用再跑" in said_to(seen, LEADERS)
    assert "escalated" in town.history()


def test_what_was_told_in_confidence_is_never_listed_in_the_leaders_chat(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了")
    town.say("王阿姨", "3")
    assert "#1" in said_to(town.say("社工小邹", "清单"), "oa-社工小邹")

    for words in ("清单", "我去看看", "#1 我去看看", "#1 办好了"):
        assert "楼上" not in said_to(town.say("社工小邹", words, to=LEADERS), LEADERS)
        assert "噪音" not in said_to(town.say("社工小邹", words, to=LEADERS), LEADERS)


def test_chatter_never_closes_or_joins_anything(town: Town) -> None:
    """Cases 31 and 44."""
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    town.say("李姐", "#1 修好了", to=LEADERS)

    for words in ("好了好了别吵了", "团购土鸡蛋接龙 1.3栋2份", "2. 张伯 +1 三斤", "同意装电梯接龙 1.302同意"):
        assert town.say("张伯", words, to=GROUP) == []

    assert status_of(town) == ["resolved"]
    assert town.history() == ["opened", "dispatched", "accepted", "resolved"]


def test_nobody_is_told_in_the_group_that_they_may_not(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    for who in ("张伯", "路人", "周叔"):
        seen = town.say(who, "#1 修好了", to=GROUP)
        assert GROUP not in chats(seen)

    assert status_of(town) == ["dispatched"]
