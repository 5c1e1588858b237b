"""What residents hear of a change of hands: nothing of its own, a word before the next line they get anyway."""

from sqlmodel import col, or_, select

from bot.desk import Desk
from bot.routing import TITLES
from models import Chat, Outgoing, Post, Ticket, TicketEvent

HANDED_OVER, HANDED_BACK = "handed_over", "handed_back"
PASSED_UP = "escalated"  # whoever has it then has it for another reason, and its own line says who


def said(desk: Desk, ticket: Ticket, chat: Chat) -> str:
    """Who is on now, where this chat has heard nothing of the matter since it changed hands; else nothing."""
    changed = desk.session.exec(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, col(TicketEvent.kind).in_((HANDED_OVER, HANDED_BACK, PASSED_UP)))
        .order_by(col(TicketEvent.id).desc())
        .limit(1)
    ).first()
    if changed is None or changed.kind != HANDED_OVER or ticket.holder_post_id is None:
        return ""
    since = or_(Outgoing.created_at > changed.at, col(Outgoing.event_id) > changed.id)
    told = select(Outgoing.id).where(Outgoing.ticket_id == ticket.id, Outgoing.chat_id == chat.id, since)
    if desk.session.exec(told).first() is not None:
        return ""
    former = desk.session.get_one(Post, ticket.former_post_ids[-1]) if ticket.former_post_ids else None
    holder = desk.session.get_one(Post, ticket.holder_post_id)
    if former is None:
        return ""
    if former.role == holder.role:
        return desk.wording("stands_in_same", title=TITLES[former.role])
    return desk.wording("stands_in", former=TITLES[former.role], title=TITLES[holder.role])
