"""Where it is: corrected buildings, groups of several units, namesakes, neighbours who join, recalls, media, menus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels import Kind
from intents.understanding import Understanding
from models import Area, ChatKind, Inbound, Level, Report, Role, Slot, Status
from tests.stories.more import GROUP, LEADERS, quick_town
from tests.stories.town import Town, chats, said_to

LIFT = "3栋2单元电梯又坏了"


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


# --- which place


def test_a_corrected_building_lets_the_first_leader_go_and_gives_the_other_one_the_card(town: Town) -> None:
    town.group("5栋单元长群", ChatKind.LEADERS, "B5U1")
    town.say("王阿姨", LIFT)

    seen = town.say("王阿姨", "不是3栋是5栋")

    assert town.ticket().building == "5"
    assert "不用去了" in said_to(seen, LEADERS)
    town.say("李姐", "#1 我去看看")
    assert town.ticket().status == Status.DISPATCHED
    town.say("王阿姨", "不是5栋，是5栋1单元")
    town.say("周叔", "#1 我去看看")
    assert town.ticket().status == Status.ACCEPTED


def test_a_corrected_unit_moves_within_the_building(town: Town) -> None:
    town.person("一单元长", (Role.UNIT_LEADER, "B3U1", Slot.A))
    town.say("王阿姨", LIFT)

    town.say("王阿姨", "说错了，是3栋1单元")

    assert (town.ticket().building, town.ticket().unit) == ("3", "1")
    town.say("一单元长", "#1 我去看看")
    assert town.ticket().status == Status.ACCEPTED


def test_the_same_building_in_two_estates_is_asked_about_and_a_name_decides(town: Town) -> None:
    town.area("TY", Level.ESTATE, "桃园", "XF")
    town.area("TB3", Level.BUILDING, "3栋", "TY", "3")
    town.area("TB3U2", Level.UNIT, "2单元", "TB3", "2")

    asked = said_to(town.say("新人", LIFT), "oa-新人")
    assert "幸福里3栋" in asked
    assert "桃园3栋" in asked
    assert town.tickets() == []

    assert "(#1)" in said_to(town.say("新人", "桃园"), "oa-新人")
    with town.session() as session:
        assert session.get_one(Area, town.ticket().area_id).code == "TB3U2"


def test_what_was_told_once_need_not_be_told_again(town: Town) -> None:
    town.say("新人", "5栋1单元电梯坏了")

    seen = town.say("新人", "楼道灯也不亮了")

    assert "(#2)" in said_to(seen, "oa-新人")
    assert (town.ticket(2).building, town.ticket(2).unit) == ("5", "1")


def test_a_group_at_building_level_asks_nobody_and_names_the_unit_where_it_was_said(town: Town) -> None:
    town.area("B5U2", Level.UNIT, "2单元", "B5", "2")
    town.person("五二长", (Role.UNIT_LEADER, "B5U2", Slot.A))

    seen = town.say("某人", "2单元电梯又坏了，按了没反应", to="5栋群")
    assert "(#1)" in said_to(seen, "5栋群")
    assert (town.ticket().building, town.ticket().unit) == ("5", "2")
    town.say("五二长", "我去看看", to="5栋群")
    assert town.ticket().status == Status.ACCEPTED

    town.say("某人", "1单元楼道灯不亮了", to="5栋群")
    assert town.ticket(2).unit == "1"
    assert town.say("五二长", "#2 修好了", to="5栋群") == []
    assert town.ticket(2).status == Status.DISPATCHED


def test_a_supply_failure_in_the_building_is_one_matter_for_all_its_units(town: Town) -> None:
    town.say("某人", "5栋又停水了", to="5栋群")
    town.say("另一个", "1单元也停水了", to="5栋群")

    assert len(town.tickets()) == 1


def test_two_broken_lights_in_two_units_are_two_matters(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯不亮了")
    town.say("张伯", "5栋1单元楼道灯不亮了")

    assert len(town.tickets()) == 2


def test_a_place_of_shops_needs_no_unit_leader_and_no_binding(town: Town) -> None:
    """Cases 18 and 19."""
    town.area("FD", Level.PLACE, "粉店", "XFL")

    seen = town.say("粉店老板", "门口粉店下水道返水了，下午还要做生意")

    assert "(#1)" in said_to(seen, "oa-粉店老板")
    assert town.ticket().status == Status.DISPATCHED
    assert GROUP not in chats(seen)


# --- joining


@pytest.mark.parametrize("words", ["我家也是", "+1", "我们这边也停了"])
def test_neighbours_join_what_was_said_lately_and_are_told_when_it_moves(town: Town, words: str) -> None:
    town.say("王阿姨", "又停水了", to=GROUP)

    assert town.say("张伯", words, to=GROUP) == []
    seen = town.say("李姐", "#1 修好了", to=LEADERS)

    assert len(town.tickets()) == 1
    assert said_to(seen, GROUP)
    with town.session() as session:
        assert len(session.exec(select(Report)).all()) == 2


def test_plus_one_with_nothing_to_join_is_chatter(town: Town) -> None:
    assert town.say("张伯", "+1", to=GROUP) == []
    assert town.tickets() == []


def test_plus_one_long_after_joins_nothing(town: Town) -> None:
    town.say("王阿姨", "又停水了", to=GROUP)
    town.wait(hours=4)

    town.say("张伯", "+1", to=GROUP)

    assert "joined" not in town.history()


def test_a_plus_one_that_quotes_means_what_it_quotes(town: Town) -> None:
    town.say("王阿姨", "又停水了", to=GROUP, message_id="water")
    town.say("张伯", "楼道灯不亮了", to=GROUP)

    town.say("路人", "我家也是", to=GROUP, quote="water")

    assert "joined" in town.history(1)
    assert "joined" not in town.history(2)


def test_the_same_person_again_is_the_same_voice(town: Town) -> None:
    town.say("王阿姨", LIFT)
    assert "一起" in said_to(town.say("王阿姨", "3栋2单元电梯还是坏的，没人管"), "oa-王阿姨")

    assert len(town.tickets()) == 1
    with town.session() as session:
        assert len(session.exec(select(Report)).all()) == 1


# --- taking back


def test_recalled_after_it_was_said_to_be_done_the_words_go_and_nothing_else(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP, message_id="x1")
    town.say("李姐", "#1 修好了", to=LEADERS)

    assert town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="x1") == []

    assert town.ticket().status == Status.RESOLVED
    with town.session() as session:
        assert session.exec(select(Report)).one().words is None
        assert session.exec(select(Inbound).where(Inbound.message_id == "x1")).first().text is None  # type: ignore[union-attr]


def test_a_recalled_danger_is_not_withdrawn_and_the_holder_is_told(town: Town) -> None:
    town.say("王阿姨", "楼道里好大的煤气味", to=GROUP, message_id="x1")

    seen = town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="x1")

    assert "撤回" in said_to(seen, LEADERS)
    assert town.ticket().status == Status.DISPATCHED
    assert "alarmed" in (town.wait(minutes=4) and town.history())


def test_one_of_two_who_recalls_takes_back_only_their_own(town: Town) -> None:
    town.say("王阿姨", "又停水了", to=GROUP, message_id="x1")
    town.say("张伯", "我家也是", to=GROUP)

    town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="x1")

    assert town.ticket().status == Status.DISPATCHED
    assert "voice_withdrawn" in town.history()


def test_asked_after_a_recall_no_takes_it_back_and_yes_goes_on(town: Town) -> None:
    for number, answer, expected in ((1, "不要", Status.WITHDRAWN), (2, "要", Status.ACCEPTED)):
        town.say("王阿姨", ("电梯又坏了，按了没反应", "楼道灯不亮了")[number - 1], to=GROUP, message_id=f"r{number}")
        town.say("李姐", f"#{number} 我去看看", to=LEADERS)
        town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id=f"r{number}")

        town.say("王阿姨", answer)

        assert town.ticket(number).status == expected
