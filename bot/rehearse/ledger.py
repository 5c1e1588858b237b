"""What became of a chat: its tickets with their history, and every line that would have been said.

docs/rehearse.md has the shape; all values are plain JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.moves import OPEN
from bot.rehearse.playing import Play, number
from bot.rehearse.scene import Scene
from models import Account, Chat, ChatKind, Inbound, Outgoing, Report, Status, Ticket, TicketEvent

Ledger = dict[str, Any]


@dataclass(frozen=True)
class _Book:
    """What is looked up again and again while the ledger is written."""

    start: datetime
    users: Mapping[int, str]  # account id -> user id
    heard: Mapping[int, int]  # inbound id -> the message's i
    refs: Mapping[int, str]  # ticket id -> ref
    play: Play

    def minutes(self, at: datetime) -> float:
        gone = round((at - self.start).total_seconds() / 60, 2)
        return int(gone) if gone == int(gone) else gone


def write(session: Session, scene: Scene, play: Play, start: datetime) -> Ledger:
    """The ledger of one chat that has been played."""
    tickets = session.exec(select(Ticket).order_by(col(Ticket.id))).all()
    book = _Book(
        start,
        {account.id: account.user_id for account in session.exec(select(Account))},
        {row.id: number(row) for row in session.exec(select(Inbound))},
        {ticket.id: ticket.ref for ticket in tickets},
        play,
    )
    return {
        "id": scene.id,
        "tickets": [_ticket(session, book, ticket) for ticket in tickets],
        "said": _said(session, book),
    }


def _ticket(session: Session, book: _Book, ticket: Ticket) -> dict[str, Any]:
    reports = session.exec(select(Report).where(Report.ticket_id == ticket.id).order_by(col(Report.id))).all()
    first = reports[0].inbound_id if reports else None
    # With its last voice a ticket is withdrawn whole: it was still theirs.
    counted = [r for r in reports if r.withdrawn_at is None or ticket.status == Status.WITHDRAWN]
    return {
        "ref": ticket.ref,
        "number": ticket.number,
        "intent": ticket.intent.value,
        "category": ticket.category,
        "urgent": ticket.urgent,
        "building": ticket.building,
        "unit": ticket.unit,
        "room": ticket.room,
        "status": ticket.status.value,
        "private": ticket.private,
        "opened_by_event": None if first is None else book.heard.get(first),
        "reporters": list(dict.fromkeys(book.users[r.account_id] for r in counted if r.account_id is not None)),
        "history": _history(session, book, ticket),
    }


def _history(session: Session, book: _Book, ticket: Ticket) -> list[dict[str, Any]]:
    rows = session.exec(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(col(TicketEvent.id)))
    return [
        {
            "kind": kind,
            "by": None if row.account_id is None else book.users.get(row.account_id),
            "event": book.play.causes.of_event(row.id),
            "at_minutes": book.minutes(row.at),
        }
        for row in rows
        for kind in _kinds(row)
    ]


def _kinds(row: TicketEvent) -> tuple[str, ...]:
    """A reporter's "好了" on what nobody had said to be done resolves it and closes it, in one move."""
    return ("resolved", row.kind) if row.kind == "closed" and row.old in OPEN else (row.kind,)


def _said(session: Session, book: _Book) -> list[dict[str, Any]]:
    """In the order in which it was owed, minute by minute: two senders at once make no other order."""
    rows = {row.key: row for row in session.exec(select(Outgoing))}
    chats = {chat.id: chat for chat in session.exec(select(Chat))}
    lines = []
    for sent in sorted(book.play.channel.sent, key=lambda one: (one.at, rows[one.line.key].id)):
        row = rows[sent.line.key]
        chat = chats[row.chat_id or 0]
        lines.append(
            {
                "setting": "private" if chat.kind == ChatKind.PRIVATE else "group",
                "to": chat.external_id,
                "text": sent.line.text,
                "at_minutes": book.minutes(sent.at),
                "in_answer_to": book.play.causes.of_line(row.id),
                "ticket": None if row.ticket_id is None else book.refs.get(row.ticket_id),
            }
        )
    return lines
