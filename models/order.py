"""Requests for help as orders (点单, 派单, 接单, 评单): to whom they were offered, and who has them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant, Word


class Skill(StrEnum):
    """What a volunteer may be asked for. Locks, mains, gas, money and medicines are none (behaviour.md)."""

    ERRANDS = "errands"
    COMPANY = "company"
    CARRYING = "carrying"
    PHONES = "phones"
    TUTORING = "tutoring"
    APPLIANCES = "appliances"
    TOILETS = "toilets"
    HAIR = "hair"
    SEWING = "sewing"


class Mode(StrEnum):
    CLAIM = "claim"  # offered in waves, the first to claim it has it
    ASSIGN = "assign"  # a home is entered: staff choose whom to ask
    STAFF = "staff"  # never a volunteer's


class OfferState(StrEnum):
    ASKED = "asked"
    WILLING = "willing"  # said 我来 on what staff assign: for staff to see
    CLAIMED = "claimed"
    DECLINED = "declined"
    LAPSED = "lapsed"  # was asked and never answered
    TAKEN = "taken"  # somebody else has it, or it is not wanted any more
    RELEASED = "released"  # had it and gave it back
    EXPIRED = "expired"  # had it and never began
    DONE = "done"  # had it, and it was opened again after


class Order(SQLModel, table=True):
    """How a request for help is offered, and who has it. `taker_id` is set by compare-and-set alone."""

    __tablename__ = "order_"  # `order` is a keyword of SQL

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    mode: Mode = Field(sa_type=Word(Mode))
    reason: str | None = Field(default=None, max_length=100)  # why it is assigned, or not a volunteer's
    skills: list[str] = Field(default_factory=list, sa_type=JSON)  # any of these helps
    round: int = 0  # begins anew whenever somebody gives it back
    wave: int = 0  # how often this round was offered already
    taker_id: int | None = Field(default=None)  # the offer of whoever has it
    visit: bool = False  # door-to-door handling (上门代办): the three below are asked
    visit_who: str | None = Field(default=None, sa_type=Text)
    visit_papers: str | None = Field(default=None, sa_type=Text)
    visit_when: str | None = Field(default=None, sa_type=Text)


class Offer(SQLModel, table=True):
    """One person asked (or coming forward) in one round of an order."""

    __table_args__ = (
        UniqueConstraint("ticket_id", "person_id", "round"),
        # Whatever else goes wrong: one order is never two people's.
        Index(
            "uq_offer_held",
            "ticket_id",
            unique=True,
            sqlite_where=text("claimed_at IS NOT NULL AND released_at IS NULL"),
            postgresql_where=text("claimed_at IS NOT NULL AND released_at IS NULL"),
        ),
        Index("ix_offer_person_state", "person_id", "state"),
    )

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")  # None: a neighbour we know by account only
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)  # by which it was claimed
    post_id: int | None = Field(default=None, foreign_key="post.id")  # the volunteer's post it was offered to
    round: int = 0
    wave: int = 0
    assigned: bool = False  # chosen by staff
    why: list[str] = Field(default_factory=list, sa_type=JSON)  # why this person, readable
    state: OfferState = Field(default=OfferState.ASKED, sa_type=Word(OfferState))
    offered_at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)  # of the asking; of a claim that does not begin
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    released_at: datetime | None = Field(default=None, sa_type=Instant)
