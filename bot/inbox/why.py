"""为什么是周一: anybody may ask why something is due then, about a matter they may see."""

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
    if not meant:
        if h.private:
            h.answer("nothing_of_yours")
        return h.private
    ticket = max(meant, key=lambda t: (t.last_report_at, t.id))  # the latest: its number is said with it
    h.row.ticket_id = ticket.id
    _tell(h, ticket)
    return True


def _tell(h: Hearing, ticket: Ticket) -> None:
    if ticket.status not in OPEN:
        h.answers.append(Said(consequences.status_line(h.desk, ticket), ticket=ticket))
    elif ticket.danger:
        h.answer_about("why_danger", ticket)
    elif ticket.resolve_due_at is None or ticket.resolve_due_at <= h.now:
        h.answer_about("why_over", ticket)
    else:
        hours = explaining.hours_in_words(timedelta(hours=ticket.resolve_hours or 0))
        if h.private:
            h.answer_about("why", ticket, hours=hours, lines=explaining.explain(h.desk, ticket) or "")
        else:
            h.answer_about("why_group", ticket, hours=hours)


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
