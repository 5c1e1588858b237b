"""What the console's pages keep: who is signed in, who tried, saved views, and the words tickets are found by."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant


class UserSession(SQLModel, table=True):
    """A browser that is signed in. It ends after a while without a click, and at the latest on `expires_at`."""

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)  # sha256; the token itself is in the browser's cookie alone
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)  # the last click; written at most once a minute
    expires_at: datetime = Field(sa_type=Instant, index=True)
    second_at: datetime | None = Field(default=None, sa_type=Instant)  # when the second factor was shown
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    browser: str = Field(default="", max_length=120)  # so that people know their own sessions apart


class RecoveryCode(SQLModel, table=True):
    """Stands in once for a second factor that was lost."""

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_.id", index=True)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class LoginFailure(SQLModel, table=True):
    """A failed login, counted by name and by address. Both only as hashes: a mistyped name may be a password."""

    __table_args__ = (Index("ix_loginfailure_key_at", "key", "at"),)

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=64)
    at: datetime = Field(sa_type=Instant, index=True)


class SavedView(SQLModel, table=True):
    """A list of tickets somebody comes back to: a name and the query of its address."""

    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_.id")
    name: str = Field(max_length=40)
    query: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=Instant)


class TicketSearch(SQLModel, table=True):
    """The words a ticket is found by (bot.finding), with blanks between them.

    Beside it stands a full-text index that the migration makes and that follows by itself: on SQLite the FTS5 table
    `ticketsearch_fts`, on PostgreSQL a GIN index over the words as a tsvector.
    """

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id")
    tokens: str = Field(sa_type=Text)
