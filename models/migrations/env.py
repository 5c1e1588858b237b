"""How Alembic runs here: on the connection and in the transaction models.db opened; never on its own."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString, SQLModel

import models
from models.base import Instant, Word

assert models.__all__  # noqa: S101 - the import fills the metadata; Alembic compares with it


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our column types are written as what the database holds, so that old revisions never import today's code."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Word):
        return "sa.String(length=24)"
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_item=render,
    compare_type=True,
    render_as_batch=True,  # SQLite alters a table by rebuilding it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
