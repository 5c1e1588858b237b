"""What is told in confidence stays there; and nobody who writes in private meets silence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from intents.understanding import Understanding
from models import Inbound, Person
from tests.stories.more import GROUP, LEADERS, STAFF, quick_town
from tests.stories.town import Town, chats, said_to

OWN = "oa-王阿姨"
LEADER = "oa-李姐"
SILENT_SPARED = (GROUP, LEADERS, LEADER, "oa-陈副", "oa-志愿者小马", "oa-物业邓工", "oa-网格刘")


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


@pytest.mark.parametrize("words", ["我不想活了", "我老公又打我，救救我"])
def test_of_a_silent_matter_nothing_more_comes_to_that_phone(town: Town, words: str) -> None:
    first = said_to(town.say("王阿姨", words), OWN)
    assert "#" not in first

    seen = town.say("值班员", "#1 我在处理")
    seen += town.say("值班员", "#1 已经联系上本人")
    seen += town.say("值班员", "#1 处理好了")
    seen += town.wait(days=5)

    assert OWN not in chats(seen)
    assert not set(SILENT_SPARED) & set(chats(seen))


def test_a_silent_matter_that_is_handed_on_stays_among_trained_staff(town: Town) -> None:
    town.say("王阿姨", "我老公又打我，救救我")

    seen = town.say("值班员", "#1 转社区") + town.say("社工小邹", "#1 转物业") + town.say("社工小邹", "#1 上报")
    seen += town.wait_in_steps(32, 4)

    assert not {*SILENT_SPARED, OWN} & set(chats(seen))


def test_a_dispute_that_is_handed_on_or_opened_again_never_reaches_the_leader_by_itself(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了")
    town.say("王阿姨", "1")

    seen = town.say("调解员老何", "#1 转社区")
    seen += town.say("社工小邹", "#1 办好了")
    seen += town.say("王阿姨", "没解决，还是吵")
    seen += town.wait(hours=30)

    assert not {GROUP, LEADERS, LEADER, "oa-网格刘"} & set(chats(seen))


def test_who_wants_no_help_yet_is_left_alone_and_only_staff_know(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了")

    seen = town.say("王阿姨", "3")

    assert "先不找人" in said_to(seen, OWN)
    assert not {GROUP, LEADERS, LEADER, "oa-调解员老何"} & set(chats(seen))


def test_an_open_dispute_in_the_group_may_be_settled_by_its_leader_there(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了", to=GROUP, message_id="x1")
    town.say("王阿姨", "1", channel="bridge")

    assert said_to(town.say("李姐", "我去说说", to=GROUP, quote="x1"), GROUP) == ""
    assert GROUP not in chats(town.say("李姐", "#1 处理好了", to=GROUP))


def test_a_phone_posted_in_anger_is_stored_blotted_out_and_never_repeated(town: Town) -> None:
    """Case 5."""
    seen = town.say("张伯", "楼上王老五电话13800009999，大家打他", to=GROUP)

    assert all("13800009999" not in line.text for line in seen)
    with town.session() as session:
        assert "13800009999" not in (session.exec(select(Inbound)).one().text or "")


def test_thirty_voices_on_one_gas_leak_are_one_emergency_across_group_and_private(town: Town) -> None:
    first = town.say("王阿姨", "楼道里好大的煤气味", to=GROUP)
    rest = [town.say(f"邻居{n}", "3栋2单元楼道里好大的煤气味") for n in range(5)]

    assert len(town.tickets()) == 1
    assert "【紧急】" in said_to(first, STAFF)
    assert all(STAFF not in chats(seen) and LEADERS not in chats(seen) for seen in rest)
    assert all("000-1111" in said_to(seen, f"oa-邻居{n}") for n, seen in enumerate(rest))


def test_a_danger_is_never_rated_or_chased(town: Town) -> None:
    town.say("王阿姨", "楼道里好大的煤气味")
    town.say("李姐", "#1 我到了", to=LEADERS)
    seen = town.say("李姐", "#1 处理好了", to=LEADERS) + town.wait(days=4)

    assert "办得" not in said_to(seen, OWN)


def test_the_way_they_wish_to_be_reached_is_shown_to_who_handles_it(town: Town) -> None:
    """Case 34."""
    with town.services.transaction() as session:
        session.exec(select(Person).where(Person.name == "王阿姨")).one().contact_note = "听不见，请发文字"
    town.say("王阿姨", "3栋2单元502厨房水管漏水")

    assert "听不见" in said_to(town.say("李姐", "详情 1"), LEADER)


def test_the_answer_to_a_question_that_helps_nobody_ends_with_a_person_never_the_leader(town: Town) -> None:
    town.say("王阿姨", "物业费没交，物业能停我家水电吗")

    seen = town.say("王阿姨", "没用")

    assert said_to(seen, OWN)
    assert said_to(seen, STAFF)
    assert not {GROUP, LEADERS, LEADER} & set(chats(seen))


def test_a_promise_that_has_run_out_is_not_made_again(town: Town) -> None:
    assert "前给您回话" in said_to(town.say("王阿姨", "3栋2单元电梯又坏了"), OWN)
    for _ in range(4):  # leader, grid leader, staff, secretary: each level promises its own word once
        town.wait(days=6)

    seen = said_to(town.say("王阿姨", "到哪一步了"), OWN)

    assert "尽快" in seen
    assert "今天" not in seen


def test_asking_for_a_person_twice_is_one_matter_and_staff_hear_it_twice(town: Town) -> None:
    first = town.say("王阿姨", "人工")
    second = town.say("王阿姨", "人工")

    assert len(town.tickets()) == 1
    assert said_to(first, STAFF)
    assert said_to(second, STAFF)
    assert said_to(second, OWN)


@pytest.mark.parametrize(
    "words", ["在吗", "？", "👍", "1", "好", "不好", "有用", "没用", "急", "撤销", "催一下", "没修好"]
)
def test_no_word_in_private_is_met_with_silence(town: Town, words: str) -> None:
    assert said_to(town.say("王阿姨", words), OWN)
