"""What every move means beside its own consequences: clocks, claims, ratings, calls, cases, a day to look again."""

from datetime import datetime

from bot import again, alarms, cases, claims, deadlines, hands, orders, ratings, storms
from bot.desk import Desk
from bot.moves import Verb
from bot.permits import Actor
from models import Ticket, TicketEvent


def of(desk: Desk, ticket: Ticket, verb: Verb, event: TicketEvent, actor: Actor, *, note: str, said: str) -> None:
    """After a move was made and its consequences followed. said: all that was said, of which the note may be a part."""
    if ticket.status not in alarms.UNTAKEN:
        claims.close(desk, ticket)
    if verb == Verb.RESOLVE:
        ratings.set_clock(desk, ticket, event.id)
    elif verb in (Verb.CONFIRM, Verb.CLOSE, Verb.REOPEN):
        ratings.unask(desk, ticket)
    hands.after(desk, ticket, verb, event, actor, note)
    cases.after(desk, ticket, verb, event)
    if verb != Verb.DISPATCH:
        storms.taken_out(desk, ticket)
    if verb == Verb.RESOLVE:
        again.as_said(desk, ticket, said, event.id)


def undone(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor) -> None:
    """After the last move was taken back."""
    orders.undone(desk, ticket, event, actor)
    hands.undone(desk, ticket, event)
    cases.undone(desk, ticket)


def clocks(desk: Desk, ticket: Ticket, verb: Verb, event: TicketEvent, until: datetime | None) -> None:
    """A pause or a wait stops the clock until its time, and whatever ends it lets the clock go on."""
    before = ticket.resolve_due_at
    if verb in (Verb.PAUSE, Verb.WAIT):
        until = until or alarms.until_due(desk)
        alarms.set_timer(desk, ticket, alarms.UNTIL, until, event.id)
        deadlines.follow(desk, ticket, until)
    else:
        deadlines.follow(desk, ticket, None)
    if ticket.resolve_due_at != before:
        alarms.wind(desk, ticket, event.id)
