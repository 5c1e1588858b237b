"""Lines that are not taken, nights, and messages that were only stored: nothing is lost and nothing said twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels import DeliveryError
from intents.understanding import Understanding
from models import Level, OutgoingState, Status
from tests.stories.more import GROUP, LEADERS, STAFF, quick_town
from tests.stories.town import Town, chats, said_to

LIFT = "3栋2单元电梯又坏了"
GAS = "楼道里好大的煤气味"
PERMANENT = DeliveryError("gone", permanent=True)
PARKED = DeliveryError("45047", parked=True)
LATER = DeliveryError("busy")


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


@pytest.fixture
def unverified(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    """No bridge, no group, an account that can only answer."""
    built = quick_town(sqlite, tmp_path, understanding, pushes=False, groups=False)
    yield built
    built.services.engine.dispose()


def refuse(town: Town, why: DeliveryError, *where: str) -> None:
    for chat in where:
        town.channels["oa" if chat.startswith("oa-") else "bridge"].refuses[chat] = why


@pytest.mark.parametrize(("why", "wait"), [(PERMANENT, 0), (PARKED, 0), (LATER, 11)])
@pytest.mark.parametrize("refused", range(4))
def test_a_card_goes_along_the_whole_reach_until_somebody_takes_it(
    town: Town, why: DeliveryError, wait: int, refused: int
) -> None:
    """Refused for ever or until they write again: the next way at once. Busy: after ten minutes. Once each."""
    reach = [LEADERS, GROUP, "oa-李姐", STAFF]
    refuse(town, why, *reach[:refused])

    seen = town.say("王阿姨", LIFT)
    for _ in range(refused):
        seen += town.wait(minutes=max(wait, 1))

    assert "电梯" in said_to(seen, reach[refused])
    assert sum("(#1)" in line.text and line.chat in reach for line in seen) == 1
    assert town.undelivered() == []


@pytest.mark.parametrize(("why", "wait"), [(PERMANENT, 1), (PARKED, 11), (LATER, 11)])
def test_a_card_that_nobody_takes_is_on_the_undelivered_list_once(town: Town, why: DeliveryError, wait: int) -> None:
    refuse(town, why, LEADERS, GROUP, "oa-李姐", STAFF)

    town.say("王阿姨", LIFT)
    for _ in range(5):
        town.wait(minutes=wait)

    assert [line.ticket_id for line in town.undelivered()] == [town.ticket().id]


def test_an_undelivered_line_that_is_taken_after_all_leaves_the_list(town: Town) -> None:
    refuse(town, LATER, LEADERS, GROUP, "oa-李姐", STAFF)
    town.say("王阿姨", LIFT)
    for _ in range(5):
        town.wait(minutes=11)
    assert town.undelivered()

    town.channels["bridge"].refuses.clear()
    town.channels["oa"].refuses.clear()
    seen = town.wait(hours=2)

    assert any("(#1)" in line.text for line in seen)
    assert town.undelivered() == []


def test_a_parked_card_arrives_when_the_leader_writes_again(town: Town) -> None:
    """Case 47: silent for days, the platform refuses; the card goes on, and waits here as well."""
    refuse(town, PARKED, LEADERS, GROUP, "oa-李姐")
    assert "电梯" in said_to(town.say("王阿姨", LIFT), STAFF)

    town.channels["oa"].refuses.clear()
    seen = town.say("李姐", "你好")

    assert "电梯" in said_to(seen, "oa-李姐")


def test_an_emergency_goes_the_next_way_after_a_minute_and_tells_both_leaders(town: Town) -> None:
    refuse(town, LATER, LEADERS)
    first = town.say("王阿姨", GAS)
    assert LEADERS not in chats(first)
    assert STAFF in chats(first)

    seen = town.wait(seconds=61)

    assert {GROUP, "oa-李姐"} & set(chats(seen))


def test_an_emergency_with_every_way_refused_is_on_the_list_within_minutes(town: Town) -> None:
    refuse(town, PERMANENT, "*")
    town.channels["oa"].refuses["*"] = PERMANENT

    town.say("王阿姨", GAS)
    town.wait(minutes=2)

    assert town.undelivered()
    assert town.ticket().status == Status.DISPATCHED
    town.wait(minutes=2)
    assert "alarmed" in town.history()


def test_in_a_community_where_nobody_holds_a_post_the_matter_is_on_the_list(town: Town) -> None:
    second = "YX"
    town.area(second, Level.COMMUNITY, "云溪社区", "QH")
    town.area("HY", Level.ESTATE, "和园", second)
    town.person("丁哥", home="HY")

    answer = said_to(town.say("丁哥", "7栋1单元电梯坏了"), "oa-丁哥")

    assert "(#1)" in answer
    assert [line.ticket_id for line in town.undelivered()] == [town.tickets()[0].id]


# --- at night


def test_at_night_the_private_answer_comes_at_once_and_the_groups_hear_in_the_morning(town: Town) -> None:
    town.wait(hours=14)  # 23:00

    seen = town.say("王阿姨", LIFT)
    assert "明天" in said_to(seen, "oa-王阿姨")
    assert not {GROUP, LEADERS} & set(chats(seen))
    assert not {GROUP, LEADERS} & set(chats(town.wait(hours=8)))

    assert "电梯" in said_to(town.wait(minutes=31), LEADERS)
    assert town.undelivered() == []


def test_danger_wakes_the_group_and_the_leaders_at_three_in_the_morning(town: Town) -> None:
    town.wait(hours=18)

    seen = town.say("王阿姨", GAS, to=GROUP)

    assert "000-1111" in said_to(seen, GROUP)
    assert "【紧急】" in said_to(seen, LEADERS)
    assert "【紧急】" in said_to(seen, STAFF)


def test_a_dispute_at_night_is_silent_in_the_group_and_asked_about_in_private(town: Town) -> None:
    """Case 7."""
    town.wait(hours=14, minutes=50)

    seen = town.say("王阿姨", "楼上又在跳绳，吵死了", to=GROUP)

    assert GROUP not in chats(seen)
    assert "oa-李姐" not in chats(seen)
    assert "您愿意请谁帮忙" in said_to(seen, "oa-王阿姨")
    assert GROUP not in chats(town.wait(hours=9))


# --- the account that can only answer


def test_everything_that_waits_rides_on_one_answer_within_two_kilobytes(unverified: Town) -> None:
    for n in range(1, 25):
        unverified.say(f"住户{n}", f"3栋2单元{n + 1}01厨房水管漏水，地上全是水，已经漏了{n}个小时")
    seen = said_to(unverified.say("李姐", "你好"), "oa-李姐")

    assert len(seen.encode()) <= 2048
    rest = said_to(unverified.say("李姐", "你好"), "oa-李姐")
    assert rest != seen
    left = unverified.owed(OutgoingState.PARKED)
    assert sum("漏" in line.text for line in left) < 24


def test_a_bare_word_after_the_card_that_rode_on_an_answer_takes_it(unverified: Town) -> None:
    unverified.say("王阿姨", LIFT)
    assert "电梯" in said_to(unverified.say("李姐", "你好"), "oa-李姐")

    unverified.say("李姐", "收到")

    assert unverified.ticket().status == Status.ACCEPTED


def test_a_bare_word_after_two_cards_that_came_together_is_asked_about(unverified: Town) -> None:
    unverified.say("王阿姨", LIFT)
    unverified.say("张伯", "3栋2单元楼道灯不亮了")
    unverified.say("李姐", "你好")

    asked = said_to(unverified.say("李姐", "收到"), "oa-李姐")
    assert "1." in asked
    assert "2." in asked

    unverified.say("李姐", "第二个")
    assert sorted(ticket.status.value for ticket in unverified.tickets()) == ["accepted", "dispatched"]


def test_a_leader_whose_matter_staff_handed_up_is_told_kindly(unverified: Town) -> None:
    unverified.say("王阿姨", LIFT)
    unverified.say("社工小邹", "#1 上报")

    assert "不用再跑" in said_to(unverified.say("李姐", "你好"), "oa-李姐")


def test_a_leaders_list_and_details_need_no_bridge(unverified: Town) -> None:
    unverified.say("王阿姨", "3栋2单元502厨房水管漏水，电话13800001111")

    assert "#1" in said_to(unverified.say("李姐", "清单"), "oa-李姐")
    assert "13800001111" in said_to(unverified.say("李姐", "详情 1"), "oa-李姐")
    unverified.say("李姐", "#1 转物业")
    assert "#1" in said_to(unverified.say("物业邓工", "清单"), "oa-物业邓工")
