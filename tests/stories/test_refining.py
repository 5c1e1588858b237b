"""In a building's group the unit of a matter comes out by and by."""

from models import Status
from tests.stories.town import Town

BUILDING = "5栋群"


def test_two_neighbours_of_one_unit_and_none_of_another(town: Town) -> None:
    town.say("张伯", "怎么又停水了", to=BUILDING)
    town.say("租客", "我这里也没得水，1单元的", to=BUILDING)
    assert (town.ticket().building, town.ticket().unit) == ("5", None)

    town.say("路人", "1单元902一滴水都没有", to=BUILDING)

    assert (town.ticket().building, town.ticket().unit) == ("5", "1")
    assert len(town.tickets()) == 1


def test_a_voice_of_another_unit_makes_it_the_buildings_again(town: Town) -> None:
    town.say("张伯", "1单元停水了", to=BUILDING)
    town.say("租客", "1单元也没水", to=BUILDING)
    town.say("路人", "2单元也停水了", to=BUILDING)

    assert (town.ticket().building, town.ticket().unit) == ("5", None)


def test_property_has_looked(town: Town) -> None:
    town.say("张伯", "怎么又停水了", to=BUILDING)
    town.say("租客", "2单元也停水了", to=BUILDING)

    town.say("物业邓工", "查了，是1单元的水泵烧了", to=BUILDING)

    assert town.ticket().unit == "1"
    assert town.ticket().status == Status.DISPATCHED


def test_who_has_water_says_nothing_of_the_place(town: Town) -> None:
    town.say("张伯", "怎么又停水了", to=BUILDING)
    town.say("租客", "2单元有水，正常得很", to=BUILDING)

    assert town.ticket().unit is None
