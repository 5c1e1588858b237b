"""A matter is passed to an organisation of the roster: its own people are told, else staff hear whom to ring."""

from datetime import date

from sqlmodel import select

from models import Area, Organisation, Person, Post, Role
from tests.stories.town import Town, said_to

LEADERS, STAFF = "单元长群", "社工群"
LIFT = "3栋2单元电梯又坏了"


def organisation(town: Town, name: str, kind: str, area: str, phone: str | None = None) -> int:
    with town.services.transaction() as session:
        where = session.exec(select(Area).where(Area.code == area)).one()
        row = Organisation(code=name, name=name, kind=kind, area_id=where.id, phone=phone)
        session.add(row)
        session.flush()
        return row.id


def works_for(town: Town, who: str, organisation_id: int) -> None:
    town.person(who)
    with town.services.transaction() as session:
        person = session.exec(select(Person).where(Person.name == who)).one()
        area = session.exec(select(Area).where(Area.code == "XFL")).one()
        session.add(Post(person_id=person.id, role=Role.PROPERTY, area_id=area.id, organisation_id=organisation_id,
                         starts_on=date(2026, 1, 1)))  # fmt: skip


def test_the_organisations_own_people_are_told_and_nobody_elses(town: Town) -> None:
    works_for(town, "快修老谢", organisation(town, "快修队", "repair", "XFL"))
    town.say("王阿姨", LIFT)
    assert "能转的单位依次：快修队（维修）" in town.ticket().why
    seen = town.say("李姐", "#1 转维修队", to=LEADERS)

    assert "转给维修队（快修队）" in said_to(seen, "oa-快修老谢")
    assert said_to(seen, "oa-物业邓工") == ""
    assert town.ticket().transferred_to == "维修队（快修队）"
    assert "转给快修队（维修）" in town.ticket().why


def test_where_none_of_them_is_here_staff_hear_whom_to_ring(town: Town) -> None:
    organisation(town, "青禾派出所", "police", "QH", "000-5555")
    town.say("王阿姨", LIFT)
    seen = town.say("李姐", "#1 转派出所", to=LEADERS)

    assert "要转给青禾派出所，那边不在这里，请打000-5555说一声" in said_to(seen, STAFF)


def test_property_without_a_line_in_the_roster_is_told_as_ever(town: Town) -> None:
    town.say("王阿姨", LIFT)
    seen = town.say("李姐", "#1 转物业", to=LEADERS)

    assert "转给物业" in said_to(seen, "oa-物业邓工")
    assert town.ticket().transferred_to == "物业"


def test_whoever_of_them_is_away_is_not_told(town: Town) -> None:
    works_for(town, "物业小贺", organisation(town, "幸福物业", "property", "XFL"))
    town.say("物业小贺", "请假三天")
    town.say("王阿姨", LIFT)
    seen = town.say("李姐", "#1 转物业", to=LEADERS)

    assert said_to(seen, "oa-物业小贺") == ""
    assert "转给物业" in said_to(seen, "oa-物业邓工")
