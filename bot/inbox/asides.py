"""What residents ask about their matters: where is it, hurry, a person please, what do you hold about me."""

from collections.abc import Sequence

from bot import alarms, consequences, deadlines, people, permits, telling
from bot.events import write
from bot.inbox import matters, privacy, voices, which
from bot.inbox.hearing import Hearing, Said
from bot.moves import OPEN
from intents.verdict import Command
from models import ChatKind, Status, Ticket


def status(h: Hearing, command: Command) -> bool:
    """到哪一步了: each of their matters in a line; of what is silent nothing is ever shown on that phone."""
    tickets = voices.choose(h, command, lambda t: (t.status in OPEN or t.status == Status.RESOLVED) and not t.silent)
    tickets = tickets or _handled(h, command)
    if not h.addressed and not tickets:
        return False
    if not tickets:
        h.answer("nothing_of_yours")
        return True
    if not h.private:
        return _status_aside(h, tickets)
    for ticket in tickets[:5]:
        h.answers.append(Said(consequences.status_line(h.desk, ticket), ticket=ticket))
        h.row.ticket_id = ticket.id
    return True


def _handled(h: Hearing, command: Command) -> list[Ticket]:
    """What whoever handles it asks for by its number."""
    if command.number is None or h.chat.kind == ChatKind.RESIDENTS:
        return []
    found = which.numbered(h, command.number)
    return [one for one in found if permits.handler_post(h.desk, one, people.person_of(h.account)) is not None]


def _status_aside(h: Hearing, tickets: Sequence[Ticket]) -> bool:
    text = "\n".join(consequences.status_line(h.desk, ticket) for ticket in tickets[:5])
    return h.whisper(text, "status", tickets[0])


def urge(h: Hearing, command: Command) -> bool:
    """催一下: shows what has happened since, and reaches the holder once a day."""
    tickets = voices.choose(h, command, lambda t: t.status in OPEN)
    if not tickets:
        if h.private:
            h.answer("nothing_of_yours")
        return h.private
    return voices.each(h, command, tickets, urge_one)


def urge_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    del command
    if not voices.urged_today(h, ticket):
        event = consequences.chase(h.desk, ticket, h.actor)
        consequences.remind(h.desk, ticket, event, "card_urged")
    if h.private and ticket.silent:
        h.answer("safe_heard")
    elif h.private:
        h.answers.append(Said(consequences.status_line(h.desk, ticket), ticket=ticket))


def urgent(h: Hearing, command: Command) -> bool:
    """急: staff hear of it now."""
    tickets = voices.choose(h, command, lambda t: t.status in OPEN)
    if not h.private or not tickets:
        return False
    return voices.each(h, command, tickets[:1], urgent_one)


def urgent_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    del command
    event = write(h.desk, ticket, "urgent", h.actor)
    if not ticket.urgent:
        ticket.urgent = True
        deadlines.hasten(h.desk, ticket)
        alarms.wind(h.desk, ticket, event.id)
    text = h.desk.wording("card_pressing", **telling.matter_words(h.desk, ticket))
    consequences.tell_office(h.desk, ticket, event, text)
    consequences.remind(h.desk, ticket, event, "card_pressing")
    if ticket.silent:
        h.answer("safe_heard")
    else:
        h.answer_about("pressing", ticket)


def human(h: Hearing, command: Command) -> bool:
    del command
    if h.addressed:
        matters.to_person(h, "human", h.desk.wording("matter_human"), "to_person")
        return True
    return False


def callback(h: Hearing, command: Command) -> bool:
    del command
    if h.addressed:
        matters.to_person(h, "callback", h.desk.wording("matter_callback"), "will_ring")
        return True
    return False


def held(h: Hearing, command: Command) -> bool:
    """你们存了我什么: in private alone."""
    del command
    if not h.private:
        return False
    h.answer("held", lines=privacy.held(h))
    return True
