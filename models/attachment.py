"""Pictures, recordings and files of matters, as they are kept: what they are, and apart from it the bytes."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant


class Attachment(SQLModel, table=True):
    """One thing sent along with a message. A row means that it is here; what is owed stands on Inbound."""

    __table_args__ = (UniqueConstraint("inbound_id", "place"),)

    id: int = Field(default=None, primary_key=True)
    inbound_id: int = Field(foreign_key="inbound.id")
    place: int  # among the things of its message, from 0
    kind: str = Field(max_length=24)  # bot.channels.Kind: image, voice or file
    content_type: str = Field(max_length=64)  # as found by looking at it, never as it was claimed
    name: str | None = Field(default=None, max_length=100)  # as whoever sent it called it
    size: int  # bytes as kept
    kept_at: datetime = Field(sa_type=Instant)
    erase_at: datetime = Field(sa_type=Instant, index=True)  # looked at then: an open matter keeps it longer


class AttachmentData(SQLModel, table=True):
    """The bytes of one attachment: a table of their own, so that no list ever reads them."""

    attachment_id: int = Field(
        sa_column=Column(Integer, ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True)
    )
    data: bytes = Field(sa_type=LargeBinary)
