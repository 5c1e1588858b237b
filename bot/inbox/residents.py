"""Residents answer in words: satisfied, not fixed, withdrawn, corrected, chased; and 人工 always reaches a person."""

from collections.abc import Callable, Mapping

from sqlmodel import col, select

from bot import consequences, places, rated, ratings, telling
from bot.events import write
from bot.inbox import (
    anonymous,
    asides,
    echoes,
    handover,
    living,
    lookouts,
    plights,
    remarks,
    rescues,
    voices,
    why,
    wishes,
)
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, Verb
from bot.permits import is_reporter
from bot.tickets import Voice, act, join, withdraw_voice
from intents.verdict import Command, Slots
from models import Area, ChatKind, Intent, Report, Status, Ticket, TicketEvent

UNHAPPY = 2  # of five: a rating that says it is not fixed


def handle(h: Hearing) -> bool:
    """Do what a resident's answer says. False where it is none, or about none of their matters."""
    command = _bare_number(h) or h.understanding.resident(h.verdict.text)
    if command is None:
        return False
    return HANDLERS[command.verb](h, command) if command.verb in HANDLERS else False


def _bare_number(h: Hearing) -> Command | None:
    """ "5" in private, when they are asked nothing and something of theirs was said to be done: how it was."""
    score = rated.score_of_digit(h.verdict.text) if h.private else None
    if score is None or not any(ticket.status == Status.RESOLVED for ticket in voices.own(h)):
        return None
    return Command("confirm", score=score)


def confirm(h: Hearing, command: Command) -> bool:
    """Fixed: resolve and close. A number 1-5 is a rating; below three it is not fixed."""
    if command.score is not None and command.score <= UNHAPPY:
        return unsatisfied(h, command)
    tickets = voices.choose(h, command, lambda t: t.status == Status.RESOLVED or (t.status in OPEN and not t.danger))
    resolved = [t for t in tickets if t.status == Status.RESOLVED]
    return voices.each(h, command, resolved or tickets, _confirm_one if resolved else _well_here)


def _well_here(h: Hearing, ticket: Ticket, command: Command) -> None:
    """Nobody on duty has said that it is done. Of what several told in a group one voice says no more than that it is
    well with them: "来电了" in unit 1 lights no lamp in unit 2. Who has it in hand hears of it; the second is believed.
    """
    if h.chat.kind != ChatKind.RESIDENTS or telling.voices(h.desk, ticket) == 1:
        _confirm_one(h, ticket, command)
        return
    event = write(h.desk, ticket, "said_well", h.actor)
    if len(voices.sayers(h, ticket, "said_well")) > 1:
        _confirm_one(h, ticket, command)
        return
    consequences.remind(h.desk, ticket, event, "card_said_well")


def _confirm_one(h: Hearing, ticket: Ticket, command: Command) -> None:
    act(h.desk, ticket, Verb.CONFIRM, h.actor, note=command.note)
    if not ticket.danger and (command.score is not None or ticket.intent != "dispute"):
        ratings.record(h.desk, ticket, h.account.id, command.score or 5, h.line.text)
    if h.private:
        h.answer_about("confirmed", ticket)


def unsatisfied(h: Hearing, command: Command) -> bool:
    """Not fixed: reopens and tells the level above; what is still open is chased instead."""
    tickets = voices.choose(h, command, lambda t: t.status in voices.CLOSED)
    if not tickets:
        tickets = voices.neighbours(h, command)
    if not tickets and h.verdict.intent != Intent.OTHER:
        # Nothing of theirs was said to be fixed. Told with its place, or of nothing that is open, it is a report.
        told = h.private and h.verdict.slots.building is not None
        if told or not voices.choose(h, command, lambda t: t.status in OPEN):
            return False
    if not tickets:
        return asides.urge(h, command) if h.private else _still_open(h, command)
    return voices.each(h, command, tickets, not_fixed)


def not_fixed(h: Hearing, ticket: Ticket, command: Command) -> None:
    if not is_reporter(h.desk, ticket, h.account.id):
        join(h.desk, ticket, _voice(h))
    if command.score is not None and ratings.may_ask(h.desk, ticket):
        ratings.record(h.desk, ticket, h.account.id, command.score, h.line.text)
    act(h.desk, ticket, Verb.REOPEN, h.actor, note=command.note or h.verdict.text[:100])
    _answer_here(h, ticket, "reopened_private", "reopened_group")


