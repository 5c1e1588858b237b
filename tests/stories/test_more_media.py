"""Voice, photos, places on a map, following, scanning and menus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels import Kind
from intents.understanding import Understanding
from models import Inbound
from tests.stories.more import GROUP, LEADERS, STAFF, quick_town
from tests.stories.town import Town, chats, said_to

LIFT = "3栋2单元电梯又坏了"


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


# --- voice, photos, places on a map


def test_a_voice_message_with_recognition_is_heard_like_any_other(town: Town) -> None:
    seen = town.say("王阿姨", LIFT, kind=Kind.VOICE, media_id="v1")

    assert "(#1)" in said_to(seen, "oa-王阿姨")
    assert town.ticket().category == "lift"


def test_a_voice_message_nobody_can_read_is_with_staff_at_once_and_may_be_rung_back(town: Town) -> None:
    """Case 20."""
    seen = town.say("王阿姨", "", kind=Kind.VOICE, media_id="v1")
    assert "听不清" in said_to(seen, "oa-王阿姨")
    assert said_to(seen, STAFF)
    assert LEADERS not in chats(seen)

    assert "打电话" in said_to(town.say("王阿姨", "回电"), "oa-王阿姨")


def test_a_voice_message_in_a_group_gets_silence(town: Town) -> None:
    assert town.say("张伯", "", to=GROUP, kind=Kind.VOICE, media_id="v1") == []


def test_a_shared_location_answers_where(town: Town) -> None:
    town.say("租客", "水管漏水了")

    seen = town.say("租客", "幸福里超市旁边", kind=Kind.LOCATION, lat=28.2, lng=112.9)

    assert "(#1)" in said_to(seen, "oa-租客")
    assert town.ticket().location == "幸福里超市旁边"


def test_a_location_first_is_asked_about_and_joined_by_its_matter(town: Town) -> None:
    assert "什么事" in said_to(town.say("租客", "凉亭边上", kind=Kind.LOCATION, lat=28.2, lng=112.9), "oa-租客")

    assert "(#1)" in said_to(town.say("租客", "路灯坏了"), "oa-租客")
    assert town.ticket().location == "凉亭边上"


def test_a_leaders_photo_in_the_group_is_kept_with_the_matter_it_quotes(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP, message_id="x1")

    assert town.say("李姐", "", to=GROUP, kind=Kind.IMAGE, media_id="p9", quote="x1") == []

    assert "photo" in town.history()


def test_a_photo_without_a_word_that_nobody_explains_is_not_lost(town: Town) -> None:
    town.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1")

    with town.session() as session:
        assert session.exec(select(Inbound)).one().media == [{"kind": "image", "id": "p1", "url": None, "name": None}]


def test_a_photo_long_after_belongs_to_nothing_by_itself(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.wait(minutes=31)

    assert "什么事" in said_to(town.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1"), "oa-王阿姨")


# --- following, scanning, menus


def test_following_through_the_code_at_the_stairwell_door_says_where(town: Town) -> None:
    seen = said_to(town.say("新人", "", kind=Kind.FOLLOW, scene="B3U2"), "oa-新人")

    assert "小单" in seen
    assert "幸福里3栋2单元" in seen


def test_scanning_another_door_moves_them_there(town: Town) -> None:
    town.say("新人", "", kind=Kind.FOLLOW, scene="B3U2")
    assert "5栋1单元" in said_to(town.say("新人", "", kind=Kind.SCAN, scene="B5U1"), "oa-新人")

    town.say("新人", "电梯坏了")

    assert town.ticket().building == "5"


@pytest.mark.parametrize("scene", ["NOWHERE", "", None])
def test_a_code_that_nobody_knows_is_answered_kindly(town: Town, scene: str | None) -> None:
    assert "小单" in said_to(town.say("新人", "", kind=Kind.SCAN, scene=scene), "oa-新人")


@pytest.mark.parametrize(
    ("key", "answered"),
    [("repair", "什么坏了"), ("ask", "居住证"), ("human", "社区的人"), ("status", "没有在办"), ("nonsense", "人工")],
)
def test_every_menu_entry_is_answered(town: Town, key: str, answered: str) -> None:
    assert answered in said_to(town.say("王阿姨", key, kind=Kind.MENU), "oa-王阿姨")
