"""The invented town that is written to: one community, 120 units, each with a leader of its own."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import col, select

from bot import roster
from bot.desk import Desk
from bot.roster.rows import AccountRow, AreaRow, PersonRow, PostRow, Roster
from models import Account, Chat, ChatKind, Level, Role

COMMUNITY, ESTATE = "BM", "BM-E"
CHANNEL = "wechat"
BUILDINGS, UNITS_EACH, RESIDENTS_EACH = 40, 3, 3
SINCE = timedelta(days=30)

Unit = tuple[int, int]  # building, unit


def units() -> list[Unit]:
    """All units as (building, unit)."""
    return [(building, unit) for building in range(1, BUILDINGS + 1) for unit in range(1, UNITS_EACH + 1)]


def leader(unit: Unit) -> str:
    """The openid of a unit's leader."""
    return f"o-leader-{unit[0]}-{unit[1]}"


def residents(unit: Unit) -> list[str]:
    """The openids of a unit's residents. The service learns of them by what they write."""
    return [f"o-resident-{unit[0]}-{unit[1]}-{number}" for number in range(1, RESIDENTS_EACH + 1)]


def lay(desk: Desk) -> None:
    """Lay the town into an empty database, in the caller's transaction, with everybody in office."""
    roster.apply(desk, rows(desk.now.astimezone(desk.settings.zone).date()))
    for account in desk.session.exec(select(Account).where(col(Account.channel) == CHANNEL)).all():
        desk.session.add(
            Chat(
                channel=CHANNEL,
                external_id=account.user_id,
                kind=ChatKind.PRIVATE,
                account_id=account.id,
                created_at=desk.now,
            )
        )


def rows(today: date) -> Roster:
    """The town as a roster."""
    holders = [
        ("staff", "社工", Role.STAFF, COMMUNITY, "o-staff"),
        ("grid", "网格长", Role.GRID_LEADER, ESTATE, "o-grid"),
    ]
    holders += [
        (f"leader-{unit[0]}-{unit[1]}", f"单元长{unit[0]}-{unit[1]}", Role.UNIT_LEADER, code(unit), leader(unit))
        for unit in units()
    ]
    return Roster(
        areas=tuple(_areas()),
        people=tuple(PersonRow(person, name) for person, name, _, _, _ in holders),
        accounts=tuple(AccountRow(person, CHANNEL, openid) for person, _, _, _, openid in holders),
        posts=tuple(PostRow(person, role, area, today - SINCE) for person, _, role, area, _ in holders),
    )


def code(unit: Unit) -> str:
    """The area code of a unit."""
    return f"{ESTATE}-{unit[0]}-{unit[1]}"


def _areas() -> Iterator[AreaRow]:
    yield AreaRow("BM-Q", Level.SUBDISTRICT, "测量街道")
    yield AreaRow(COMMUNITY, Level.COMMUNITY, "测量社区", "BM-Q", staff_duty="000-1004")
    yield AreaRow(ESTATE, Level.ESTATE, "测量里", COMMUNITY)
    for building in range(1, BUILDINGS + 1):
        yield AreaRow(f"{ESTATE}-{building}", Level.BUILDING, f"{building}栋", ESTATE, str(building))
        for unit in range(1, UNITS_EACH + 1):
            yield AreaRow(code((building, unit)), Level.UNIT, f"{unit}单元", f"{ESTATE}-{building}", str(unit))
