"""What is kept of them: rows with bytes, for whoever may see the ticket, until their time is up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select, update

from bot.attachments import Lost
from bot.attachments.fit import ENDINGS, Fitted
from bot.attachments.owed import named, said_of
from bot.channels import Media
from bot.moves import OPEN
from models import Attachment, AttachmentData, Inbound, Ticket

MOST = 200  # of one ticket
_LOOK_AGAIN = timedelta(days=7)  # at what an open matter keeps beyond its days


@dataclass(frozen=True)
class Shown:
    """One thing that came with a ticket, here or not. id: None where it is not here; why then, in `lost`, or None
    while it is being fetched. by: the account. waits: it is still being asked for."""

    at: datetime
    by: int | None
    channel: str
    kind: str
    name: str | None
    id: int | None = None
    content_type: str = ""
    size: int = 0
    lost: str | None = None
    waits: bool = False


def keep(session: Session, inbound_id: int, place: int, media: Media, fitted: Fitted, now: datetime, days: int) -> None:
    """Keep one thing for so many days; what is here already stays as it is."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = session.execute(
        insert(Attachment)
        .values(
            inbound_id=inbound_id,
            place=place,
            kind=media.kind.value,
            content_type=fitted.content_type,
            name=media.name[:100] if media.name else None,
            size=len(fitted.data),
            kept_at=now,
            erase_at=now + timedelta(days=days),
        )
        .on_conflict_do_nothing(index_elements=["inbound_id", "place"])
        .returning(col(Attachment.id))
    ).scalar()
    if made is not None:
        session.add(AttachmentData(attachment_id=made, data=fitted.data))
        session.flush()


def of_ticket(session: Session, ticket_id: int) -> list[Shown]:
    """What came with the messages of a ticket and of those merged into it, the oldest first, at most MOST."""
    messages = session.exec(
        select(Inbound)
        .where(said_of(ticket_id), col(Inbound.media).is_not(None))
        .order_by(col(Inbound.said_at), col(Inbound.id))
        .limit(MOST)
    ).all()
    ids = [message.id for message in messages]
    here = {
        (one.inbound_id, one.place): one
        for one in session.exec(select(Attachment).where(col(Attachment.inbound_id).in_(ids)))
    }
    shown = []
    for message in messages:
        for place, media in enumerate(named(message)):
            kept = here.get((message.id, place))
            one = Shown(message.said_at, message.account_id, message.channel, media.kind, media.name)
            shown.append(_here(one, kept) if kept else _missing(one, message))
    return shown[:MOST]


def data(session: Session, ticket_id: int, attachment_id: int) -> tuple[Attachment, bytes] | None:
    """One of a ticket's attachments with its bytes; None where it is none of them."""
    query = (
        select(Attachment, AttachmentData.data)
        .join(AttachmentData, col(AttachmentData.attachment_id) == col(Attachment.id))
        .join(Inbound, col(Inbound.id) == col(Attachment.inbound_id))
        .where(Attachment.id == attachment_id, said_of(ticket_id))
    )
    return session.exec(query).first()


def of_accounts(session: Session, accounts: Sequence[int]) -> list[tuple[Attachment, Inbound]]:
    """What is kept of what these accounts sent, the oldest first, with the message it came with."""
    query = (
        select(Attachment, Inbound)
        .join(Inbound, col(Inbound.id) == col(Attachment.inbound_id))
        .where(col(Inbound.account_id).in_(accounts))
        .order_by(col(Attachment.id))
    )
    return list(session.exec(query))


def count_of(session: Session, accounts: Collection[int]) -> int:
    """How much is kept of what these accounts sent."""
    query = select(func.count(col(Attachment.id))).join(Inbound, col(Inbound.id) == col(Attachment.inbound_id))
    return session.exec(query.where(col(Inbound.account_id).in_(accounts))).one()


def file_of(kept: Attachment) -> str:
    """What one is called where it is handed over."""
    return f"sent/{kept.id}.{ENDINGS[kept.content_type]}"


def bytes_of(session: Session, attachment_id: int) -> bytes:
    """The bytes of one that is kept."""
    return session.get_one(AttachmentData, attachment_id).data


def any_over(session: Session, now: datetime) -> bool:
    """Whether the time of one is up, or is to be looked at."""
    return session.exec(select(Attachment.id).where(col(Attachment.erase_at) <= now).limit(1)).first() is not None


def expire(session: Session, now: datetime, most: int = 50) -> int:
    """Erase what has been kept for its days; an open matter keeps it longer. Returns how many were looked at."""
    over = session.exec(
        select(Attachment, Inbound, Ticket.status)
        .join(Inbound, col(Inbound.id) == col(Attachment.inbound_id))
        .join(Ticket, col(Ticket.id) == col(Inbound.ticket_id), isouter=True)
        .where(col(Attachment.erase_at) <= now)
        .order_by(col(Attachment.erase_at))
        .limit(most)
    ).all()
    for kept, message, status in over:
        if status in OPEN:
            kept.erase_at = now + _LOOK_AGAIN
        else:
            message.media_error = Lost.EXPIRED
            session.delete(kept)
    session.flush()
    return len(over)


def forget(session: Session, whose: ColumnElement[bool]) -> int:
    """Forget what came with some messages (a condition on Inbound), here or not. Returns how many were here."""
    ids = list(session.exec(select(Inbound.id).where(whose, col(Inbound.media).is_not(None))))
    gone = 0
    for start in range(0, len(ids), 500):  # SQLite takes no more than a few thousand parameters
        some = ids[start : start + 500]
        gone += len(session.execute(
            delete(Attachment).where(col(Attachment.inbound_id).in_(some)).returning(col(Attachment.id))
        ).all())  # fmt: skip
        session.execute(
            update(Inbound).where(col(Inbound.id).in_(some)).values(media=None, media_due_at=None, media_error=None)
        )
    return gone


def _here(one: Shown, kept: Attachment) -> Shown:
    return Shown(one.at, one.by, one.channel, kept.kind, kept.name, kept.id, kept.content_type, kept.size)


def _missing(one: Shown, message: Inbound) -> Shown:
    waits = message.media_due_at is not None
    lost = None if waits else message.media_error
    return Shown(one.at, one.by, one.channel, one.kind, one.name, lost=lost, waits=waits)
