"""What was passed over in silence and might have been a matter: a list that people decide on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from models.base import Instant, Word
from models.ticket import Intent


class ReviewState(StrEnum):
    OPEN = "open"
    TICKET = "approved_as_ticket"
    IGNORED = "ignored"
    INTENT = "other_intent"  # it was something else: noted, nothing opened
    EXPIRED = "expired"  # nobody decided before the text had to go


class Learning(StrEnum):
    """Whether the masked text may become an example to learn from."""

    NO = "no"
    ASKED = "asked"  # a leader decided: staff may approve it while the text is still there
    APPROVED = "approved"  # kept


class Review(SQLModel, table=True):
    """One message that was heard as chatter and might be a matter. `text` is masked, the only copy that may stay."""

    __table_args__ = (
        Index("ix_review_area_state", "area_id", "state"),
        Index(
            "ix_review_leader",
            "leader_due_at",
            sqlite_where=text("leader_due_at IS NOT NULL"),
            postgresql_where=text("leader_due_at IS NOT NULL"),
        ),
        Index(
            "ix_review_expiry",
            "expires_at",
            sqlite_where=text("expires_at IS NOT NULL"),
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    inbound_id: int | None = Field(default=None, foreign_key="inbound.id", unique=True)  # None once the speaker left
    chat_id: int = Field(foreign_key="chat.id", index=True)
    area_id: int = Field(foreign_key="area.id")
    setting: str = Field(max_length=8)  # group or private
    about_office: bool = False  # names a leader or the office: for the secretary alone
    text: str | None = Field(default=None, sa_type=Text)  # no name, room or phone; None once erased
    said_at: datetime = Field(sa_type=Instant)
    intent: Intent = Field(sa_type=Word(Intent))  # the guess
    category: str = Field(max_length=24)
    score: float
    state: ReviewState = Field(default=ReviewState.OPEN, sa_type=Word(ReviewState))
    leader_due_at: datetime | None = Field(default=None, sa_type=Instant)  # when the leader is asked, if at all
    leader_asked_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)  # the text goes then; None: gone, or kept
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    label_intent: Intent | None = Field(default=None, sa_type=Word(Intent))  # what it was, as decided
    label_category: str | None = Field(default=None, max_length=24)
    learning: Learning = Field(default=Learning.NO, sa_type=Word(Learning))
