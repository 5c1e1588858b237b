"""Residents answer in words: satisfied, not fixed, withdrawn, corrected, chased; and 人工 always reaches a person."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import col, select

from bot import consequences, places, telling
from bot.events import write
from bot.inbox import asking, matters, privacy, voices, which
from bot.inbox.commands import pending
from bot.inbox.hearing import Hearing, Said, Wait
from bot.moves import OPEN, NotAllowed, Verb
from bot.permits import is_reporter
from bot.places import PRECISE
from bot.tickets import Voice, act, join, lock, withdraw_voice
from intents.verdict import Command
from models import Area, Rating, Report, Status, Ticket, TicketEvent

UNHAPPY = 2  # of five: a rating that says it is not fixed


def handle(h: Hearing) -> bool:
    """Do what a resident's answer says. False where it is none, or about none of their matters."""
    command = h.understanding.resident(h.verdict.text)
    if command is None:
        return False
    return HANDLERS[command.verb](h, command) if command.verb in HANDLERS else False


def confirm(h: Hearing, command: Command) -> bool:
    """Fixed: resolve and close. A number 1-5 is a rating; below three it is not fixed."""
    if command.score is not None and command.score <= UNHAPPY:
        return unsatisfied(h, command)
    tickets = _choose(h, command, lambda t: t.status == Status.RESOLVED or (t.status in OPEN and not t.danger))
    resolved = [t for t in tickets if t.status == Status.RESOLVED]
    return _each(h, command, resolved or tickets, _confirm_one)


def _confirm_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    act(h.desk, ticket, Verb.CONFIRM, h.actor, note=command.note)
    if not ticket.danger and (command.score is not None or ticket.intent != "dispute"):
        score = command.score or 5
        h.session.add(
            Rating(ticket_id=ticket.id, account_id=h.account.id, at=h.now, score=score, words=h.line.text[:200])
        )
    if h.private:
        h.answer_about("confirmed", ticket)


def unsatisfied(h: Hearing, command: Command) -> bool:
    """Not fixed: reopens and tells the level above; what is still open is chased instead."""
    tickets = _choose(h, command, lambda t: t.status in voices.CLOSED)
    if not tickets:
        tickets = voices.neighbours(h)
    if not tickets:
        return urge(h, command) if h.private else _still_open(h, command)
    return _each(h, command, tickets, _reopen_one)


def _reopen_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    if not is_reporter(h.desk, ticket, h.account.id):
        join(h.desk, ticket, _voice(h))
    act(h.desk, ticket, Verb.REOPEN, h.actor, note=command.note or h.verdict.text[:100])
    _answer_here(h, ticket, "reopened_private", "reopened_group")


def _still_open(h: Hearing, command: Command) -> bool:
    """In a group "还是没水" about an open matter adds nothing that need be said."""
    tickets = _choose(h, command, lambda t: t.status in OPEN)
    if len(tickets) != 1:
        return False
    join(h.desk, tickets[0], _voice(h))
    return True


def withdraw(h: Hearing, command: Command) -> bool:
    tickets = _choose(h, command, lambda t: t.status in OPEN)
    return _each(h, command, tickets, _withdraw_one)


def _withdraw_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    del command
    if ticket.danger:
        # A danger stays open until a person has checked, whoever takes it back.
        event = write(h.desk, ticket, "taken_back", h.actor)
        consequences.remind(h.desk, ticket, event, "card_taken_back")
        if h.private:
            h.answer_about("danger_checked_anyway", ticket)
        return
    withdraw_voice(h.desk, ticket, h.actor)
    if h.private:
        h.answer_about("withdrawn", ticket)


def correct(h: Hearing, command: Command) -> bool:
    """不是302是402: the room, or the building and unit, of what they reported."""
    tickets = _choose(h, command, lambda t: t.status in OPEN)
    return _each(h, command, tickets, _correct_one)


def _correct_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    verdict = h.understanding.read(command.rest or h.verdict.text, "private", True)
    slots = verdict.slots
    report = h.session.exec(
        select(Report).where(Report.ticket_id == ticket.id, col(Report.account_id).in_(voices.accounts(h)))
    ).first()
    room = slots.room or (command.rest if command.rest.isdigit() else None)
    if room is not None:
        ticket.room = room
        if report is not None:
            report.room = room
    event = write(h.desk, ticket, "corrected", h.actor)
    if slots.building or slots.unit:
        _move_place(h, ticket, event)
    else:
        consequences.remind(h.desk, ticket, event, "card_corrected")
    if h.private:
        h.answer_about("corrected", ticket)


