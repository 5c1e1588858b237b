"""Whoever said 我来 and has not begun: asked once, then it is taken off them, kindly, and offered anew."""

from collections.abc import Callable, Mapping

from sqlmodel import col, select

from bot import claims, orders, permits, takers, telling
from bot.desk import Desk
from bot.events import write
from bot.inbox.hearing import Hearing
from bot.moves import Verb
from bot.tickets import act, lock
from models import Account, Chat, Offer, Status, Ticket, TicketEvent

ASKED = "asked_to_begin"  # a kind of TicketEvent


def ask_to_begin(desk: Desk, ticket: Ticket) -> None:
    """The clock: they have said nothing yet. Asked once, kindly."""
    held = _not_begun(desk, ticket)
    chat = _chat_of(desk, held) if held is not None else None
    if held is None or chat is None:
        return
    event = write(desk, ticket, ASKED, orders.SERVICE)
    text = desk.wording("order_still_going", **telling.matter_words(desk, ticket))
    telling.say(desk, chat, f"event:{event.id}:{chat.id}", text, ticket=ticket, event=event)


def never_began(desk: Desk, ticket: Ticket) -> None:
    """The clock: it is taken off them, kindly, and offered anew."""
    held = _not_begun(desk, ticket)
    if held is None or held.expires_at is None or held.expires_at > desk.now:
        return
    chat = _chat_of(desk, held)
    event = act(desk, ticket, Verb.RELEASE, orders.SERVICE)
    if chat is not None:
        text = desk.wording("order_passed_on", **telling.matter_words(desk, ticket))
        telling.say(desk, chat, f"event:{event.id}:{chat.id}:former", text, ticket=ticket)


def was_asked(h: Hearing) -> Ticket | None:
    """What the speaker has taken on and was asked about, where they have not said that they still go."""
    for ticket_id in takers.held_by(h.session, permits.accounts_of_same_person(h.desk, h.account.id)):
        ticket = h.session.get_one(Ticket, ticket_id)
        asked = select(TicketEvent.id).where(TicketEvent.ticket_id == ticket_id, TicketEvent.kind == ASKED)
        if _not_begun(h.desk, ticket) is not None and h.session.exec(asked).first() is not None:
            return ticket
    return None


def goes(h: Hearing, ticket: Ticket) -> None:
    """They still go: nothing more is asked."""
    h.row.ticket_id = ticket.id
    write(h.desk, ticket, "still_going", h.actor)
    h.answer_about("order_yours", ticket)


def left(desk: Desk, account_id: int) -> None:
    """Somebody unfollows, or is erased: what they had taken on is offered anew."""
    for ticket_id in takers.held_by(desk.session, [account_id]):
        ticket = desk.session.get_one(Ticket, ticket_id)
        lock(desk.session, ticket.community_id)
        desk.session.refresh(ticket)
        if ticket.status in (Status.ACCEPTED, Status.WAITING, Status.PAUSED):
            act(desk, ticket, Verb.RELEASE, orders.SERVICE)


FIRE: Mapping[str, Callable[[Desk, Ticket], None]] = {
    orders.WAVE: orders.wave_due,
    claims.START_ASK: ask_to_begin,
    claims.START: never_began,
}


def _not_begun(desk: Desk, ticket: Ticket) -> Offer | None:
    """Whoever has it and has not said a word about it since; None where they have, or nobody has it."""
    held = takers.taker(desk.session, ticket.id)
    if held is None or held.claimed_at is None or ticket.status != Status.ACCEPTED or held.account_id is None:
        return None
    mine = permits.accounts_of_same_person(desk, held.account_id)
    since = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.at >= held.claimed_at,
        col(TicketEvent.account_id).in_(mine),
        TicketEvent.kind != "accepted",
    )
    return held if desk.session.exec(since).first() is None else None


def _chat_of(desk: Desk, held: Offer) -> Chat | None:
    account = desk.session.get(Account, held.account_id) if held.account_id else None
    return telling.private_chat(desk, account) if account is not None else None
