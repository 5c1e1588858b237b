"""What the clock does: the ladder of an emergency, deadlines, closing, questions that nobody answered."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlmodel import col, select

from bot import again, alarms, consequences, places
from bot.channels import Incoming, Kind
from bot.desk import Desk
from bot.events import write
from bot.inbox import announcements, doubts, leaderline, matters, meant, repeating, reviewing
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, NotAllowed, Verb
from bot.services import Services
from bot.tickets import act, lock
from models import (
    Account,
    Announcement,
    Area,
    Chat,
    Inbound,
    Intent,
    Question,
    Report,
    Status,
    Ticket,
    TicketEvent,
    Timer,
)

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
        _guarded(services, expire, Question, question_id)
    for outage_id in outages:
        _guarded(services, outage_ends, Announcement, outage_id)
    leaderline.forget(services)
    return len(timers) + len(asked) + len(outages) + leaderline.ask_leaders(services) + repeating.open_due(services)


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


def _overdue(desk: Desk, ticket: Ticket) -> None:
    """Nobody has taken it: it is taken off them, kindly, one level up."""
    if ticket.status in alarms.UNTAKEN and not ticket.danger:
        act(desk, ticket, Verb.ESCALATE, consequences.SERVICE)


def _close(desk: Desk, ticket: Ticket) -> None:
    """Resolved, and nobody has said otherwise in the days set."""
    wait = timedelta(days=desk.settings.times.close_days)
    if ticket.status == Status.RESOLVED and ticket.resolved_at is not None and desk.now - ticket.resolved_at >= wait:
        act(desk, ticket, Verb.CLOSE, consequences.SERVICE)


def _until(desk: Desk, ticket: Ticket) -> None:
    """The day until which it was put aside has come."""
    if ticket.status in (Status.PAUSED, Status.WAITING):
        event = write(desk, ticket, "due_again", consequences.SERVICE)
        consequences.remind(desk, ticket, event, "card_due_again")
        alarms.set_timer(desk, ticket, alarms.UNTIL, alarms.until_due(desk), event.id)


FIRE: Mapping[str, Callable[[Desk, Ticket], None]] = {
    alarms.ALARM: _alarm,
    alarms.OVERDUE: _overdue,
    alarms.CLOSE: _close,
    alarms.UNTIL: _until,
    alarms.LOOK_AGAIN: again.fire,
}


def expire(services: Services, question_id: int) -> None:
    """A question nobody answered ends with a person, never with nothing."""
    with services.transaction() as session:
        desk = services.desk(session)
        query = select(Question).where(Question.id == question_id).with_for_update()
        question = session.exec(query).first()
        if question is None or question.answered_at is not None or question.expires_at > desk.now:
            return
        question.answered_at = desk.now
        EXPIRE.get(question.kind, _nothing)(services, desk, question)


def outage_ends(services: Services, announcement_id: int) -> None:
    """A planned outage should be over: looked after once."""
    with services.transaction() as session:
        query = select(Announcement).where(Announcement.id == announcement_id).with_for_update()
        row = session.exec(query.execution_options(populate_existing=True)).first()
        if row is not None and row.checked_at is None and row.ends_at <= services.now():
            announcements.check(services.desk(session), row)


def _file_anyway(services: Services, desk: Desk, question: Question) -> None:
    """Nobody said where, or what exactly: a ticket all the same, which staff look into."""
    h = _as_heard(services, desk, question)
    if h is None:
        return
    h.verdict = matters.recall(question.payload)
    place, area, community = matters.known_place(h)
    lock(desk.session, community.id)
    ticket = matters.open_for_staff(h, h.verdict, place, area, community)
    h.row.ticket_id, h.row.erase_at = ticket.id, None


def _for_staff(services: Services, desk: Desk, question: Question) -> None:
    """Nobody said what was meant: a ticket where it may well be a matter; else a line on the list, for staff to see."""
    h = _as_heard(services, desk, question)
    if h is None or h.row.ticket_id is not None or _said_more_since(desk, question):
        return
    verdict = matters.recall(question.payload)
    if doubts.worth_a_ticket(verdict):
        _file_anyway(services, desk, question)
        return
    guess = meant.verdict(services.understanding, h.line.text, "private", verdict.perhaps or Intent.HELP)
    reviewing.enter(h, guess, verdict.score)


def _said_more_since(desk: Desk, question: Question) -> bool:
    """Whether a matter of theirs was taken up in that chat after we asked: then that was it."""
    since = select(Report.id).where(
        Report.account_id == question.account_id, Report.chat_id == question.chat_id, Report.at >= question.asked_at
    )
    return desk.session.exec(since).first() is not None


def _show_staff(services: Services, desk: Desk, question: Question) -> None:
    """A photo or a place that nobody explained: staff look at it."""
    h = _as_heard(services, desk, question)
    if h is None:
        return
    place, area, community = matters.known_place(h)
    lock(desk.session, community.id)
    ticket = matters.open_for_staff(h, h.verdict, place, area, community)
    h.row.ticket_id, h.row.erase_at = ticket.id, None


def _to_mediator(services: Services, desk: Desk, question: Question) -> None:
    del services
    ticket = desk.session.get_one(Ticket, question.payload["ticket"])
    lock(desk.session, ticket.community_id)
    desk.session.refresh(ticket)
    if ticket.status == Status.NEW:
        act(desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="mediator")


def _look_at_smoke(services: Services, desk: Desk, question: Question) -> None:
    h = _as_heard(services, desk, question)
    if h is None:
        return
    kind = services.understanding.danger[question.payload["danger"]]
    h.verdict = services.understanding.read(question.payload["words"], "private", True)
    place, area, community = matters.known_place(h)
    lock(desk.session, community.id)
    matters.open_unsure_danger(h, kind, place, area, community)


def _tell_staff(services: Services, desk: Desk, question: Question) -> None:
    """Somebody's answer could not be matched with a matter, and they did not say which: staff sort it out."""
    del services
    ticket = desk.session.get_one(Ticket, question.payload["tickets"][0])
    area = desk.session.get_one(Area, ticket.area_id)
    numbers = "、".join(f"#{desk.session.get_one(Ticket, t).number}" for t in question.payload["tickets"])
    text = desk.wording("card_unmatched", place=places.label_of(desk.session, area), numbers=numbers)
    consequences.tell_area_office(desk, area, f"unmatched:{question.id}", text)


def _nothing(services: Services, desk: Desk, question: Question) -> None:
    """The matter goes on without the answer."""


EXPIRE: Mapping[str, Callable[[Services, Desk, Question], None]] = {
    "place": _file_anyway,
    "which_place": _file_anyway,
    "unsure": _for_staff,
    "photo": _show_staff,
    "whom": _to_mediator,
    "smoke": _look_at_smoke,
    "which_ticket": _tell_staff,
    "which_own": _tell_staff,
}


def _as_heard(services: Services, desk: Desk, question: Question) -> Hearing | None:
    """The message that made us ask, as if it were being heard again, without anybody waiting for an answer."""
    row = desk.session.get(Inbound, question.inbound_id) if question.inbound_id else None
    if row is None or row.channel not in services.channels:
        return None
    chat = desk.session.get_one(Chat, question.chat_id)
    account = desk.session.get_one(Account, question.account_id)
    line = Incoming(
        external_id=row.external_id,
        chat_id=chat.external_id,
        private=True,
        user_id=account.user_id,
        said_at=row.said_at,
        kind=Kind(row.kind),
        text=row.text or "",
    )
    verdict = services.understanding.read(row.text or "", "private", True)
    return Hearing(services, desk, services.channels[row.channel], line, row, chat, account, verdict, live=False)


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
