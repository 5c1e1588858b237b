"""What was heard and what is owed. The row is the truth; the queue is only a doorbell."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant, Word


class InboundState(StrEnum):
    DONE = "done"  # its effects were committed with it
    PENDING = "pending"  # stored, not yet understood: a worker will
    GIVEN_UP = "given_up"  # failed too often: staff see it


class OutgoingState(StrEnum):
    QUEUED = "queued"  # due now or later; a lease in the future means somebody is sending it
    DONE = "done"
    PARKED = "parked"  # the platform takes nothing until the person writes again
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"  # undone before it was sent


class Urgency(IntEnum):
    """The class of a line, first things first. Order holds among lines of one chat and one class."""

    EMERGENCY = 0
    ANSWER = 1
    NOTICE = 2


class Inbound(SQLModel, table=True):
    """A message heard. Unique on channel and external id: told three times is stored once."""

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(
            "ix_inbound_pending",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_inbound_given_up",
            "received_at",
            sqlite_where=text("state = 'given_up'"),
            postgresql_where=text("state = 'given_up'"),
        ),
        Index(
            "ix_inbound_media_due",
            "media_due_at",
            sqlite_where=text("media_due_at IS NOT NULL AND ticket_id IS NOT NULL"),
            postgresql_where=text("media_due_at IS NOT NULL AND ticket_id IS NOT NULL"),
        ),
        Index(
            "ix_inbound_media_refused",
            "received_at",
            sqlite_where=text("media_error = 'refused'"),
            postgresql_where=text("media_error = 'refused'"),
        ),
        Index(
            "ix_inbound_chatter",
            "erase_at",
            sqlite_where=text("erase_at IS NOT NULL"),
            postgresql_where=text("erase_at IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    channel: str = Field(max_length=32)
    external_id: str = Field(max_length=255)
    message_id: str | None = Field(default=None, max_length=128, index=True)  # what a quotation names
    chat_id: int | None = Field(default=None, foreign_key="chat.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    kind: str = Field(max_length=24)  # bot.channels.Kind
    text: str | None = Field(default=None, sa_type=Text)  # None once erased
    media: list[dict[str, Any]] | None = Field(  # what was sent along: kind, id, url and name of each
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    media_due_at: datetime | None = Field(default=None, sa_type=Instant)  # fetched then, once it belongs to a ticket
    media_attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    media_error: str | None = Field(default=None, max_length=16)  # bot.attachments.Lost: why it is not here
    reply_to: str | None = Field(default=None, max_length=128)  # the quoted message's id
    line: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # the whole Incoming while pending
    said_at: datetime = Field(sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    intent: str | None = Field(default=None, max_length=16)
    category: str | None = Field(default=None, max_length=24)
    score: float | None = None
    lexicon_version: str | None = Field(default=None, max_length=32)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    listened: bool = False  # said in a group that is only listened to: understood, kept, and nothing followed
    answer: str | None = Field(default=None, sa_type=Text)  # the passive reply, given again on a repeat
    state: InboundState = Field(default=InboundState.DONE, sa_type=Word(InboundState))
    due_at: datetime | None = Field(default=None, sa_type=Instant)  # when a pending row is tried; also its lease
    attempts: int = 0
    error: str | None = Field(default=None, max_length=500)
    erase_at: datetime | None = Field(default=None, sa_type=Instant)  # chatter's text goes then


class Outgoing(SQLModel, table=True):
    """A line owed to a chat. `key` is unique, so nothing is owed twice."""

    __table_args__ = (
        Index(
            "ix_outgoing_due",
            "due_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outgoing_chat_open",
            "chat_id",
            "urgency",
            "id",
            sqlite_where=text("state IN ('queued', 'parked')"),
            postgresql_where=text("state IN ('queued', 'parked')"),
        ),
        Index(
            "ix_outgoing_troubled",
            "created_at",
            sqlite_where=text("state IN ('parked', 'given_up')"),
            postgresql_where=text("state IN ('parked', 'given_up')"),
        ),
        Index(
            "ix_outgoing_gathered",
            "chat_id",
            "id",
            sqlite_where=text("gathers IS NOT NULL"),
            postgresql_where=text("gathers IS NOT NULL"),
        ),
        Index(
            "ix_outgoing_late",
            "overdue_at",
            sqlite_where=text("overdue_at IS NOT NULL"),
            postgresql_where=text("overdue_at IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=160, unique=True)
    chat_id: int | None = Field(default=None, foreign_key="chat.id")  # None: nobody could be reached at all
    urgency: int = Field(default=int(Urgency.ANSWER))
    text: str = Field(sa_type=Text)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    event_id: int | None = Field(default=None, foreign_key="ticketevent.id", index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id")  # whose reach this line is on
    reach: list[int] = Field(default_factory=list, sa_type=JSON)  # chats still to try, in order
    first_id: int | None = Field(  # the line this one stands in for
        default=None, sa_column=Column(Integer, ForeignKey("outgoing.id"), nullable=True)
    )
    reply_to: str | None = Field(default=None, max_length=128)
    gathers: list[int] | None = Field(  # the tickets that one line of a storm stands for
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    created_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)  # not before; while somebody sends it, the end of the lease
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)  # unsent by then: the next of the reach
    state: OutgoingState = Field(default=OutgoingState.QUEUED, sa_type=Word(OutgoingState))
    attempts: int = 0
    error: str | None = Field(default=None, max_length=500)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    message_id: str | None = Field(default=None, max_length=128, index=True)  # what the platform called it
    undelivered_at: datetime | None = Field(default=None, sa_type=Instant, index=True)  # reached nobody: on the list
