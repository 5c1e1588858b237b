"""A street of 240,000 people: its areas, who holds which post, residents with private chats, and two who sign in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import accounts, passwords
from bot.desk import Desk
from models import Account, Area, Chat, ChatKind, Community, Level, Person, Post, Role, User

COMMUNITIES, ESTATES, BUILDINGS, UNITS = 12, 4, 20, 3  # of each, in the one above
RESIDENTS = 20_000  # who have ever written
CHANNEL = "wechat"
PASSWORD = "第三盏路灯下面的梧桐树"  # noqa: S105 - of a database that is thrown away
SOCIAL_WORKER, STREET_OFFICE = "小陈", "街道小郑"


@dataclass(frozen=True)
class Home:
    """A unit in which tickets arise: where it is, and whose it is."""

    community_id: int
    community_code: str
    area_id: int
    building: str
    unit: str
    leader_post_id: int
    staff_post_id: int


@dataclass
class Street:
    """What tickets are filled in with."""

    homes: list[Home]
    residents: int


def lay(desk: Desk) -> Street:
    """The street in an empty database. The accounts' ids run from 1 to `residents`, and so do their chats'."""
    session = desk.session
    top = _area(session, None, Level.SUBDISTRICT, "street", "和平街道", None)
    homes: list[Home] = []
    for number in range(1, COMMUNITIES + 1):
        area = _area(session, top, Level.COMMUNITY, f"c{number}", f"和平{number}社区", None)
        community = Community(area_id=area.id, code=f"C{number}")
        session.add(community)
        staff = _post(desk, f"社工{number}", Role.STAFF, area)
        session.flush()
        homes.extend(_homes(desk, community, area, staff))
        if number == 1:
            _may_sign_in(desk, SOCIAL_WORKER, Role.STAFF, area)
    _may_sign_in(desk, STREET_OFFICE, Role.SECRETARY, top)
    _residents(session, homes, desk.now)
    return Street(homes, RESIDENTS)


def _homes(desk: Desk, community: Community, area: Area, staff: Post) -> Iterator[Home]:
    for estate_number in range(1, ESTATES + 1):
        estate = _area(desk.session, area, Level.ESTATE, f"{area.code}-e{estate_number}", f"{estate_number}号院", None)
        for building_number in range(1, BUILDINGS + 1):
            label = str(building_number)
            building = _area(desk.session, estate, Level.BUILDING, f"{estate.code}-{label}", f"{label}栋", label)
            leader = _post(desk, f"{estate.code}的{label}栋长", Role.BUILDING_LEADER, building)
            for unit_number in range(1, UNITS + 1):
                unit = str(unit_number)
                place = _area(desk.session, building, Level.UNIT, f"{building.code}-{unit}", f"{unit}单元", unit)
                yield Home(community.id, community.code, place.id, label, unit, leader.id, staff.id)


def _area(session: Session, above: Area | None, level: Level, code: str, name: str, label: str | None) -> Area:
    area = Area(parent_id=above.id if above else None, level=level, code=code, name=name, label=label)
    session.add(area)
    session.flush()
    area.path = f"{above.path if above else '/'}{area.id}/"
    return area


def _post(desk: Desk, name: str, role: Role, area: Area) -> Post:
    person = Person(name=name)
    desk.session.add(person)
    desk.session.flush()
    post = Post(person_id=person.id, role=role, area_id=area.id, starts_on=(desk.now - timedelta(days=800)).date())
    desk.session.add(post)
    desk.session.flush()
    return post


def _may_sign_in(desk: Desk, name: str, role: Role, area: Area) -> None:
    post = _post(desk, name, role, area)
    user = User(person_id=post.person_id, name=name)
    desk.session.add(user)
    desk.session.flush()
    accounts.set_password(desk, user, passwords.hash_of(PASSWORD))


def _residents(session: Session, homes: list[Home], now: datetime) -> None:
    people: list[dict[str, Any]] = []
    chats: list[dict[str, Any]] = []
    for number in range(1, RESIDENTS + 1):
        home, name = homes[number * 7 % len(homes)], f"o{number:07}"
        people.append({"id": number, "channel": CHANNEL, "user_id": name, "display_name": f"住户{number}",
                       "area_id": home.area_id, "created_at": now})  # fmt: skip
        chats.append({"id": number, "channel": CHANNEL, "external_id": name, "kind": ChatKind.PRIVATE,
                      "account_id": number, "created_at": now, "last_heard_at": now})  # fmt: skip
    session.bulk_insert_mappings(Account.__mapper__, people)  # type: ignore[attr-defined]  # SQLModel hides the mapper
    session.bulk_insert_mappings(Chat.__mapper__, chats)  # type: ignore[attr-defined]  # as above
