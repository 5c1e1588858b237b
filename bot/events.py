"""What happened to a ticket, written down once and never changed."""

from typing import Any

from bot.desk import Desk
from bot.masking import masked
from bot.permits import Actor
from models import Status, Ticket, TicketEvent

# What the service notes for itself and nobody has done: it stands in nobody's way (an undo looks past it).
ASIDE = ("reminded", "recounted")


def write(
    desk: Desk,
    ticket: Ticket,
    kind: str,
    actor: Actor,
    *,
    old: Status | None = None,
    note: str | None = None,
    was: dict[str, Any] | None = None,
) -> TicketEvent:
    """Append an event; `old` is the status before (the ticket already carries the new one)."""
    event = TicketEvent(
        ticket_id=ticket.id,
        at=desk.now,
        kind=kind,
        account_id=actor.account_id,
        person_id=actor.person_id,
        inbound_id=actor.inbound_id,
        chat_id=actor.chat_id,
        old=ticket.status if old is None and kind != "opened" else old,
        new=ticket.status,
        note=masked(note) if note else None,
        was=was,
    )
    desk.session.add(event)
    desk.session.flush()
    return event
