"""What was said about a ticket, both ways and in order: messages heard, what was answered at once, lines sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.console.addressees import RESIDENT
from bot.masking import masked
from bot.web.api_schemas import LineItem, TicketDetail
from models import Account, ChatKind, Inbound, OutgoingState, Person, Ticket

MOST = 300


@dataclass(frozen=True)
class Said:
    """One turn. ours: the service's, to `who`. kind: of a message (text, image, voice, ...). state: of a line."""

    at: datetime
    ours: bool
    who: str
    text: str
    kind: str = "text"
    state: str = "done"


def conversation(session: Session, ticket: Ticket, detail: TicketDetail, *, phones: bool) -> list[Said]:
    """The talk about a ticket, the latest MOST turns, oldest first. phones: whether numbers are shown in it."""
    names = names_in(session, detail)
    heard = [Said(m.at, False, names.get(m.by or "", ""), m.text or "", m.kind) for m in detail.messages]
    lines = [
        Said(
            line.sent_at or line.created_at,
            True,
            names.get(line.chat or "") or _called(line),
            line.text,
            state="done" if line.sent_at is not None else line.state,
        )
        for line in detail.lines
        if line.state != OutgoingState.CANCELLED
    ]
    written = {line.text for line in lines}
    at_once = [one for one in _at_once(session, ticket, detail, phones=phones) if one.text not in written]
    return sorted([*heard, *lines, *at_once], key=lambda one: (one.at, one.ours))[-MOST:]


def _called(line: LineItem) -> str:
    """A group by its name; of somebody without a name not what the platform calls them, or called them once."""
    return RESIDENT if line.chat_kind == ChatKind.PRIVATE else line.chat or ""


def names_in(session: Session, detail: TicketDetail) -> dict[str, str]:
    """What people are called whom the channels know by an id: who spoke, and whose private chat a line went to."""
    ids = {message.by for message in detail.messages} | {line.chat for line in detail.lines}
    query = (
        select(Account.user_id, Person.name, Account.display_name)
        .join(Person, col(Person.id) == col(Account.person_id), isouter=True)
        .where(col(Account.user_id).in_({known for known in ids if known}))
    )
    return {user_id: name or display or "" for user_id, name, display in session.exec(query)}


def _at_once(session: Session, ticket: Ticket, detail: TicketDetail, *, phones: bool) -> list[Said]:
    """What was answered on the callback itself stands on the message that it answered."""
    zone = detail.opened_at.tzinfo
    query = (
        select(Inbound.received_at, Inbound.answer)
        .where(Inbound.ticket_id == ticket.id, col(Inbound.answer).is_not(None))
        .order_by(col(Inbound.id).desc())
        .limit(MOST)
    )
    rows: Sequence[tuple[datetime, str | None]] = session.exec(query).all()
    return [Said(at.astimezone(zone), True, "", text if phones else masked(text)) for at, text in rows if text]
