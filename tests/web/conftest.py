"""The API's town, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Any

import pytest

from bot import services as building
from bot.bell import Bell
from bot.services import Services
from bot.settings import Settings
from intents.understanding import Understanding
from tests.conftest import Founded, StandingClock
from tests.web.world import World, application, settle

KNOWN = ("tokens", "people", "posts", "areas", "communities")


@pytest.fixture
def founding(
    request: pytest.FixtureRequest, understanding: Understanding
) -> tuple[str, Callable[[str], dict[str, Any]]] | None:
    """Every row of the matrix begins in the same town; a test without it begins in an empty one."""
    if "world" not in request.fixturenames:
        return None

    def found(url: str) -> dict[str, Any]:
        settings = Settings.model_validate({"database": {"url": url}, "data": request.config.rootpath})
        services = building.build(settings, now=StandingClock(), bell=Bell(None), understanding=understanding)
        world = World(services, application(services))
        settle(world)
        services.engine.dispose()
        return {name: getattr(world, name) for name in KNOWN}

    return "world", found


@pytest.fixture
def world(services: Services, founded: Founded) -> World:
    return World(services, application(services), **founded.known)
