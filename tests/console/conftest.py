"""The console on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.services import Services
from intents.understanding import Understanding
from tests.conftest import Founded
from tests.console.place import Place, build
from tests.web.world import World, application, founder


@pytest.fixture
def founding(
    request: pytest.FixtureRequest, understanding: Understanding
) -> tuple[str, Callable[[str], dict[str, Any]]] | None:
    """The API's town; a test without it begins in an empty one."""
    return founder(request.config.rootpath, understanding) if "place" in request.fixturenames else None


@pytest.fixture
def place(services: Services, founded: Founded) -> Place:
    return build(World(services, application(services), **founded.known))
