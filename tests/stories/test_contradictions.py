"""A place that cannot be as it was said: asked once in private, never in a group, and told to whoever goes there."""

import pytest

from models import Area, ChatKind, Level, Status
from tests.stories.town import Town, said_to

GROUP = "3栋2单元群"
LEADERS = "单元长群"
STAFF = "社工群"
ME = "oa-新人"

# What is said in private, what is asked, the answer, and the building, unit and room of the ticket that follows.
ASKED = [
    ("9栋电梯又坏了", "没查到9栋", "5栋1单元", ("5", "1", None)),
    ("9栋电梯又坏了", "没查到9栋", "是5栋", ("5", None, None)),
    ("9栋电梯又坏了", "没查到9栋", "5", ("5", None, None)),
    ("9栋2单元电梯又坏了", "没查到9栋", "3栋", ("3", "2", None)),
    ("3栋7单元电梯又坏了", "没查到3栋7单元", "2单元", ("3", "2", None)),
    ("3栋7单元电梯又坏了", "没查到3栋7单元", "2", ("3", "2", None)),
    ("3栋7单元电梯又坏了", "没查到3栋7单元", "5栋1单元", ("5", "1", None)),
    ("3栋2单元302水管漏水，我在12楼", "302和12楼", "1202", ("3", "2", "1202")),
    ("3栋2单元302水管漏水，我在12楼", "302和12楼", "302", ("3", "2", "302")),
    ("3栋2单元302水管漏水，我在12楼", "302和12楼", "12楼", ("3", "2", None)),
    ("3栋的电梯坏了，5栋的电梯坏了", "3栋、5栋", "5栋", ("5", None, None)),
    ("3栋的电梯坏了，5栋的电梯坏了", "3栋、5栋", "3", ("3", None, None)),
    ("9栋电梯又坏了", "没查到9栋", "超市楼上", ("3", "2", None)),
]


@pytest.mark.parametrize(("words", "question", "answer", "place"), ASKED, ids=[f"{w} {a}" for w, _, a, _ in ASKED])
def test_in_private_one_short_question_and_its_answer_is_the_place(
    town: Town, words: str, question: str, answer: str, place: tuple[str | None, ...]
) -> None:
    asked = said_to(town.say("新人", words), ME)
    assert question in asked
    assert asked.count("？") <= 1
    assert len(asked) < 60
    assert town.tickets() == []

    seen = town.say("新人", answer)

    assert "(#1)" in said_to(seen, ME)
    ticket = town.ticket()
    assert (ticket.building, ticket.unit, ticket.room) == place
    assert "place_doubted" not in town.history()
    assert all("请核对" not in line.text for line in seen)


@pytest.mark.parametrize("answer", ["就是9栋", "对的", "9栋", "是9栋啊"])
def test_who_stands_by_it_is_believed_and_the_card_asks_to_check(town: Town, answer: str) -> None:
    town.say("新人", "9栋电梯又坏了")

    seen = town.say("新人", answer)

    assert "(#1)" in said_to(seen, ME)
    assert "说是9栋，请核对" in "".join(line.text for line in seen if line.chat != ME)
    assert town.ticket().building == "9"
    assert town.history()[:2] == ["opened", "place_doubted"]


def test_a_question_nobody_answers_ends_with_staff_who_see_what_was_said(town: Town) -> None:
    town.say("新人", "9栋电梯又坏了")

    seen = town.wait(hours=2)

    assert "(#1)" in said_to(seen, ME)
    assert "place_doubted" in town.history()


def test_another_matter_is_no_answer(town: Town) -> None:
    town.say("新人", "9栋电梯又坏了")

    assert "您好" not in said_to(town.say("新人", "人工"), ME)

    assert town.ticket().category == "human"


# In a group nobody is asked. What is said, where, the ticket's building and unit, and what the card adds.
IN_A_GROUP = [
    ("9栋电梯又坏了，按了没反应", GROUP, ("3", "2"), "说是9栋，请核对"),
    ("3栋7单元电梯又坏了，按了没反应", GROUP, ("3", "2"), "说是3栋7单元，请核对"),
    ("7单元电梯又坏了，按了没反应", "5栋群", ("5", None), "说是5栋7单元，请核对"),
    ("5栋电梯又坏了，按了没反应", GROUP, ("5", None), ""),
    ("5栋1单元电梯又坏了，按了没反应", GROUP, ("5", "1"), ""),
    ("1单元电梯又坏了，按了没反应", GROUP, ("3", "1"), ""),
]


