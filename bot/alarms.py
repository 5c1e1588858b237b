"""The clocks of one ticket: an emergency's ladder in minutes, deadlines, closing. Timers are rows the clock fires.

A timer is never cancelled: when it fires it looks whether it still has a reason. So a move (and its undoing) need not
know which clocks run.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import select

from bot import deadlines
from bot.desk import Desk
from bot.moves import OPEN
from models import Status, Ticket, Timer

ALARM, OVERDUE, LATE, CLOSE, UNTIL, LOOK_AGAIN = "alarm", "overdue", "late", "close", "until", "look_again"
# At the share of the hours that [clocks] sets: one reminder, to accept it and to have a word on it.
REMIND_ACCEPT, REMIND_RESOLVE = "remind_accept", "remind_resolve"

# Statuses in which nobody has taken the matter in hand.
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)
# Statuses in which somebody is asked to.
ASKED = (*UNTAKEN, Status.TRANSFERRED)


def until_due(desk: Desk) -> datetime:
    """When something put aside without a date is brought back."""
    return desk.now + timedelta(days=desk.settings.times.pause_days)


def wind(desk: Desk, ticket: Ticket, step: int) -> None:
    """Set the clocks that this ticket needs now. `step` is the id of the event that asks for it."""
    if ticket.danger and ticket.attended_at is None:
        set_alarm(desk, ticket, rung=0, step=step)
    elif ticket.status in ASKED and not ticket.danger and ticket.accept_due_at is not None:
        # Run out while somebody had it, and taken back: nobody is relieved of it at once for that.
        over = ticket.accept_due_at <= desk.now
        set_timer(desk, ticket, OVERDUE, deadlines.accept_anew(desk, ticket) if over else ticket.accept_due_at, step)
        _set_reminder(desk, ticket, REMIND_ACCEPT, step)
    if ticket.status in OPEN and ticket.resolve_due_at is not None:
        set_timer(desk, ticket, LATE, ticket.resolve_due_at, step)
        _set_reminder(desk, ticket, REMIND_RESOLVE, step)


def _set_reminder(desk: Desk, ticket: Ticket, kind: str, step: int) -> None:
    """Where its time is over, somebody was reminded before: whoever gets the card now is not, in the same breath."""
    at = remind_at(desk, ticket, kind)
    if at > desk.now:
        set_timer(desk, ticket, kind, at, step)


def remind_at(desk: Desk, ticket: Ticket, kind: str) -> datetime:
    """When the reminder of that kind is due: at the share of its hours."""
    share = desk.settings.clocks.remind_at
    return (deadlines.accept_at if kind == REMIND_ACCEPT else deadlines.resolve_at)(desk, ticket, share)


def set_alarm(desk: Desk, ticket: Ticket, rung: int, step: int) -> None:
    """The next rung of an emergency's ladder; past the last one the last interval repeats until somebody attends."""
    minutes = desk.settings.times.alarm_minutes
    gaps = [minutes[0], *(b - a for a, b in pairwise(minutes))]
    set_timer(desk, ticket, ALARM, desk.now + timedelta(minutes=gaps[min(rung, len(gaps) - 1)]), step)


def set_close(desk: Desk, ticket: Ticket, step: int) -> None:
    set_timer(desk, ticket, CLOSE, desk.now + timedelta(days=desk.settings.times.close_days), step)


def set_timer(desk: Desk, ticket: Ticket, kind: str, due_at: datetime, step: int) -> None:
    """Set one clock once; the same clock again is the same row."""
    known = select(Timer.id).where(Timer.ticket_id == ticket.id, Timer.kind == kind, Timer.step == step)
    if desk.session.exec(known).first() is None:
        desk.session.add(Timer(ticket_id=ticket.id, kind=kind, step=step, due_at=due_at))


def move_timer(desk: Desk, ticket: Ticket, kind: str, due_at: datetime, step: int) -> None:
    """Set one clock, or set it anew: a deadline from outside may be corrected."""
    known = select(Timer).where(Timer.ticket_id == ticket.id, Timer.kind == kind, Timer.step == step)
    timer = desk.session.exec(known).first() or Timer(ticket_id=ticket.id, kind=kind, step=step, due_at=due_at)
    timer.due_at, timer.done_at = due_at, None
    desk.session.add(timer)
