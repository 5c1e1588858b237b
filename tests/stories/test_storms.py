"""A storm: four hundred messages in twenty minutes. One matter per building and kind, one line per half hour."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot import inbox, storms
from bot.channels import Incoming, Kind
from models import Area, ChatKind, Inbound, InboundState, Level, Outgoing, OutgoingState, Role, Slot
from tests.stories.town import FakeChannel, Seen, Town, said_to

GROUP, LEADERS, STAFF, BLOCK = "3栋2单元群", "单元长群", "社工群", "5栋群"
BUILDINGS = (3, 5, 6, 7, 8, 9)
# What is shouted in a storm, and its kind.
SHOUTS = (
    ("又停电了，一片漆黑", "power"),
    ("又停水了", "water"),
    ("电梯停了，按了没反应", "lift"),
    ("楼下的树倒了", "greening"),
    ("下水道返水了，堵得厉害", "drain"),
)
FEW = (("又停电了", GROUP), ("又停水了", GROUP), ("电梯停了，按了没反应", GROUP), ("楼下的树倒了", GROUP))


def more_buildings(town: Town) -> dict[int, str]:
    """Buildings 6 to 9 with a leader each; the group of each building."""
    groups = {3: GROUP, 5: BLOCK}
    for number in BUILDINGS[2:]:
        town.area(f"B{number}", Level.BUILDING, f"{number}栋", "W1", str(number))
        town.area(f"B{number}U1", Level.UNIT, "1单元", f"B{number}", "1")
        town.person(f"{number}栋长", (Role.BUILDING_LEADER, f"B{number}", Slot.A))
        town.group(f"{number}栋群", ChatKind.RESIDENTS, f"B{number}")
        groups[number] = f"{number}栋群"
    return groups


def into_a_storm(town: Town) -> list[Seen]:
    """Two neighbours each about four matters, half a minute apart."""
    seen = []
    for n in range(8):
        seen += town.say(f"风里人{n}", FEW[n % 4][0], to=FEW[n % 4][1])
        town.wait(seconds=30)
    return seen


# --- when it begins


@dataclass(frozen=True)
class Weather:
    """So many people, each saying one of so many things, so many seconds apart; is it a storm?"""

    name: str
    people: int
    kinds: int
    seconds: int
    storm: bool


@pytest.mark.parametrize(
    "weather",
    [
        Weather("a storm", 8, 4, 20, storm=True),
        Weather("one matter however many tell it", 12, 1, 20, storm=False),
        Weather("two kinds", 12, 2, 20, storm=False),
        Weather("few people", 4, 4, 20, storm=False),
        Weather("over the whole day", 8, 4, 900, storm=False),
    ],
    ids=lambda weather: weather.name,
)
def test_a_storm_is_many_reports_by_many_people_of_several_kinds_at_once(town: Town, weather: Weather) -> None:
    for n in range(weather.people):
        town.say(f"风里人{n}", FEW[n % weather.kinds][0], to=GROUP)
        town.wait(seconds=weather.seconds)

    with town.session() as session:
        desk = town.services.desk(session)
        area = session.exec(select(Area).where(Area.code == "B3U2")).one()
        assert storms.running(desk, area, desk.now) is weather.storm


def test_what_comes_late_from_a_bridge_is_no_storm_now(town: Town) -> None:
    """The time it was said counts: four matters of this morning, told all at once at noon."""
    then = town.services.now()
    town.wait(hours=3)
    for n in range(12):
        town.say(f"风里人{n}", FEW[n % 4][0], to=GROUP, at=then + timedelta(minutes=14 * n))

    with town.session() as session:
        desk = town.services.desk(session)
        area = session.exec(select(Area).where(Area.code == "B3U2")).one()
        assert not storms.running(desk, area, desk.now)


# --- what everybody hears


def test_in_a_storm_the_group_hears_one_line_per_half_hour_and_private_receipts_stay(town: Town) -> None:
    into_a_storm(town)

    seen = town.say("风里人9", "下水道返水了，堵得厉害", to=GROUP)
    line = said_to(seen, GROUP)
    assert "好几件一起报" in line
    assert "停电" in line
    assert "#" not in line
    seen = town.say("风里人10", "楼道好臭，垃圾几天没收", to=GROUP)
    assert said_to(seen, GROUP) == ""
    assert "#" in said_to(town.say("王阿姨", "3栋2单元门禁坏了"), "oa-王阿姨")

    later = town.wait_in_steps(29)
    assert said_to(later, GROUP) == ""
    line = said_to(town.wait_in_steps(3), GROUP)
    assert line.count("好几件一起报") == 1
    assert "卫生" in line or "垃圾" in line
    assert said_to(town.wait_in_steps(40), GROUP) == ""


def test_what_is_in_hand_and_done_is_said_in_that_line_and_nowhere_else(town: Town) -> None:
    into_a_storm(town)
    town.say("风里人9", "下水道返水了，堵得厉害", to=GROUP)

    assert said_to(town.say("李姐", "#1 我去看看", to=LEADERS), GROUP) == ""
    assert said_to(town.say("李姐", "#2 修好了", to=LEADERS), GROUP) == ""

    line = said_to(town.wait_in_steps(32), GROUP)
    assert "有人去了" in line
    assert "办好了" in line


def test_danger_is_told_at_once_to_all_in_the_middle_of_a_storm(town: Town) -> None:
    into_a_storm(town)

    seen = town.say("风里人9", "电梯里困了人，快来救命", to=GROUP)

    assert "按警铃" in said_to(seen, GROUP)
    assert "【紧急】" in said_to(seen, LEADERS)
    assert "【紧急】" in said_to(seen, STAFF)


def test_leaders_get_their_cards_in_one_message_per_half_hour(town: Town) -> None:
    into_a_storm(town)
    first = said_to(town.say("风里人9", "下水道返水了，堵得厉害", to=GROUP), LEADERS)
    assert "下水道" in first

    assert said_to(town.say("风里人10", "楼道好臭，垃圾几天没收", to=GROUP), LEADERS) == ""
    assert said_to(town.say("风里人11", "单元门禁坏了，刷不开", to=GROUP), LEADERS) == ""
    assert said_to(town.say("风里人12", "又停水了", to=BLOCK), LEADERS) == ""

    message = said_to(town.wait_in_steps(32), LEADERS)
    assert message.count("一起报的有3件") == 1
    assert "5栋" in message


def test_what_was_taken_or_withdrawn_meanwhile_is_not_in_the_message(town: Town) -> None:
    into_a_storm(town)
    town.say("风里人9", "下水道返水了，堵得厉害", to=GROUP)
    town.say("风里人10", "楼道好臭，垃圾几天没收", to=GROUP)
    town.say("风里人11", "单元门禁坏了，刷不开", to=GROUP)
    number = town.tickets()[-1].number

    town.say("李姐", f"#{number} 我去看看")

    message = said_to(town.wait_in_steps(32), LEADERS)
    assert f"(#{number})" not in message
    assert f"(#{number - 1})" in message


def test_after_the_storm_every_matter_has_its_receipt_and_its_card_again(town: Town) -> None:
    into_a_storm(town)
    town.say("风里人9", "下水道返水了，堵得厉害", to=GROUP)
    town.wait(hours=2)

    seen = town.say("风里人10", "楼道好臭，垃圾几天没收", to=GROUP)

    assert "记下了" in said_to(seen, GROUP)
    assert "#" in said_to(seen, LEADERS)


# --- four hundred messages


def test_four_hundred_messages_in_twenty_minutes_are_one_matter_per_building_and_kind(town: Town) -> None:
    groups = more_buildings(town)
    told = _shout(town, groups, 400)
    town.wait_in_steps(90, step=5)

    matters = _matters(town)
    assert {count for _, count in matters.items()} == {1}
    assert len(matters) == len(BUILDINGS) * len(SHOUTS)
    assert sum(town.voices()) == len(told)  # every neighbour's voice is kept
    assert _inbound(town) == {InboundState.DONE: 400}
    _few_lines(town, groups)


def _shout(town: Town, groups: dict[int, str], count: int) -> set[tuple[str, int, str]]:
    """Every three seconds somebody, in every building about everything. Returns who told what of which building."""
    told = set()
    channel: FakeChannel = town.channels["bridge"]
    for n in range(count):
        building = BUILDINGS[n % len(BUILDINGS)]
        words, kind = SHOUTS[n // len(BUILDINGS) % len(SHOUTS)]
        who = f"{building}栋人{n % 70}"
        line = Incoming(f"storm-{n}", groups[building], False, who, town.services.now(), Kind.TEXT, words,
                        message_id=f"s{n}")  # fmt: skip
        inbox.receive(town.services, channel, line)
        told.add((who, building, kind))
        if n % 20 == 0:
            town.wait(seconds=60)
    return told


def _matters(town: Town) -> Counter[tuple[str | None, str]]:
    return Counter((ticket.building, ticket.category) for ticket in town.tickets())


def _inbound(town: Town) -> Counter[InboundState]:
    with town.session() as session:
        return Counter(row.state for row in session.exec(select(Inbound)))


def _few_lines(town: Town, groups: dict[int, str]) -> None:
    """What the groups and the leaders were sent in the hour of the storm: a handful, not hundreds."""
    sent = Counter(line.chat_id for line in town.channels["bridge"].sent)
    tickets = len(town.tickets())
    for group in groups.values():
        summaries = [line for line in town.channels["bridge"].sent if line.chat_id == group and "一起报" in line.text]
        assert 1 <= len(summaries) <= 3
        assert sent[group] <= 8
    assert sent[LEADERS] < tickets
    with town.session() as session:
        gathered = session.exec(select(Outgoing).where(col(Outgoing.gathers).is_not(None))).all()
        assert gathered
        assert {line.state for line in gathered} <= {OutgoingState.DONE, OutgoingState.CANCELLED}
