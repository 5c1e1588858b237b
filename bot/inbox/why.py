"""为什么是周一: anybody may ask why something is due then, about a matter they may see."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from bot import consequences, explaining, permits, telling
from bot.inbox import voices, which, worklist
from bot.inbox.hearing import Hearing, Said
from bot.moves import OPEN
from intents.verdict import Command
from models import Report, Ticket


def answer(h: Hearing, command: Command) -> bool:
    """The hours that were counted: in private day by day, in a group in one line and only where we are addressed."""
    if not h.addressed:
        return False
    meant = [t for t in which.choose(h, command.number, lambda: _mine(h), lambda t: t.status in OPEN) if _may_see(h, t)]
    if not meant and not h.private:
        return _aside(h)
    if not meant:
        h.answer("nothing_of_yours")
        return True
    ticket = _latest(meant)
    h.row.ticket_id = ticket.id
    h.answers.append(Said(_private(h, ticket) if h.private else _in_group(h, ticket), ticket=ticket))
    return True


def _aside(h: Hearing) -> bool:
    """Asked in a group about what they told elsewhere: answered where only they read it."""
    reported = select(Report.ticket_id).where(
        col(Report.account_id).in_(voices.accounts(h)), col(Report.withdrawn_at).is_(None)
    )
    own = select(Ticket).where(col(Ticket.id).in_(reported), col(Ticket.status).in_(list(OPEN)))
    found = [ticket for ticket in h.session.exec(own) if not ticket.silent]
    if not found:
        h.answer("nothing_of_yours")
        return True
    return h.whisper(_private(h, _latest(found)), "why", _latest(found))


def _latest(tickets: Sequence[Ticket]) -> Ticket:
    """Of several the one spoken of last: its number is said with it."""
    return max(tickets, key=lambda ticket: (ticket.last_report_at, ticket.id))


def _private(h: Hearing, ticket: Ticket) -> str:
    """Day by day."""
    lines = explaining.explain(h.desk, ticket)
    if lines is None or _plain(h, ticket):
        return _plain(h, ticket)
    return h.desk.wording("why", **telling.matter_words(h.desk, ticket), hours=_hours(ticket), lines=lines)


def _in_group(h: Hearing, ticket: Ticket) -> str:
    """One line: a group receipt names no deadline, and neither does anything else there until somebody asks."""
    said = h.desk.wording("why_group", **telling.matter_words(h.desk, ticket), hours=_hours(ticket))
    return _plain(h, ticket) or said


def _plain(h: Hearing, ticket: Ticket) -> str:
    """What is said where no hours of work are counted (any more); "" where they are."""
    if ticket.status not in OPEN:
        return consequences.status_line(h.desk, ticket)
    if ticket.danger:
        return h.desk.wording("why_danger", **telling.matter_words(h.desk, ticket))
    if ticket.resolve_due_at is None or ticket.resolve_due_at <= h.now:
        return h.desk.wording("why_over", **telling.matter_words(h.desk, ticket))
    return ""


def _hours(ticket: Ticket) -> str:
    return explaining.hours_in_words(timedelta(hours=ticket.resolve_hours or 0))


def _mine(h: Hearing) -> list[Ticket]:
    """What they reported, what they may act on, and in a group what was told there."""
    told = select(Report.ticket_id).where(Report.chat_id == h.chat.id, col(Report.withdrawn_at).is_(None))
    open_here = select(Ticket).where(col(Ticket.id).in_(told), col(Ticket.status).in_(list(OPEN)))
    here = [] if h.private else list(h.session.exec(open_here))
    return [*voices.own(h), *(worklist.mine(h) if worklist.working(h) else []), *here]


def _may_see(h: Hearing, ticket: Ticket) -> bool:
    """Who handles it; who reported it, unless another who holds that phone must not read of it; where it was told."""
    if permits.handler_post(h.desk, ticket, h.account.person_id, chat_id=h.chat.id) is not None:
        return h.private or not ticket.private
    if ticket.silent or (ticket.private and not h.private):
        return False
    if permits.is_reporter(h.desk, ticket, h.account.id) or permits.took_it(h.desk, ticket, h.account.id):
        return True
    return not h.private and h.chat.id in telling.reporters_chats(h.desk, ticket)
