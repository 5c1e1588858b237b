"""The throw-away community a chat is rehearsed in: one estate, one group, its people and their posts.

The tables and the tree are made once; each chat gets a copy of that file, so nothing of one is known in the next.
"""

import shutil
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, select

from bot import places
from bot.rehearse import words
from bot.rehearse.channel import NAME
from bot.rehearse.scene import Part, Participant, Scene
from models import Account, Area, Chat, ChatKind, Community, Level, Person, Post, Role, Slot, db

COMMUNITY = "PY"
BUILDINGS, UNITS = 30, 4  # what people name beside their own: 5栋, 12栋3单元
LONG_AGO = date(2000, 1, 1)  # every post is in force, whenever the chat took place
ABOVE = "above"  # the user id of the one who stands above everybody and never speaks


def template(folder: Path) -> Path:
    """A migrated database in `folder` with the estate and nobody in it."""
    file = folder / "template.sqlite3"
    db.migrate(_url(file))
    engine = db.connect(_url(file), "NORMAL")
    try:
        with Session(engine) as session:
            _estate(session)
            session.commit()
    finally:
        engine.dispose()
    return file


def copy(file: Path, folder: Path, number: int) -> str:
    """A database of its own for one chat. Returns its URL."""
    own = folder / f"{number}.sqlite3"
    shutil.copyfile(file, own)
    return _url(own)


def people(session: Session, scene: Scene, now: datetime) -> None:
    """The group, bound to its building and unit, and everybody in it."""
    area = _home(session, scene)
    estate, community = places.ancestor(session, area, Level.ESTATE), places.community_of(session, area)
    if estate is None or community is None:
        raise LookupError("not a database that template() made")
    session.add(
        Chat(
            channel=NAME,
            external_id=scene.chat_id,
            kind=ChatKind.RESIDENTS,
            name=scene.group[:100],
            area_id=area.id,
            created_at=now,
        )
    )
    held = {
        Part.LEADER: (Role.UNIT_LEADER, area.id),
        Part.PROPERTY: (Role.PROPERTY, estate.id),
        Part.STAFF: (Role.STAFF, community.area_id),
    }
    taken: set[Role] = set()
    for one in scene.participants:
        if one.part == Part.RESIDENT:
            _somebody(session, one, area, now)
            continue
        role, where = held[one.part]
        _hold(session, _somebody(session, one, area, now, written=True), role, where, second=role in taken)
        taken.add(role)
    above = Participant(_free(scene), Part.STAFF, words.ABOVE)
    _hold(session, _somebody(session, above, None, now, written=True), Role.SECRETARY, community.area_id, second=False)


def _url(file: Path) -> str:
    return f"sqlite:///{file.resolve()}"


def _estate(session: Session) -> None:
    top = _area(session, None, Level.SUBDISTRICT, "S", words.SUBDISTRICT)
    community = _area(session, top, Level.COMMUNITY, "C", words.COMMUNITY)
    session.add(Community(area_id=community.id, code=COMMUNITY))
    estate = _area(session, community, Level.ESTATE, "E", words.ESTATE)
    for number in range(1, BUILDINGS + 1):
        building = _building(session, estate, str(number))
        for unit in range(1, UNITS + 1):
            _unit(session, building, str(unit))


def _home(session: Session, scene: Scene) -> Area:
    """What the group belongs to: its unit, else its building, else the estate. What is not there yet is made."""
    estate = session.exec(select(Area).where(Area.code == "E")).one()
    if scene.building is None:
        return estate
    found = session.exec(select(Area).where(Area.code == f"E-{scene.building}")).first()
    building = found or _building(session, estate, scene.building)
    if scene.unit is None:
        return building
    unit = session.exec(select(Area).where(Area.code == f"{building.code}-{scene.unit}")).first()
    return unit or _unit(session, building, scene.unit)


def _building(session: Session, estate: Area, label: str) -> Area:
    name = words.BUILDING.format(label=label)
    return _area(session, estate, Level.BUILDING, f"{estate.code}-{label}", name, label)


def _unit(session: Session, building: Area, label: str) -> Area:
    return _area(session, building, Level.UNIT, f"{building.code}-{label}", words.UNIT.format(label=label), label)


def _area(session: Session, parent: Area | None, level: Level, code: str, name: str, label: str | None = None) -> Area:
    area = Area(parent_id=parent.id if parent else None, level=level, code=code[:64], name=name[:100], label=label)
    session.add(area)
    session.flush()
    area.path = f"{parent.path if parent else '/'}{area.id}/"
    return area


def _somebody(session: Session, one: Participant, area: Area | None, now: datetime, *, written: bool = False) -> Person:
    """A person with an account. written: they have a private chat already, as whoever holds a post has."""
    person = Person(name=one.name[:100], area_id=area.id if area else None)
    session.add(person)
    session.flush()
    account = Account(
        channel=NAME,
        user_id=one.user_id,
        person_id=person.id,
        area_id=person.area_id,
        display_name=one.name[:100],
        created_at=now,
    )
    session.add(account)
    session.flush()
    if written:
        session.add(
            Chat(
                channel=NAME,
                external_id=one.user_id,
                kind=ChatKind.PRIVATE,
                account_id=account.id,
                created_at=now,
            )
        )
    return person


def _hold(session: Session, person: Person, role: Role, area_id: int, *, second: bool) -> None:
    session.add(
        Post(
            person_id=person.id,
            role=role,
            area_id=area_id,
            slot=Slot.B if second else Slot.A,
            starts_on=LONG_AGO,
        )
    )


def _free(scene: Scene) -> str:
    """A user id that nobody in the chat has."""
    known = {one.user_id for one in scene.participants} | {event.user_id for event in scene.events}
    name = ABOVE
    while name in known:
        name += "_"
    return name
