"""Where something is: what the text says within the estate of the chat or the account."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot import places
from bot.places import Place
from intents.understanding import Understanding
from intents.verdict import Slots
from models import Area, Level
from tests.stories.more import second_community
from tests.stories.town import Town


@pytest.fixture
def map_of(town: Town) -> Town:
    """The town, a second estate of the same community with its own 3栋 (and a 7栋), and a second community."""
    town.area("TY", Level.ESTATE, "桃园", "XF")
    town.area("TB3", Level.BUILDING, "3栋", "TY", "3")
    town.area("TB3U1", Level.UNIT, "1单元", "TB3", "1")
    town.area("TB7", Level.BUILDING, "7栋", "TY", "7")
    town.area("DM", Level.PLACE, "东门", "XFL", aliases=["东门口", "保安亭"])
    town.area("FD", Level.PLACE, "粉店", "TY")
    second_community(town)
    return town


def at(session: Session, code: str | None) -> Area | None:
    return session.exec(select(Area).where(Area.code == code)).one() if code else None


def found(town: Town, base: str | None, slots: Slots, text: str = "") -> tuple[Place, str | None]:
    """The place, and the code of its area."""
    with town.services.reading() as session:
        place = places.resolve(session, at(session, base), slots, text)
        return place, place.area.code if place.area else None


@pytest.mark.parametrize(
    ("base", "slots", "area", "building", "unit"),
    [
        ("B3U2", Slots(building="3", unit="2"), "B3U2", "3", "2"),
        ("B3U2", Slots(building="5", unit="1"), "B5U1", "5", "1"),  # the text beats the chat
        ("B3U2", Slots(building="5"), "B5", "5", None),
        ("B3U2", Slots(building="3"), "B3", "3", None),  # within the estate around the chat
        ("TB3", Slots(building="3", unit="1"), "TB3U1", "3", "1"),
        ("B3U2", Slots(building="7"), "TB7", "7", None),  # not here, but once in the community
        ("B3U2", Slots(unit="1"), "B3U1", "3", "1"),  # a unit alone: of the chat's building
        ("B3", Slots(unit="2"), "B3U2", "3", "2"),
        ("B3", Slots(unit="9"), "B3", "3", "9"),  # a unit that the directory does not know
        ("B3U2", Slots(building="88", unit="1"), "XFL", "88", "1"),  # a building that it does not know
        ("B3U2", Slots(), "B3U2", "3", "2"),  # nothing said: where the chat is
        ("B5", Slots(), "B5", "5", None),
    ],
)
def test_a_place_is_what_the_text_says_seen_from_the_chat(
    map_of: Town, base: str, slots: Slots, area: str, building: str, unit: str | None
) -> None:
    place, code = found(map_of, base, slots)

    assert (code, place.building, place.unit) == (area, building, unit)
    assert place.precise
    assert place.told is bool(slots.building or slots.unit)


def test_the_same_building_in_two_estates_has_to_be_asked_about(map_of: Town) -> None:
    place, code = found(map_of, "XF", Slots(building="3", unit="2"))

    assert code is None
    assert sorted(area.code for area in place.candidates) == ["B3", "TB3"]
    assert not place.precise


def test_without_any_base_namesakes_of_every_community_are_asked_about(map_of: Town) -> None:
    place, _ = found(map_of, None, Slots(building="3"))

    assert sorted(area.code for area in place.candidates) == ["B3", "HB3", "TB3"]


def test_a_building_of_another_community_is_never_taken_silently(map_of: Town) -> None:
    map_of.area("HB9", Level.BUILDING, "9栋", "HY", "9")

    place, code = found(map_of, "B3U2", Slots(building="9"))

    assert code == "XFL"
    assert place.building == "9"


def test_a_unit_alone_from_an_estate_is_not_enough(map_of: Town) -> None:
    place, code = found(map_of, "XFL", Slots(unit="2"))

    assert code == "XFL"
    assert not place.precise


@pytest.mark.parametrize(
    ("base", "text", "area"),
    [
        ("B5U1", "超市楼上漏水了", "B3U2"),  # an alias of a unit
        ("B5U1", "东门的灯坏了", "DM"),  # a place by its name
        ("B5U1", "保安亭没人", "DM"),
        ("TB7", "粉店门口返水", "FD"),
        ("TB7", "超市楼上漏水了", "TB7"),  # the alias is another estate's
        ("B5U1", "灯坏了", "B5U1"),
    ],
)
def test_landmarks_are_known_by_what_neighbours_call_them(map_of: Town, base: str, text: str, area: str) -> None:
    assert found(map_of, base, Slots(), text)[1] == area


def test_the_longest_alias_wins(map_of: Town) -> None:
    map_of.area("DMN", Level.PLACE, "东门南侧", "XFL")

    assert found(map_of, "B5", Slots(), "东门南侧的树倒了")[1] == "DMN"


def test_a_landmark_nobody_knows_stays_in_the_speakers_words(map_of: Town) -> None:
    place, code = found(map_of, "B5U1", Slots(landmark="凉亭旁边"), "凉亭旁边的灯坏了")

    assert (code, place.location) == ("XFL", "凉亭旁边")
    assert place.precise


def test_nothing_said_and_nothing_known_is_no_place() -> None:
    assert not Place(None).precise


@pytest.mark.parametrize(
    ("code", "label", "full"),
    [
        ("B3U2", "3栋2单元", "幸福里3栋2单元"),
        ("B3", "3栋", "幸福里3栋"),
        ("XFL", "幸福里", "幸福里"),
        ("XF", "幸福社区", "幸福社区"),
        ("DM", "东门", "幸福里东门"),
        ("TB3U1", "3栋1单元", "桃园3栋1单元"),
    ],
)
def test_an_area_is_said_without_its_room_and_told_from_its_namesakes(
    map_of: Town, code: str, label: str, full: str
) -> None:
    with map_of.services.reading() as session:
        area = at(session, code)
        assert area is not None
        assert (places.label_of(session, area), places.label_in_full(session, area)) == (label, full)


def test_the_numbers_of_the_nearest_area_win_over_those_above_and_the_settings(map_of: Town) -> None:
    with map_of.services.transaction() as session:
        for code, numbers in (("XF", {"gas": "1", "lift": "2"}), ("B3", {"lift": "3", "gas": ""})):
            area = at(session, code)
            assert area is not None
            area.phones = numbers
    with map_of.services.reading() as session:
        unit = at(session, "B3U2")
        assert unit is not None
        held = places.phones(session, unit, {"gas": "9", "staff_duty": "8", "contact": ""})

    assert held == {"gas": "1", "lift": "3", "staff_duty": "8"}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("十二栋二单元没水了", Slots(building="12", unit="2")),
        ("我妈那边5栋又停水了", Slots(building="5")),
        ("A座电梯坏了", Slots(building="A")),
    ],
)
def test_what_people_write_becomes_the_labels_of_the_directory(
    understanding: Understanding, text: str, slots: Slots
) -> None:
    read = understanding.read(text, "private").slots

    assert replace(read, floor=None, landmark=None) == slots
