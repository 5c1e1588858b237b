"""Alembic's part: the schema's migrations, run on a connection of ours. Loaded by models.db at need: it takes longer to
load than most commands have to do, and only `migrate` and a new data folder need it.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection


def upgrade(connection: Connection, folder: Path, revision: str) -> None:
    """Bring the schema to `revision` in the connection's transaction. folder: where the migrations are."""
    command.upgrade(_config(connection, folder), revision)


def downgrade(connection: Connection, folder: Path, revision: str) -> None:
    """Take it back to `revision` in the connection's transaction."""
    command.downgrade(_config(connection, folder), revision)


def _config(connection: Connection, folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config
