"""A ticket, the voices on it and what happened to it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant, Word


class Intent(StrEnum):
    REPAIR = "repair"
    DISPUTE = "dispute"
    POLICY = "policy"
    HELP = "help"
    OTHER = "other"


class Status(StrEnum):
    NEW = "new"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    PAUSED = "paused"
    TRANSFERRED = "transferred"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class Origin(StrEnum):
    """How a matter came up."""

    REPORT = "report"  # somebody told it, for themselves or for a neighbour
    PATROL = "patrol"  # seen on a round
    DUTY = "duty"  # a recurring duty fell due


# The open statuses as the indexes of open tickets have them; a query uses these where it says the same word by word.
OPEN_SQL = "status IN ('new', 'dispatched', 'accepted', 'waiting', 'paused', 'transferred', 'reopened')"


class Ticket(SQLModel, table=True):
    """One matter. Only bot.moves sets its status."""

    __table_args__ = (
        UniqueConstraint("community_id", "year", "number"),
        Index("ix_ticket_community_status", "community_id", "status"),
        Index("ix_ticket_community_opened", "community_id", "opened_at"),
        Index("ix_ticket_community_resolved", "community_id", "resolved_at"),
        Index("ix_ticket_area_opened", "area_id", "opened_at"),
        Index("ix_ticket_newest", "opened_at", "id"),
        Index("ix_ticket_number", "number", "id"),
        Index(
            "ix_ticket_reopened",
            "last_report_at",
            "id",
            sqlite_where=text("status = 'reopened'"),
            postgresql_where=text("status = 'reopened'"),
        ),
        Index(
            "ix_ticket_open_due",
            "resolve_due_at",
            "id",
            sqlite_where=text(OPEN_SQL),
            postgresql_where=text(OPEN_SQL),
        ),
        Index(
            "ix_ticket_open_newest",
            "opened_at",
            "id",
            sqlite_where=text(OPEN_SQL),
            postgresql_where=text(OPEN_SQL),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    ref: str = Field(max_length=64, unique=True)  # 2026-XF-128: API, links, keys
    number: int  # 128: what people say
    year: int
    community_id: int = Field(foreign_key="community.id")
    intent: Intent = Field(sa_type=Word(Intent))
    category: str = Field(max_length=24)
    danger: str | None = Field(default=None, max_length=24)  # the kind, from keywords/danger.toml
    urgent: bool = False
    private: bool = False  # nothing of it in a group
    silent: bool = False  # violence, suicide: trained staff only, no leader, no rating
    area_id: int = Field(foreign_key="area.id")
    building: str | None = Field(default=None, max_length=20)
    unit: str | None = Field(default=None, max_length=20)
    room: str | None = Field(default=None, max_length=20)
    location: str | None = Field(default=None, max_length=200)  # in the reporter's words: 超市楼上
    matter: str = Field(max_length=200)  # the matter in a few words, fit for a group: no name, room or phone
    status: Status = Field(default=Status.NEW, sa_type=Word(Status))
    holder_post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    former_post_ids: list[int] = Field(default_factory=list, sa_type=JSON)  # may still resolve after an escalation
    recused_person_ids: list[int] = Field(default_factory=list, sa_type=JSON)  # a party never hears of it
    transferred_to: str | None = Field(default=None, max_length=100)
    why: list[str] = Field(default_factory=list, sa_type=JSON)  # the steps of its routing, readable
    need: str | None = Field(default=None, sa_type=Text)
    cause: str | None = Field(default=None, sa_type=Text)
    plan: str | None = Field(default=None, sa_type=Text)
    progress: str | None = Field(default=None, sa_type=Text)
    outcome: str | None = Field(default=None, sa_type=Text)
    opened_at: datetime = Field(sa_type=Instant, index=True)  # when it was said
    accept_due_at: datetime | None = Field(default=None, sa_type=Instant)
    resolve_due_at: datetime | None = Field(default=None, sa_type=Instant)
    # What these two were counted from (bot.deadlines), so that they can be counted again, and shown.
    accept_from_at: datetime | None = Field(default=None, sa_type=Instant)
    accept_hours: float | None = None
    resolve_from_at: datetime | None = Field(default=None, sa_type=Instant)
    resolve_hours: float | None = None
    stood: list[list[str]] = Field(default_factory=list, sa_type=JSON)  # [from, until], ISO: when the clock stood
    calendar: str | None = Field(
        default=None, max_length=16
    )  # the fingerprint of the calendar; "always": day and night
    attended_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    last_report_at: datetime = Field(sa_type=Instant)
    merged_into_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)  # it lives on there
    origin: Origin = Field(default=Origin.REPORT, sa_type=Word(Origin))
    duty_id: int | None = Field(default=None, foreign_key="recurringduty.id", index=True)  # which duty fell due
    look_again_on: date | None = None  # solved, and to be looked at again then


class Report(SQLModel, table=True):
    """One resident's voice on a ticket, told where they told it."""

    __table_args__ = (Index("ix_report_account", "account_id", "withdrawn_at"), Index("ix_report_at", "at"))

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    origin_ticket_id: int | None = Field(default=None, foreign_key="ticket.id")  # said on that one: for a split
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None once erased
    inbound_id: int | None = Field(default=None, foreign_key="inbound.id", index=True)
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    at: datetime = Field(sa_type=Instant)
    words: str | None = Field(default=None, sa_type=Text)  # what was said; None once erased
    room: str | None = Field(default=None, max_length=20)
    phone: str | None = Field(default=None, max_length=40)
    for_neighbour: bool = False  # relayed by a leader (代报)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    rating_asked_at: datetime | None = Field(default=None, sa_type=Instant)


class TicketEvent(SQLModel, table=True):
    """What happened. Append only."""

    __table_args__ = (Index("ix_ticketevent_ticket_at", "ticket_id", "id"),)

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    at: datetime = Field(sa_type=Instant)
    kind: str = Field(max_length=24)  # opened, dispatched, accepted, attended, progressed, escalated, resolved, ...
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None: the service, staff or the clock
    person_id: int | None = Field(default=None, foreign_key="person.id")
    inbound_id: int | None = Field(default=None, foreign_key="inbound.id", index=True)
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    old: Status | None = Field(default=None, sa_type=Word(Status))
    new: Status | None = Field(default=None, sa_type=Word(Status))
    note: str | None = Field(default=None, sa_type=Text)
    was: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # the fields an undo puts back


class Rating(SQLModel, table=True):
    __table_args__ = (Index("ix_rating_at", "at"),)

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime = Field(sa_type=Instant)
    score: int  # 1..5; "好" is 5, "不好" is 2
    words: str | None = Field(default=None, sa_type=Text)


class Timer(SQLModel, table=True):
    """Something the clock does to a ticket when it is due: a rung of a ladder, a deadline, a closing."""

    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "step"),
        Index("ix_timer_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    kind: str = Field(max_length=24)  # alarm, overdue, late, close, ...: bot.alarms
    step: int = 0
    due_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)


class Question(SQLModel, table=True):
    """One thing we asked somebody; the answer is looked for in what they say next, until it expires."""

    __table_args__ = (
        Index("ix_question_open", "account_id", "chat_id", "answered_at"),
        Index(
            "ix_question_expiry",
            "expires_at",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    chat_id: int = Field(foreign_key="chat.id")
    inbound_id: int | None = Field(default=None, foreign_key="inbound.id")
    kind: str = Field(max_length=24)  # place, which_place, which_ticket, whom (dispute), smoke, rating, choice
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    asked_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
