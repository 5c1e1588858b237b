"""The ledger of an area (摸排标号、销号): every matter numbered, open until it is struck off, with its five questions.

`snapshot` reads the rows, one query; `build` makes the ledger of them and is pure. Nothing in it is personal: no name,
room or phone; a clause that may hold one is left out whole. What was told in confidence (disputes and whatever else is
private) is a count, for the office its category beside it; silent matters (violence, suicide) are not in it at all.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from bot.masking import fit_for_group
from bot.moves import OPEN
from bot.routing import TITLES
from models import Account, Area, Intent, Level, Origin, Person, Post, Report, Role, Status, Ticket, TicketEvent

MOST = 5000  # rows of one ledger; a subdistrict's year is asked for community by community
SOLVED = (Status.RESOLVED, Status.CLOSED)
ENDED = (Status.WITHDRAWN, Status.DECLINED)
_CLAUSES = re.compile(r"[,，。.;；!！?？、\n]+|\s{1,9}")


@dataclass(frozen=True)
class Row:
    """One ticket as it stands, with what the query joined to it."""

    ticket: Ticket
    area: Area
    above: Area | None  # the area's parent: a unit is said with its building
    role: Role | None  # of the post that holds it
    ended_at: datetime | None  # withdrawn or declined


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. Dates are the community's."""

    ref: str
    number: int
    place: str
    matter: str
    category: str
    origin: Origin
    opened_on: date
    holder: str | None  # the office, never a name
    status: Status
    overdue: bool
    struck_off_on: date | None
    need: str | None
    cause: str | None
    plan: str | None
    progress: str | None
    outcome: str | None


@dataclass(frozen=True)
class Confidential:
    """For the office alone: that there is such a matter, of what kind, and how it stands."""

    ref: str
    number: int
    intent: Intent
    category: str
    opened_on: date
    status: Status
    struck_off_on: date | None


@dataclass(frozen=True)
class Ledger:
    """open: oldest first. struck_off: what was struck off last first."""

    area: str
    name: str
    as_of: datetime
    since: date
    open: tuple[Entry, ...]
    struck_off: tuple[Entry, ...]
    confidential_open: int
    confidential_struck_off: int
    confidential: tuple[Confidential, ...] = field(default=())
    left_off: bool = False  # there was more than MOST


def since_new_year(now: datetime, zone: ZoneInfo) -> date:
    """From when on struck-off matters are shown where nobody says: this year's."""
    return date(now.astimezone(zone).year, 1, 1)


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(0), zone)


def snapshot(session: Session, area: Area, since: datetime) -> list[Row]:
    """The rows of the area and all below it, in one query: what is open, and what was struck off since then.

    The newest MOST + 1, so that it shows where there was more.
    """
    above = aliased(Area)
    ended = (
        select(func.max(TicketEvent.at))
        .where(col(TicketEvent.ticket_id) == col(Ticket.id), col(TicketEvent.kind).in_(ENDED))
        .correlate(Ticket)
        .scalar_subquery()
    )
    query = (
        select(Ticket, Area, above, Post.role)
        .add_columns(ended)
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .join(above, col(above.id) == col(Area.parent_id), isouter=True)
        .join(Post, col(Post.id) == col(Ticket.holder_post_id), isouter=True)
        .where(
            col(Area.path).startswith(area.path, autoescape=True),
            col(Ticket.merged_into_id).is_(None),
            col(Ticket.silent).is_(False),
            or_(
                col(Ticket.status).in_(list(OPEN)),
                and_(col(Ticket.status).in_(SOLVED), col(Ticket.resolved_at) >= since),
                and_(col(Ticket.status).in_(ENDED), ended >= since),
            ),
        )
        .order_by(col(Ticket.id).desc())
        .limit(MOST + 1)
    )
    return [Row(*found) for found in session.execute(query)]


def names_in(session: Session, area: Area) -> frozenset[str]:
    """Whom the words of the area's tickets may name: those who reported there, and those who hold its posts."""
    reporters = (
        select(Account.display_name, Person.name)
        .join(Report, col(Report.account_id) == col(Account.id))
        .join(Ticket, col(Ticket.id) == col(Report.ticket_id))
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .join(Person, col(Person.id) == col(Account.person_id), isouter=True)
        .where(col(Area.path).startswith(area.path, autoescape=True))
        .distinct()
    )
    around = [int(part) for part in area.path.strip("/").split("/") if part]
    holders = (
        select(Person.name)
        .join(Post, col(Post.person_id) == col(Person.id))
        .join(Area, col(Area.id) == col(Post.area_id))
        .where(or_(col(Area.path).startswith(area.path, autoescape=True), col(Area.id).in_(around)))
    )
    told = {name for both in session.exec(reporters) for name in both}
    return frozenset(name for name in told | set(session.exec(holders)) if name and len(name) > 1)


