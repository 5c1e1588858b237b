"""External cases in words: "12345工单 20261126001, 周五前答复", from staff; and what the clock does about them."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from bot import cases, clocks, consequences, deadlines, hands
from bot.desk import Desk
from bot.inbox import relaying, which, worklist
from bot.inbox.hearing import Hearing, Wait
from bot.inbox.where import locate
from bot.moves import OPEN, NotAllowed, Verb
from bot.routing import OFFICE
from bot.tickets import act, lock
from intents import calendar, external, times
from intents.external import Case
from models import ChatKind, Intent, Ticket

WORKING_DAYS = re.compile(r"(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})个?工作日")
A_MATTER = 2  # characters: what is left beside the number and the deadline may be a matter


def handle(h: Hearing) -> bool:
    """Keep the number on the ticket that is meant, or on the one that the rest of the message opens."""
    case = _told(h)
    if case is None:
        return False
    explicit = case.ticket is not None or bool(h.line.reply_to)
    if not explicit and _opens(h, case):
        return True
    found = which.choose(h, case.ticket, lambda: worklist.mine(h), lambda ticket: ticket.status in OPEN)
    if not found and which.pending(h):
        raise Wait
    if len(found) != 1:
        _say(h, "case_for_which", external=case.number)
        return True
    if not _attach(h, found[0], case, move=explicit):
        return True
    h.row.ticket_id = found[0].id
    return True


def keep(h: Hearing) -> None:
    """Whatever ear took a message of staff's: the ticket it belongs to keeps the number that stands in it."""
    if h.row.ticket_id is None:
        return
    case = _told(h)
    if case is not None and cases.find(h.session, case.source, case.number) is None:
        _attach(h, h.session.get_one(Ticket, h.row.ticket_id), case, move=False)


def due(desk: Desk, words: str, said_at: datetime) -> datetime | None:
    """When a deadline in words is (aware): a day is over when the office closes; N working days are counted.

    None where the words name no time.
    """
    zone, work = desk.settings.zone, deadlines.work(desk.settings)
    if found := WORKING_DAYS.search(words):
        a_day = sum((_span(begin, end) for begin, end in work.spans), timedelta()) / timedelta(hours=1)
        return clocks.end_of_span(clocks.due(said_at, calendar.number(found["count"]) * a_day, work), work)
    window = times.window(words, said_at.astimezone(zone))
    if window is None:
        return None
    end = window.end.astimezone(zone)
    if end.time() != time(0) or not work.spans:
        return end
    return datetime.combine(end.date() - timedelta(days=1), work.spans[-1][1], zone)


def _told(h: Hearing) -> Case | None:
    """The case in this message, where somebody of the office says it."""
    if not any(post.role in OFFICE for post in h.posts):
        return None
    return external.find(h.understanding.fold(h.line.text))


def _opens(h: Hearing, case: Case) -> bool:
    """The rest of the message is the matter itself: filed as if it were relayed, and `keep` puts the number on it."""
    if len(case.rest) < A_MATTER:
        return False
    verdict = h.understanding.read(case.rest, "private", True)
    if verdict.intent == Intent.OTHER:
        return False
    h.verdict = verdict
    place, _, _ = locate(h)
    if not place.plain:
        _say(h, "case_needs_place", external=case.number)
        return True
    relaying.relayed(h, verdict, place)
    return True


def _attach(h: Hearing, ticket: Ticket, case: Case, *, move: bool) -> bool:
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    until = due(h.desk, case.due, h.line.said_at) if case.due else None
    told = cases.Told(case.source, case.number, h.line.said_at, until)
    try:
        kept, _ = cases.attach(h.desk, ticket, told, h.actor, move=move)
    except NotAllowed as refusal:
        _refuse(h, ticket, refusal)
        return False
    if h.chat.kind == ChatKind.RESIDENTS:
        return True
    if kept.due_at is None:
        h.answer_about("done_case_no_due", ticket, source=kept.source, external=kept.number)
    else:
        until_words = clocks.in_words(kept.due_at, h.now, h.desk.settings.zone, closing=h.desk.settings.hours.closing)
        h.answer_about("done_case", ticket, source=kept.source, external=kept.number, until=until_words)
    return True


def _say(h: Hearing, key: str, external: str) -> None:
    if h.chat.kind == ChatKind.RESIDENTS:
        return
    h.answer("case_for_which" if key == "case_for_which" else "case_needs_place", external=external)


def _refuse(h: Hearing, ticket: Ticket, refusal: NotAllowed) -> None:
    if h.chat.kind == ChatKind.RESIDENTS:
        return
    if refusal.reason == "not_yours":
        h.answer("not_yours", number=ticket.number)
    else:
        h.answer_about(refusal.reason, ticket)


def _span(begin: time, end: time) -> timedelta:
    return timedelta(hours=end.hour - begin.hour, minutes=end.minute - begin.minute)


def _late(desk: Desk, ticket: Ticket) -> None:
    """A legal deadline is over and nobody has answered: up one level, like our own deadlines."""
    if cases.overdue(desk, ticket):
        act(desk, ticket, Verb.ESCALATE, consequences.SERVICE)


# What the clock does: bot.inbox.ticking asks.
FIRE: Mapping[str, Callable[[Desk, Ticket], None]] = {
    hands.TRACK: hands.ask_after,
    cases.SOON: cases.warn,
    cases.DUE: _late,
}
