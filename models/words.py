"""Published versions of the words: what a community made of the keyword files, and which version is in force."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from models.base import Instant

THE_ONE = 1  # the id of the only row of CurrentWords


class KeywordVersion(SQLModel, table=True):
    """One version, whole and never changed afterwards. Version 0 has no row: it is the installation's files."""

    id: int = Field(default=None, primary_key=True)
    created_at: datetime = Field(sa_type=Instant)
    author: str = Field(max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")  # where the author had signed in
    note: str = Field(default="", max_length=500)
    parent_id: int | None = Field(  # what it was made from; None: version 0
        default=None, sa_column=Column(Integer, ForeignKey("keywordversion.id"), nullable=True)
    )
    digest: str = Field(max_length=32, index=True)  # Understanding.version, which each Inbound keeps
    content: bytes = Field(sa_type=LargeBinary)  # bot.words.bundle: texts and learned weights as one zip
    published_at: datetime | None = Field(default=None, sa_type=Instant)  # None: a draft, which nobody has seen yet


class CurrentWords(SQLModel, table=True):
    """The version in force: one row at most, moved by compare-and-set. No row, or no version in it: version 0."""

    id: int = Field(default=THE_ONE, primary_key=True)
    version_id: int | None = Field(default=None, foreign_key="keywordversion.id")
    since: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=64)
