"""The clocks of one ticket: an emergency's ladder in minutes, deadlines, closing. Timers are rows the clock fires.

A timer is never cancelled: when it fires it looks whether it still has a reason. So a move (and its undoing) need not
know which clocks run.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import select

from bot import clocks
from bot.desk import Desk
from models import Status, Ticket, Timer

ALARM, OVERDUE, CLOSE, UNTIL, LOOK_AGAIN = "alarm", "overdue", "close", "until", "look_again"

# Statuses in which nobody has taken the matter in hand.
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)


def accept_due(desk: Desk, at: datetime) -> datetime:
    return clocks.due(at, desk.settings.times.accept_hours, desk.settings.hours, desk.settings.zone)


def resolve_due(desk: Desk, at: datetime) -> datetime:
    """The word that is promised: never earlier than counted, rounded up to noon or the end of that working day."""
    rules, zone = desk.settings.hours, desk.settings.zone
    return clocks.end_of_span(clocks.due(at, desk.settings.times.resolve_hours, rules, zone), rules, zone)


def until_due(desk: Desk) -> datetime:
    """When something put aside without a date is brought back."""
    return desk.now + timedelta(days=desk.settings.times.pause_days)


def wind(desk: Desk, ticket: Ticket, step: int) -> None:
    """Set the clock that this ticket needs now. `step` is the id of the event that asks for it."""
    if ticket.danger and ticket.attended_at is None:
        set_alarm(desk, ticket, rung=0, step=step)
    elif ticket.status in UNTAKEN:
        set_timer(desk, ticket, OVERDUE, accept_due(desk, desk.now), step)


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
