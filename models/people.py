"""What the console's pages about rules and people keep: passages being written, rosters looked at, erasures."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

from models.base import Instant


class PolicyDraft(SQLModel, table=True):
    """A passage of the policy store that somebody is writing: it answers nobody until it is published with a version.

    `revision` counts its savings, so that of two who write the second is told.
    """

    id: int = Field(default=None, primary_key=True)
    passage: str = Field(max_length=64, unique=True)  # the id it has, or will have: its file's name
    content: str = Field(sa_type=Text)  # the form's fields, as JSON: it may still be half a passage
    base_id: int | None = Field(  # the version of the words it was written on; None: the installation's files
        default=None, sa_column=Column(Integer, ForeignKey("keywordversion.id"), nullable=True)
    )
    revision: int = 1
    saved_at: datetime = Field(sa_type=Instant)
    author: str = Field(max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")


class RosterUpload(SQLModel, table=True):
    """A roster that somebody uploaded and looked at: for an hour, until they confirm it. One a user."""

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_.id", unique=True)
    name: str = Field(max_length=100)
    digest: str = Field(max_length=64)  # of the changes that were shown (bot.roster.preview)
    content: bytes = Field(sa_type=LargeBinary)
    uploaded_at: datetime = Field(sa_type=Instant, index=True)


class Erasure(SQLModel, table=True):
    """One erasure, without a word of whom it was about: who ordered it, when, what went and what had to stay."""

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    way: str = Field(max_length=16)  # bot.inbox.erasing.Way: console, command, unfollow
    ordered_by: int | None = Field(default=None, foreign_key="person.id")  # None: they themselves, or the operator
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)  # whose administrator sees it
    reason: str = Field(default="", max_length=200)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)  # by kind: what went
    kept: dict[str, int] = Field(default_factory=dict, sa_type=JSON)  # by kind: what had to stay
