"""Work that comes back: what was decided once and is to be done every so often."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from models.base import Instant, Word
from models.directory import Role


class RecurringDuty(SQLModel, table=True):
    """清理, 巡查: a matter that opens by itself every N days, on days of the week or on days of the month.

    Exactly one of `every_days`, `weekdays` and `month_days` says when (bot.recurrence). Nothing in it is personal.
    """

    __table_args__ = (
        Index(
            "ix_recurringduty_due",
            "next_due_on",
            sqlite_where=text("next_due_on IS NOT NULL"),
            postgresql_where=text("next_due_on IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    title: str = Field(max_length=200)  # 清理3栋楼道: fit for a group
    category: str = Field(default="other", max_length=24)  # of repair
    every_days: int | None = None
    weekdays: list[int] = Field(default_factory=list, sa_type=JSON)  # 0 is Monday
    month_days: list[int] = Field(default_factory=list, sa_type=JSON)  # 31 is the last day, whatever its number
    starts_on: date  # the days are counted from here
    ends_on: date | None = None  # the last day on which it may fall due
    next_due_on: date | None = None  # None: over
    role: Role | None = Field(default=None, sa_type=Word(Role))  # who does it; None: whoever a repair there goes to
    made_from: str | None = Field(default=None, max_length=64)  # the ref of the ticket whose decision it was
    created_at: datetime = Field(sa_type=Instant)
    created_by: int | None = Field(default=None, foreign_key="person.id")
