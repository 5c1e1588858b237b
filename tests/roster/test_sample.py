"""The fictional subdistrict: laid in by the real import, known to the stand-in, and nowhere to be rung."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from bot import people, places, sample
from bot.desk import Desk
from bot.roster.check import check, warn
from bot.roster.known import NOTHING
from bot.sample import Cast
from intents.verdict import Slots
from models import (
    Account,
    Area,
    BindingCode,
    Chat,
    ChatKind,
    Community,
    Level,
    Organisation,
    Person,
    Post,
    Role,
    Slot,
    User,
)
from standin.config import Config


@pytest.fixture
def cast(desk: Desk) -> Cast:
    made = sample.create(desk)
    assert made is not None
    desk.session.commit()
    return made


def area(session: Session, code: str) -> Area:
    return session.exec(select(Area).where(Area.code == code)).one()


def test_there_are_two_communities_and_a_dozen_units_each_with_a_leader_and_a_deputy(cast: Cast, desk: Desk) -> None:
    session = desk.session
    assert len(session.exec(select(Community)).all()) == 2
    units = session.exec(select(Area).where(Area.level == Level.UNIT)).all()
    assert len(units) == 12
    today = desk.now.astimezone(desk.settings.zone).date()
    for unit in units:
        slots = [post.slot for post in people.holders(session, unit, Role.UNIT_LEADER, today)]
        assert slots == [Slot.A, Slot.B], unit.code
        assert set(places.phones(session, unit, {})) >= {"gas", "lift", "property_night", "staff_duty"}


def test_every_role_of_the_main_loop_is_held_today(cast: Cast, desk: Desk) -> None:
    today = desk.now.astimezone(desk.settings.zone).date()
    held = {post.role for post in desk.session.exec(select(Post)) if people.in_force(post, today)}
    assert held >= {
        Role.UNIT_LEADER, Role.BUILDING_LEADER, Role.GRID_LEADER, Role.SECRETARY, Role.STAFF, Role.DUTY,
        Role.PROPERTY, Role.MEDIATOR, Role.VOLUNTEER, Role.ADMINISTRATOR,
    }  # fmt: skip
    companies = desk.session.exec(select(Post).where(Post.role == Role.PROPERTY)).all()
    assert all(post.organisation_id for post in companies)
    assert len(desk.session.exec(select(Organisation)).all()) == 2


def test_the_resident_and_the_neighbour_live_in_building_3_unit_2(cast: Cast, desk: Desk) -> None:
    home = area(desk.session, "FL-XF-3-2")
    assert places.label_of(desk.session, home) == "3栋2单元"
    for user in ("o-wang-ayi", "o-li-shu", "u-wang-ayi"):
        account = desk.session.exec(select(Account).where(Account.user_id == user)).one()
        assert account.area_id == home.id
    found = places.resolve(desk.session, area(desk.session, "FL-XF-5-1"), Slots(building="3", unit="2"))
    assert found.area == home


def test_one_building_number_stands_in_two_estates_so_that_one_has_to_be_asked(cast: Cast, desk: Desk) -> None:
    found = places.resolve(desk.session, area(desk.session, "FL"), Slots(building="1"))
    assert len(found.candidates) == 2


def test_everybody_known_has_an_account_on_both_channels_and_a_private_chat(cast: Cast, desk: Desk) -> None:
    session = desk.session
    known = session.exec(select(Person)).all()
    for channel in ("wechat", "onebot"):
        owners = session.exec(select(Account.person_id).where(Account.channel == channel)).all()
        assert sorted(owner or 0 for owner in owners) == sorted(person.id for person in known)
    private = session.exec(select(Chat).where(Chat.kind == ChatKind.PRIVATE)).all()
    assert len(private) == len(known)
    assert all(chat.channel == "wechat" and chat.account_id for chat in private)
    assert session.exec(select(func.count()).select_from(BindingCode)).one() == 0


def test_somebody_and_one_group_are_unknown_to_the_service(cast: Cast, desk: Desk) -> None:
    users = set(desk.session.exec(select(Account.user_id)))
    assert [actor.id for actor in cast.people if actor.accounts["wechat"] not in users] == ["xiao-yang"]
    groups = set(desk.session.exec(select(Chat.external_id)))
    assert [stage.id for stage in cast.chats if stage.id not in groups] == ["g-hy-6-2"]


def test_each_community_has_a_leaders_and_a_staff_chat(cast: Cast, desk: Desk) -> None:
    for code in ("FL", "YX"):
        kinds = desk.session.exec(select(Chat.kind).where(Chat.area_id == area(desk.session, code).id)).all()
        assert sorted(kinds) == [ChatKind.LEADERS, ChatKind.STAFF]


def test_one_of_the_staff_may_sign_in_for_the_whole_subdistrict(cast: Cast, desk: Desk) -> None:
    user = desk.session.exec(select(User)).one()
    assert user.name == sample.STAFF_USER
    today = desk.now.astimezone(desk.settings.zone).date()
    assert people.may(desk.session, user.person_id, area(desk.session, "YX"), {Role.ADMINISTRATOR}, today)


def test_nobody_in_the_sample_can_be_rung(cast: Cast, desk: Desk) -> None:
    session = desk.session
    phones = [*session.exec(select(Person.phone)), *session.exec(select(Organisation.phone))]
    for numbers in session.exec(select(Area.phones)):
        phones += numbers.values()
    assert phones
    assert all(phone is not None and phone.startswith("000-") for phone in phones)


def test_a_second_start_changes_nothing_and_gives_the_same_cast(cast: Cast, desk: Desk) -> None:
    before = [person.model_dump() for person in desk.session.exec(select(Person).order_by(col(Person.id)))]
    assert sample.create(desk) == cast
    desk.session.expire_all()
    assert [person.model_dump() for person in desk.session.exec(select(Person).order_by(col(Person.id)))] == before


def test_a_database_with_something_else_in_it_is_left_alone(desk: Desk) -> None:
    desk.session.add(Area(level=Level.COMMUNITY, code="X", name="真的社区", path="/1/"))
    desk.session.flush()
    assert sample.create(desk) is None
    assert desk.session.exec(select(func.count()).select_from(Area)).one() == 1


def test_the_sample_is_a_roster_without_a_fault(desk: Desk) -> None:
    rows = sample.rows(desk.now.date() + timedelta(days=1))
    assert check(rows, NOTHING) == []
    assert warn(rows) == []


def test_the_stand_in_takes_the_cast_as_it_is() -> None:
    told = json.loads(json.dumps(sample.cast().to_standin()))
    channels = {"wechat": {"kind": "wechat", "token": "t"}, "onebot": {"kind": "onebot", "secret": "s"}}
    config = Config.model_validate({"hook_base": "http://127.0.0.1:1", "channels": channels, **told})
    assert len(config.people) == len(told["people"])
    wang = next(person for person in config.people if person.id == "wang-ayi")
    assert (wang.account("wechat"), wang.account("onebot")) == ("o-wang-ayi", "u-wang-ayi")
    group = next(chat for chat in config.chats if chat.id == "g-xf-3-2")
    assert {"wang-ayi", "li-shu", "zhou-jie", "he-shu", "ma-shifu"} <= set(group.members)
    assert "周大姐" in {person.name for person in config.people}


def test_whose_phones_are_shown_first_are_a_resident_a_leader_a_neighbour_and_staff() -> None:
    told = sample.cast()
    parts = {actor.id: actor.part for actor in told.people}
    assert [parts[phone] for phone in told.phones] == ["resident", "leader", "resident", "staff"]
