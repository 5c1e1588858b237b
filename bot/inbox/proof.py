"""A photo as proof: it belongs to what whoever sends it did or told just before (domain.md: "a photo is proof")."""

from datetime import timedelta

from sqlmodel import col, select

from bot.inbox.hearing import Hearing
from bot.permits import accounts_of_same_person
from models import ChatKind, Ticket, TicketEvent

BELONGS_WITHIN = timedelta(minutes=30)
DONE = ("opened", "joined", "accepted", "attended", "progressed", "resolved")


def latest(h: Hearing) -> Ticket | None:
    """The matter that this person opened, worked on or solved last in this chat, within half an hour.

    None among residents (there a photo after a word may be of anything), and for whoever holds no post.
    """
    if h.chat.kind == ChatKind.RESIDENTS or not h.posts:
        return None
    query = (
        select(Ticket)
        .join(TicketEvent, col(TicketEvent.ticket_id) == col(Ticket.id))
        .where(
            col(TicketEvent.account_id).in_(accounts_of_same_person(h.desk, h.account.id)),
            TicketEvent.chat_id == h.chat.id,
            col(TicketEvent.kind).in_(DONE),
            TicketEvent.at >= h.line.said_at - BELONGS_WITHIN,
        )
        .order_by(col(TicketEvent.id).desc())
    )
    return h.session.exec(query).first()
