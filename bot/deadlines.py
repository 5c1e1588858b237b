"""The due times of a ticket: by when somebody takes it in hand, and until when a word on it is promised.

A ticket keeps what they are counted from: the moments, the hours that were promised, when the clock stood, and by which
calendar it was counted. So they can be counted again when the calendar changes, and shown to whoever asks why.
An emergency ignores the calendar: its hours are hours, day and night.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot import clocks
from bot.about import PLIGHTS
from bot.clocks import Stretch, Work
from bot.desk import Desk
from bot.settings import Settings
from bot.stricter import stricter
from models import ExternalCase, Intent, Status, Ticket

ALWAYS = "always"  # in place of a calendar's fingerprint: counted day and night
LONGEST_PAUSE = timedelta(days=366)  # what is put aside for longer is counted as if it came back then
STANDING = (Status.WAITING, Status.PAUSED)
# Somebody waits for a person, not for a thing to be done.
PERSON = frozenset({"human", "callback", "voice", "press", "account", "meeting", "rumour", "script"})
# Categories that the service gives by itself, beside those of the keyword files.
OWN_CATEGORIES = PLIGHTS | PERSON


@dataclass(frozen=True)
class Promise:
    """How the word promised on a ticket was counted."""

    begins: datetime
    hours: float
    stretches: tuple[Stretch, ...]  # what was counted
    pauses: tuple[Stretch, ...]  # when the clock stood
    due: datetime  # the end of the last stretch, rounded up to noon or the end of that day
    always: bool  # day and night
    provisional: bool  # over days of a year whose holidays are not known yet
    legal: bool = False  # a deadline set from outside (bot.cases) is stricter, and stands


def work(settings: Settings) -> Work:
    """When is worked, in this installation."""
    return Work(settings.calendar, settings.hours.work, settings.zone)


def unknown_kinds(settings: Settings, labels: frozenset[str]) -> list[str]:
    """The kinds that [clocks.category] names and that no keyword file has. labels: "repair.lift", of all intents."""
    known = labels | {f"{Intent.HELP}.{category}" for category in OWN_CATEGORIES}
    known |= {label.partition(".")[0] for label in known}
    return sorted(set(settings.clocks.category) - known)


def open_(desk: Desk, ticket: Ticket, at: datetime) -> None:
    """Both clocks begin when it was said; where that is so long ago that the word would be overdue, now."""
    _begin(desk, ticket, at)
    if ticket.resolve_due_at is not None and ticket.resolve_due_at <= desk.now:
        _begin(desk, ticket, desk.now)


def begin(desk: Desk, ticket: Ticket) -> None:
    """Both clocks begin now: it is opened again, or a matter of its own from now on."""
    _begin(desk, ticket, desk.now)


def begin_accept(desk: Desk, ticket: Ticket) -> None:
    """Somebody else is asked to take it: their time begins now."""
    accept, _ = _hours(desk, ticket)
    ticket.accept_from_at, ticket.accept_hours = desk.now, accept
    count(desk, ticket)


def pass_up(desk: Desk, ticket: Ticket, *, late: bool) -> None:
    """The next level has it. late: the word was not given in time, so they promise one anew."""
    if late:
        begin(desk, ticket)
    else:
        begin_accept(desk, ticket)


def hasten(desk: Desk, ticket: Ticket) -> None:
    """It has become urgent: the shorter hours count from now on, where that is earlier."""
    _, hours = _hours(desk, ticket)
    sooner = _rounded(desk.settings, ticket, clocks.due(desk.now, hours, work(desk.settings)))
    if ticket.resolve_due_at is None or sooner < ticket.resolve_due_at:
        begin(desk, ticket)


def alarm(desk: Desk, ticket: Ticket) -> None:
    """It is (or has become) an emergency: from now on its hours pass day and night."""
    if ticket.calendar != ALWAYS:
        begin(desk, ticket)


def follow(desk: Desk, ticket: Ticket, until: datetime | None) -> None:
    """After a move: the clock stands where somebody waits until then, and goes on where nobody waits any more.

    That of an emergency never stands.
    """
    if ticket.danger:
        return
    if until is not None:
        go_on(desk, ticket)
        stands_until = min(max(until, desk.now), desk.now + LONGEST_PAUSE)
        ticket.stood = [*ticket.stood, [desk.now.isoformat(), stands_until.isoformat()]]
        count(desk, ticket)
    elif ticket.status not in STANDING:
        go_on(desk, ticket)


def go_on(desk: Desk, ticket: Ticket) -> None:
    """What was waited for has come (or nobody waits for it any more): the clock goes on from now."""
    if stands(ticket, desk.now):
        ticket.stood = [*ticket.stood[:-1], [ticket.stood[-1][0], desk.now.isoformat()]]
        count(desk, ticket)


def stands(ticket: Ticket, now: datetime) -> bool:
    """Whether the clock stands at that moment. It goes on by itself when the day has come that was waited for."""
    return bool(ticket.stood) and datetime.fromisoformat(ticket.stood[-1][1]) > now


def is_late(desk: Desk, ticket: Ticket) -> bool:
    """Whether the word that was promised is overdue."""
    return ticket.resolve_due_at is not None and ticket.resolve_due_at <= desk.now and not stands(ticket, desk.now)


def count(desk: Desk, ticket: Ticket) -> None:
    """Count both due times from what the ticket keeps, by the calendar as it is now."""
    ticket.accept_hours, ticket.resolve_hours = _kept(desk, ticket)
    ticket.accept_from_at, ticket.resolve_from_at = _accept_from(ticket), _resolve_from(ticket)
    ticket.calendar = ALWAYS if ticket.danger else work(desk.settings).fingerprint
    ticket.accept_due_at = accept_at(desk, ticket)
    ours = _rounded(desk.settings, ticket, resolve_at(desk, ticket))
    ticket.resolve_due_at = stricter(ours, _legal(desk, ticket))


def accept_at(desk: Desk, ticket: Ticket, share: float = 1.0) -> datetime:
    """When that share of the hours to accept it has passed."""
    return _stretches(desk.settings, ticket, _accept_from(ticket), _kept(desk, ticket)[0] * share)[-1][1]


def accept_anew(desk: Desk, ticket: Ticket) -> datetime:
    """When the hours to accept it would have passed from now on."""
    return _stretches(desk.settings, ticket, desk.now, _kept(desk, ticket)[0])[-1][1]


def resolve_anew(desk: Desk, ticket: Ticket) -> datetime:
    """When the hours to resolve it would have passed from now on."""
    at = _stretches(desk.settings, ticket, desk.now, _kept(desk, ticket)[1])[-1][1]
    return _rounded(desk.settings, ticket, at)


def resolve_at(desk: Desk, ticket: Ticket, share: float = 1.0) -> datetime:
    """When that share of the hours to resolve it has passed; the promise itself is rounded up."""
    return _stretches(desk.settings, ticket, _resolve_from(ticket), _kept(desk, ticket)[1] * share)[-1][1]


def promise(settings: Settings, ticket: Ticket) -> Promise | None:
    """How the word promised was counted; None for a ticket on which none is."""
    if ticket.resolve_due_at is None or ticket.resolve_hours is None:
        return None
    begins = _resolve_from(ticket).astimezone(settings.zone)
    stretches = _stretches(settings, ticket, begins, ticket.resolve_hours)
    ours = _rounded(settings, ticket, stretches[-1][1])
    due = min(ours, ticket.resolve_due_at).astimezone(settings.zone)  # the law's, where that is stricter
    pauses = tuple(
        (since.astimezone(settings.zone), until.astimezone(settings.zone)) for since, until in _stood(ticket)
    )
    always = ticket.danger is not None
    return Promise(begins, ticket.resolve_hours, tuple(stretches), pauses, due, always,
                   _provisional(settings, ticket, begins, due), legal=ticket.resolve_due_at < ours)  # fmt: skip


def in_words(desk: Desk, ticket: Ticket) -> str:
    """周一下班前; with a word beside it where holidays may yet change it; 尽快 where it has run out."""
    due, settings = ticket.resolve_due_at, desk.settings
    if due is None or due <= desk.now:
        return "尽快"
    said = clocks.in_words(due, desk.now, settings.zone, settings.calendar, closing=settings.hours.closing)
    if _provisional(settings, ticket, _resolve_from(ticket), due):
        return desk.wording("due_provisional", due=said)
    return said


def _begin(desk: Desk, ticket: Ticket, at: datetime) -> None:
    accept, resolve = _hours(desk, ticket)
    ticket.accept_from_at = ticket.resolve_from_at = at
    ticket.accept_hours, ticket.resolve_hours, ticket.stood = accept, resolve, []
    count(desk, ticket)


def _hours(desk: Desk, ticket: Ticket) -> tuple[float, float]:
    """The hours of its kind as they are set today."""
    urgent = ticket.urgent or ticket.danger is not None
    accept, resolve = desk.settings.clocks.hours(ticket.intent.value, ticket.category, urgent)
    return (desk.settings.times.alarm_minutes[0] / 60, resolve) if ticket.danger else (accept, resolve)


def _kept(desk: Desk, ticket: Ticket) -> tuple[float, float]:
    """The hours that were promised; for a ticket older than this keeping, those of today."""
    accept, resolve = _hours(desk, ticket)
    return ticket.accept_hours or accept, ticket.resolve_hours or resolve


def _stretches(settings: Settings, ticket: Ticket, start: datetime, hours: float) -> Sequence[Stretch]:
    if ticket.danger:
        local = start.astimezone(settings.zone)
        return [(local, (start + timedelta(hours=hours)).astimezone(settings.zone))]
    return clocks.counted(start, hours, work(settings), _stood(ticket))


def _rounded(settings: Settings, ticket: Ticket, at: datetime) -> datetime:
    """Never earlier than counted: by noon, or by the end of that working day."""
    return at if ticket.danger else clocks.end_of_span(at, work(settings))


def _stood(ticket: Ticket) -> list[Stretch]:
    return [(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in ticket.stood]


def _legal(desk: Desk, ticket: Ticket) -> list[datetime]:
    """The deadlines set from outside (bot.cases) that are still ahead, and wait for an answer."""
    query = select(ExternalCase.due_at).where(
        ExternalCase.ticket_id == ticket.id, col(ExternalCase.answered_at).is_(None)
    )
    return [due for due in desk.session.exec(query) if due is not None and due > desk.now]


def _accept_from(ticket: Ticket) -> datetime:
    return ticket.accept_from_at or ticket.opened_at


def _resolve_from(ticket: Ticket) -> datetime:
    return ticket.resolve_from_at or ticket.opened_at


def _provisional(settings: Settings, ticket: Ticket, begins: datetime, due: datetime) -> bool:
    days = (at.astimezone(settings.zone).date() for at in (begins, due))
    return ticket.danger is None and not settings.calendar.knows(*days)
