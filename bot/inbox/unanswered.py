"""Three cards in a month without a word from the leader: perhaps they are not well. The secretary is asked to ring, and
nobody else hears of it (behaviour.md, "Leaders are volunteers"; daily life 22).
"""

from datetime import timedelta

from sqlmodel import col, select

from bot import posted, reach, routing, telling
from bot.desk import Desk
from bot.routing import LADDER
from models import Post, Role, Ticket, TicketEvent

TIMES = 3
WITHIN = timedelta(days=30)


def notice(desk: Desk, ticket: Ticket, post_id: int | None) -> None:
    """After the clock has taken a matter off a post: the third time within a month the secretary is asked, once."""
    post = desk.session.get(Post, post_id) if post_id is not None else None
    if post is None or post.role not in LADDER or post.role in routing.OFFICE or len(_taken_off(desk, post)) != TIMES:
        return
    around = posted.candidates(desk, telling.area_of(desk, ticket))
    secretary = next((c for c in around if c.role == Role.SECRETARY), None)
    chats = reach.private_chats(desk.session, secretary.person_id) if secretary is not None else []
    if not chats:
        return  # nothing of it where others read
    title = telling.title_of(desk, post.person_id, post.id)
    text = desk.wording("ask_well", place=telling.place_words(desk, ticket), title=title)
    telling.say(desk, chats[0], f"unanswered:{post.id}:{ticket.id}", text)


def _taken_off(desk: Desk, post: Post) -> list[int]:
    """The tickets that the clock took off this post within the month."""
    query = (
        select(Ticket)
        .join(TicketEvent, col(TicketEvent.ticket_id) == col(Ticket.id))
        .where(
            TicketEvent.kind == "escalated",
            col(TicketEvent.account_id).is_(None),
            col(TicketEvent.person_id).is_(None),
            col(TicketEvent.at) > desk.now - WITHIN,
        )
    )
    return sorted({ticket.id for ticket in desk.session.exec(query) if post.id in ticket.former_post_ids})
