"""Which of several matters a word without a number means: what it names, and what people talk about here lately."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.inbox import which
from bot.inbox.hearing import Hearing
from bot.moves import Verb
from bot.permits import is_reporter
from intents.verdict import Command
from models import ChatKind, Inbound, Intent, Report, Status, Ticket, TicketEvent

LATELY = timedelta(hours=3)  # talked about: reported, moved or answered here since
JUST_NOW = timedelta(minutes=10)  # plainly the newest: said this recently,
QUIET = timedelta(hours=1)  # while of all others nobody has spoken for so long
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)


def about(h: Hearing, things: Iterable[str], tickets: Sequence[Ticket]) -> list[Ticket]:
    """Those of the tickets that words naming these things can be about: all of them where nothing is named.

    A matter of a kind that no word names (another dispute, help, a category of its own) is never ruled out.
    """
    named, known = set(things), h.understanding.nameable
    if not named:
        return list(tickets)
    return [t for t in tickets if t.intent != Intent.REPAIR or t.category in named or t.category not in known]


def narrowed(h: Hearing, command: Command, verb: Verb, found: Sequence[Ticket]) -> list[Ticket]:
    """Of the tickets this reply may mean, those it does: by the message it quotes, by the thing it names, then by what
    the group talks about. Several are left where that is not plain; none where it is about something else.
    """
    if h.line.reply_to:
        return list(found) if which.quoted(h) is not None else _quoting(h, command, found)
    fit = about(h, command.things, found)
    if len(fit) < 2 or h.chat.kind != ChatKind.RESIDENTS:  # noqa: PLR2004 - one is an answer
        return fit
    last = {ticket.id: _last_talk(h, ticket) for ticket in fit}
    recent = [ticket for ticket in fit if h.line.said_at - last[ticket.id] <= LATELY] or fit
    if command.things:
        recent = [ticket for ticket in recent if ticket.category in command.things] or recent
    chosen = recent if len(recent) == 1 else _plainly_newest(h, recent, last)
    return chosen if _unrivalled(h, verb, chosen, fit) else fit


def _quoting(h: Hearing, command: Command, found: Sequence[Ticket]) -> list[Ticket]:
    """Quoted is a message that opened or joined nothing: it means a matter only where it names it, or its reporter
    said it after reporting. Else the reply is about whatever was quoted.
    """
    heard = h.session.exec(
        select(Inbound)
        .where(Inbound.channel == h.channel.name, Inbound.message_id == h.line.reply_to, Inbound.chat_id == h.chat.id)
        .order_by(col(Inbound.id).desc())
    ).first()
    if heard is None:
        return about(h, command.things, found)  # before our time: nothing is known about it
    named = command.things | h.understanding.things(heard.text or "")
    fit = [ticket for ticket in found if ticket.category in named]
    return fit or [ticket for ticket in found if is_reporter(h.desk, ticket, heard.account_id)]


def _plainly_newest(h: Hearing, tickets: Sequence[Ticket], last: dict[int, datetime]) -> list[Ticket]:
    newest, *others = sorted(tickets, key=lambda ticket: last[ticket.id], reverse=True)
    now = h.line.said_at
    plain = now - last[newest.id] <= JUST_NOW and all(now - last[other.id] >= QUIET for other in others)
    return [newest] if plain else list(tickets)


def _unrivalled(h: Hearing, verb: Verb, chosen: Sequence[Ticket], fit: Sequence[Ticket]) -> bool:
    """Whether nothing else is as likely: "修好了" may well be about what this person has in hand since the morning."""
    if verb == Verb.ACCEPT or not chosen or chosen[0].status not in UNTAKEN:
        return True
    return not any(_in_hand(h, ticket) for ticket in fit if ticket not in chosen)


def _in_hand(h: Hearing, ticket: Ticket) -> bool:
    taken = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.kind == "accepted",
        TicketEvent.person_id == h.actor.person_id,
    )
    return ticket.status not in UNTAKEN and h.session.exec(taken).first() is not None


def _last_talk(h: Hearing, ticket: Ticket) -> datetime:
    """When this chat last spoke about a ticket: a report here, a move made here, a message that belongs to it."""
    moments = [
        h.session.exec(
            select(Report.at)
            .where(Report.ticket_id == ticket.id, Report.chat_id == h.chat.id)
            .order_by(col(Report.at).desc())
        ).first(),
        h.session.exec(
            select(Inbound.said_at)
            .where(Inbound.ticket_id == ticket.id, Inbound.chat_id == h.chat.id, Inbound.id != h.row.id)
            .order_by(col(Inbound.said_at).desc())
        ).first(),
    ]
    return max((at for at in moments if at is not None), default=ticket.opened_at)
