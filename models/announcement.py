"""What was announced: a planned outage, so that nobody is sent to mend what is off on purpose."""

from datetime import datetime

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field, SQLModel

from models.base import Instant


class Announcement(SQLModel, table=True):
    """A planned outage of one or more supplies in an area, from..to."""

    __table_args__ = (
        Index("ix_announcement_span", "ends_at", "starts_at"),
        Index(
            "ix_announcement_unchecked",
            "ends_at",
            sqlite_where=text("checked_at IS NULL"),
            postgresql_where=text("checked_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    supplies: list[str] = Field(default_factory=list, sa_type=JSON)  # categories of repair: water, power, gas, ...
    words: str = Field(sa_type=Text)  # as it was announced, phones masked
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    said_at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id")  # who announced it
    post_id: int | None = Field(default=None, foreign_key="post.id")  # by which right
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    inbound_id: int | None = Field(default=None, foreign_key="inbound.id")
    checked_at: datetime | None = Field(default=None, sa_type=Instant)  # the clock has looked after its end
