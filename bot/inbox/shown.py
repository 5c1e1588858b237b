"""The card that a chat was shown last: what a bare 收到 behind it answers."""

from sqlmodel import col, select

from bot.inbox.hearing import Hearing
from bot.standins import HANDED_OVER
from models import Inbound, Outgoing, OutgoingState, Ticket, TicketEvent

# The kinds of events whose lines are cards.
CARDS = (
    "offered",
    "assigned",
    "released",
    "dispatched",
    "escalated",
    "reopened",
    "urgent",
    "alarmed",
    "refused",
    "transferred",
    "asked_after",
    HANDED_OVER,
)


def last(h: Hearing) -> Ticket | None:
    """The card this chat was shown last, if nobody has said anything since. Cards may ride behind an answer: several
    that came together are not plainly answered by one word.
    """
    shown = (
        select(Outgoing)
        .where(Outgoing.chat_id == h.chat.id, Outgoing.state == OutgoingState.DONE)
        .order_by(col(Outgoing.sent_at).desc(), col(Outgoing.event_id).is_(None), col(Outgoing.id).desc())
    )
    together = h.session.exec(shown.limit(2)).all()
    card = together[0] if together else None
    if card is None or card.event_id is None or card.ticket_id is None or card.sent_at is None:
        return None
    if h.session.get_one(TicketEvent, card.event_id).kind not in CARDS:
        return None
    if h.private and together[-1].sent_at == card.sent_at and together[-1].ticket_id not in (None, card.ticket_id):
        return None
    between = h.session.exec(
        select(Inbound.id).where(
            Inbound.chat_id == h.chat.id, Inbound.id != h.row.id, Inbound.received_at > card.sent_at
        )
    ).first()
    return None if between is not None else h.session.get(Ticket, card.ticket_id)
