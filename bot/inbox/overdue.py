"""Deadlines that have come: one reminder, then one level up. bot.inbox.ticking fires them, they look for a reason.

Clocks bind staff and companies. A leader is a volunteer: nobody presses them, the matter is taken off them, kindly.
"""

from sqlmodel import select

from bot import alarms, consequences, deadlines, holders, telling
from bot.desk import Desk
from bot.events import write
from bot.inbox import unanswered
from bot.moves import OPEN, Verb
from bot.telling import matter_words
from bot.tickets import act
from models import Status, Ticket, TicketEvent

TOP = "top"  # the note of a reminder to whom nobody stands above


def not_accepted(desk: Desk, ticket: Ticket) -> None:
    """Nobody has taken it in the hours there are for that."""
    if _elsewhere(desk, ticket):
        return
    if _asked(ticket) and ticket.accept_due_at is not None and ticket.accept_due_at <= desk.now:
        _up(desk, ticket)


def not_resolved(desk: Desk, ticket: Ticket) -> None:
    """The word that was promised is overdue. While nobody is at an emergency, its ladder does more than this."""
    running = ticket.danger is not None and ticket.attended_at is None
    if ticket.status in OPEN and not running and deadlines.is_late(desk, ticket):
        _up(desk, ticket)


def remind_to_accept(desk: Desk, ticket: Ticket) -> None:
    if _asked(ticket):
        _remind(desk, ticket, alarms.REMIND_ACCEPT)


def remind_to_resolve(desk: Desk, ticket: Ticket) -> None:
    if ticket.status in OPEN and not _asked(ticket) and not deadlines.stands(ticket, desk.now):
        _remind(desk, ticket, alarms.REMIND_RESOLVE)


def _asked(ticket: Ticket) -> bool:
    return ticket.status in alarms.ASKED and not ticket.danger


def _elsewhere(desk: Desk, ticket: Ticket) -> bool:
    """Whether it was passed to an organisation that our clocks do not bind (the police): it is asked after
    (bot.hands), until the word that we promised is overdue.
    """
    passed_on = ticket.status == Status.TRANSFERRED and bool(holders.company(desk, ticket))
    return passed_on and not holders.bound(desk, ticket)


def _up(desk: Desk, ticket: Ticket) -> None:
    """One level up, visible below; whoever stands at the top already is told once that it is time."""
    if not holders.at_the_top(desk, ticket):
        former = ticket.holder_post_id
        act(desk, ticket, Verb.ESCALATE, consequences.SERVICE)
        unanswered.notice(desk, ticket, former)
        return
    if not _reminded(desk, ticket, TOP):
        event = write(desk, ticket, "reminded", consequences.SERVICE, note=TOP)
        consequences.remind(desk, ticket, event, "card_overdue")


def _remind(desk: Desk, ticket: Ticket, kind: str) -> None:
    """One reminder in each round, to whom the clock binds. What a leader is reminded of is gathered, not said here."""
    bound = holders.bound(desk, ticket)
    if ticket.danger or not bound or desk.now < alarms.remind_at(desk, ticket, kind) or _reminded(desk, ticket, kind):
        return
    event = write(desk, ticket, "reminded", consequences.SERVICE, note=kind)
    telling.tell_posts(desk, ticket, event, bound, desk.wording("card_reminder", **matter_words(desk, ticket)))


def _reminded(desk: Desk, ticket: Ticket, kind: str) -> bool:
    """Whether they were since this clock began: a timer set again after a pause must not say it twice."""
    since = ticket.accept_from_at if kind == alarms.REMIND_ACCEPT else ticket.resolve_from_at
    said = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.kind == "reminded",
        TicketEvent.note == kind,
        TicketEvent.at >= (since or ticket.opened_at),
    )
    return desk.session.exec(said).first() is not None
