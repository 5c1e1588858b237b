"""What was told of a community and a time, kept as it was told: figures of then cannot be counted again later."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant


class KeptDigest(SQLModel, table=True):
    """One digest. Unique by community, period and day, so that it is built once, whichever clock comes first."""

    __table_args__ = (UniqueConstraint("community_id", "period", "told_on"),)

    id: int = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    period: str = Field(max_length=8)  # bot.digest.periods.Period
    told_on: date  # the working day it belongs to, in the community's zone
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    made_at: datetime = Field(sa_type=Instant)
    figures: dict[str, Any] = Field(sa_type=JSON)  # bot.digest.figures.Digest
