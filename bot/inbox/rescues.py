"""人出来了: whoever was in danger is safe. That ends the ladder of an emergency; what is broken stays open.

Somebody on duty may say so. Neighbours may as well, where it is about people and two of them say it: one alone may be
wrong, so that duty is told, and the ladder goes on.
"""

from collections.abc import Sequence

from sqlmodel import col, select

from bot import consequences, telling, undoing
from bot.events import write
from bot.inbox import worklist
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, NotAllowed, Verb
from bot.permits import accounts_of_same_person, check, is_reporter
from bot.tickets import lock
from intents.verdict import Command
from models import ChatKind, Report, Ticket, TicketEvent

# Dangers that are over when the people are safe; a fire or gas is over only when somebody on duty has looked.
PEOPLE = frozenset({"lift_trapped", "missing_child", "missing_elder", "elder_unseen", "fall"})
ENOUGH = 2  # different people who say it


def by_handler(h: Hearing) -> bool:
    """Somebody on duty says that the people are safe. False where no emergency of theirs is running."""
    running = [t for t in worklist.mine(h) if t.danger and t.status in OPEN and t.attended_at is None]
    if len(running) != 1:
        return False  # which of several, or none at all: the ladder goes on
    ticket = _held(h, running[0])
    try:
        check(h.desk, ticket, Verb.ATTEND, h.actor)
    except NotAllowed:
        return False
    if ticket.attended_at is None:
        title = telling.title_of(h.desk, h.actor.person_id, h.actor.post_id)
        event = _over(h, ticket, "attended")
        telling.tell_reporters(h.desk, ticket, event, "saved", title=title, besides_account=h.account.id)
    if h.chat.kind != ChatKind.RESIDENTS and not (ticket.private and h.chat.kind == ChatKind.LEADERS):
        h.answer_about("done_saved", ticket)
    return True


def by_neighbour(h: Hearing, command: Command) -> bool:
    """A neighbour says so: written down, passed to those on duty, and believed when a second one says it too."""
    del command
    running = _running_here(h)
    if len(running) != 1:
        return False
    ticket = _held(h, running[0])
    if ticket.attended_at is not None or ticket.status not in OPEN:
        return True
    said = write(h.desk, ticket, "said_safe", h.actor)
    words = telling.matter_words(h.desk, ticket)
    if len(_sayers(h, ticket)) < ENOUGH:
        consequences.tell_office(h.desk, ticket, said, h.desk.wording("card_said_safe", **words))
        consequences.remind(h.desk, ticket, said, "card_said_safe")
    else:
        event = _over(h, ticket, "safe")
        consequences.tell_office(h.desk, ticket, event, h.desk.wording("card_saved", **words))
        consequences.remind(h.desk, ticket, event, "card_saved")
    if h.private:
        h.answer_about("saved_heard", ticket)
    return True


def _over(h: Hearing, ticket: Ticket, kind: str) -> TicketEvent:
    """Nobody need be alarmed any more; the ticket's status is as it was. An undo puts the alarm back."""
    was = undoing.snapshot(ticket)
    ticket.attended_at = h.now
    return write(h.desk, ticket, kind, h.actor, note=h.verdict.text[:100], was=was)


def _running_here(h: Hearing) -> Sequence[Ticket]:
    """The emergencies about people that were told in this chat, or by this very person."""
    query = (
        select(Ticket)
        .where(
            col(Ticket.status).in_(list(OPEN)),
            col(Ticket.danger).in_(PEOPLE),
            col(Ticket.silent).is_(False),
            col(Ticket.attended_at).is_(None),
            col(Ticket.id).in_(select(Report.ticket_id).where(Report.chat_id == h.chat.id)),
        )
        .order_by(col(Ticket.id).desc())
    )
    found = h.session.exec(query).all()
    return [t for t in found if not h.private or is_reporter(h.desk, t, h.account.id)]


def _sayers(h: Hearing, ticket: Ticket) -> set[int]:
    """Different people: two accounts of one are one voice."""
    query = select(TicketEvent.account_id).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "said_safe")
    return {min(accounts_of_same_person(h.desk, one)) for one in h.session.exec(query) if one is not None}


def _held(h: Hearing, ticket: Ticket) -> Ticket:
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    h.row.ticket_id = ticket.id
    return ticket