def _move_place(h: Hearing, ticket: Ticket, event: TicketEvent) -> None:
    """It was another stairwell: the old holder is let go, the right one gets the card."""
    base = h.session.get_one(Area, ticket.area_id)
    place = places.resolve(h.session, base, h.understanding.read(h.verdict.text, "private", True).slots)
    consequences.remind(h.desk, ticket, event, "card_withdrawn")
    ticket.building, ticket.unit = place.building or ticket.building, place.unit or ticket.unit
    if place.area is not None and place.area.level in PRECISE:
        ticket.area_id = place.area.id
    h.session.flush()
    moved = write(h.desk, ticket, "rerouted", h.actor)
    consequences.reroute(h.desk, ticket, moved)


def status(h: Hearing, command: Command) -> bool:
    """到哪一步了: each of their matters in a line."""
    tickets = _choose(h, command, lambda t: t.status in OPEN or t.status == Status.RESOLVED)
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


def _status_aside(h: Hearing, tickets: Sequence[Ticket]) -> bool:
    text = "\n".join(consequences.status_line(h.desk, ticket) for ticket in tickets[:5])
    return h.whisper(text, "status", tickets[0])


def urge(h: Hearing, command: Command) -> bool:
    """催一下: shows what has happened since, and reaches the holder once a day."""
    tickets = _choose(h, command, lambda t: t.status in OPEN)
    if not tickets:
        if h.private:
            h.answer("nothing_of_yours")
        return h.private
    return _each(h, command, tickets, _urge_one)


def _urge_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    del command
    if not voices.urged_today(h, ticket):
        event = consequences.chase(h.desk, ticket, h.actor)
        consequences.remind(h.desk, ticket, event, "card_urged")
    if h.private:
        h.answers.append(Said(consequences.status_line(h.desk, ticket), ticket=ticket))


def join_in(h: Hearing, command: Command) -> bool:
    """我家也是: joins what is quoted, or the newest open matter said in this chat lately."""
    del command
    said = which.quoted(h)
    ticket = said if said is not None and said.status in OPEN else voices.latest_here(h)
    if ticket is None or ticket.private:
        if pending(h):
            raise Wait
        return False
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    join(h.desk, ticket, _voice(h))
    if h.private:
        h.answer_about("joined_private", ticket)
    return True


def urgent(h: Hearing, command: Command) -> bool:
    """急: staff hear of it now."""
    tickets = _choose(h, command, lambda t: t.status in OPEN)
    if not h.private or not tickets:
        return False
    return _each(h, command, tickets[:1], _urgent_one)


def _urgent_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    del command
    ticket.urgent = True
    event = write(h.desk, ticket, "urgent", h.actor)
    text = h.desk.wording("card_pressing", **telling.matter_words(h.desk, ticket))
    consequences.tell_office(h.desk, ticket, event, text)
    consequences.remind(h.desk, ticket, event, "card_pressing")
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


HANDLERS: Mapping[str, Callable[[Hearing, Command], bool]] = {
    "confirm": confirm,
    "unsatisfied": unsatisfied,
    "withdraw": withdraw,
    "correct": correct,
    "status": status,
    "urge": urge,
    "join": join_in,
    "urgent": urgent,
    "human": human,
    "callback": callback,
    "privacy": held,
}


def _choose(h: Hearing, command: Command, fit: which.Fit) -> list[Ticket]:
    """This person's own matters that the answer can mean."""
    found = which.choose(h, command.number, lambda: voices.own(h), fit)
    return [t for t in found if fit(t) and is_reporter(h.desk, t, h.account.id)]


def _each(
    h: Hearing, command: Command, tickets: Sequence[Ticket], do: Callable[[Hearing, Ticket, Command], None]
) -> bool:
    """Do it to the one ticket meant. Several: in a group the latest said there, in private ask which."""
    if not tickets:
        return False
    if len(tickets) > 1 and h.private:
        choices = "\n".join(
            h.desk.wording("choice_ticket", n=n, **telling.matter_words(h.desk, t))
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


ON_ONE: Mapping[str, Callable[[Hearing, Ticket, Command], None]] = {
    "confirm": _confirm_one,
    "unsatisfied": _reopen_one,
    "withdraw": _withdraw_one,
    "correct": _correct_one,
    "urge": _urge_one,
    "urgent": _urgent_one,
}


def _voice(h: Hearing) -> Voice:
    slots = h.verdict.slots
    return Voice(h.account, h.chat, h.row, h.line.text, h.line.said_at, slots.room, slots.phone)


def _answer_here(h: Hearing, ticket: Ticket, private_key: str, group_key: str) -> None:
    if h.private:
        h.answer_about(private_key, ticket)
    elif not ticket.private:
        h.answer_about(group_key, ticket)
