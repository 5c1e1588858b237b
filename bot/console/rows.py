"""Tickets as the lists of the pages show them: five queries a page, however long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.console.apart import Apart
from bot.console.whereabouts import whereabouts
from bot.ledger_table import Kinds
from bot.routing import TITLES
from models import Person, Post, Report, Ticket


@dataclass(frozen=True)
class TicketRow:
    """A line of a list. No room, no phone, no name of who reported: a list stands open on a desk."""

    id: int
    ref: str
    number: int
    community: str  # "" where the number alone says which is meant
    intent: str
    kind: str
    danger: str | None
    urgent: bool
    private: bool
    status: str
    place: str
    matter: str
    opened_at: datetime
    due_at: datetime | None
    attended: bool
    late: bool
    holder: str
    voices: int


def ticket_rows(
    session: Session, kinds: Kinds, tickets: Sequence[Ticket], now: datetime, apart: Apart
) -> list[TicketRow]:
    """The lines of some tickets, in their order. apart: as bot.console.apart gives it for whoever reads them."""
    ids = [ticket.id for ticket in tickets]
    places = whereabouts(session, {ticket.area_id for ticket in tickets})
    holders = _holders(session, {t.holder_post_id for t in tickets if t.holder_post_id is not None})
    count = func.count(col(Report.id))
    voices = select(Report.ticket_id, count).where(col(Report.ticket_id).in_(ids), col(Report.withdrawn_at).is_(None))
    said = dict(session.exec(voices.group_by(col(Report.ticket_id))).all()) if ids else {}
    return [
        TicketRow(
            id=ticket.id,
            ref=ticket.ref,
            number=ticket.number,
            community=apart.get(ticket.community_id, ""),
            intent=ticket.intent.value,
            kind=kinds.get((ticket.intent, ticket.category), ""),
            danger=ticket.danger,
            urgent=ticket.urgent,
            private=ticket.private or ticket.silent,
            status=ticket.status.value,
            place=places[ticket.area_id].of(ticket),
            matter=ticket.matter,
            opened_at=ticket.opened_at,
            due_at=ticket.resolve_due_at,
            attended=ticket.attended_at is not None,
            late=ticket.resolve_due_at is not None and ticket.resolve_due_at < now and ticket.resolved_at is None,
            holder=ticket.transferred_to or holders.get(ticket.holder_post_id or 0, ""),
            voices=said.get(ticket.id, 0),
        )
        for ticket in tickets
    ]


def _holders(session: Session, post_ids: set[int]) -> dict[int, str]:
    query = select(Post, Person.name).join(Person, col(Person.id) == col(Post.person_id))
    found = session.exec(query.where(col(Post.id).in_(post_ids))).all() if post_ids else []
    return {post.id: " ".join(part for part in (TITLES[post.role], name) if part) for post, name in found}
