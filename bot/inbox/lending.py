"""A neighbour asked for a hand, and another gives it: "奶奶我来，下班就到", and later "米搬上去了".

Heard only where it is plain what is meant: the request is quoted, or the only one that nobody has taken on, and the
last thing said before this; the end of it from whoever took it on.
"""

import re

from sqlmodel import col, select

from bot import permits
from bot.inbox import commands, which, worklist
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from intents import worktalk
from intents.verdict import Command
from models import ChatKind, Inbound, Intent, Ticket, TicketEvent

OFFER = re.compile(
    r".{0,8}(?:我|俺|咱|阿拉)(?:们)?(?:来|去|帮|给|替|送|扛|搬|带|买|拿|取|顺路|顺便|下班|马上|这就|现在|有空|可以|能|在家|等下|待会|一会|晚点|下午|明天){1,3}.{0,12}"
)
NO_OFFER = re.compile(r"[?]|吗|呢$|不(?!用谢|客气|急)|没|谁|哪|上次|昨天|也想|要是|如果|想|刚下|去年|以前")


def handle(h: Hearing) -> bool:
    """Take on a request for help, or say that it is done. False where this is neither."""
    if h.chat.kind != ChatKind.RESIDENTS or h.verdict.danger is not None or worklist.working(h):
        return False
    return _offers(h) or _has_done_it(h)


def _offers(h: Hearing) -> bool:
    clauses = worktalk.cut(h.understanding.fold(h.verdict.text))
    if not any(OFFER.fullmatch(clause) for clause in clauses) or any(NO_OFFER.search(clause) for clause in clauses):
        return False
    asked = _asked(h)
    if asked is None or permits.is_reporter(h.desk, asked, h.account.id):
        return False
    commands.do(h, asked, Command("accept", note=h.verdict.text))
    return True


def _asked(h: Hearing) -> Ticket | None:
    waiting = worklist.open_help(h)
    if h.line.reply_to:
        said = which.quoted(h)
        return said if said in waiting else None
    if len(waiting) != 1:
        return None
    before = (
        select(Inbound)
        .where(Inbound.chat_id == h.chat.id, Inbound.id != h.row.id, Inbound.said_at <= h.line.said_at)
        .order_by(col(Inbound.said_at).desc(), col(Inbound.id).desc())
    )
    last = h.session.exec(before).first()
    return waiting[0] if last is not None and last.ticket_id == waiting[0].id else None


def _has_done_it(h: Hearing) -> bool:
    text = h.understanding.fold(h.verdict.text)
    heard = worktalk.heard(text, h.understanding.handler(text), h.understanding.handler, quotes=True)
    if heard is None or heard.verb != "resolve":
        return False
    taken = [ticket for ticket in _taken(h) if permits.took_it(h.desk, ticket, h.account.id)]
    if len(taken) != 1:
        return False
    commands.do(h, taken[0], Command("resolve", note=h.verdict.text))
    return True


def _taken(h: Hearing) -> list[Ticket]:
    query = (
        select(Ticket)
        .join(TicketEvent, col(TicketEvent.ticket_id) == col(Ticket.id))
        .where(
            Ticket.intent == Intent.HELP,
            col(Ticket.status).in_(list(OPEN)),
            TicketEvent.kind == "accepted",
            col(TicketEvent.account_id).in_(permits.accounts_of_same_person(h.desk, h.account.id)),
        )
    )
    return list(h.session.exec(query).unique())
