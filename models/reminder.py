"""What somebody is to be reminded of: gathered, and said once a day."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant


class Reminder(SQLModel, table=True):
    """A reminder that is owed to one post about one ticket, until it is said or has lost its reason."""

    __table_args__ = (
        UniqueConstraint("ticket_id", "post_id", "kind", "since"),
        Index(
            "ix_reminder_waiting",
            "post_id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    kind: str = Field(max_length=24)  # bot.alarms: remind_accept, remind_resolve; top: overdue, and nobody is above
    since: datetime = Field(sa_type=Instant)  # when the clock began: once a round
    noted_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant, index=True)  # who was told today
    said: bool = False  # settled by a line; else its reason was gone
