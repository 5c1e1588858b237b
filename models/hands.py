"""Many hands on one ticket: who was called beside its holder, and under which numbers others know the same matter."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant, Word


class CallKind(StrEnum):
    WHISTLE = "whistle"  # called to help: the holder stays responsible
    TRANSFER = "transfer"  # the matter was handed over; refused, it comes back
    BORDER = "border"  # the place belongs to two communities: the other one helps


class CoHandler(SQLModel, table=True):
    """An organisation, or one post, that was called to a ticket. It answers, checks in and checks out.

    Exactly one of organisation_id and post_id is set.
    """

    __table_args__ = (Index("ix_cohandler_organisation_called", "organisation_id", "called_at"),)

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    kind: CallKind = Field(default=CallKind.WHISTLE, sa_type=Word(CallKind))
    event_id: int | None = Field(default=None, foreign_key="ticketevent.id")  # what happened when they were called
    called_at: datetime = Field(sa_type=Instant, index=True)
    called_by: int | None = Field(default=None, foreign_key="person.id")  # None: the service
    caller_post_id: int | None = Field(default=None, foreign_key="post.id")  # who hears the answers beside the holder
    coming_at: datetime | None = Field(default=None, sa_type=Instant)  # 收到 派人
    came_at: datetime | None = Field(default=None, sa_type=Instant)  # 到了
    left_at: datetime | None = Field(default=None, sa_type=Instant)  # 撤了
    note: str | None = Field(default=None, sa_type=Text)
    refused_at: datetime | None = Field(default=None, sa_type=Instant)  # 来不了
    reason: str | None = Field(default=None, sa_type=Text)
    called_off_at: datetime | None = Field(default=None, sa_type=Instant)  # no longer needed: the matter is done


class ExternalCase(SQLModel, table=True):
    """The number under which somebody else (12345, ...) has the same matter, and until when they want an answer."""

    __table_args__ = (UniqueConstraint("source", "number"),)

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    origin_ticket_id: int | None = Field(default=None, foreign_key="ticket.id")  # came with that one: for a split
    source: str = Field(max_length=32)
    number: str = Field(max_length=64)
    received_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant, index=True)  # the legal deadline
    answered_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    answer: str | None = Field(default=None, sa_type=Text)
    answer_event_id: int | None = Field(default=None, foreign_key="ticketevent.id")  # the move that gave it
