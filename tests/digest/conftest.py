"""The town of the stories, on SQLite and on PostgreSQL."""

from tests.stories.conftest import founding, plain_town, town

__all__ = ["founding", "plain_town", "town"]
