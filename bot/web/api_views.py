"""Tickets as the lists of the API show them. A page takes a handful of queries, however long it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.routing import TITLES
from bot.web.api_schemas import HistoryItem, Holder, TicketItem
from models import Account, Area, Person, Post, Report, Ticket, TicketEvent


@dataclass(frozen=True)
class _Known:
    """What a page of tickets needs besides their own rows."""

    zone: ZoneInfo
    areas: dict[int, Area]
    holders: dict[int, Holder]
    reports: dict[int, list[Report]]
    events: dict[int, list[TicketEvent]]
    by: dict[int, str]
    merged: dict[int, str]


def ticket_items(session: Session, zone: ZoneInfo, tickets: Sequence[Ticket]) -> list[TicketItem]:
    """The list form of some tickets, in their order."""
    ids = [ticket.id for ticket in tickets]
    areas = {a.id: a for a in session.exec(select(Area).where(col(Area.id).in_({t.area_id for t in tickets})))}
    holders = _holders(session, {t.holder_post_id for t in tickets if t.holder_post_id is not None})
    reports, events = reports_of(session, ids), events_of(session, ids)
    spoke = [row.account_id for rows in reports.values() for row in rows]
    acted = [row.account_id for rows in events.values() for row in rows]
    goals = {t.merged_into_id for t in tickets if t.merged_into_id is not None}
    merged = {t.id: t.ref for t in session.exec(select(Ticket).where(col(Ticket.id).in_(goals)))} if goals else {}
    known = _Known(zone, areas, holders, reports, events, user_ids(session, [*spoke, *acted]), merged)
    return [_item(known, ticket) for ticket in tickets]


def local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A moment in the community's own offset."""
    return None if at is None else at.astimezone(zone)


def user_ids(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """What the channels call these accounts."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    rows = session.exec(select(Account).where(col(Account.id).in_(wanted))).all() if wanted else []
    return {account.id: account.user_id for account in rows}


def reports_of(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[Report]]:
    """The voices on each ticket, in the order they came, those withdrawn among them."""
    found: dict[int, list[Report]] = defaultdict(list)
    for row in session.exec(select(Report).where(col(Report.ticket_id).in_(ticket_ids)).order_by(col(Report.id))):
        found[row.ticket_id].append(row)
    return found


def events_of(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[TicketEvent]]:
    """What happened to each ticket, in order."""
    query = select(TicketEvent).where(col(TicketEvent.ticket_id).in_(ticket_ids)).order_by(col(TicketEvent.id))
    found: dict[int, list[TicketEvent]] = defaultdict(list)
    for row in session.exec(query):
        found[row.ticket_id].append(row)
    return found


def history_item(zone: ZoneInfo, event: TicketEvent, by: dict[int, str]) -> HistoryItem:
    return HistoryItem(
        kind=event.kind,
        by=by.get(event.account_id or 0),
        at=event.at.astimezone(zone),
        old=event.old,
        new=event.new,
    )


def _holders(session: Session, post_ids: set[int]) -> dict[int, Holder]:
    query = (
        select(Post, Person, Area)
        .join(Person, col(Person.id) == col(Post.person_id))
        .join(Area, col(Area.id) == col(Post.area_id))
        .where(col(Post.id).in_(post_ids))
    )
    return {
        post.id: Holder(role=post.role, title=TITLES[post.role], name=person.name, area=area.code)
        for post, person, area in (session.exec(query) if post_ids else ())
    }


def _item(known: _Known, ticket: Ticket) -> TicketItem:
    voices = [report for report in known.reports[ticket.id] if report.withdrawn_at is None]
    speakers = dict.fromkeys(known.by[report.account_id] for report in voices if report.account_id in known.by)
    return TicketItem(
        ref=ticket.ref,
        number=ticket.number,
        intent=ticket.intent,
        category=ticket.category,
        urgent=ticket.urgent,
        danger=ticket.danger,
        private=ticket.private,
        silent=ticket.silent,
        status=ticket.status,
        area=known.areas[ticket.area_id].code,
        area_name=known.areas[ticket.area_id].name,
        building=ticket.building,
        unit=ticket.unit,
        room=ticket.room,
        location=ticket.location,
        matter=ticket.matter,
        opened_at=ticket.opened_at.astimezone(known.zone),
        accept_due_at=local(ticket.accept_due_at, known.zone),
        resolve_due_at=local(ticket.resolve_due_at, known.zone),
        attended_at=local(ticket.attended_at, known.zone),
        resolved_at=local(ticket.resolved_at, known.zone),
        closed_at=local(ticket.closed_at, known.zone),
        holder=known.holders.get(ticket.holder_post_id or 0),
        transferred_to=ticket.transferred_to,
        reports_count=len(voices),
        reporters=list(speakers),
        merged_into=known.merged.get(ticket.merged_into_id or 0),
        origin=ticket.origin,
        look_again_on=ticket.look_again_on,
        history=[history_item(known.zone, event, known.by) for event in known.events[ticket.id]],
    )
