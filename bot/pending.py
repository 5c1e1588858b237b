"""Messages that were stored but not understood yet. Claiming and back-off are bot.inbox.resume's own."""

from datetime import datetime

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import Session, col, select

from models import Inbound

_PENDING: ColumnElement[bool] = literal_column("inbound.state = 'pending'")  # written out for the partial index


def due(session: Session, now: datetime, most: int = 20) -> list[int]:
    """The ids of stored messages to try now, oldest first."""
    # Ordered by due_at, or SQLite would walk the whole table in the order of its ids.
    query = select(Inbound.id).where(_PENDING, col(Inbound.due_at) <= now).order_by(col(Inbound.due_at)).limit(most)
    return sorted(session.exec(query))
