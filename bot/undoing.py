"""Taking back the last move: 撤销."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from bot import alarms, telling
from bot.desk import Desk
from bot.events import ASIDE, write
from bot.moves import NotAllowed
from bot.permits import Actor
from models import Chat, Outgoing, OutgoingState, Report, Status, Ticket, TicketEvent

# The fields an undo puts back.
_KEPT = ("holder_post_id", "former_post_ids", "transferred_to", "accept_due_at", "resolve_due_at", "accept_from_at",
         "accept_hours", "resolve_from_at", "resolve_hours", "stood", "calendar", "resolved_at", "closed_at",
         "attended_at", "why", "cause", "plan", "progress", "outcome", "look_again_on")  # fmt: skip


_READ: Mapping[str, Callable[[Any], Any]] = {"_at": datetime.fromisoformat, "_on": date.fromisoformat}


def undo(desk: Desk, ticket: Ticket, actor: Actor) -> TicketEvent:
    """Put back what this actor did last. Unsent lines are cancelled; those sent get one correction.

    Raises NotAllowed("undo_too_late") unless it was the same person in the same chat, within the minutes of the
    settings, and nobody has acted since.
    """
    last = _own_last(desk, ticket, actor)
    if last is None or last.was is None:
        raise NotAllowed("undo_too_late")
    old = ticket.status
    _restore(ticket, last.was)
    _give_voices_back(desk, ticket, last)
    event = write(desk, ticket, "undone", actor, old=old, note=last.kind)
    _take_back(desk, ticket, last, event)
    return event


def possible(desk: Desk, ticket: Ticket, actor: Actor) -> bool:
    """Whether `undo` would find something of this actor's to put back."""
    return _own_last(desk, ticket, actor) is not None


def snapshot(ticket: Ticket) -> dict[str, Any]:
    """What an undo needs to put the ticket back as it is now; JSON."""
    was: dict[str, Any] = {"status": ticket.status.value}
    for name in _KEPT:
        value = getattr(ticket, name)
        was[name] = value.isoformat() if isinstance(value, date) else value
    return was


def _own_last(desk: Desk, ticket: Ticket, actor: Actor) -> TicketEvent | None:
    """What happened last, where this actor did it, just now, and it can be put back."""
    recent = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, col(TicketEvent.kind).not_in(ASIDE))
    last = desk.session.exec(recent.order_by(col(TicketEvent.id).desc()).limit(1)).first()
    limit = timedelta(minutes=desk.settings.times.undo_minutes)
    if (
        last is None
        or last.was is None
        or last.account_id != actor.account_id
        or last.person_id != actor.person_id
        or last.chat_id != actor.chat_id
        or desk.now - last.at > limit
    ):
        return None
    return last


def _restore(ticket: Ticket, was: dict[str, Any]) -> None:
    ticket.status = Status(was["status"])
    for name in _KEPT:
        if name in was:  # a move of before an upgrade kept fewer
            read = _READ.get(name[-3:])
            setattr(ticket, name, read(was[name]) if read and was[name] else was[name])


def _give_voices_back(desk: Desk, ticket: Ticket, last: TicketEvent) -> None:
    """The voices that went with the ticket stand by it again."""
    if last.kind == "withdrawn":
        for report in desk.session.exec(select(Report).where(Report.ticket_id == ticket.id)):
            if report.withdrawn_at == last.at:
                report.withdrawn_at = None


def _take_back(desk: Desk, ticket: Ticket, last: TicketEvent, event: TicketEvent) -> None:
    """Cancel what was not sent, correct what was, and wind the clocks that the undone move had let run out."""
    for line in desk.session.exec(select(Outgoing).where(Outgoing.event_id == last.id)):
        if line.state in (OutgoingState.QUEUED, OutgoingState.PARKED) and line.attempts == 0:
            line.state, line.overdue_at = OutgoingState.CANCELLED, None
        elif line.chat_id is not None and line.state != OutgoingState.CANCELLED:
            chat = desk.session.get_one(Chat, line.chat_id)
            text = desk.wording("undone_correction", **telling.matter_words(desk, ticket))
            telling.say(desk, chat, f"event:{event.id}:{chat.id}", text, ticket=ticket, event=event)
    alarms.wind(desk, ticket, step=event.id)
