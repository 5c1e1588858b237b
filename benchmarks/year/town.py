"""The invented town of the year: four communities with everybody who has an office in one, and their neighbours.

The first two have all their groups, the third has no leaders' group, the fourth no group at all (all is in private).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from sqlmodel import col, select

from bot import roster
from bot.desk import Desk
from bot.roster.rows import (
    AccountRow,
    AreaRow,
    ChatRow,
    OrganisationRow,
    PersonRow,
    PostRow,
    Roster,
    ShiftRow,
)
from bot.roster.words import OrganisationKind
from models import Account, Chat, ChatKind, Level, Role, Skill, Slot

PRIVATE, GROUPS = "oa", "bridge"  # the channels: an Official Account, and a bridge that is in the groups
NAMES = ("枫林", "柳堤", "槐荫", "桂苑")  # the communities
BUILDINGS, UNITS_EACH, RESIDENTS_EACH = 3, 2, 4
WITHOUT_DEPUTY = 3  # every third unit has no deputy leader
SINCE = timedelta(days=40)
NIGHT, DAY = (time(18), time(8)), (time(8), time(18))

Office = tuple[str, str, Role, str, Slot]  # user, name, role, area, A or B


@dataclass(frozen=True)
class Unit:
    """One stairwell: where it is, and in which groups its neighbours talk."""

    community: int
    building: int
    number: int

    @property
    def code(self) -> str:
        return f"Y{self.community}-{self.building}-{self.number}"

    @property
    def words(self) -> str:
        """As a neighbour says it."""
        return f"{self.building}栋{self.number}单元"

    @property
    def group(self) -> str | None:
        """The group of its building; every third building has none, the last community has none at all."""
        last = self.community == len(NAMES) - 1
        return None if last or self.building == BUILDINGS else f"g-Y{self.community}-{self.building}"

    def residents(self) -> list[str]:
        """The user ids of its neighbours, the same on both channels."""
        return [f"r-{self.code}-{n}" for n in range(1, RESIDENTS_EACH + 1)]


@dataclass
class Town:
    """Who is who. offices: every person with a post, by user id (one post each)."""

    units: list[Unit] = field(default_factory=list)
    offices: dict[str, Office] = field(default_factory=dict)

    @classmethod
    def make(cls) -> "Town":
        town = cls([Unit(c, b, n) for c in range(len(NAMES)) for b in range(1, BUILDINGS + 1)
                    for n in range(1, UNITS_EACH + 1)])  # fmt: skip
        town.offices = {office[0]: office for office in _offices(town.units)}
        return town

    def holding(self, *roles: Role) -> list[str]:
        """The user ids of those who hold such a post."""
        return [user for user, office in self.offices.items() if office[2] in roles]


def lay(desk: Desk, town: Town, first: date) -> None:
    """Lay the town into an empty database, in the caller's transaction, with everybody in office before `first`."""
    roster.apply(desk, _rows(town, first - SINCE))
    for account in desk.session.exec(select(Account).where(col(Account.channel) == PRIVATE)).all():
        desk.session.add(
            Chat(
                channel=PRIVATE,
                external_id=account.user_id,
                kind=ChatKind.PRIVATE,
                account_id=account.id,
                created_at=desk.now,
                last_heard_at=desk.now,
            )
        )


def _offices(units: list[Unit]) -> Iterator[Office]:
    for n, unit in enumerate(units):
        yield f"l-{unit.code}-A", f"单元长{n}甲", Role.UNIT_LEADER, unit.code, Slot.A
        if n % WITHOUT_DEPUTY:
            yield f"l-{unit.code}-B", f"单元长{n}乙", Role.UNIT_LEADER, unit.code, Slot.B
    for c, _ in enumerate(NAMES):
        yield f"w-{c}", f"网格长{c}", Role.GRID_LEADER, f"Y{c}-W", Slot.A
        yield f"s-{c}-1", f"社工{c}甲", Role.STAFF, f"Y{c}", Slot.A
        yield f"s-{c}-2", f"社工{c}乙", Role.STAFF, f"Y{c}", Slot.B
        yield f"c-{c}", f"书记{c}", Role.SECRETARY, f"Y{c}", Slot.A
        yield f"d-{c}-1", f"值班{c}甲", Role.DUTY, f"Y{c}", Slot.A
        yield f"d-{c}-2", f"值班{c}乙", Role.DUTY, f"Y{c}", Slot.B
        yield f"p-{c}-1", f"物业{c}甲", Role.PROPERTY, f"Y{c}-E", Slot.A
        yield f"p-{c}-2", f"物业{c}乙", Role.PROPERTY, f"Y{c}-E", Slot.B
        yield f"m-{c}", f"调解员{c}", Role.MEDIATOR, f"Y{c}", Slot.A
        for n in range(1, 4):
            yield f"v-{c}-{n}", f"志愿者{c}{n}", Role.VOLUNTEER, f"Y{c}", Slot.A


