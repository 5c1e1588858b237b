"""Whose matters they are: what somebody reported, and what was said in a chat lately."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlmodel import col, select

from bot import telling
from bot.inbox import asking, talked, which
from bot.inbox.hearing import Hearing
from bot.moves import NotAllowed
from bot.permits import accounts_of_same_person, is_reporter
from bot.tickets import lock
from intents.verdict import Command
from models import ChatKind, Report, Status, Ticket, TicketEvent

UNHAPPY_WITHIN = timedelta(days=2)  # a neighbour who did not report it may still say that it is not fixed
CLOSED = frozenset({Status.RESOLVED, Status.CLOSED})


def own(h: Hearing) -> list[Ticket]:
    """What this person reported, newest first; in a group only what they said there."""
    mine = select(Report.ticket_id).where(col(Report.account_id).in_(accounts(h)), col(Report.withdrawn_at).is_(None))
    if not h.private:
        mine = mine.where(Report.chat_id == h.chat.id)
    query = (
        select(Ticket)
        .where(
            col(Ticket.id).in_(mine),
            Ticket.last_report_at >= h.now - timedelta(days=90),
        )
        .order_by(col(Ticket.id).desc())
    )
    days = timedelta(days=h.desk.settings.times.reopen_days)
    return [t for t in h.session.exec(query) if t.closed_at is None or h.now - t.closed_at <= days]


def accounts(h: Hearing) -> list[int]:
    return accounts_of_same_person(h.desk, h.account.id)


def sayers(h: Hearing, ticket: Ticket, kind: str) -> set[int]:
    """The different people of whom such an event is written down: two accounts of one are one voice."""
    query = select(TicketEvent.account_id).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == kind)
    return {min(accounts_of_same_person(h.desk, one)) for one in h.session.exec(query) if one is not None}


def neighbours(h: Hearing, command: Command) -> list[Ticket]:
    """In a group: what was said there and is said to be fixed, for a neighbour who finds that it is not."""
    if h.chat.kind != ChatKind.RESIDENTS:
        return []
    said = which.quoted(h)
    query = (
        select(Ticket)
        .where(
            col(Ticket.id).in_(select(Report.ticket_id).where(Report.chat_id == h.chat.id)),
            col(Ticket.status).in_(list(CLOSED)),
            col(Ticket.private).is_(False),
            col(Ticket.resolved_at) >= h.now - UNHAPPY_WITHIN,
        )
        .order_by(col(Ticket.id).desc())
    )
    found = list(h.session.exec(query))
    if said is not None:
        return [t for t in found if t.id == said.id]
    found = talked.about(h, command.things, found)
    return found if len(found) == 1 else []


def urged_today(h: Hearing, ticket: Ticket) -> bool:
    zone = h.desk.settings.zone
    last = h.session.exec(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "urged")
        .order_by(col(TicketEvent.id).desc())
    ).first()
    return last is not None and last.at.astimezone(zone).date() == h.now.astimezone(zone).date()


def choose(h: Hearing, command: Command, fit: which.Fit) -> list[Ticket]:
    """This person's own matters that the answer can mean."""
    found = which.choose(h, command.number, lambda: own(h), fit)
    mine = [t for t in found if fit(t) and is_reporter(h.desk, t, h.account.id)]
    return mine if command.number is not None or h.line.reply_to else talked.about(h, command.things, mine)


def each(
    h: Hearing, command: Command, tickets: Sequence[Ticket], do: Callable[[Hearing, Ticket, Command], None]
) -> bool:
    """Do it to the one ticket meant. Several: in a group the latest said there, in private ask which."""
    if not tickets:
        return False
    if len(tickets) > 1 and h.private:
        choices = "\n".join(
            h.in_this_chat(t, h.desk.wording("choice_ticket", n=n, **telling.matter_words(h.desk, t)))
            for n, t in enumerate(tickets[:9], 1)
        )
        payload = {
            "verb": command.verb,
            "note": command.note,
            "rest": command.rest,
            "score": command.score,
            "tickets": [ticket.id for ticket in tickets[:9]],
        }
        asking.ask(h, "which_own", h.chat, payload)
        h.answer("ask_which_own", choices=choices)
        return True
    ticket = max(tickets, key=lambda t: (t.resolved_at is not None, t.last_report_at, t.id))
    on_one(h, ticket, command, do)
    return True


def on_one(h: Hearing, ticket: Ticket, command: Command, do: Callable[[Hearing, Ticket, Command], None]) -> None:
    """Hold the community, look at the ticket as it is now, and do it; what the table forbids is said in private."""
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    h.row.ticket_id = ticket.id
    try:
        do(h, ticket, command)
    except NotAllowed as refusal:
        if h.private:
            h.answer_about(refusal.reason, ticket)
