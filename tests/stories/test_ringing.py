"""An emergency rings telephones as well, at night at once; without a gateway it is said that nobody may be reading."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.settings import ChannelSection
from models import Chat, ChatKind, Outgoing, Person, Role, Slot
from tests.stories.conftest import build, people
from tests.stories.test_clocks import GROUP, at
from tests.stories.town import FakeChannel, Town, said_to

GAS = "3栋2单元楼道里一股煤气味"
DUTY, SECRETARY, STRANGER = "13900000001", "13900000002", "13900000003"
NIGHT, DAY = "2026-11-24 02:10", "2026-11-24 10:10"


@pytest.fixture
def rings(database: str, tmp_path: Path) -> Town:
    """The town with a gateway; the duty person and the secretary have given their numbers."""
    town = build(database, tmp_path)
    people(town)
    town.person("夜班小罗", (Role.DUTY, "XF", Slot.A), phone=DUTY)
    with town.services.transaction() as session:
        secretary = session.exec(select(Person).where(Person.name == "书记")).one()
        secretary.phone = SECRETARY
    connect(town)
    return town


def connect(town: Town) -> None:
    channels = town.services.settings.channels
    channels["duty"] = ChannelSection.model_validate({"kind": "phone", "secret": "s", "url": "http://127.0.0.1:9/"})
    phone = FakeChannel("duty", answers_passively=False, pushes=True, hears_groups=False, whispers=False)
    town.channels["duty"] = town.services.channels["duty"] = phone  # type: ignore[index]  # both are dicts here


def called(town: Town) -> list[tuple[str, str]]:
    return [(line.chat_id, line.text) for line in town.channels["duty"].sent]


def test_at_night_whoever_is_on_duty_is_rung_at_once(rings: Town) -> None:
    at(rings, NIGHT)
    seen = rings.say("王阿姨", GAS, to=GROUP)

    assert called(rings) == [(DUTY, "社区急事：3栋2单元疑似燃气味。请马上看工作群，到了回“到了”。(#1)")]
    assert "不一定有人看" not in said_to(seen, GROUP)


def test_by_day_only_when_nobody_has_come_by_the_second_rung(rings: Town) -> None:
    at(rings, DAY)
    rings.say("王阿姨", GAS, to=GROUP)
    assert called(rings) == []

    rings.wait(minutes=4)
    assert {number for number, _ in called(rings)} >= {DUTY}
    rings.wait(minutes=6)
    assert {number for number, _ in called(rings)} == {DUTY, SECRETARY}


def test_nobody_is_rung_any_more_once_somebody_is_there(rings: Town) -> None:
    at(rings, NIGHT)
    rings.say("王阿姨", GAS, to=GROUP)
    rings.say("夜班小罗", "#1 我到了")
    rings.wait(minutes=20)
    assert len(called(rings)) == 1


def test_of_what_is_silent_the_telephone_says_neither_where_nor_what(rings: Town) -> None:
    at(rings, NIGHT)
    rings.say("王阿姨", "我老公又打我，我躲在厕所里")
    assert called(rings)
    assert {text for _, text in called(rings)} == {"社区有一件急事要您马上看，请打开工作群。(#1)"}


def test_without_a_gateway_it_is_said_that_nobody_may_be_reading(town: Town) -> None:
    at(town, NIGHT)
    assert "夜里群里不一定有人看" in said_to(town.say("王阿姨", GAS, to=GROUP), GROUP)


def test_with_a_gateway_and_no_number_as_well(town: Town) -> None:
    connect(town)
    at(town, NIGHT)
    assert "夜里群里不一定有人看" in said_to(town.say("王阿姨", GAS, to=GROUP), GROUP)
    assert called(town) == []


def test_a_telephone_is_no_way_of_reach(rings: Town) -> None:
    at(rings, NIGHT)
    rings.say("王阿姨", GAS, to=GROUP)
    at(rings, DAY)
    rings.say("王阿姨", "3栋2单元楼道灯不亮")
    rings.say("王阿姨", "人工")
    with rings.services.reading() as session:
        phones = select(Chat.id).where(Chat.kind == ChatKind.PHONE)
        lines = session.exec(select(Outgoing).where(col(Outgoing.chat_id).in_(phones))).all()
    assert {line.ticket_id for line in lines} == {1}
