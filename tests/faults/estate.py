"""A fictional estate of sixty units for the fault tests: its roster, its configuration, its platforms."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot import roster, services
from bot import settings as configuration
from bot.roster.rows import AccountRow, AreaRow, ChatRow, PersonRow, PostRow, Roster
from bot.settings import Settings
from models import ChatKind, Level, Role, Slot, db
from standin.config import Channel, Chat, Config

BUILDINGS, UNITS = 20, 3
COMMUNITY = "MX"
SECRETS = {
    "WECHAT_APPID": "wx00fau1tte5t0000",
    "WECHAT_TOKEN": "fault-tests-own-token",
    "WECHAT_AES_KEY": "fau1tTestsAesKey0123456789abcdefghijklmnopq",
    "WECHAT_SECRET": "fault-tests-own-appsecret",
    "ONEBOT_SECRET": "fault-tests-own-onebot-secret",
    "ONEBOT12_TOKEN": "fault-tests-own-onebot12-token",
    "WEBHOOK_SECRET": "fault-tests-own-webhook-secret",
}
# No silent hours: what is owed is sent whatever the time of day the tests run at. And no storm, although three hundred
# matters in a few seconds are one: every ticket must be seen to have its own receipt and card.
CONFIG = """
[hours]
silent_from = 03:00:00
silent_to = 03:00:00
[storm]
reports = 1000000
[channels.wechat]
kind = "wechat"
area = "MX"
mode = "safe"
[channels.onebot]
kind = "onebot"
area = "MX"
[channels.onebot12]
kind = "onebot12"
area = "MX"
[channels.webhook]
kind = "webhook"
area = "MX"
"""


@dataclass(frozen=True)
class Unit:
    """One stairwell and the group of those who live there."""

    building: int
    number: int

    @property
    def code(self) -> str:
        return f"MX-{self.building}-{self.number}"

    @property
    def group(self) -> str:
        return f"g-{self.building}-{self.number}"

    @property
    def name(self) -> str:
        return f"{self.building}栋{self.number}单元"


def units() -> list[Unit]:
    return [Unit(building, number) for building in range(1, BUILDINGS + 1) for number in range(1, UNITS + 1)]


def platforms(hook_base: str = "http://127.0.0.1:9") -> Config:
    """What the stand-in platforms are told: the same secrets, every group."""
    secret = SECRETS
    return Config(
        hook_base=hook_base,
        channels={
            "wechat": Channel(
                kind="wechat",
                appid=secret["WECHAT_APPID"],
                token=secret["WECHAT_TOKEN"],
                aes_key=secret["WECHAT_AES_KEY"],
                secret=secret["WECHAT_SECRET"],
                mode="safe",
                strangers=True,  # the senders play everybody's callbacks
            ),
            "onebot": Channel(kind="onebot", secret=secret["ONEBOT_SECRET"]),
            "onebot12": Channel(kind="onebot12", token=secret["ONEBOT12_TOKEN"]),
            "webhook": Channel(kind="webhook", secret=secret["WEBHOOK_SECRET"]),
        },
        chats=tuple(Chat(id=row.chat, name=row.name or row.chat, channel="onebot") for row in _groups()),
    )


def environ(standin: str) -> dict[str, str]:
    """What the service's processes get of the channels. standin: the address of the stand-in platforms."""
    bases = {
        "WECHAT_API_BASE": f"{standin}/wechat",
        "ONEBOT_API_BASE": f"{standin}/onebot",
        "ONEBOT12_API_BASE": f"{standin}/onebot12",
        "WEBHOOK_URL": f"{standin}/webhook",
    }
    return {**SECRETS, **bases}


def lay(folder: Path, variables: Mapping[str, str]) -> tuple[Path, Settings]:
    """Write the configuration, make the database and import the roster. Returns the file and the settings."""
    file = folder / "config.toml"
    file.write_text(CONFIG, encoding="utf-8")
    settings = configuration.load(file, folder, variables)
    db.migrate(services.database_url(settings))
    with services.at_desk(settings) as desk:
        roster.apply(desk, rows(desk.now.date()))
    return file, settings


def standin_environ(config: Config) -> dict[str, str]:
    return {"STANDIN_CONFIG": json.dumps(config.model_dump(mode="json"), ensure_ascii=False)}


def rows(today: date) -> Roster:
    """A leader a building with a deputy next door, a leaders' group for every two buildings, an office."""
    since = today - timedelta(days=30)
    people = [PersonRow(f"l{number}", f"单元长{number}") for number in range(1, BUILDINGS + 1)]
    people += [PersonRow(f"o-{role.value}", f"社区{role.value}") for role in _OFFICE]
    posts = [PostRow(f"l{unit.building}", Role.UNIT_LEADER, unit.code, since) for unit in units()]
    posts += [
        PostRow(f"l{unit.building % BUILDINGS + 1}", Role.UNIT_LEADER, unit.code, since, slot=Slot.B)
        for unit in units()
    ]
    posts += [PostRow(f"o-{role.value}", role, COMMUNITY, since) for role in _OFFICE]
    accounts = [AccountRow(person.code, "onebot", f"u-{person.code}") for person in people]
    return Roster(tuple(_areas()), (), tuple(_groups()), tuple(people), tuple(accounts), tuple(posts))


_OFFICE = (Role.STAFF, Role.SECRETARY, Role.DUTY, Role.MEDIATOR)


def _areas() -> Iterator[AreaRow]:
    yield AreaRow("SUB", Level.SUBDISTRICT, "木星街道（示例）")
    yield AreaRow(COMMUNITY, Level.COMMUNITY, "木星社区", "SUB")
    yield AreaRow("MX-E", Level.ESTATE, "木星里", COMMUNITY)
    for grid in range((BUILDINGS + 1) // 2):
        yield AreaRow(f"MX-G{grid}", Level.GRID, f"第{grid + 1}网格", "MX-E")
    for building in range(1, BUILDINGS + 1):
        yield AreaRow(f"MX-{building}", Level.BUILDING, f"{building}栋", f"MX-G{(building - 1) // 2}", str(building))
        for number in range(1, UNITS + 1):
            yield AreaRow(f"MX-{building}-{number}", Level.UNIT, f"{number}单元", f"MX-{building}", str(number))


def _groups() -> Iterator[ChatRow]:
    for unit in units():
        yield ChatRow("onebot", unit.group, ChatKind.RESIDENTS, unit.code, f"{unit.name}邻里群")
    for grid in range((BUILDINGS + 1) // 2):
        yield ChatRow("onebot", f"g-leaders-{grid}", ChatKind.LEADERS, f"MX-G{grid}", f"第{grid + 1}网格单元长群")
    yield ChatRow("onebot", "g-staff", ChatKind.STAFF, COMMUNITY, "社区工作群")
