"""The town of the stories, quick to build: on SQLite alone, with the understanding of the whole run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intents.understanding import Understanding
from tests.stories.more import quick_town
from tests.stories.town import Town


@pytest.fixture
def sqlite(lasting_sqlite: str) -> str:
    return lasting_sqlite


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()
