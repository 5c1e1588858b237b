"""Recurring duties: made by a decision, a ticket each time they fall due. Days are reckoned in intents.recurring."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, func, select

from bot import assigned, clocks, consequences, places, tickets
from bot.desk import Desk
from bot.events import write
from bot.moves import Verb
from bot.settings import Settings
from bot.tickets import Matter, Voice
from intents.recurring import Every
from intents.verdict import Slots
from models import Area, Intent, Origin, RecurringDuty, Role, Ticket


@dataclass(frozen=True)
class Wish:
    """A duty as it is to be. Raises ValueError (Every) before it exists where its days are none."""

    area: Area
    title: str  # fit for a group
    every: Every
    starts_on: date
    ends_on: date | None = None
    category: str = "other"  # of repair
    role: Role | None = None
    made_from: str | None = None  # the ref of a ticket


def make(desk: Desk, wish: Wish, by: int | None) -> RecurringDuty:
    """Write a new duty down, with the first day on which it falls due. by: the person who decided it."""
    duty = RecurringDuty(area_id=wish.area.id, title="", starts_on=wish.starts_on, created_at=desk.now, created_by=by)
    change(desk, duty, wish)
    return duty


def change(desk: Desk, duty: RecurringDuty, wish: Wish) -> None:
    """Make a duty what is wished; it falls due next on the first of its days after today."""
    duty.area_id, duty.title, duty.category = wish.area.id, wish.title[:200], wish.category
    duty.every_days, duty.weekdays = wish.every.days, list(wish.every.weekdays)
    duty.month_days = list(wish.every.month_days)
    duty.starts_on, duty.ends_on, duty.role, duty.made_from = wish.starts_on, wish.ends_on, wish.role, wish.made_from
    duty.next_due_on = _next(duty, today(desk))
    desk.session.add(duty)
    desk.session.flush()


def stop(desk: Desk, duty: RecurringDuty) -> None:
    """It never falls due again; what it opened goes on."""
    duty.next_due_on, duty.ends_on = None, min(duty.ends_on or today(desk), today(desk))


def every_of(duty: RecurringDuty) -> Every:
    return Every(duty.every_days, tuple(duty.weekdays), tuple(duty.month_days))


def due(session: Session, settings: Settings, now: datetime, most: int) -> list[int]:
    """The duties whose day has come, none before the leaders' hours begin nor in the silent hours."""
    local = now.astimezone(settings.zone)
    if local.time() < _opening(settings) or clocks.is_silent(now, settings.hours, settings.zone):
        return []
    query = select(RecurringDuty.id).where(col(RecurringDuty.next_due_on) <= local.date())
    return list(session.exec(query.order_by(col(RecurringDuty.next_due_on), col(RecurringDuty.id)).limit(most)))


def next_moment(session: Session, settings: Settings) -> datetime | None:
    """When the next duty falls due; None where none does."""
    on = session.exec(select(func.min(RecurringDuty.next_due_on))).one()
    return datetime.combine(on, _opening(settings), settings.zone) if on is not None else None


def open_due(desk: Desk, duty_id: int) -> Ticket | None:
    """Open the ticket of a duty whose day has come, once: the row is locked, and moved on in the same transaction.

    However many of its days went by meanwhile, one ticket catches up with all of them. None where another clock has it.
    """
    duty = locked(desk.session, duty_id)
    if duty is None or duty.next_due_on is None or duty.next_due_on > today(desk):
        return None
    duty.next_due_on = _next(duty, today(desk))
    area = desk.session.get_one(Area, duty.area_id)
    community = places.community_of(desk.session, area)
    if community is None:
        return None
    tickets.lock(desk.session, community.id)
    matter = Matter(
        Intent.REPAIR,
        duty.category,
        duty.title,
        places.resolve(desk.session, area, Slots()),
        area,
        origin=Origin.DUTY,
        duty_id=duty.id,
    )
    ticket = tickets.register(desk, community, matter, Voice(None, None, None, duty.title, desk.now))
    write(desk, ticket, "opened", consequences.SERVICE, note=duty.made_from)
    tickets.act(desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name=assigned.name(duty.role))
    return ticket


def put_off(desk: Desk, duty_id: int) -> None:
    """What could not be opened today is tried again tomorrow, and holds nothing up until then."""
    duty = locked(desk.session, duty_id)
    if duty is not None and duty.next_due_on is not None:
        duty.next_due_on = today(desk) + timedelta(days=1)


def locked(session: Session, duty_id: int) -> RecurringDuty | None:
    """The row as it is now that nobody else can move it on."""
    query = select(RecurringDuty).where(RecurringDuty.id == duty_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def today(desk: Desk) -> date:
    return desk.now.astimezone(desk.settings.zone).date()


def _next(duty: RecurringDuty, after: date) -> date | None:
    """The first of its days behind `after`; None past its end."""
    on = every_of(duty).next_after(after, duty.starts_on)
    return on if duty.ends_on is None or on <= duty.ends_on else None


def _opening(settings: Settings) -> time:
    return min(begin for begin, _ in settings.hours.leaders)
