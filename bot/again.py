"""A solved matter that is looked at again: whoever handled it is reminded once, and nothing opens by itself."""

from datetime import date, datetime

from bot import alarms, consequences, holders
from bot.desk import Desk
from bot.events import write
from bot.moves import NotAllowed
from bot.permits import Actor
from bot.telling import lines_urgency, matter_words, tell_posts
from intents import again
from models import Status, Ticket, TicketEvent

SOLVED = (Status.RESOLVED, Status.CLOSED)
REMINDED, SET = "look_again", "look_again_set"  # kinds of event


def as_said(desk: Desk, ticket: Ticket, said: str, step: int) -> date | None:
    """Set the day that the words of whoever solved it name ("修好了，下周再看一次"); None where they name none.

    step: the id of the event that says so.
    """
    read = again.read(said, desk.now.astimezone(desk.settings.zone))
    if read is None or ticket.silent:
        return None
    _remember(desk, ticket, read[0], step)
    return read[0]


def set_on(desk: Desk, ticket: Ticket, on: date, actor: Actor, note: str = "") -> TicketEvent:
    """Have a solved ticket looked at again on that day; a day set before no longer holds.

    Raises NotAllowed where it is not solved, is silent (nobody follows up on that phone), or the day has come already.
    """
    if ticket.status not in SOLVED or ticket.silent:
        raise NotAllowed("look_again_unsolved")
    if on <= desk.now.astimezone(desk.settings.zone).date():
        raise NotAllowed("look_again_past")
    event = write(desk, ticket, SET, actor, note=note or on.isoformat())
    _remember(desk, ticket, on, event.id)
    return event


def fire(desk: Desk, ticket: Ticket) -> None:
    """The day has come: whoever holds it is asked to have a look, else staff, once. Reporters are not asked."""
    today = desk.now.astimezone(desk.settings.zone).date()
    on = ticket.look_again_on
    if on is None or on > today or ticket.status not in SOLVED or ticket.silent:
        return
    ticket.look_again_on = None
    event = write(desk, ticket, REMINDED, consequences.SERVICE, note=on.isoformat())
    text = desk.wording("card_look_again", **matter_words(desk, ticket))
    holder = [c for c in holders.held_by(desk, ticket) if c.person_id not in ticket.recused_person_ids]
    if holder:
        tell_posts(desk, ticket, event, holder, text, urgency=lines_urgency(ticket))
    else:
        consequences.tell_office(desk, ticket, event, text)


def write_fine(desk: Desk, ticket: Ticket, actor: Actor) -> None:
    """Somebody looked, and it is fine."""
    write(desk, ticket, "looked_fine", actor)


def _remember(desk: Desk, ticket: Ticket, on: date, step: int) -> None:
    ticket.look_again_on = on
    opening = min(begin for begin, _ in desk.settings.hours.leaders)
    alarms.set_timer(desk, ticket, alarms.LOOK_AGAIN, datetime.combine(on, opening, desk.settings.zone), step)
