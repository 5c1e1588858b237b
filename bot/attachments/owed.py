"""What is still to be fetched: claimed with a lease, settled against it, as owed lines are (bot.delivery)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal_column, update
from sqlmodel import Session, col, func, select

from bot.attachments import Lost
from bot.channels import Kind, Media
from bot.owed import rows
from models import Attachment, Chat, Inbound, Ticket

LEASE = timedelta(minutes=5)  # longer than nine things can take
BACK_OFF = (10, 60, 600, 3600, 6 * 3600)  # seconds after the first, second, ... failure; the last again
MOST_ATTEMPTS = 8  # a day: WeChat keeps things for three
MOST_THINGS = 200  # of one matter; and of bytes so many times the largest thing: nobody fills the disk with one
MOST_LARGE = 10

# Written out, not bound: only so do both databases see that the partial index applies.
_OWED: ColumnElement[bool] = literal_column("inbound.media_due_at IS NOT NULL AND inbound.ticket_id IS NOT NULL")


@dataclass(frozen=True)
class Owed:
    """The things of one message that are not here yet, with their places in it, for whoever holds the lease."""

    inbound_id: int
    channel: str
    wire: dict[str, object]  # of the chat it was said in
    things: tuple[tuple[int, Media], ...]
    attempts: int
    lease: datetime
    room: int  # bytes that its matter may still take; 0: none


def any_due(session: Session, now: datetime) -> bool:
    """Whether something is to be fetched now."""
    return session.exec(select(Inbound.id).where(_OWED, col(Inbound.media_due_at) <= now).limit(1)).first() is not None


def claim(session: Session, now: datetime, largest: int) -> Owed | None:
    """Take the message that waits longest for LEASE; None where none is due or another was faster.

    largest: bytes of one thing.
    """
    row = session.exec(
        select(Inbound).where(_OWED, col(Inbound.media_due_at) <= now).order_by(col(Inbound.media_due_at)).limit(1)
    ).first()
    if row is None or not _settle(session, row.id, row.media_due_at, due_at=now + LEASE, attempts=1):
        return None
    here = set(session.exec(select(Attachment.place).where(Attachment.inbound_id == row.id)))
    chat = session.get(Chat, row.chat_id) if row.chat_id else None
    return Owed(
        inbound_id=row.id,
        channel=row.channel,
        wire=dict(chat.wire) if chat else {},
        things=tuple((place, media) for place, media in enumerate(named(row)) if place not in here),
        attempts=row.media_attempts + 1,
        lease=now + LEASE,
        room=_room(session, row.ticket_id, largest),
    )


def said_of(ticket_id: int) -> ColumnElement[bool]:
    """A condition on Inbound: what was said of a ticket, and of those that were merged into it."""
    family = select(col(Ticket.id)).where(Ticket.id == ticket_id).cte("family", recursive=True)
    family = family.union(select(col(Ticket.id)).join(family, col(Ticket.merged_into_id) == family.c.id))
    return col(Inbound.ticket_id).in_(select(family.c.id))


def named(row: Inbound) -> list[Media]:
    """What was sent along with a message, as its channel named it."""
    return [
        Media(Kind(one["kind"]), one.get("id"), one.get("url"), one.get("name"))
        for one in row.media or []
        if one.get("kind") in (Kind.IMAGE, Kind.VOICE, Kind.FILE)
    ]


def done(session: Session, owed: Owed, lost: Lost | None = None) -> bool:
    """Nothing of it is owed any more; lost: why some of it is not here. False where the lease was lost: do nothing."""
    return _settle(session, owed.inbound_id, owed.lease, error=lost)


def later(session: Session, owed: Owed, now: datetime, retry_after: float | None) -> bool:
    """Ask again after the platform's `retry_after` seconds, else after the back-off; the eighth time give up."""
    if owed.attempts >= MOST_ATTEMPTS:
        return done(session, owed, Lost.REFUSED)
    wait = BACK_OFF[min(owed.attempts, len(BACK_OFF)) - 1] if retry_after is None else retry_after
    return _settle(session, owed.inbound_id, owed.lease, due_at=now + timedelta(seconds=wait))


def again(session: Session, ticket_id: int, now: datetime) -> int:
    """Somebody asks for what is missing from a ticket once more. Returns for how many messages."""
    rows_of = session.exec(select(Inbound).where(said_of(ticket_id), col(Inbound.media).is_not(None))).all()
    missing = [row for row in rows_of if row.media_due_at is None and len(named(row)) > len(_here(session, row.id))]
    for row in missing:
        row.media_due_at, row.media_attempts, row.media_error = now, 0, None
    session.flush()
    return len(missing)


def _room(session: Session, ticket_id: int | None, largest: int) -> int:
    """What a matter may still take in, in bytes."""
    kept = select(func.count(col(Attachment.id)), func.coalesce(func.sum(col(Attachment.size)), 0))
    query = kept.join(Inbound, col(Inbound.id) == col(Attachment.inbound_id)).where(Inbound.ticket_id == ticket_id)
    count, taken = session.exec(query).one()
    return max(0, largest * MOST_LARGE - taken) if count < MOST_THINGS else 0


def _here(session: Session, inbound_id: int) -> Sequence[int]:
    return session.exec(select(Attachment.place).where(Attachment.inbound_id == inbound_id)).all()


def _settle(
    session: Session,
    inbound_id: int,
    seen: datetime | None,
    *,
    due_at: datetime | None = None,
    attempts: int = 0,
    error: Lost | None = None,
) -> bool:
    """Fenced by what the row's due time was: whoever claimed it since, or forgot it, wins."""
    values: dict[str, Any] = {"media_due_at": due_at, "media_error": error}
    if attempts:
        values["media_attempts"] = col(Inbound.media_attempts) + attempts
    settled = session.execute(
        update(Inbound)
        .where(col(Inbound.id) == inbound_id, col(Inbound.media_due_at) == seen, _OWED)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return rows(settled) == 1