def build(
    area: Area,
    rows: Sequence[Row],
    now: datetime,
    since: date,
    zone: ZoneInfo,
    *,
    names: Collection[str] = (),
    viewer: int | None = None,
    office: bool = False,
) -> Ledger:
    """The ledger of an area. Pure.

    names: whom no text of it may name. viewer: the person it is for; what they are a party to is not in it. office:
    whether they may see of which kind the confidential matters are.
    """
    seen = [row for row in rows[:MOST] if viewer is None or viewer not in row.ticket.recused_person_ids]
    told = [row for row in seen if not row.ticket.private]
    confided = [row for row in seen if row.ticket.private]
    entries = [_entry(row, now, zone, names) for row in told]
    opened = [entry for entry in entries if entry.struck_off_on is None]
    done = [entry for entry in entries if entry.struck_off_on is not None]
    still = sum(_struck_off(row, zone) is None for row in confided)
    return Ledger(
        area=area.code,
        name=area.name,
        as_of=now.astimezone(zone),
        since=since,
        open=tuple(sorted(opened, key=lambda entry: (entry.opened_on, entry.number))),
        struck_off=tuple(sorted(done, key=lambda entry: (entry.struck_off_on, entry.number), reverse=True)),
        confidential_open=still,
        confidential_struck_off=len(confided) - still,
        confidential=tuple(_confidential(row, zone) for row in confided) if office else (),
        left_off=len(rows) > MOST,
    )


def clean(text: str | None, names: Iterable[str] = ()) -> str | None:
    """The clauses of a text that hold nothing personal; None where none is left."""
    known = list(names)
    kept = [
        clause
        for clause in _CLAUSES.split(text or "")
        if fit_for_group(clause) and not any(name in clause for name in known)
    ]
    return "，".join(kept) or None


def _entry(row: Row, now: datetime, zone: ZoneInfo, names: Collection[str]) -> Entry:
    ticket = row.ticket
    struck_off = _struck_off(row, zone)
    due = ticket.resolve_due_at
    return Entry(
        ref=ticket.ref,
        number=ticket.number,
        place=_place(row, names),
        matter=ticket.matter,
        category=ticket.category,
        origin=ticket.origin,
        opened_on=ticket.opened_at.astimezone(zone).date(),
        holder=TITLES[row.role] if row.role is not None else None,
        status=ticket.status,
        overdue=struck_off is None and due is not None and due < now,
        struck_off_on=struck_off,
        need=clean(ticket.need, names) or ticket.matter,
        cause=clean(ticket.cause, names),
        plan=clean(ticket.plan, names),
        progress=clean(ticket.progress, names),
        outcome=clean(ticket.outcome, names),
    )


def _confidential(row: Row, zone: ZoneInfo) -> Confidential:
    ticket = row.ticket
    opened_on = ticket.opened_at.astimezone(zone).date()
    return Confidential(
        ticket.ref, ticket.number, ticket.intent, ticket.category, opened_on, ticket.status, _struck_off(row, zone)
    )


def _struck_off(row: Row, zone: ZoneInfo) -> date | None:
    """The day a matter was solved, withdrawn or declined; None while it is open."""
    ticket = row.ticket
    at = ticket.resolved_at if ticket.status in SOLVED else row.ended_at if ticket.status in ENDED else None
    if at is None and ticket.status not in OPEN:
        at = ticket.last_report_at
    return at.astimezone(zone).date() if at is not None else None


def _place(row: Row, names: Collection[str]) -> str:
    """Building and unit, or the landmark, or the area's name. Never a room."""
    ticket = row.ticket
    said = (f"{ticket.building}栋" if ticket.building else "") + (f"{ticket.unit}单元" if ticket.unit else "")
    if said:
        return said
    building = row.above.name if row.area.level == Level.UNIT and row.above is not None else ""
    return clean(ticket.location, names) or f"{building}{row.area.name}"
