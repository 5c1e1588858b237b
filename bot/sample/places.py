"""The invented subdistrict: its areas, companies and groups. No such place exists, and no phone of it can be rung."""

from bot.roster.rows import AreaRow, ChatRow, OrganisationRow
from bot.roster.words import OrganisationKind
from models import ChatKind, Level

SUBDISTRICT = "QH"
SUBDISTRICT_NAME = "青禾街道（示例）"
GROUPS = "onebot"  # the channel that hears groups
PRIVATE = "wechat"  # the Official Account

# Twelve units: estate's code, building's code (under its grid), label, units.
BUILDINGS = (
    ("FL-XF", "FL-XF-G1", "1", ("1", "2")),
    ("FL-XF", "FL-XF-G1", "3", ("1", "2")),
    ("FL-XF", "FL-XF-G2", "5", ("1", "2")),
    ("FL-TY", "FL-TY-G1", "1", ("1", "2")),
    ("YX-HY", "YX-HY-G1", "2", ("1", "2")),
    ("YX-HY", "YX-HY-G1", "6", ("1", "2")),
)
ALIASES = {"FL-XF-1": ("超市楼上",), "FL-XF-5": ("幼儿园旁边",)}

# A group that the bot was taken into and nobody has told us about: it can be bound by a code.
UNBOUND_GROUP = ("YX-HY-6-2", "g-hy-6-2", "和园6栋2单元邻里群（新）")

_ABOVE = (
    AreaRow(SUBDISTRICT, Level.SUBDISTRICT, SUBDISTRICT_NAME),
    AreaRow(
        "FL", Level.COMMUNITY, "枫林社区", SUBDISTRICT,
        gas="000-1001", lift="000-1002", property_night="000-1003", staff_duty="000-1004",
    ),
    AreaRow("FL-XF", Level.ESTATE, "幸福里", "FL"),
    AreaRow("FL-XF-G1", Level.GRID, "第一网格", "FL-XF"),
    AreaRow("FL-XF-G2", Level.GRID, "第二网格", "FL-XF"),
    AreaRow("FL-XF-DM", Level.PLACE, "东门", "FL-XF"),
    AreaRow("FL-XF-CS", Level.PLACE, "吉祥超市", "FL-XF"),
    AreaRow("FL-TY", Level.ESTATE, "桃园", "FL", lift="000-1005"),
    AreaRow("FL-TY-G1", Level.GRID, "第三网格", "FL-TY"),
    AreaRow(
        "YX", Level.COMMUNITY, "云溪社区", SUBDISTRICT,
        gas="000-2001", lift="000-2002", property_night="000-2003", staff_duty="000-2004",
    ),
    AreaRow("YX-HY", Level.ESTATE, "和园", "YX"),
    AreaRow("YX-HY-G1", Level.GRID, "和园网格", "YX-HY"),
    AreaRow("YX-HY-GC", Level.PLACE, "小广场", "YX-HY"),
)  # fmt: skip

ORGANISATIONS = (
    OrganisationRow("WY-FL", "安禾物业（示例）", OrganisationKind.PROPERTY, "FL", "000-3001"),
    OrganisationRow("WY-YX", "和顺物业（示例）", OrganisationKind.PROPERTY, "YX", "000-3002"),
)


def areas() -> tuple[AreaRow, ...]:
    """All areas, parents first."""
    rows = list(_ABOVE)
    for estate, grid, label, units in BUILDINGS:
        building = f"{estate}-{label}"
        rows.append(AreaRow(building, Level.BUILDING, f"{label}栋", grid, label, ALIASES.get(building)))
        rows += [AreaRow(f"{building}-{unit}", Level.UNIT, f"{unit}单元", building, unit) for unit in units]
    return tuple(rows)


def units() -> tuple[str, ...]:
    """The codes of the units."""
    return tuple(row.code for row in areas() if row.level == Level.UNIT)


def group_of(unit: str) -> str:
    """The chat id of a unit's group: g-xf-3-2 for FL-XF-3-2."""
    return f"g-{unit.partition('-')[2].lower()}"


def group_name(unit: str) -> str:
    """幸福里3栋2单元邻里群."""
    estate, building, number = unit.rsplit("-", 2)
    name = next(row.name for row in _ABOVE if row.code == estate)
    return f"{name}{building}栋{number}单元邻里群"


def chats() -> tuple[ChatRow, ...]:
    """The groups that are bound: every unit's but one, a leaders' and a staff's in each community."""
    residents = [
        ChatRow(GROUPS, group_of(unit), ChatKind.RESIDENTS, unit, group_name(unit))
        for unit in units()
        if unit != UNBOUND_GROUP[0]
    ]
    office = [
        ChatRow(GROUPS, f"g-{code.lower()}-{kind.value}", kind, code, f"{name}{said}")
        for code, name in (("FL", "枫林社区"), ("YX", "云溪社区"))
        for kind, said in ((ChatKind.LEADERS, "单元长群"), (ChatKind.STAFF, "工作群"))
    ]
    return (*residents, *office)
