"""The console on SQLite and on PostgreSQL."""

import pytest

from bot.services import Services
from tests.console.place import Place, build
from tests.web.world import build as build_world


@pytest.fixture
def place(services: Services) -> Place:
    return build(build_world(services))
