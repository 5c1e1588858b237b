"""Somebody's name, phone and room taken out of what others said and were told about their matters.

Nothing is deleted here: a note still says what was done, a line what was sent, with 某某 in the place of a name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, SQLModel, col, select

from bot.held import Subject
from bot.masking import BLOT, masked, without_rooms
from models import Attachment, CoHandler, ExternalCase, Inbound, Outgoing, Question, Report, Ticket, TicketEvent

SHORTEST = 2  # characters of a name: one alone stands in half of all words
NOBODY, GONE = "某某", "（本人的话已删）"
SENTENCE = 6  # characters: whoever repeats less than that repeats no sentence
_LOOKED = 500  # rows in memory at once
_ASKED = 100  # marks looked for by one statement: SQLite takes no expression that is a thousand deep
_TICKET = ("need", "cause", "plan", "progress", "outcome", "matter", "location", "why", "room")


@dataclass(frozen=True)
class Marks:
    """What somebody is known by, and what they said. rooms: looked for on their own tickets alone, where it is no other
    number."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    rooms: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def out_of(self, value: Any, *, rooms: bool = True) -> Any:
        """The same text, or list or table of texts, without them."""
        if isinstance(value, str):
            for mark in self.words:
                value = value.replace(mark, GONE)
            for mark in self.names:
                value = value.replace(mark, NOBODY)
            for mark in self.numbers:
                value = value.replace(mark, BLOT * 3)
            for room in self.rooms if rooms else ():
                value = re.sub(rf"(?<![#\d]){re.escape(room)}(?!\d)", BLOT * 3, value)
            return value
        if isinstance(value, list):
            return [self.out_of(one, rooms=rooms) for one in value]
        if isinstance(value, dict):
            return {key: self.out_of(one, rooms=rooms) for key, one in value.items()}
        return value


def marks_of(session: Session, somebody: Subject) -> Marks:
    """Their names, phones, accounts, rooms and words, the longest first: none may be left half within another."""
    person = somebody.person
    reports = session.exec(
        select(Report.phone, Report.room, Report.words).where(col(Report.account_id).in_(somebody.ids))
    ).all()
    names = {person.name if person else None, *(account.display_name for account in somebody.accounts)}
    numbers = {person.phone if person else None, *(phone for phone, _, _ in reports)}
    numbers |= {account.user_id for account in somebody.accounts}
    rooms = {room for _, room, _ in reports} | {account.room for account in somebody.accounts}
    said = {*(words for _, _, words in reports), person.contact_note if person else None}
    told = {form(words) for words in said if words for form in (str, masked, without_rooms)}
    return Marks(_longest(names), _longest(numbers), _longest(rooms, 3), _longest(told, SENTENCE))


def blot(session: Session, tickets: list[int], marks: Marks) -> int:
    """Take them out of everything about these tickets, and out of lines about none. How many rows changed.

    What was answered at once is looked through whole, which takes a second where a million messages are kept.

    The caller holds the communities' locks, and says to bot.finding that these tickets' words changed.
    """
    changed = 0
    for row, rooms in _rows(session, tickets, marks):
        for name in _columns(row):
            before = getattr(row, name)
            after = marks.out_of(before, rooms=rooms)
            if after != before:
                setattr(row, name, after)
                changed += 1
        if isinstance(row, Inbound) and row.media:  # files' names; what a platform calls them stays, or they are lost
            row.media = [{**one, "name": marks.out_of(one.get("name"), rooms=rooms)} for one in row.media]
    session.flush()
    return changed


def _rows(session: Session, tickets: list[int], marks: Marks) -> Iterator[tuple[SQLModel, bool]]:
    """What is looked through, and whether rooms are looked for in it."""
    for at in range(0, len(tickets), _LOOKED):
        ids = tickets[at : at + _LOOKED]
        yield from ((row, True) for row in session.exec(select(Ticket).where(col(Ticket.id).in_(ids))))
        for kind in (TicketEvent, Outgoing, Inbound, CoHandler, ExternalCase, Report):
            yield from ((row, True) for row in session.exec(select(kind).where(col(kind.ticket_id).in_(ids))))
        kept = select(Attachment).join(Inbound, col(Inbound.id) == col(Attachment.inbound_id))
        yield from ((row, True) for row in session.exec(kept.where(col(Inbound.ticket_id).in_(ids))))
    said = [*marks.words, *marks.names, *marks.numbers]
    for at in range(0, len(said), _ASKED):
        some = said[at : at + _ASKED]
        lines = select(Outgoing).where(col(Outgoing.ticket_id).is_(None), _names(col(Outgoing.text), some))
        yield from ((row, False) for row in session.exec(lines))
        shown = select(Inbound).where(_names(col(Inbound.answer), some))
        yield from ((row, True) for row in session.exec(shown))  # 详情 128, answered at once
    open_ones = session.exec(select(Question).where(col(Question.answered_at).is_(None)))
    yield from ((row, False) for row in open_ones)


def _names(column: Mapped[Any], marks: list[str]) -> ColumnElement[bool]:
    """SQL: one of these stands in the column."""
    return or_(*(column.contains(mark, autoescape=True) for mark in marks))


def _columns(row: SQLModel) -> tuple[str, ...]:
    return {
        Ticket: _TICKET,
        TicketEvent: ("note", "was"),
        Outgoing: ("text",),
        Inbound: ("text", "answer"),
        CoHandler: ("note", "reason"),
        ExternalCase: ("answer",),
        Report: ("words",),
        Attachment: ("name",),
        Question: ("payload",),
    }[type(row)]


def _longest(marks: Iterable[str | None], shortest: int = SHORTEST) -> tuple[str, ...]:
    return tuple(sorted((mark for mark in marks if mark and len(mark) >= shortest), key=len, reverse=True))
