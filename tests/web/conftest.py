"""The API's town, on SQLite and on PostgreSQL."""

import pytest

from bot.services import Services
from tests.web.world import World, build


@pytest.fixture
def world(services: Services) -> World:
    return build(services)
