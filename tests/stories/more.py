"""More of the town, for the stories of test_more_*.py and the tests of the core: quick to build, on SQLite."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlmodel import select

from bot import services as building
from bot.bell import Bell
from intents.understanding import Understanding
from models import Account, Area, Chat, ChatKind, Level, Person, Post, Role, Slot
from tests.conftest import StandingClock
from tests.stories.conftest import people, settings
from tests.stories.town import MONDAY, FakeChannel, Town

GROUP = "3栋2单元群"
LEADERS = "单元长群"
STAFF = "社工群"
_BUILT: dict[bool, tuple[bytes, dict[str, int]]] = {}  # with groups or without: the file, and the areas by code


def quick_town(
    database: str, folder: Path, understanding: Understanding, *, pushes: bool = True, groups: bool = True
) -> Town:
    """The town of the stories with an understanding that is loaded already. pushes False: an unverified account."""
    channels = {
        "oa": FakeChannel("oa", answers_passively=True, pushes=pushes, hears_groups=False, whispers=False),
        "bridge": FakeChannel("bridge", answers_passively=False, pushes=True, hears_groups=True, whispers=True),
    }
    services = building.build(
        settings(database, folder), now=StandingClock(MONDAY), bell=Bell(None), understanding=understanding
    )
    town = Town(replace(services, channels=channels), channels)
    _move_in(town, Path(database.removeprefix("sqlite:///")), groups=groups)
    return town


def _move_in(town: Town, file: Path, *, groups: bool) -> None:
    """Lay in the people once in a run; every further town begins with a copy of that file."""
    if groups in _BUILT:
        content, areas = _BUILT[groups]
        file.write_bytes(content)
        town.areas.update(areas)
        return
    people(town, groups=groups, bridge=groups)
    town.services.engine.dispose()  # the last connection that closes leaves everything in the one file
    assert not file.with_name(file.name + "-wal").exists()
    _BUILT[groups] = (file.read_bytes(), dict(town.areas))


def second_community(town: Town) -> None:
    """云溪社区 in the same subdistrict: its own 3栋, leader, staff and group, so its own #1."""
    town.area("YX", Level.COMMUNITY, "云溪社区", "QH")
    town.area("HY", Level.ESTATE, "和园", "YX")
    town.area("HB3", Level.BUILDING, "3栋", "HY", "3")
    town.area("HB3U2", Level.UNIT, "2单元", "HB3", "2")
    town.person("秦姐", (Role.UNIT_LEADER, "HB3U2", Slot.A))
    town.person("社工小吴", (Role.STAFF, "YX", Slot.A))
    town.person("丁哥", home="HB3U2")
    town.group("和园3栋群", ChatKind.RESIDENTS, "HB3U2")
    town.group("云溪社工群", ChatKind.STAFF, "YX")


def no_post(town: Town, name: str) -> None:
    """The person's posts ended long ago."""
    with town.services.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        for post in session.exec(select(Post).where(Post.person_id == person.id)):
            post.ends_on = date(2026, 8, 1)


def chat_of(town: Town, external_id: str) -> Chat:
    with town.services.reading() as session:
        return session.exec(select(Chat).where(Chat.external_id == external_id)).one()


def account_of(town: Town, user_id: str) -> Account:
    with town.services.reading() as session:
        return session.exec(select(Account).where(Account.user_id == user_id)).one()


def area_of(town: Town, code: str) -> Area:
    with town.services.reading() as session:
        return session.exec(select(Area).where(Area.code == code)).one()
