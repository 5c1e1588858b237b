"""Work that is owed and not done: messages not understood yet, lines not sent yet, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, text, union_all
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.console.addressees import addressees
from bot.console.apart import apart
from bot.console.causes import Cause, cause
from bot.console.rows import TicketRow, ticket_rows
from bot.desk import Desk
from bot.ledger_table import Kinds
from bot.masking import masked
from bot.routing import OFFICE
from bot.web.api_undelivered import lines_of
from bot.web.auth import Caller, within
from models import Account, Area, ChannelState, Chat, ChatKind, Inbound, Outgoing, OutgoingState, Role, Ticket

SHOWN = 50
# Younger than that is not late, only on its way.
ON_ITS_WAY = timedelta(minutes=1)
GIVEN_UP_FOR = timedelta(days=14)

# Written out, not bound: only so do both databases see that the partial indexes apply.
_QUEUED = text("outgoing.state = 'queued'")
_PENDING = text("inbound.state = 'pending'")
_GIVEN_UP = text("inbound.state = 'given_up'")
_TROUBLED = text("outgoing.state IN ('parked', 'given_up')")


@dataclass(frozen=True)
class Owed:
    """One message or line. who: a group by its name; of a line also a colleague, else that it is private."""

    id: int
    channel: str
    who: str | None
    text: str
    state: str
    since: datetime
    attempts: int
    cause: Cause | None
    ticket_id: int | None = None


@dataclass(frozen=True)
class Alike:
    """Lines with the same words and the same cause: told to eight people, they are read once."""

    text: str
    cause: Cause | None
    state: str
    lines: list[Owed]

    @property
    def raws(self) -> list[str]:
        """What the channels said, each once, for whoever runs the server."""
        return list(dict.fromkeys(f"{one.channel} ×{one.attempts} {one.cause.raw}" for one in self.lines if one.cause))


@dataclass(frozen=True)
class Matter:
    """The lines of one ticket; ticket None: lines about none."""

    ticket: TicketRow | None
    parts: list[Alike]

    @property
    def count(self) -> int:
        return sum(len(part.lines) for part in self.parts)


@dataclass(frozen=True)
class Way:
    """A channel: when it was last heard and last sent something, why it last refused, and what waits for it."""

    name: str
    kind: str  # as configured, "" for a channel that was once
    heard_at: datetime | None
    sent_at: datetime | None
    error_at: datetime | None
    cause: Cause | None
    waiting: int

    @property
    def mended(self) -> bool:
        """Whether it has taken something since it last refused."""
        return self.error_at is None or (self.sent_at is not None and self.sent_at > self.error_at)


def messages(desk: Desk, caller: Caller) -> list[Owed]:
    """Messages stored and not understood: on their way for too long, or given up. Oldest first."""
    # Each found by an index of its own: one condition over both would read every message there is.
    late = select(Inbound.id).where(_PENDING, col(Inbound.received_at) < desk.now - ON_ITS_WAY).correlate(None)
    given_up = select(Inbound.id).where(_GIVEN_UP).correlate(None)
    found = col(Inbound.id).in_(union_all(late, given_up))
    query = mine(caller).where(found).order_by(col(Inbound.received_at), col(Inbound.id)).limit(SHOWN)
    rows = desk.session.exec(query).all()
    chats = _chats(desk.session, [row.chat_id for row in rows])
    return [
        Owed(
            row.id,
            row.channel,
            _called(chats.get(row.chat_id or 0)),
            masked(row.text or ""),
            row.state.value,
            row.received_at,
            row.attempts,
            cause(row.error),
        )
        for row in rows
    ]


def mine(caller: Caller):  # type: ignore[no-untyped-def]  # a select of Inbound
    """The messages of a caller's areas; for an administrator those of which nobody knows the place, too."""
    place = func.coalesce(col(Chat.area_id), col(Account.area_id))
    seen: list[ColumnElement[bool]] = [within(caller.paths(OFFICE))]
    if caller.holds({Role.ADMINISTRATOR}):
        seen.append(place.is_(None))
    return (
        select(Inbound)
        .outerjoin(Chat, col(Chat.id) == col(Inbound.chat_id))
        .outerjoin(Account, col(Account.id) == col(Inbound.account_id))
        .outerjoin(Area, col(Area.id) == place)
        .where(or_(*seen))
    )


