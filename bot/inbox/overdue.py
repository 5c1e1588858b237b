"""Deadlines that have come: one reminder, then one level up. bot.inbox.ticking fires them, they look for a reason.

Clocks bind staff and companies. A leader is a volunteer: nobody presses them, the matter is taken off them, kindly.
"""

import logging

from bot import alarms, consequences, deadlines, holders, reminders
from bot.desk import Desk
from bot.inbox import unanswered
from bot.moves import OPEN, Verb
from bot.services import Services
from bot.tickets import act
from models import Status, Ticket

log = logging.getLogger(__name__)


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
    if deadlines.is_late(desk, ticket):
        reminders.note(desk, ticket, reminders.TOP, reminders.concerned(desk, ticket))
        # Nothing is forgotten: it comes back after as many hours as there were for it, in the one line a day.
        alarms.set_timer(desk, ticket, alarms.LATE, deadlines.resolve_anew(desk, ticket), -int(desk.now.timestamp()))


def _remind(desk: Desk, ticket: Ticket, kind: str) -> None:
    """Once in each round of the clock. It is said when they may be told, with what else waits for them (say_due)."""
    if not ticket.danger and desk.now >= alarms.remind_at(desk, ticket, kind):
        reminders.note(desk, ticket, kind, reminders.concerned(desk, ticket))


def say_due(services: Services) -> int:
    """Remind everybody who may be reminded now, each in a transaction of their own. Returns how many were."""
    with services.reading() as session:
        people = reminders.waiting(session, services.settings, services.now())
    return sum(_told(services, person_id) for person_id in people)


def _told(services: Services, person_id: int) -> bool:
    try:
        with services.transaction() as session:
            return reminders.say(services.desk(session), person_id)
    except Exception:
        log.exception("person %s could not be reminded: tried again", person_id)
        return False
