"""The rows that a digest is made of: a fixed number of queries, whatever there is, in the transaction of whoever asks.

Counted is in the database, over ranges of the indexes by community and day; what comes back is small. Silent matters
are left out of every query, and tickets that were made one with another live on there.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from bot.digest import areas, quarters
from bot.digest.periods import Window
from bot.digest.rows import Again, Counted, Held, Holder, Snapshot
from bot.digest.rules import LEAST_SATISFIED, REPEATS_FROM, UNHAPPY, WEEKS
from bot.moves import OPEN
from bot.settings import Settings
from models import (
    Account,
    Area,
    ChannelState,
    Chat,
    ChatKind,
    Community,
    Intent,
    Origin,
    Outgoing,
    Post,
    Rating,
    Status,
    Ticket,
    TicketEvent,
)

WEEK = timedelta(days=7)
GROUP_SILENT = timedelta(days=7)
MOST = 50  # rows of a list; more are counted by nobody
EARLIER = timedelta(days=92)  # how long ago a matter may have come up whose time runs out now
SOLVED = (Status.RESOLVED, Status.CLOSED)
ENDED = (Status.WITHDRAWN, Status.DECLINED)
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)
TAKEN = ("accepted", "attended", "resolved", "closed")  # events by which somebody has a matter in hand


class Questions:
    """The questions of one digest, in one transaction."""

    def __init__(
        self, session: Session, settings: Settings, community: Community, window: Window, now: datetime
    ) -> None:
        self._session, self._settings, self._community = session, settings, community
        self._window, self._now = window, now
        local = now.astimezone(settings.zone)
        self._tonight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def all(self, since: datetime) -> Snapshot:
        """Ask them. since: from when on days and hours are drawn."""
        area = self._session.get_one(Area, self._community.area_id)
        window, mine = self._window, self._mine()
        opened = and_(mine, _between(col(Ticket.opened_at), window.starts, window.ends))
        solved = and_(mine, self._solved(window.starts))
        return Snapshot(
            community=self._community.code,
            name=area.name,
            areas=areas.below(self._session, area),
            opened=self._by_kind(opened),
            solved=self._by_kind(solved),
            open=self._open(),
            taken=self._taken(),
            satisfied=self._satisfied(),
            again=self._again(),
            weeks=self._weeks(),
            reopened=self._reopened(),
            rated=self._poorly_rated(),
            undelivered=self._undelivered(area),
            channels={row.channel: row for row in self._session.exec(select(ChannelState))},
            silent_groups=self._silent_groups(area),
            holders=self._holders(),
            opened_at=self._quarters(col(Ticket.opened_at), _between(col(Ticket.opened_at), since, window.ends)),
            resolved_at=self._quarters(col(Ticket.resolved_at), self._solved(since)),
        )

    def _mine(self) -> ColumnElement[bool]:
        return and_(
            col(Ticket.community_id) == self._community.id,
            col(Ticket.merged_into_id).is_(None),
            col(Ticket.silent).is_(False),
        )

    def _solved(self, since: datetime) -> ColumnElement[bool]:
        """Solved since then, and still so."""
        between = _between(col(Ticket.resolved_at), since, self._window.ends)
        return and_(between, col(Ticket.status).in_(SOLVED))

    def _by_kind(self, which: ColumnElement[bool]) -> list[Counted]:
        kind = (col(Ticket.intent), col(Ticket.category), col(Ticket.area_id))
        query = select(*kind, func.count()).add_columns(_sum(col(Ticket.origin) != Origin.DUTY))
        return [Counted(*row) for row in self._session.execute(query.where(which).group_by(*kind))]

    def _open(self) -> list[Held]:
        now, due = self._now, col(Ticket.resolve_due_at)
        calm = col(Ticket.danger).is_(None)
        untaken = and_(col(Ticket.accept_due_at) < now, col(Ticket.status).in_(UNTAKEN))
        # Passed up because the word was overdue: its clock began anew in that moment (bot.deadlines.pass_up).
        passed_up = exists().where(
            col(TicketEvent.ticket_id) == col(Ticket.id),
            *_by_the_clock(TicketEvent),
            col(TicketEvent.at) == col(Ticket.resolve_from_at),
        )
        kind = (col(Ticket.intent), col(Ticket.category), col(Ticket.area_id), col(Ticket.holder_post_id))
        query = (
            select(*kind)
            .add_columns(
                func.count(),
                _sum(and_(calm, or_(due < now, untaken))),
                _sum(and_(calm, due >= now, due < self._tonight)),
                _sum(col(Ticket.danger).is_not(None)),
                _sum(col(Ticket.status) == Status.REOPENED),
                _sum(and_(col(Ticket.origin) != Origin.DUTY, or_(due < now, passed_up))),
            )
            .where(self._mine(), col(Ticket.status).in_(list(OPEN)))
            .group_by(*kind)
        )
        return [Held(*row) for row in self._session.execute(query)]

    def _taken(self) -> tuple[int, int]:
        """Of the matters whose time to be taken in hand ran out: how many were, and of how many."""
        took, passed = aliased(TicketEvent), aliased(TicketEvent)
        first = (
            select(func.min(took.id))
            .where(
                col(took.ticket_id) == col(Ticket.id),
                col(took.kind).in_(TAKEN),
                col(took.at) <= col(Ticket.accept_due_at),
            )
            .correlate(Ticket)
            .scalar_subquery()
        )
        up = (
            select(func.min(passed.id))
            .where(col(passed.ticket_id) == col(Ticket.id), *_by_the_clock(passed))
            .correlate(Ticket)
            .scalar_subquery()
        )
        window = self._window
        query = select(_sum(and_(first.is_not(None), or_(up.is_(None), up > first))), func.count()).where(
            self._mine(),
            _between(col(Ticket.opened_at), window.starts - EARLIER, window.ends),
            _between(col(Ticket.accept_due_at), window.starts, window.ends),
            col(Ticket.status).not_in(ENDED),
            col(Ticket.origin) != Origin.DUTY,
        )
        taken, of_all = self._session.execute(query).one()
        return int(taken or 0), int(of_all)

    def _satisfied(self) -> tuple[int, int, int]:
        """Of the ratings, those that are good; of how many; and how many tickets were rated poorly, those that are open
        again apart.
        """
        poor = and_(col(Rating.score) <= UNHAPPY, self._rates(col(Ticket.status) != Status.REOPENED))
        tickets = func.count(case((poor, col(Rating.ticket_id))).distinct())
        query = select(_sum(col(Rating.score) >= LEAST_SATISFIED), func.count(), tickets).where(self._rated())
        good, of_all, unhappy = self._session.execute(query).one()
        return int(good or 0), int(of_all), int(unhappy)

    def _poorly_rated(self) -> list[Ticket]:
        """The newest of them, found by when they were rated and looked up then."""
        last = func.max(col(Rating.at))
        query = select(col(Rating.ticket_id)).where(self._rated(), col(Rating.score) <= UNHAPPY)
        ids = self._session.exec(query.group_by(col(Rating.ticket_id)).order_by(last.desc()).limit(MOST)).all()
        found = {row.id: row for row in self._session.exec(select(Ticket).where(col(Ticket.id).in_(ids)))}
        return [found[ticket_id] for ticket_id in ids]

    def _rated(self) -> ColumnElement[bool]:
        return and_(_between(col(Rating.at), self._window.starts, self._window.ends), self._rates())

    def _rates(self, *which: ColumnElement[bool]) -> ColumnElement[bool]:
        """Not a join: a database that begins with a community's tickets looks at all of its years."""
        return exists().where(col(Ticket.id) == col(Rating.ticket_id), self._mine(), *which)

    def _again(self) -> list[Again]:
        """Repairs at one place, of one kind, several times within four weeks, the last of them in the time covered."""
        window, opened = self._window, col(Ticket.opened_at)
        place = (col(Ticket.area_id), col(Ticket.building), col(Ticket.unit), col(Ticket.category))
        query = (
            select(*place)
            .add_columns(func.count())
            .where(
                self._mine(),
                _between(opened, window.ends - WEEKS * WEEK, window.ends),
                col(Ticket.intent) == Intent.REPAIR,
                col(Ticket.private).is_(False),
                col(Ticket.origin) != Origin.DUTY,
            )
            .group_by(*place)
            .having(func.count() >= REPEATS_FROM, func.max(opened) >= window.starts)
            .order_by(func.count().desc(), *place)
            .limit(MOST)
        )
        return [Again(*row) for row in self._session.execute(query)]

    def _weeks(self) -> list[Counted]:
        """The last seven days (0) and the weeks before them, by kind."""
        ends, opened = self._window.ends, col(Ticket.opened_at)
        week = case(*((opened >= ends - (n + 1) * WEEK, literal(n)) for n in range(WEEKS)), else_=literal(WEEKS))
        query = (
            select(col(Ticket.intent), col(Ticket.category), week.label("week"), func.count())
            .where(self._mine(), _between(opened, ends - (WEEKS + 1) * WEEK, ends), col(Ticket.origin) != Origin.DUTY)
            .group_by(col(Ticket.intent), col(Ticket.category), "week")
        )
        return [
            Counted(intent, category, 0, count, count, at)
            for intent, category, at, count in self._session.execute(query)
        ]

    def _reopened(self) -> list[Ticket]:
        query = select(Ticket).where(self._mine(), col(Ticket.status) == Status.REOPENED)
        newest = query.order_by(col(Ticket.last_report_at).desc(), col(Ticket.id).desc())
        return list(self._session.exec(newest.limit(MOST)))

    def _undelivered(self, area: Area) -> int:
        where = func.coalesce(Ticket.area_id, Chat.area_id, Account.area_id, Post.area_id)
        query = (
            select(func.count())
            .select_from(Outgoing)
            .outerjoin(Ticket, col(Ticket.id) == col(Outgoing.ticket_id))
            .outerjoin(Chat, col(Chat.id) == col(Outgoing.chat_id))
            .outerjoin(Account, col(Account.id) == col(Chat.account_id))
            .outerjoin(Post, col(Post.id) == col(Outgoing.post_id))
            .join(Area, col(Area.id) == where)
            .where(
                col(Outgoing.undelivered_at).is_not(None),
                col(Area.path).startswith(area.path, autoescape=True),
                func.coalesce(Ticket.silent, literal(False)).is_(False),
            )
        )
        return int(self._session.exec(query).one())

    def _silent_groups(self, area: Area) -> list[Chat]:
        """Residents' groups in which nobody was heard for a week."""
        heard = func.coalesce(Chat.last_heard_at, Chat.created_at)
        query = (
            select(Chat)
            .join(Area, col(Area.id) == col(Chat.area_id))
            .where(
                Chat.kind == ChatKind.RESIDENTS,
                col(Area.path).startswith(area.path, autoescape=True),
                heard < self._now - GROUP_SILENT,
            )
            .order_by(heard, col(Chat.id))
            .limit(MOST)
        )
        return list(self._session.exec(query))

    def _holders(self) -> list[Holder]:
        """Who holds open matters here."""
        held = select(Ticket.holder_post_id).where(self._mine(), col(Ticket.status).in_(list(OPEN)))
        query = select(col(Post.id), col(Post.role), col(Post.area_id)).where(col(Post.id).in_(held))
        return [Holder(*row) for row in self._session.exec(query)]

    def _quarters(self, moment: SQLColumnExpression[Any], which: ColumnElement[bool]) -> dict[datetime, int]:
        """How many in each quarter of an hour: every zone's days and hours are made of these."""
        quarter = quarters.of(self._session.get_bind().dialect.name, moment)
        query = select(quarter.label("quarter"), func.count()).where(self._mine(), which).group_by("quarter")
        return {quarters.moment(at): count for at, count in self._session.execute(query)}


def _between(moment: SQLColumnExpression[Any], starts: datetime, ends: datetime) -> ColumnElement[bool]:
    return and_(moment >= starts, moment < ends)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _by_the_clock(event: type[TicketEvent]) -> tuple[ColumnElement[bool], ...]:
    """It was passed up, and nobody said so."""
    return (col(event.kind) == "escalated", col(event.account_id).is_(None), col(event.person_id).is_(None))
