"""What the clock does: the ladder of an emergency, deadlines, closing, questions that nobody answered."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlmodel import col, select

from bot import again, alarms, consequences, deadlines, ratings
from bot.desk import Desk
from bot.events import write
from bot.inbox import announcements, beginning, casework, expiring, leaderline, overdue, repeating, turns
from bot.moves import OPEN, NotAllowed, Verb
from bot.roster import preview
from bot.services import Services
from bot.tickets import act, lock
from models import Announcement, Question, Status, Ticket, TicketEvent, Timer

log = logging.getLogger(__name__)

BATCH = 50  # due rows looked at in one sweep
RETRY = timedelta(seconds=60)  # a row whose handling failed is looked at again then


def clockwork(services: Services) -> int:
    """Fire what is due. Each in a transaction of its own; two clocks at once fire it once. Returns how many."""
    services = services.pinned()
    now = services.now()
    with services.reading() as session:
        timers = list(
            session.exec(
                select(Timer.id)
                .where(col(Timer.done_at).is_(None), Timer.due_at <= now)
                .order_by(col(Timer.due_at))
                .limit(BATCH)
            )
        )
        asked = list(
            session.exec(
                select(Question.id)
                .where(col(Question.answered_at).is_(None), Question.expires_at <= now)
                .order_by(col(Question.id))
                .limit(BATCH)
            )
        )
        outages = list(
            session.exec(
                select(Announcement.id)
                .where(col(Announcement.checked_at).is_(None), col(Announcement.ends_at) <= now)
                .order_by(col(Announcement.ends_at))
                .limit(BATCH)
            )
        )
    for timer_id in timers:
        _guarded(services, fire, Timer, timer_id)
    for question_id in asked:
        _guarded(services, expiring.expire, Question, question_id)
    for outage_id in outages:
        _guarded(services, outage_ends, Announcement, outage_id)
    leaderline.forget(services)
    _forget_uploads(services)
    done = len(timers) + len(asked) + len(outages)
    done += overdue.say_due(services)
    return done + leaderline.ask_leaders(services) + turns.tick(services) + repeating.open_due(services)


def _forget_uploads(services: Services) -> None:
    """Rosters that somebody looked at and did not take in."""
    with services.reading() as session:
        waits = preview.upload_waits(session, services.now())
    if waits:
        with services.transaction() as session:
            preview.forget_uploads(session, services.now())


def fire(services: Services, timer_id: int) -> None:
    """Fire one timer, if nobody else has."""
    with services.transaction() as session:
        desk = services.desk(session)
        found = session.get(Timer, timer_id)
        if found is None:
            return
        ticket = session.get_one(Ticket, found.ticket_id)
        lock(session, ticket.community_id)
        session.refresh(found)
        session.refresh(ticket)
        if found.done_at is not None or found.due_at > desk.now:
            return
        found.done_at = desk.now
        FIRE[found.kind](desk, ticket)


def _alarm(desk: Desk, ticket: Ticket) -> None:
    """Nobody has said that they are there: everybody again, and the next rung."""
    if ticket.attended_at is not None or ticket.status not in OPEN:
        return
    rung = len(
        desk.session.exec(
            select(TicketEvent.id).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "alarmed")
        ).all()
    )
    event = write(desk, ticket, "alarmed", consequences.SERVICE)
    consequences.ring_again(desk, ticket, event, rung)
    alarms.set_alarm(desk, ticket, rung + 1, event.id)


def _close(desk: Desk, ticket: Ticket) -> None:
    """Resolved, and nobody has said otherwise in the days set."""
    wait = timedelta(days=desk.settings.times.close_days)
    if ticket.status == Status.RESOLVED and ticket.resolved_at is not None and desk.now - ticket.resolved_at >= wait:
        act(desk, ticket, Verb.CLOSE, consequences.SERVICE)


def _until(desk: Desk, ticket: Ticket) -> None:
    """The day until which it was put aside has come; unless it was put aside again since, until another day."""
    if ticket.status in deadlines.STANDING and not deadlines.stands(ticket, desk.now):
        event = write(desk, ticket, "due_again", consequences.SERVICE)
        consequences.remind(desk, ticket, event, "card_due_again")
        alarms.set_timer(desk, ticket, alarms.UNTIL, alarms.until_due(desk), event.id)


FIRE: Mapping[str, Callable[[Desk, Ticket], None]] = {
    alarms.ALARM: _alarm,
    alarms.REMIND_ACCEPT: overdue.remind_to_accept,
    alarms.OVERDUE: overdue.not_accepted,
    alarms.REMIND_RESOLVE: overdue.remind_to_resolve,
    alarms.LATE: overdue.not_resolved,
    alarms.CLOSE: _close,
    alarms.UNTIL: _until,
    ratings.ASK: ratings.ask,
    **beginning.FIRE,
    **casework.FIRE,
    alarms.LOOK_AGAIN: again.fire,
}


def outage_ends(services: Services, announcement_id: int) -> None:
    """A planned outage should be over: looked after once."""
    with services.transaction() as session:
        query = select(Announcement).where(Announcement.id == announcement_id).with_for_update()
        row = session.exec(query.execution_options(populate_existing=True)).first()
        if row is not None and row.checked_at is None and row.ends_at <= services.now():
            announcements.check(services.desk(session), row)


def _guarded(
    services: Services,
    do: Callable[[Services, int], None],
    model: type[Timer] | type[Question] | type[Announcement],
    key: int,
) -> None:
    """One row that cannot be handled must not hold up the others; it is tried again in a minute."""
    try:
        do(services, key)
    except NotAllowed as refusal:
        log.warning("%s %s: %s", model.__name__, key, refusal)
        _postpone(services, model, key, give_up=True)
    except Exception:
        log.exception("%s %s failed", model.__name__, key)
        _postpone(services, model, key, give_up=False)


def _postpone(
    services: Services, model: type[Timer] | type[Question] | type[Announcement], key: int, *, give_up: bool
) -> None:
    with services.transaction() as session:
        row = session.get_one(model, key)
        if isinstance(row, Timer):
            row.due_at, row.done_at = services.now() + RETRY, services.now() if give_up else None
        elif isinstance(row, Announcement):
            row.checked_at = services.now()  # a courtesy: not worth a second try
        else:
            row.expires_at, row.answered_at = services.now() + RETRY, services.now() if give_up else None