def _still_open(h: Hearing, command: Command) -> bool:
    """In a group "还是没水" about an open matter adds nothing that need be said."""
    tickets = voices.choose(h, command, lambda t: t.status in OPEN)
    if len(tickets) != 1:
        return False
    join(h.desk, tickets[0], _voice(h))
    return True


def withdraw(h: Hearing, command: Command) -> bool:
    tickets = voices.choose(h, command, lambda t: t.status in OPEN)
    return voices.each(h, command, tickets, _withdraw_one)


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
    tickets = voices.choose(h, command, lambda t: t.status in OPEN)
    return voices.each(h, command, tickets, _correct_one)


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
        _move_place(h, ticket, event, slots)
    else:
        consequences.remind(h.desk, ticket, event, "card_corrected")
    if h.private:
        h.answer_about("corrected", ticket)


def _move_place(h: Hearing, ticket: Ticket, event: TicketEvent, slots: Slots) -> None:
    """It was another stairwell: the old holder is let go, the right one gets the card."""
    base = h.session.get_one(Area, ticket.area_id)
    place = places.resolve(h.session, base, slots)
    consequences.remind(h.desk, ticket, event, "card_withdrawn")
    # Another building has other units: the one told before was of the wrong building.
    ticket.building, ticket.unit = place.building or ticket.building, place.unit
    if place.area is not None:
        ticket.area_id = place.area.id
    h.session.flush()
    moved = write(h.desk, ticket, "rerouted", h.actor)
    consequences.reroute(h.desk, ticket, moved)


def useful(h: Hearing, command: Command) -> bool:
    """有用: the answer to a question about a rule helped."""
    return _about_answer(h, command, _confirm_one)


def useless(h: Hearing, command: Command) -> bool:
    """没用: the question is open again, and a person answers it."""
    return _about_answer(h, command, not_fixed)


def yes(h: Hearing, command: Command) -> bool:
    """好, in private, after something was said to be done."""
    return h.private and _about_resolved(h, command, _confirm_one)


def no(h: Hearing, command: Command) -> bool:
    """不好, in private, after something was said to be done."""
    return h.private and _about_resolved(h, command, not_fixed)


def _about_answer(h: Hearing, command: Command, do: Callable[[Hearing, Ticket, Command], None]) -> bool:
    tickets = voices.choose(h, command, lambda t: t.status == Status.RESOLVED and t.intent == Intent.POLICY)
    if not tickets:
        return False
    voices.on_one(h, tickets[0], command, do)
    return True


def _about_resolved(h: Hearing, command: Command, do: Callable[[Hearing, Ticket, Command], None]) -> bool:
    tickets = voices.choose(h, command, lambda t: t.status == Status.RESOLVED)
    return voices.each(h, command, tickets, do)


HANDLERS: Mapping[str, Callable[[Hearing, Command], bool]] = {
    "rescued": rescues.by_neighbour,
    "anonymous": anonymous.handle,
    "confide": remarks.confide,
    "complain": remarks.complain,
    "suggest": remarks.suggest,
    "praise": remarks.praise,
    "bereaved": plights.bereaved,
    "alone": plights.alone,
    "raging": plights.raging,
    "ill": handover.ill,
    "prefers": wishes.prefers,
    "rest": wishes.resting,
    "strange_code": lookouts.strange_code,
    "confirm": confirm,
    "unsatisfied": unsatisfied,
    "withdraw": withdraw,
    "correct": correct,
    "status": asides.status,
    "urge": asides.urge,
    "why": why.answer,
    "join": echoes.join_in,
    "urgent": asides.urgent,
    "human": asides.human,
    "callback": asides.callback,
    "privacy": asides.held,
    "bind": living.bind,
    "useful": useful,
    "useless": useless,
    "yes": yes,
    "no": no,
}


ON_ONE: Mapping[str, Callable[[Hearing, Ticket, Command], None]] = {
    "confirm": _confirm_one,
    "unsatisfied": not_fixed,
    "withdraw": _withdraw_one,
    "correct": _correct_one,
    "urge": asides.urge_one,
    "urgent": asides.urgent_one,
    "yes": _confirm_one,
    "no": not_fixed,
}


def _voice(h: Hearing) -> Voice:
    slots = h.verdict.slots
    return Voice(h.account, h.chat, h.row, h.line.text, h.line.said_at, slots.room, slots.phone)


def _answer_here(h: Hearing, ticket: Ticket, private_key: str, group_key: str) -> None:
    if h.private:
        h.answer_about(private_key, ticket)
    elif not ticket.private:
        h.answer_about(group_key, ticket)
