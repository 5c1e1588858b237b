"""Published versions of the words: what a community made of the keyword files, and which version is in force."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

from models.base import Instant, Word

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
    published_at: datetime | None = Field(default=None, sa_type=Instant)  # None: never in force; drafts are WordsDraft


class CurrentWords(SQLModel, table=True):
    """The version in force: one row at most, moved by compare-and-set. No row, or no version in it: version 0."""

    id: int = Field(default=THE_ONE, primary_key=True)
    version_id: int | None = Field(default=None, foreign_key="keywordversion.id")
    since: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=64)


class DraftState(StrEnum):
    OPEN = "open"
    PUBLISHED = "published"
    DROPPED = "dropped"


class WordsDraft(SQLModel, table=True):
    """What somebody is changing in the words, before anybody is served by it. The installation's, not one person's."""

    id: int = Field(default=None, primary_key=True)
    created_at: datetime = Field(sa_type=Instant)
    author: str = Field(max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    title: str = Field(default="", max_length=80)
    base_id: int | None = Field(  # the version it changes; None: version 0
        default=None, sa_column=Column(Integer, ForeignKey("keywordversion.id"), nullable=True)
    )
    state: DraftState = Field(default=DraftState.OPEN, sa_type=Word(DraftState))
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str = Field(max_length=64)
    version_id: int | None = Field(default=None, foreign_key="keywordversion.id")  # what became of it


class ChangeKind(StrEnum):
    ADD = "add"  # an entry to a list: a word, an example, a line of a file of examples
    STRIKE = "strike"  # an entry from a list
    SET = "set"  # a sentence in place of another
    FILE = "file"  # a whole file in place of another


class WordsChange(SQLModel, table=True):
    """One difference between a draft and its base. What is done and undone leaves none (the audit log has both)."""

    id: int = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="wordsdraft.id", index=True)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    file: str = Field(max_length=120)
    place: str = Field(max_length=200)  # the keys to it, with / between them: categories/lift/things
    kind: ChangeKind = Field(sa_type=Word(ChangeKind))
    value: str = Field(sa_type=Text)  # the entry, the sentence, the file
    was: str | None = Field(default=None, sa_type=Text)  # the base's sentence; the digest of the base's file
