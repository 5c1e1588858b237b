"""Lines owed to chats: work that must happen at least once. Only SQL, in whatever transaction is open.

    owe(desk, key="event:7:3", chat=chat, text="...")       once, whoever says it again
    carry(desk, chat, room_bytes)                            what can ride on a passive answer now
    unpark(desk, chat)                                       the person has written again
    pass_on(desk, line), overdue(desk)                       what cannot be delivered goes the next way of its reach

How a line is claimed, sent and settled: bot.delivery.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, func, literal_column, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot import estates
from bot.bell import OUTGOING
from bot.desk import Desk
from bot.routing import TITLES
from models import Chat, ChatKind, Inbound, Outgoing, OutgoingState, Post, Ticket, TicketEvent, Urgency

BELLS = "bells"  # session.info: the queues to ring after the commit
LEASE = timedelta(seconds=20)  # how long a sender may take; its end is the claimed row's due_at
SEPARATOR = "\n\n"  # between lines that ride on one answer

# Written out, not bound: only so do both databases see that the partial indexes apply.
_LATE: ColumnElement[bool] = literal_column("outgoing.overdue_at IS NOT NULL")
_STALE: ColumnElement[bool] = literal_column("inbound.erase_at IS NOT NULL")
_WAITING: ColumnElement[bool] = literal_column("outgoing.state IN ('queued', 'parked')")


def note_bell(session: Session, queue: str) -> None:
    """Have Services.transaction ring `queue` after the commit."""
    session.info.setdefault(BELLS, set()).add(queue)


def owe(
    desk: Desk,
    *,
    key: str,
    chat: Chat | None,
    text: str,
    urgency: Urgency = Urgency.ANSWER,
    ticket: Ticket | None = None,
    event: TicketEvent | None = None,
    post: Post | None = None,
    reach: Sequence[int] = (),
    overdue_after: timedelta | None = None,
    reply_to: str | None = None,
    due_at: datetime | None = None,
    gathers: Sequence[int] | None = None,
) -> Outgoing | None:
    """Owe one line to one chat. None where `key` is owed already.

    chat None: nobody to tell, the line goes straight to the undelivered list. reach: ids of the chats to try after
    this one, in order. overdue_after: how long it may stay unsent (from due_at), else the setting for its urgency.
    due_at: not before; None is now. gathers: the tickets that this one line stands for (bot.storms). The bell rings
    after the commit.
    """
    desk.session.flush()
    due = desk.now if due_at is None else max(due_at, desk.now)
    values: dict[str, Any] = {
        "key": key,
        "chat_id": None if chat is None else chat.id,
        "urgency": int(urgency),
        "text": text if chat is None or ticket is None else estates.told(desk, chat, ticket, text),
        "ticket_id": None if ticket is None else ticket.id,
        "event_id": None if event is None else event.id,
        "post_id": None if post is None else post.id,
        "reach": list(reach),
        "reply_to": reply_to,
        "created_at": desk.now,
        "due_at": due,
        "overdue_at": due + (_patience(desk, urgency) if overdue_after is None else overdue_after),
        "gathers": None if gathers is None else list(gathers),
    }
    if chat is None:
        values |= {"state": OutgoingState.GIVEN_UP, "overdue_at": None, "error": "no chat", "undelivered_at": desk.now}
    return _insert(desk, values)


def told_of(desk: Desk, event: TicketEvent) -> list[int]:
    """The chats that a line about this event is owed to by now."""
    query = select(Outgoing.chat_id).where(Outgoing.event_id == event.id)
    return [chat_id for chat_id in desk.session.exec(query) if chat_id is not None]


def pass_on(desk: Desk, line: Outgoing) -> Outgoing | None:
    """Owe the text to the next chat of the line's reach; where there is none left, list the first line as undelivered.

    Happens once a line: its overdue_at is cleared. The new line's key is "<first key>:r<n>".
    """
    if line.overdue_at is None:
        return None
    first = line if line.first_id is None else desk.session.get_one(Outgoing, line.first_id)
    chat, rest = _next(desk.session, line)
    line.overdue_at = None
    desk.session.add(line)
    if chat is None:
        listed(desk, line, desk.now)
        return None
    if _told_already(desk.session, line, chat):
        return None
    passed = desk.session.scalar(select(func.count()).where(col(Outgoing.first_id) == first.id)) or 0
    urgency = Urgency(line.urgency)
    values: dict[str, Any] = {
        "key": f"{first.key}:r{passed + 1}",
        "chat_id": chat.id,
        "urgency": line.urgency,
        "text": _passed_text(desk, line, chat),
        "ticket_id": line.ticket_id,
        "event_id": line.event_id,
        "post_id": line.post_id,
        "reach": rest,
        "first_id": first.id,
        "created_at": desk.now,
        "due_at": desk.now,
        "overdue_at": desk.now + _patience(desk, urgency),
    }
    return _insert(desk, values)


def _told_already(session: Session, line: Outgoing, chat: Chat) -> bool:
    """Whether this chat has heard of the same event: five people who cannot be reached need not be told there of it
    five times. What was given up there counts for nothing.
    """
    if line.event_id is None:
        return False
    query = select(Outgoing.id).where(
        Outgoing.event_id == line.event_id,
        Outgoing.chat_id == chat.id,
        Outgoing.urgency == line.urgency,
        col(Outgoing.state).in_([OutgoingState.QUEUED, OutgoingState.DONE]),
    )
    return session.exec(query).first() is not None


def _passed_text(desk: Desk, line: Outgoing, chat: Chat) -> str:
    """Staff are told that somebody else could not be reached; elsewhere the line stays as it was. Whoever reads of
    several estates is told which it is.
    """
    ticket = desk.session.get(Ticket, line.ticket_id) if line.ticket_id is not None else None
    text = line.text if ticket is None else estates.told(desk, chat, ticket, line.text)
    if chat.kind != ChatKind.STAFF or line.post_id is None:
        return text
    role = desk.session.get_one(Post, line.post_id).role
    return desk.wording("passed_on", title=TITLES[role], text=text)


def overdue(desk: Desk, most: int = 100) -> int:
    """Pass on what is unsent past its overdue_at. Returns how many lines."""
    late = desk.session.exec(
        select(Outgoing)
        .where(_LATE, col(Outgoing.overdue_at) <= desk.now)
        .order_by(col(Outgoing.urgency), col(Outgoing.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for line in late:
        if line.state in (OutgoingState.QUEUED, OutgoingState.PARKED, OutgoingState.GIVEN_UP):
            pass_on(desk, line)
        else:
            line.overdue_at = None
    return len(late)


def any_overdue(session: Session, now: datetime) -> bool:
    """Whether `overdue` would find something: asked before a writing transaction is opened for it."""
    return session.exec(select(Outgoing.id).where(_LATE, col(Outgoing.overdue_at) <= now).limit(1)).first() is not None


def any_chatter(session: Session, now: datetime) -> bool:
    """Whether `forget_chatter` would find something."""
    return session.exec(select(Inbound.id).where(_STALE, col(Inbound.erase_at) <= now).limit(1)).first() is not None


def carry(desk: Desk, chat: Chat, room_bytes: int) -> list[Outgoing]:
    """What waits for a private chat and can ride on a passive answer now, as many as fit; marked done.

    room_bytes: UTF-8 bytes left, a SEPARATOR before each line included. Left alone: what somebody is sending at this
    moment, and what is owed only later.
    """
    waiting = desk.session.exec(
        select(Outgoing)
        .where(col(Outgoing.chat_id) == chat.id, _WAITING)
        .order_by(col(Outgoing.urgency), col(Outgoing.id))
    ).all()
    carried = []
    for line in waiting:
        size = len((SEPARATOR + line.text).encode())
        if size > room_bytes or not _rides(line, desk.now) or not _carry_one(desk, line):
            continue
        room_bytes -= size
        carried.append(line)
    return carried


def unpark(desk: Desk, chat: Chat) -> int:
    """The person has written again: what was parked for their chat is due now. Returns how many lines."""
    parked = select(Outgoing.id).where(
        Outgoing.chat_id == chat.id,
        _WAITING,
        Outgoing.state == OutgoingState.PARKED,
    )
    if desk.session.exec(parked).first() is None:
        return 0
    woken = desk.session.execute(
        update(Outgoing)
        .where(col(Outgoing.chat_id) == chat.id, col(Outgoing.state) == OutgoingState.PARKED)
        .values(state=OutgoingState.QUEUED, due_at=desk.now)
    )
    if rows(woken):
        note_bell(desk.session, OUTGOING)
    return rows(woken)


def forget_chatter(session: Session, now: datetime, most: int = 1000) -> int:
    """Erase the text of chatter whose time is up (behaviour.md: within 24 hours). Returns how many rows."""
    ids = select(Inbound.id).where(_STALE, col(Inbound.erase_at) <= now).limit(most).scalar_subquery()
    gone = session.execute(
        update(Inbound)
        .where(col(Inbound.id).in_(ids))
        .values(text=None, media=None, media_due_at=None, line=None, erase_at=None)
    )
    return rows(gone)


def _patience(desk: Desk, urgency: Urgency) -> timedelta:
    times = desk.settings.times
    return timedelta(seconds=times.reach_emergency_seconds if urgency == Urgency.EMERGENCY else times.reach_seconds)


def _insert(desk: Desk, values: dict[str, Any]) -> Outgoing | None:
    """Insert unless the key is there; one statement, so that two at the same moment both live on."""
    dialect = desk.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    query = insert(Outgoing).values(**values).on_conflict_do_nothing(index_elements=["key"]).returning(Outgoing)
    line: Outgoing | None = desk.session.scalars(query).first()
    if line is not None and line.state == OutgoingState.QUEUED:
        note_bell(desk.session, OUTGOING)
    return line


def _next(session: Session, line: Outgoing) -> tuple[Chat | None, list[int]]:
    """The next chat of the reach that still exists, and what is left after it."""
    for position, chat_id in enumerate(line.reach):
        chat = session.get(Chat, chat_id)
        if chat is not None and chat.id != line.chat_id:
            return chat, list(line.reach[position + 1 :])
    return None, []


def listed(desk: Desk, line: Outgoing, at: datetime | None) -> None:
    """Put the matter on the undelivered list (by its first line), or take it off."""
    first_id = line.id if line.first_id is None else line.first_id
    changes = col(Outgoing.undelivered_at).is_(None) if at is not None else col(Outgoing.undelivered_at).is_not(None)
    desk.session.execute(update(Outgoing).where(col(Outgoing.id) == first_id, changes).values(undelivered_at=at))


def _rides(line: Outgoing, now: datetime) -> bool:
    if line.state == OutgoingState.PARKED or line.due_at <= now:
        return True
    return line.attempts > 0 and line.due_at > now + LEASE  # farther off than any lease: backing off


def _carry_one(desk: Desk, line: Outgoing) -> bool:
    taken = desk.session.execute(
        update(Outgoing)
        .where(col(Outgoing.id) == line.id, col(Outgoing.due_at) == line.due_at, col(Outgoing.state) == line.state)
        .values(state=OutgoingState.DONE, sent_at=desk.now, overdue_at=None, undelivered_at=None)
    )
    if rows(taken) == 1:
        listed(desk, line, None)
        return True
    return False


def rows(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE gives one; this tells the type checker
    return result.rowcount