@pytest.mark.parametrize(("words", "group", "place", "note"), IN_A_GROUP, ids=[words for words, *_ in IN_A_GROUP])
def test_in_a_group_nothing_is_asked_and_the_card_says_what_was_said(
    town: Town, words: str, group: str, place: tuple[str | None, str | None], note: str
) -> None:
    seen = town.say("张伯", words, to=group)

    assert "？" not in said_to(seen, group)
    assert (town.ticket().building, town.ticket().unit) == place
    cards = "".join(line.text for line in seen if line.chat != group)
    assert cards
    assert (note in cards) if note else ("请核对" not in cards)
    assert town.drain() == []


def test_in_a_group_the_room_and_the_floor_are_not_told_apart_aloud(town: Town) -> None:
    seen = town.say("张伯", "302水管漏水了，我在12楼", to=GROUP)

    everywhere = "".join(line.text for line in seen)
    assert "说是12楼，请核对" in everywhere
    assert "302" not in everywhere


def test_two_buildings_as_one_ask_nothing(town: Town) -> None:
    seen = town.say("新人", "3栋和5栋都停水了")

    assert "(#1)" in said_to(seen, ME)
    assert "说是3栋、5栋，请核对" in "".join(line.text for line in seen if line.chat != ME)


def test_whose_home_is_known_is_not_asked_which_of_two(town: Town) -> None:
    seen = town.say("王阿姨", "3栋的电梯坏了，5栋的电梯也坏过")

    assert "(#1)" in said_to(seen, "oa-王阿姨")
    assert "place_doubted" not in town.history()


def test_the_text_beats_the_account(town: Town) -> None:
    town.say("王阿姨", "5栋1单元电梯又坏了")

    assert (town.ticket().building, town.ticket().unit) == ("5", "1")


def test_a_matter_of_another_building_is_not_merged_into_the_groups_own(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    town.say("张伯", "9栋电梯又坏了，按了没反应", to=GROUP)

    assert len(town.tickets()) == 2


def test_a_danger_waits_for_no_place_and_asks_it_with_the_advice(town: Town) -> None:
    seen = town.say("新人", "9栋好大的煤气味")

    assert town.ticket().status == Status.DISPATCHED
    assert "说是9栋，请核对" in "".join(line.text for line in seen if line.chat != ME)
    later = town.say("新人", "说错了，5栋1单元")
    with town.session() as session:
        assert session.get_one(Area, town.ticket().area_id).code == "B5U1"
    assert "请核对" not in "".join(line.text for line in later)


def test_a_danger_in_a_group_goes_by_the_groups_area_and_says_what_was_said(town: Town) -> None:
    seen = town.say("张伯", "9栋好大的煤气味", to=GROUP)

    assert "3栋2单元" in said_to(seen, LEADERS)
    assert "说是9栋，请核对" in said_to(seen, LEADERS)
    assert "您在几栋" not in said_to(seen, GROUP)


def test_a_corrected_place_needs_no_checking_any_more(town: Town) -> None:
    town.say("张伯", "9栋电梯又坏了，按了没反应", to=GROUP)

    seen = town.say("张伯", "说错了，是5栋1单元", channel="bridge")

    assert (town.ticket().building, town.ticket().unit) == ("5", "1")
    assert "请核对" not in "".join(line.text for line in seen)


def test_a_leader_who_relays_is_asked_as_well(town: Town) -> None:
    asked = said_to(town.say("李姐", "代报 9栋电梯停了"), "oa-李姐")
    assert "没查到9栋" in asked

    seen = town.say("李姐", "5栋1单元")

    assert "转给邻居" in said_to(seen, "oa-李姐")
    assert (town.ticket().building, town.ticket().unit) == ("5", "1")


def test_where_no_building_is_known_every_building_is_believed(town: Town) -> None:
    """A community that has begun with its name alone."""
    town.area("YX", Level.COMMUNITY, "云溪社区", "QH")
    town.group("云溪群", ChatKind.RESIDENTS, "YX")

    town.say("某人", "9栋电梯又坏了，按了没反应", to="云溪群")

    assert town.ticket().building == "9"
    assert "place_doubted" not in town.history()
