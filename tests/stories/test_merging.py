"""One matter, one ticket: who joins and who does not, what one person adds, two matters in one breath."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from models import Level, Role, Slot, Status
from tests.stories.town import MONDAY, Town, said_to

GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"
BLOCK = "5栋群"
WATER = "又停水了"
LIFT = "电梯又坏了，按了没反应"

# (who, what, in which group; None: in private)
Line = tuple[str, str, str | None]


@dataclass(frozen=True)
class Talk:
    """Some lines, and the reports on each ticket that must come of them."""

    name: str
    lines: tuple[Line, ...]
    reports: tuple[int, ...]  # voices on ticket 1, 2, ...


def here(*said: str, group: str = GROUP) -> tuple[Line, ...]:
    """Each line by another neighbour, in one group."""
    return tuple((f"邻居{n}", words, group) for n, words in enumerate(said))


JOINING = [
    Talk("we too", here(WATER, "我家也是"), (2,)),
    Talk("plus one right behind", here(WATER, "+1"), (2,)),
    Talk("many plus ones", here(WATER, "+1", "+1", "我也是", "同"), (5,)),
    Talk("the other side", here(WATER, "我们这边也停了"), (2,)),
    Talk("dialect", here(WATER, "俺家也是", "我屋里也冇水"), (3,)),
    Talk("another unit of the building", here("5栋又停水了", "2单元也停了", group=BLOCK), (2,)),
    Talk("a room of another unit", here("5栋又停水了", "3单元904也冇得", group=BLOCK), (2,)),
    Talk("dark next door", here("5栋又停电了", "2单元也黑的", group=BLOCK), (2,)),
    Talk("which of two: the words say it", here(WATER, LIFT, "我家也没水"), (2, 1)),
    Talk("a denial between does not break it", here(WATER, "我家有水", "+1"), (2,)),
    Talk("in other words", here(WATER, "家里没水，什么时候来水"), (2,)),
    Talk(
        "another building is a matter of its own",
        (("甲", WATER, GROUP), ("乙", "我妈那边5栋又停水了", GROUP), ("丙", "我们5栋也停了", GROUP)),
        (1, 2),
    ),
    Talk("two estates' worth of lamps", here("3楼灯不亮", "5楼灯不亮"), (1, 1)),
    Talk(
        "in private from home",
        (("张伯", WATER, GROUP), ("王阿姨", "我家也没水了", None)),
        (2,),
    ),
]
NOT_JOINING = [
    Talk("the opposite", here("5栋又停水了", "2单元有 正常得很", "我家有水", "我们单元没停", group=BLOCK), (1,)),
    Talk("after chatter a bare plus one is about that", here(WATER, "晚上打麻将不", "+1"), (1,)),
    Talk("a purchase between", here(WATER, "团购土鸡蛋接龙 1.3栋2份", "+1", "我家也是"), (1,)),
    Talk("consent", here(WATER, "同意装电梯的接龙", "我也是", "同意"), (1,)),
    Talk("nothing before", here("+1", "同", "我家也是"), ()),
]


@pytest.mark.parametrize("talk", [*JOINING, *NOT_JOINING], ids=lambda talk: talk.name)
def test_who_joins_and_who_does_not(town: Town, talk: Talk) -> None:
    for who, words, group in talk.lines:
        town.say(who, words, to=group)
        town.wait(seconds=20)

    assert town.voices() == list(talk.reports)


@pytest.mark.parametrize("between", ["晚上吃什么", "今天好冷"])
def test_a_plus_one_that_quotes_the_report_joins_whatever_stands_between(town: Town, between: str) -> None:
    town.say("甲", WATER, to=GROUP, message_id="w1")
    town.say("乙", between, to=GROUP)
    town.say("丙", "+1", to=GROUP, quote="w1")

    assert town.voices() == [2]


def test_the_time_it_was_said_counts_and_not_when_it_came(town: Town) -> None:
    """A bridge that was away tells late: the +1 was said before the report, and the report before it was solved."""
    before = town.services.now() - timedelta(minutes=5)
    town.say("甲", WATER, to=GROUP)
    town.say("乙", "+1", to=GROUP, at=before)
    assert town.voices() == [1]

    town.wait(minutes=30)
    town.say("李姐", "#1 来水了 修好了")
    assert town.ticket().status == Status.RESOLVED
    town.say("丙", "家里没水", to=GROUP, at=town.services.now() - timedelta(minutes=10))
    assert town.voices() == [2]
    town.wait(minutes=10)
    town.say("丁", "又停水了，一滴都没有", to=GROUP)
    assert town.voices() == [2, 1]


def test_what_is_resolved_meanwhile_is_said_to_whoever_told_it_in_time(town: Town) -> None:
    town.say("张伯", "3栋2单元电梯又坏了")
    at = town.services.now()
    town.wait(minutes=10)
    town.say("李姐", "#1 修好了")

    answer = said_to(town.say("王阿姨", "3栋2单元电梯停了", at=at), "oa-王阿姨")

    assert "(#1)" in answer
    assert "没好" in answer


# --- more by the same person

MORE = [
    (LIFT, "十一楼那里", GROUP),
    (LIFT, "里面是我爷老子 八十多了", GROUP),
    (WATER, "洗到一半满脑壳泡泡 704的", GROUP),
    (WATER, "从早上六点就开始的", GROUP),
    ("3栋2单元电梯又坏了", "就在十一楼那里", None),
]


@pytest.mark.parametrize(("report", "more", "group"), MORE)
def test_what_one_adds_within_minutes_is_the_same_report(town: Town, report: str, more: str, group: str | None) -> None:
    town.say("王阿姨", report, to=group)
    town.wait(minutes=2)

    seen = town.say("王阿姨", more, to=group)

    assert town.voices() == [1]
    assert said_to(seen, GROUP) == ""
    assert said_to(seen, LEADERS) == ""
    assert more.replace(" ", "") in town.words().replace(" ", "")
    assert "记下了" not in said_to(seen, "oa-王阿姨")


def test_the_room_that_is_added_is_kept_for_the_holder(town: Town) -> None:
    town.say("王阿姨", WATER, to=GROUP)
    town.wait(minutes=1)
    town.say("王阿姨", "洗到一半满脑壳泡泡 704的", to=GROUP)

    assert town.ticket().room == "704"


@pytest.mark.parametrize("said", ["谢谢各位", "晚上有人打麻将不", "大家吃饭了吗"])
def test_what_one_chats_after_a_report_is_no_part_of_it(town: Town, said: str) -> None:
    town.say("王阿姨", WATER, to=GROUP)
    town.wait(minutes=1)

    assert town.say("王阿姨", said, to=GROUP) == []
    assert said not in town.words()


def test_after_others_have_talked_or_time_has_passed_nothing_is_added(town: Town) -> None:
    town.say("王阿姨", WATER, to=GROUP)
    town.say("张伯", "晚上打麻将不", to=GROUP)
    town.say("王阿姨", "我妈那里三缺一", to=GROUP)
    town.wait(minutes=30)
    town.say("王阿姨", "我娭毑八十多了", to=GROUP)

    assert town.words() == WATER


def test_a_closer_place_gives_the_card_to_who_is_responsible_there(town: Town) -> None:
    town.say("周边", WATER, to=BLOCK)
    town.wait(minutes=1)

    seen = town.say("周边", "1单元的", to=BLOCK)

    assert town.voices() == [1]
    assert (town.ticket().building, town.ticket().unit) == ("5", "1")
    assert "5栋1单元" in said_to(seen, LEADERS)


# --- two matters in one message

BOTH = [
    ("电梯又坏了,还有3楼灯不亮", ["lift", "light"]),
    ("电梯又坏了，垃圾也几天没人收了", ["lift", "sanitation"]),
    ("楼道灯不亮了,另外下水道堵了", ["light", "drain"]),
]
ONE = [
    "电梯按了没反应,门也关不上",
    "停电了,灯都不亮,电梯也停了",
    "下水道堵了,满屋子臭味,水都返出来了",
    "电梯又坏了,我娭毑八十多了,天天爬楼,腿都走不动了,什么时候修",
    "楼道灯坏了,黑漆漆的,上下楼看不见",
]


@pytest.mark.parametrize(("words", "categories"), BOTH)
def test_two_matters_in_one_message_are_two_tickets_and_one_receipt(
    town: Town, words: str, categories: list[str]
) -> None:
    seen = said_to(town.say("王阿姨", f"3栋2单元{words}"), "oa-王阿姨")

    assert [ticket.category for ticket in town.tickets()] == categories
    assert [(ticket.building, ticket.unit) for ticket in town.tickets()] == [("3", "2")] * 2
    assert "#1" in seen
    assert "#2" in seen
    assert seen.count("\n") == 0


def test_in_a_group_both_are_named_in_one_line_and_each_moves_by_itself(town: Town) -> None:
    seen = said_to(town.say("王阿姨", "电梯又坏了,还有3楼灯不亮", to=GROUP), GROUP)

    assert seen.count("\n") == 0
    assert "#1" in seen
    assert "#2" in seen
    town.say("李姐", "#2 修好了 换了灯泡", to=LEADERS)
    assert [ticket.status for ticket in town.tickets()] == [Status.DISPATCHED, Status.RESOLVED]


def test_a_message_that_told_two_is_asked_about_when_it_is_quoted(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了,还有3楼灯不亮", to=GROUP, message_id="two")

    town.say("李姐", "修好了", to=GROUP, quote="two")

    assert [ticket.status for ticket in town.tickets()] == [Status.DISPATCHED] * 2


@pytest.mark.parametrize("words", ONE)
def test_one_matter_told_at_length_stays_one(town: Town, words: str) -> None:
    town.say("王阿姨", f"3栋2单元{words}")

    assert len(town.tickets()) == 1


def test_the_place_is_asked_once_for_both(town: Town) -> None:
    town.say("新来的", "电梯又坏了,还有楼道灯不亮")
    seen = said_to(town.say("新来的", "3栋2单元"), "oa-新来的")

    assert [ticket.category for ticket in town.tickets()] == ["lift", "light"]
    assert "#1" in seen
    assert "#2" in seen


def test_each_of_the_two_joins_what_is_told_already(town: Town) -> None:
    town.say("张伯", LIFT, to=GROUP)
    town.say("王阿姨", "3栋2单元电梯又坏了,还有3楼灯不亮")

    assert town.voices() == [2, 1]


def test_a_danger_is_never_split(town: Town) -> None:
    town.say("王阿姨", "楼道灯不亮,电梯里困了人出不来,快来人", to=GROUP)

    assert len(town.tickets()) == 1
    assert town.ticket().danger == "lift_trapped"


# --- a matter that turns

TURNING = [
    ("the same person in the group", ("王阿姨", "电梯停了，按了没反应", GROUP), ("王阿姨", "里面有人在拍门", GROUP)),
    ("somebody else in the group", ("王阿姨", "电梯停了，按了没反应", GROUP), ("张伯", "里面有人在拍门", GROUP)),
    ("somebody else in private", ("王阿姨", "电梯停了，按了没反应", GROUP), ("张伯", "里面有人在拍门", None)),
    ("from private to the group", ("王阿姨", "3栋2单元电梯停了", None), ("张伯", "电梯里面困了人，快来", GROUP)),
    ("a doubtful word after a lift", ("王阿姨", LIFT, GROUP), ("张伯", "电梯里面有人困住了", GROUP)),
    ("a fall in the dark", ("王阿姨", "楼道灯坏了，好黑", GROUP), ("张伯", "有个老人在楼道摔倒了起不来", GROUP)),
    ("a fall, told in private", ("王阿姨", "楼道灯坏了，好黑", GROUP), ("张伯", "老人在楼道摔倒了起不来", None)),
]


@pytest.mark.parametrize(("name", "first", "then"), TURNING, ids=[case[0] for case in TURNING])
def test_a_matter_turns_urgent_by_what_is_said_later(town: Town, name: str, first: Line, then: Line) -> None:
    town.say(first[0], first[1], to=first[2])
    assert town.ticket().danger is None
    town.wait(minutes=4)

    seen = town.say(then[0], then[1], to=then[2])

    assert len(town.tickets()) == 1, name
    assert town.ticket().urgent
    assert town.ticket().danger
    assert "【紧急】" in said_to(seen, LEADERS)
    assert "【紧急】" in said_to(seen, STAFF)


def test_a_fall_elsewhere_is_another_matter(town: Town) -> None:
    town.say("王阿姨", "楼道灯坏了，好黑", to=GROUP)
    town.say("张伯", "5栋1单元有个老人摔倒了起不来", to=GROUP)

    assert len(town.tickets()) == 2
    assert not town.ticket(1).danger


# --- places at the border


def test_what_is_said_here_about_another_building_is_that_buildings_matter(town: Town) -> None:
    seen = town.say("王阿姨", "我妈那边5栋又停水了", to=GROUP)

    assert town.ticket().building == "5"
    assert "5栋" in said_to(seen, LEADERS)
    assert said_to(seen, BLOCK) == ""
    town.say("五栋人", "又停水了", to=BLOCK)
    assert town.voices() == [2]


def test_the_lift_of_the_next_unit_is_another_lift(town: Town) -> None:
    town.area("B5U2", Level.UNIT, "2单元", "B5", "2")
    town.person("五二长", (Role.UNIT_LEADER, "B5U2", Slot.A))
    town.say("甲", "1单元电梯又坏了，按了没反应", to=BLOCK)
    town.say("乙", "2单元也停了", to=BLOCK)

    assert [(ticket.category, ticket.unit) for ticket in town.tickets()] == [("lift", "1"), ("lift", "2")]


def test_two_gates_have_two_lamps(town: Town) -> None:
    town.say("王阿姨", "东门路灯不亮")
    town.say("张伯", "西门路灯不亮")

    assert len(town.tickets()) == 2
    assert town.services.now() >= MONDAY
