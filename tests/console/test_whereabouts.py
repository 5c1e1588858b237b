"""What places are called on the lists: by their estate as well where there are several."""

from bot.console.tree import named_in_full
from bot.console.whereabouts import whereabouts
from models import Area, Level
from tests.console.place import Place
from tests.web.world import World


def estate(world: World, name: str) -> tuple[int, int]:
    """An estate with a building 1 and its unit 1; the ids of the estate and of the unit."""
    with world.services.transaction() as session:
        above = session.get_one(Area, world.areas["xf"])
        made = []
        for level, called in ((Level.ESTATE, name), (Level.BUILDING, "1栋"), (Level.UNIT, "1单元")):
            area = Area(code=f"{name}-{level.value}", name=called, level=level, parent_id=above.id)
            session.add(area)
            session.flush()
            area.path = f"{above.path}{area.id}/"
            session.add(area)
            made.append(area.id)
            above = area
    return made[0], made[-1]


def test_the_estate_is_said_where_there_are_several(place: Place) -> None:
    world = place.world
    first, unit = estate(world, "幸福里")
    with world.services.reading() as session:
        assert whereabouts(session, {unit})[unit].full == "1栋1单元"
    _, other = estate(world, "桃园")
    with world.services.reading() as session:
        found = whereabouts(session, {first, unit, other})
    assert [found[area].full for area in (first, unit, other)] == ["幸福里", "幸福里1栋1单元", "桃园1栋1单元"]


def test_a_question_without_a_building_is_listed_by_where_it_was_asked(place: Place) -> None:
    world = place.world
    _, unit = estate(world, "幸福里")
    ref = world.ticket(area_id=unit, building=None, unit=None)
    browser = place.signed_in("staff")
    assert "1栋1单元" in browser.get("/tickets").text
    assert "1栋1单元" in browser.get(f"/tickets/{ref}").text


def test_which_unit_it_is_is_seen_where_an_account_is_given(place: Place) -> None:
    estate(place.world, "幸福里")
    browser = place.with_second("administrator")
    page = browser.get("/users").text
    assert "　　　1栋</option>" in page or "　　1栋</option>" in page
    assert page.index("1栋</option>") < page.index("　1单元</option>")


def test_a_building_is_named_by_its_estate_where_its_tree_is_not_beside_it(place: Place) -> None:
    building = f"桃园-{Level.BUILDING.value}"
    estate(place.world, "桃园")
    with place.world.services.reading() as session:
        assert named_in_full(session, [building]) == {building: "1栋"}
    estate(place.world, "幸福里")
    with place.world.services.reading() as session:
        assert named_in_full(session, [building]) == {building: "桃园1栋"}
