"""The town every story is told in: 幸福社区, one estate, two buildings."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bot import services as building
from bot.bell import Bell
from bot.settings import Settings
from intents.understanding import Understanding, load
from models import ChatKind, Level, Role, Slot
from tests.conftest import NOTHING, Founded, StandingClock
from tests.stories.town import MONDAY, FakeChannel, Town

PHONES = {"gas": "000-1111", "lift": "000-2222", "property_night": "000-3333", "staff_duty": "000-4444"}


def settings(database: str, folder: Path) -> Settings:
    return Settings.model_validate(
        {
            "database": {"url": database},
            "data": folder,
            "phones": PHONES,
            "channels": {
                "oa": {"kind": "wechat", "area": "XF", "mode": "plain", "token": "a-token-for-stories"},
                "bridge": {"kind": "onebot", "area": "XF", "secret": "a-secret-for-stories"},
            },
        }
    )


@lru_cache(maxsize=1)
def understood() -> Understanding:
    """The shipped keywords, loaded once a run: it takes a second, and a thousand stories are told."""
    return load(building.KEYWORDS)


def build(database: str, folder: Path, *, pushes: bool = True) -> Town:
    channels = {
        "oa": FakeChannel("oa", answers_passively=True, pushes=pushes, hears_groups=False, whispers=False),
        "bridge": FakeChannel("bridge", answers_passively=False, pushes=True, hears_groups=True, whispers=True),
    }
    services = building.build(
        settings(database, folder), now=StandingClock(MONDAY), bell=Bell(None), understanding=understood()
    )
    return Town(replace(services, channels=channels), channels)


def people(town: Town, *, groups: bool = True, bridge: bool = True) -> None:
    """幸福社区 > 幸福里 > 第一网格 > 3栋, 5栋 > units; a leaders' and a staff chat where there are groups."""
    town.area("QH", Level.SUBDISTRICT, "青禾街道")
    town.area("XF", Level.COMMUNITY, "幸福社区", "QH")
    town.area("XFL", Level.ESTATE, "幸福里", "XF")
    town.area("W1", Level.GRID, "第一网格", "XFL")
    town.area("B3", Level.BUILDING, "3栋", "W1", "3")
    town.area("B3U1", Level.UNIT, "1单元", "B3", "1")
    town.area("B3U2", Level.UNIT, "2单元", "B3", "2", aliases=["超市楼上"])
    town.area("B5", Level.BUILDING, "5栋", "W1", "5")
    town.area("B5U1", Level.UNIT, "1单元", "B5", "1")
    town.person("李姐", (Role.UNIT_LEADER, "B3U2", Slot.A), bridge=bridge)
    town.person("陈副", (Role.UNIT_LEADER, "B3U2", Slot.B), bridge=bridge)
    town.person("周叔", (Role.UNIT_LEADER, "B5U1", Slot.A), bridge=bridge)
    town.person("网格刘", (Role.GRID_LEADER, "W1", Slot.A), bridge=bridge)
    town.person("社工小邹", (Role.STAFF, "XF", Slot.A), bridge=bridge)
    town.person("书记", (Role.SECRETARY, "XF", Slot.A), bridge=bridge)
    town.person("值班员", (Role.DUTY, "XF", Slot.A), bridge=bridge)
    town.person("物业邓工", (Role.PROPERTY, "XFL", Slot.A), bridge=bridge)
    town.person("调解员老何", (Role.MEDIATOR, "XF", Slot.A), bridge=bridge)
    town.person("志愿者小马", (Role.VOLUNTEER, "XF", Slot.A), bridge=bridge)
    town.person("王阿姨", home="B3U2", phone="13800001111", bridge=bridge)
    town.person("张伯", home="B3U2", bridge=bridge)
    if groups:
        town.group("3栋2单元群", ChatKind.RESIDENTS, "B3U2")
        town.group("5栋群", ChatKind.RESIDENTS, "B5")
        town.group("单元长群", ChatKind.LEADERS, "XF")
        town.group("社工群", ChatKind.STAFF, "XF")


@pytest.fixture
def sqlite(lasting_sqlite: str) -> str:
    return lasting_sqlite


@pytest.fixture
def founding(request: pytest.FixtureRequest) -> tuple[str, Callable[[str], Any]]:
    """A thousand stories begin in the same town; a file with a town of its own founds that itself."""
    if hasattr(request.module, "town"):
        return NOTHING
    if "town" in request.fixturenames:
        return "town", lambda url: found(url, Path(request.config.rootpath), pushes=True, groups=True)
    if "plain_town" in request.fixturenames:
        return "plain_town", lambda url: found(url, Path(request.config.rootpath), pushes=False, groups=False)
    return NOTHING


def found(url: str, folder: Path, *, pushes: bool, groups: bool) -> dict[str, int]:
    """The town's people in an empty database; returns the ids of its areas."""
    town = build(url, folder, pushes=pushes)
    people(town, groups=groups, bridge=groups)
    town.services.engine.dispose()
    return town.areas


@pytest.fixture
def town(founded: Founded, tmp_path: Path) -> Iterator[Town]:
    """Groups through a bridge, an Official Account that pushes."""
    built = build(founded.url, tmp_path)
    built.areas = founded.known
    yield built
    built.services.engine.dispose()


@pytest.fixture
def plain_town(founded: Founded, tmp_path: Path) -> Iterator[Town]:
    """No bridge and no group: an unverified Official Account that can only answer."""
    built = build(founded.url, tmp_path, pushes=False)
    built.areas = founded.known
    yield built
    built.services.engine.dispose()
