"""Owed work as well: pictures, voice and files of matters that their platform has not handed out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text, union_all
from sqlmodel import col, select

from bot.attachments import Lost, owed
from bot.console.apart import apart
from bot.console.rows import TicketRow, ticket_rows
from bot.desk import Desk
from bot.ledger_table import Kinds
from bot.web.auth import Caller, visible
from models import Area, Inbound, Ticket

SHOWN = 20
LATE = timedelta(minutes=10)  # younger than that it is on its way
LATELY = timedelta(days=14)

# Written out, not bound: only so do both databases see that the partial indexes apply.
_OWED = text("inbound.media_due_at IS NOT NULL AND inbound.ticket_id IS NOT NULL")
_REFUSED = text("inbound.media_error = 'refused'")


@dataclass(frozen=True)
class Unfetched:
    """What came with one message. refused: nobody asks for it any more."""

    ticket: TicketRow
    kinds: tuple[str, ...]
    since: datetime
    refused: bool


def unfetched(desk: Desk, caller: Caller, kinds: Kinds) -> list[Unfetched]:
    """Those of tickets that this caller may see, the newest first: asked for in vain for a while, or given up."""
    late = select(Inbound.id).where(_OWED, col(Inbound.received_at) < desk.now - LATE).correlate(None)
    refused = select(Inbound.id).where(_REFUSED, col(Inbound.received_at) > desk.now - LATELY).correlate(None)
    query = (
        select(Inbound, Ticket)
        .join(Ticket, col(Ticket.id) == col(Inbound.ticket_id))
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .where(col(Inbound.id).in_(union_all(late, refused)), visible(caller))
        .order_by(col(Inbound.received_at).desc())
        .limit(SHOWN)
    )
    found = desk.session.exec(query).all()
    tickets = list({ticket.id: ticket for _, ticket in found}.values())
    rows = {row.id: row for row in ticket_rows(desk.session, kinds, tickets, desk.now, apart(desk.session, caller))}
    return [
        Unfetched(
            rows[ticket.id],
            tuple(dict.fromkeys(one.kind.value for one in owed.named(message))),
            message.received_at,
            message.media_error == Lost.REFUSED,
        )
        for message, ticket in found
    ]
