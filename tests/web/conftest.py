"""The API's town, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.services import Services
from intents.understanding import Understanding
from tests.conftest import Founded
from tests.web.world import World, application, founder


@pytest.fixture
def founding(
    request: pytest.FixtureRequest, understanding: Understanding
) -> tuple[str, Callable[[str], dict[str, Any]]] | None:
    """Every row of the matrix begins in the same town; a test without it begins in an empty one."""
    return founder(request.config.rootpath, understanding) if "world" in request.fixturenames else None


@pytest.fixture
def world(services: Services, founded: Founded) -> World:
    return World(services, application(services), **founded.known)