def troubled(desk: Desk, caller: Caller) -> SelectOfScalar[Outgoing]:
    """The caller's lines that are due and not sent, parked, or given up in the last days."""
    late = select(Outgoing.id).where(_QUEUED, col(Outgoing.due_at) < desk.now - ON_ITS_WAY).correlate(None)
    lately = or_(col(Outgoing.state) == OutgoingState.PARKED, col(Outgoing.created_at) > desk.now - GIVEN_UP_FOR)
    stopped = select(Outgoing.id).where(_TROUBLED, lately).correlate(None)
    return lines_of(caller).where(col(Outgoing.id).in_(union_all(late, stopped)))


def matters(desk: Desk, caller: Caller, kinds: Kinds) -> list[Matter]:
    """Those lines by what they are about. First what is most urgent and oldest; SHOWN lines at most."""
    order = (col(Outgoing.urgency), col(Outgoing.created_at), col(Outgoing.id))
    rows = desk.session.exec(troubled(desk, caller).order_by(*order).limit(SHOWN)).all()
    found: dict[int | str, list[Owed]] = {}
    for line in _owed(desk, rows):
        found.setdefault(line.ticket_id or line.text, []).append(line)
    tickets = _tickets(desk, caller, kinds, [key for key in found if isinstance(key, int)])
    return [Matter(tickets.get(key) if isinstance(key, int) else None, _alike(some)) for key, some in found.items()]


def _owed(desk: Desk, rows: Sequence[Outgoing]) -> list[Owed]:
    chats = _chats(desk.session, [row.chat_id for row in rows])
    whose = addressees(desk, [row.id for row in rows])
    found = []
    for row in rows:
        chat = chats.get(row.chat_id or 0)
        found.append(
            Owed(
                row.id,
                chat.channel if chat else "",
                whose.get(row.id),
                masked(row.text),
                row.state.value,
                row.created_at,
                row.attempts,
                cause(row.error),
                row.ticket_id,
            )
        )
    return found


def _alike(lines: Sequence[Owed]) -> list[Alike]:
    found: dict[tuple[str, str, str], Alike] = {}
    for line in lines:
        key = (line.text, line.cause.key if line.cause else "", line.state)
        found.setdefault(key, Alike(line.text, line.cause, line.state, [])).lines.append(line)
    return list(found.values())


def _tickets(desk: Desk, caller: Caller, kinds: Kinds, ids: Sequence[int]) -> dict[int, TicketRow]:
    rows = desk.session.exec(select(Ticket).where(col(Ticket.id).in_(ids))).all() if ids else []
    named = ticket_rows(desk.session, kinds, rows, desk.now, apart(desk.session, caller))
    return {row.id: row for row in named}


def ways(desk: Desk) -> list[Way]:
    """Every channel that is configured, or that was once."""
    states = {row.channel: row for row in desk.session.exec(select(ChannelState))}
    waiting = (
        select(Chat.channel, func.count(col(Outgoing.id)))
        .join(Outgoing, col(Outgoing.chat_id) == col(Chat.id))
        .where(_QUEUED, col(Outgoing.due_at) <= desk.now)
        .group_by(col(Chat.channel))
    )
    counts = dict(desk.session.exec(waiting).all())
    found = []
    for name in sorted({*states, *desk.settings.channels}):
        row, section = states.get(name) or ChannelState(channel=name), desk.settings.channels.get(name)
        found.append(
            Way(
                name,
                section.kind if section else "",
                row.last_heard_at,
                row.last_sent_at,
                row.last_error_at,
                cause(row.last_error),
                counts.get(name, 0),
            )
        )
    return found


def _chats(session: Session, ids: Sequence[int | None]) -> dict[int, Chat]:
    wanted = {chat_id for chat_id in ids if chat_id is not None}
    return {row.id: row for row in session.exec(select(Chat).where(col(Chat.id).in_(wanted)))} if wanted else {}


def _called(chat: Chat | None) -> str | None:
    return chat.name or chat.external_id if chat is not None and chat.kind != ChatKind.PRIVATE else None