def _rows(town: Town, since: date) -> Roster:
    offices = town.offices.values()
    residents = [(user, unit) for unit in town.units for user in unit.residents()]
    users = [office[0] for office in offices] + [user for user, _ in residents]
    everywhere = [(user, channel) for user in users for channel in (PRIVATE, GROUPS)]
    return Roster(
        areas=tuple(_areas(town)),
        organisations=tuple(
            OrganisationRow(f"Y{c}-P", f"{name}物业", OrganisationKind.PROPERTY, f"Y{c}-E")
            for c, name in enumerate(NAMES)
        ),
        chats=tuple(_groups(town)),
        people=(
            *(PersonRow(user, name, area=area) for user, name, _, area, _ in offices),
            *(PersonRow(user, f"邻居{user[2:]}", area=unit.code) for user, unit in residents),
        ),
        accounts=tuple(AccountRow(user, channel, user) for user, channel in everywhere),
        posts=tuple(_post(office, since) for office in offices),
        shifts=tuple(_shifts(since)),
    )


def _post(office: Office, since: date) -> PostRow:
    user, _, role, area, slot = office
    company = f"Y{user.split('-')[1]}-P" if role == Role.PROPERTY else None
    skills = (Skill.ERRANDS, Skill.COMPANY, Skill.CARRYING) if role == Role.VOLUNTEER else None
    return PostRow(user, role, area, since, company, slot, skills=skills)


def _shifts(since: date) -> Iterator[ShiftRow]:
    """By day the one duty officer, by night the other, every day of the year."""
    for c, _ in enumerate(NAMES):
        for n, (begins, ends) in ((1, DAY), (2, NIGHT)):
            yield ShiftRow(f"d-{c}-{n}", f"Y{c}", begins, ends, since)


def _groups(town: Town) -> Iterator[ChatRow]:
    for c, _ in enumerate(NAMES[:-1]):
        yield ChatRow(GROUPS, f"g-Y{c}-staff", ChatKind.STAFF, f"Y{c}")
        if c < 2:
            yield ChatRow(GROUPS, f"g-Y{c}-leaders", ChatKind.LEADERS, f"Y{c}")
    for group in dict.fromkeys(unit.group for unit in town.units if unit.group):
        yield ChatRow(GROUPS, group, ChatKind.RESIDENTS, group.removeprefix("g-"))


def _areas(town: Town) -> Iterator[AreaRow]:
    yield AreaRow("YQ", Level.SUBDISTRICT, "四时街道")
    for c, name in enumerate(NAMES):
        yield AreaRow(f"Y{c}", Level.COMMUNITY, f"{name}社区", "YQ", staff_duty="000-1004", gas="000-1001",
                      lift="000-1002", property_night="000-1003")  # fmt: skip
        yield AreaRow(f"Y{c}-E", Level.ESTATE, f"{name}里", f"Y{c}")
        yield AreaRow(f"Y{c}-W", Level.GRID, f"{name}第一网格", f"Y{c}-E")
        for building in range(1, BUILDINGS + 1):
            yield AreaRow(f"Y{c}-{building}", Level.BUILDING, f"{building}栋", f"Y{c}-W", str(building))
    for unit in town.units:
        above = f"Y{unit.community}-{unit.building}"
        yield AreaRow(unit.code, Level.UNIT, f"{unit.number}单元", above, str(unit.number))
