"""What needs somebody now, within the areas of whoever looks. Each list is short, and says how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, TextClause, and_, literal_column, or_, text
from sqlalchemy.sql.elements import UnaryExpression
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.console.apart import apart
from bot.console.causes import Cause, cause
from bot.console.rows import TicketRow, ticket_rows
from bot.desk import Desk
from bot.ledger_table import Kinds
from bot.people import GRACE
from bot.routing import OFFICE
from bot.web.auth import Caller, visible, within
from models import (
    Absence,
    Account,
    Area,
    BindRequest,
    BindState,
    ChannelState,
    Chat,
    ChatKind,
    Person,
    Post,
    Rating,
    Role,
    Status,
    Ticket,
)
from models.ticket import OPEN_SQL

SHOWN = 8
COUNTED = 100  # more than that is "99+": nobody counts them
ENDING = timedelta(days=30)
GROUP_SILENT = timedelta(days=7)
CHANNEL_SILENT = timedelta(hours=12)
UNHAPPY_FOR = timedelta(days=7)
UNHAPPY = 2  # of five
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)

open_tickets = text(f"ticket.{OPEN_SQL}")
_REOPENED = text("ticket.status = 'reopened'")  # written out, as its index has it


@dataclass(frozen=True)
class Listed:
    """The first of them, and how many there are (COUNTED at most)."""

    rows: Sequence[TicketRow]
    count: int


@dataclass(frozen=True)
class Quiet:
    """A group or a channel that has gone silent."""

    name: str
    since: datetime | None
    cause: Cause | None = None
    kind: str = ""  # of a channel, as configured


@dataclass(frozen=True)
class Ending:
    """A post whose time is up soon, or was."""

    person: str | None
    role: Role
    area: str
    ends_on: object


@dataclass(frozen=True)
class Away:
    """Somebody on leave."""

    person: str | None
    ends_at: datetime | None


class Today:
    """The questions of one visit."""

    def __init__(self, desk: Desk, caller: Caller, kinds: Kinds) -> None:
        self._desk, self._caller, self._kinds = desk, caller, kinds
        self._apart = apart(desk.session, caller)
        local = desk.now.astimezone(desk.settings.zone)
        self._tonight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def emergencies(self) -> Listed:
        """Danger that is not over, whoever is there already."""
        return self._list(col(Ticket.danger).is_not(None), col(Ticket.opened_at).desc())

    def overdue(self) -> Listed:
        """The word that was promised has not been given, or nobody has taken it in time."""
        now = self._desk.now
        untaken = and_(col(Ticket.accept_due_at) < now, col(Ticket.status).in_(UNTAKEN))
        return self._list(and_(self._calm(), or_(col(Ticket.resolve_due_at) < now, untaken)), self._by_due())

    def due_today(self) -> Listed:
        """The word is promised for today."""
        due = col(Ticket.resolve_due_at)
        return self._list(and_(self._calm(), due >= self._desk.now, due < self._tonight), self._by_due())

    def unhappy(self) -> Listed:
        """Opened again, or rated badly in the last days: the latest of both, each in the order of an index."""
        since = self._desk.now - UNHAPPY_FOR
        again = self._mine(_REOPENED).order_by(col(Ticket.last_report_at).desc(), col(Ticket.id).desc())
        rated = (
            self._mine(and_(col(Rating.at) >= since, col(Rating.score) <= UNHAPPY))
            .join(Rating, col(Rating.ticket_id) == col(Ticket.id))
            .order_by(col(Rating.at).desc(), col(Rating.id).desc())
        )
        session = self._desk.session
        found = {row.id: row for each in (again, rated) for row in session.exec(each.limit(COUNTED))}
        latest = sorted(found.values(), key=lambda row: (row.last_report_at, row.id), reverse=True)
        return Listed(self._rows(latest[:SHOWN]), min(len(found), COUNTED))

    def named(self, refs: set[str]) -> dict[str, TicketRow]:
        """Some tickets of mine by their refs."""
        rows = self._desk.session.exec(self._mine(col(Ticket.ref).in_(refs))).all() if refs else []
        return {row.ref: row for row in self._rows(rows)}

    def silent_channels(self) -> list[Quiet]:
        """Channels that were not heard of for long, or that refuse what is sent. For the office: it has no place."""
        states = {row.channel: row for row in self._desk.session.exec(select(ChannelState))}
        found = []
        for name, section in self._desk.settings.channels.items():
            row = states.get(name)
            heard = row.last_heard_at if row else None
            refused = row is not None and row.last_error_at is not None and (
                row.last_sent_at is None or row.last_error_at > row.last_sent_at
            )  # fmt: skip
            if refused or heard is None or heard < self._desk.now - CHANNEL_SILENT:
                found.append(Quiet(name, heard, cause(row.last_error) if row and refused else None, section.kind))
        return found

    def silent_groups(self) -> list[Quiet]:
        """Residents' groups in which nobody was heard for a week: perhaps nobody listens there any more."""
        before = self._desk.now - GROUP_SILENT
        query = (
            select(Chat)
            .join(Area, col(Area.id) == col(Chat.area_id))
            .where(
                Chat.kind == ChatKind.RESIDENTS,
                within(self._caller.paths(OFFICE)),
                func.coalesce(Chat.last_heard_at, Chat.created_at) < before,
            )
            .order_by(col(Chat.last_heard_at), col(Chat.id))
            .limit(SHOWN)
        )
        return [Quiet(row.name or row.external_id, row.last_heard_at) for row in self._desk.session.exec(query)]

    def ending(self) -> list[Ending]:
        """Posts that end within a month, or have ended and still give rights."""
        today = self._desk.now.astimezone(self._desk.settings.zone).date()
        query = (
            select(Post, Person, Area)
            .join(Person, col(Person.id) == col(Post.person_id))
            .join(Area, col(Area.id) == col(Post.area_id))
            .where(
                within(self._caller.paths(OFFICE)),
                col(Post.ends_on) <= today + ENDING,
                col(Post.ends_on) >= today - GRACE,
            )
            .order_by(col(Post.ends_on), col(Post.id))
            .limit(SHOWN)
        )
        found = self._desk.session.exec(query)
        return [Ending(person.name, post.role, area.name, post.ends_on) for post, person, area in found]

    def away(self) -> list[Away]:
        """Who is on leave now, of those who hold a post in my areas."""
        now = self._desk.now
        held = (
            select(Post.person_id)
            .join(Area, col(Area.id) == col(Post.area_id))
            .where(within(self._caller.paths(OFFICE)))
        )
        query = (
            select(Absence, Person)
            .join(Person, col(Person.id) == col(Absence.person_id))
            .where(
                col(Absence.person_id).in_(held),
                col(Absence.closed_at).is_(None),
                col(Absence.starts_at) <= now,
                or_(col(Absence.ends_at).is_(None), col(Absence.ends_at) > now),
            )
            .order_by(col(Absence.ends_at), col(Absence.id))
            .limit(SHOWN)
        )
        return [Away(person.name, row.ends_at) for row, person in self._desk.session.exec(query)]

    def bindings(self) -> int:
        """How many ask to be taken for residents of a place and wait for staff."""
        query = (
            select(func.count(col(BindRequest.id)))
            .join(Area, col(Area.id) == col(BindRequest.area_id))
            .join(Account, col(Account.id) == col(BindRequest.account_id))
            .where(BindRequest.state == BindState.STAFF, within(self._caller.paths(OFFICE)))
        )
        return int(self._desk.session.exec(query).one())

    def _calm(self) -> ColumnElement[bool]:
        """What is no emergency: these have a list of their own."""
        return col(Ticket.danger).is_(None)

    def _by_due(self) -> UnaryExpression[datetime]:
        return func.coalesce(col(Ticket.resolve_due_at), col(Ticket.accept_due_at)).asc()

    def _mine(self, which: ColumnElement[bool] | TextClause) -> SelectOfScalar[Ticket]:
        return select(Ticket).join(Area, col(Area.id) == col(Ticket.area_id)).where(visible(self._caller), which)

    def _list(self, which: ColumnElement[bool], order: UnaryExpression[datetime]) -> Listed:
        session = self._desk.session
        mine = self._mine(which).where(open_tickets)
        rows = session.exec(mine.order_by(order, col(Ticket.id).desc()).limit(SHOWN)).all()
        if len(rows) < SHOWN:
            count = len(rows)
        else:
            some = mine.with_only_columns(literal_column("1")).limit(COUNTED).subquery()
            count = _count(session, some)
        return Listed(self._rows(rows), count)

    def _rows(self, tickets: Sequence[Ticket]) -> list[TicketRow]:
        return ticket_rows(self._desk.session, self._kinds, tickets, self._desk.now, self._apart)


def _count(session: Session, some: Subquery) -> int:
    return int(session.exec(select(func.count()).select_from(some)).one())
