"""Two people at one ticket: what a page showed, and what has happened since.

The version is the last thing that happened to the ticket, neighbours who joined and reminders left out: these take
nothing from anybody's hands. A move carries the version of its page, and is done only while nobody else moved it.
"""

from sqlmodel import Session, col, func, select

from bot.attachments.owed import said_of
from bot.events import ASIDE
from models import Attachment, Inbound, Outgoing, Report, TicketEvent

_HARMLESS = ("joined", *ASIDE)


class Changed(Exception):
    """Somebody else was faster: the events since the page was drawn."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__("changed")
        self.ids = ids


def version_of(session: Session, ticket_id: int) -> int:
    """What a page of this ticket shows; 0 where nothing has happened yet."""
    query = select(func.max(TicketEvent.id)).where(
        TicketEvent.ticket_id == ticket_id, col(TicketEvent.kind).not_in(_HARMLESS)
    )
    return session.exec(query).one() or 0


def require(session: Session, ticket_id: int, shown: int) -> None:
    """Raises Changed where somebody has moved the ticket since. The caller holds the community's lock."""
    query = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket_id,
        col(TicketEvent.id) > shown,
        col(TicketEvent.kind).not_in(_HARMLESS),
    )
    found = list(session.exec(query.order_by(col(TicketEvent.id))))
    if found:
        raise Changed(found)


def stamp_of(session: Session, ticket_id: int) -> str:
    """Changes whenever anything that a ticket's page shows of its talk and history does: also a voice or a line."""
    last = [
        session.exec(select(func.max(column), func.count(column)).where(owner == ticket_id)).one()
        for column, owner in (
            (col(TicketEvent.id), col(TicketEvent.ticket_id)),
            (col(Report.id), col(Report.ticket_id)),
            (col(Inbound.id), col(Inbound.ticket_id)),
            (col(Outgoing.id), col(Outgoing.ticket_id)),
        )
    ]
    sent = session.exec(select(func.count(col(Outgoing.sent_at))).where(Outgoing.ticket_id == ticket_id)).one()
    here = session.exec(
        select(func.count(col(Attachment.id)), func.count(col(Inbound.media_due_at)))
        .select_from(Inbound)
        .join(Attachment, col(Attachment.inbound_id) == col(Inbound.id), isouter=True)
        .where(said_of(ticket_id), col(Inbound.media).is_not(None))
    ).one()
    return ".".join(str(part or 0) for pair in (*last, here) for part in pair) + f".{sent}"
