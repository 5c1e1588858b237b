"""Staff who sign in, what they did, and the service's own pulse."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant


class User(SQLModel, table=True):
    """A person who may sign in. What they may do comes from their posts alone."""

    __tablename__ = "user_"  # `user` is a keyword in PostgreSQL

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    name: str = Field(max_length=64, unique=True)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    # For the console's pages (bot.accounts); a user without a password has the API alone.
    password_hash: str | None = Field(default=None, max_length=255)  # argon2id
    password_at: datetime | None = Field(default=None, sa_type=Instant)
    must_change: bool = False  # the password was made by somebody else
    totp_sealed: str | None = Field(default=None, max_length=255)  # the second factor's secret, sealed (bot.seal)
    totp_at: datetime | None = Field(default=None, sa_type=Instant)  # confirmed with a first code
    totp_step: int = 0  # the last step of time whose code was taken: no code counts twice


class Token(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)  # sha256; the token itself is shown once
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)  # to the hour: bot.tokens.used


class AuditEntry(SQLModel, table=True):
    """Who looked at or changed what: moves by staff, addresses shown, bindings, tokens."""

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    action: str = Field(max_length=40)
    subject: str = Field(max_length=120)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Heartbeat(SQLModel, table=True):
    """A worker or clock that is alive: `name` is kind:host:pid."""

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=16, index=True)
    seen_at: datetime = Field(sa_type=Instant)


class ChannelState(SQLModel, table=True):
    """When a channel was last heard and last sent something, and why it last refused."""

    channel: str = Field(primary_key=True, max_length=32)
    last_heard_at: datetime | None = Field(default=None, sa_type=Instant)
    last_sent_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = Field(default=None, max_length=200)


class DueRun(SQLModel, table=True):
    """A run of a scheduled duty, claimed once by whichever clock inserts it first."""

    __table_args__ = (UniqueConstraint("name", "due_at"),)

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=64)
    due_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
