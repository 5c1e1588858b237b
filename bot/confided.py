"""What was told to the secretary alone stays with those it was given to (behaviour.md, "about the leader", complaints
about staff, journalists): no other staff and no mediator takes it, sees it or hears of it.

Nothing on the ticket says so but who has had it: once somebody else is given it, by the secretary, it is theirs too.
"""

from sqlmodel import Session, col, select

from models import Post, Role, Ticket

# The secretary, and who stands above where the secretary is meant.
HEADS = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
SECRETARY = "secretary"  # whom a matter is dispatched to, in bot.holders' words


def to_heads(session: Session, ticket: Ticket) -> bool:
    """Whether a private matter has been with nobody but the heads of the office. Never a danger, nor what is silent."""
    if not ticket.private or ticket.silent or ticket.danger or ticket.holder_post_id is None:
        return False
    had = {ticket.holder_post_id, *ticket.former_post_ids}
    return set(session.exec(select(Post.role).where(col(Post.id).in_(had)))) <= HEADS


def whom(session: Session, ticket: Ticket) -> str | None:
    """For whom the same matter is when it is dispatched anew; None: by the ordinary way."""
    return SECRETARY if to_heads(session, ticket) else None
