"""Leaders, property and staff in a residents' group mostly talk about what is in hand: they are no reporters of it.

What they plainly report is a matter like anybody's (402家灯坏了); a dispute they speak of, an answer to somebody, or a
word on a matter that is open in that chat already is none of theirs.
"""

import re
from datetime import timedelta

from sqlmodel import col, select

from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.people import covers
from bot.routing import LADDER, OFFICE
from models import Area, ChatKind, Intent, Report, Role, Ticket

HANDLERS = frozenset({*LADDER, *OFFICE, Role.DUTY, Role.PROPERTY})
LATELY = timedelta(hours=3)
OWN_HOME = re.compile(r"(?:我|俺|咱|阿拉|我们)(?:家|屋|这|自己)|代报|替.{1,6}报")


def speaks(h: Hearing) -> bool:
    """Whether this is somebody who is responsible here, speaking among the residents."""
    if h.chat.kind != ChatKind.RESIDENTS or h.chat.area_id is None:
        return False
    here = h.session.get_one(Area, h.chat.area_id)
    return any(
        post.role in HANDLERS and covers(h.session.get_one(Area, post.area_id), here)
        for post in h.posts
        if post.area_id is not None
    )


def only_talks(h: Hearing) -> bool:
    """Whether such a person only speaks of what others told, rather than telling something of their own."""
    if not speaks(h):
        return False
    if h.verdict.intent == Intent.DISPUTE or h.line.reply_to:
        return True
    return any(ticket.category == h.verdict.category for ticket in _told_here(h))


def at_work(h: Hearing) -> bool:
    """An ear: what such a person says among the residents, where it is no command, is their work or talk. It joins
    nothing and opens nothing, unless it is of their own home or a new thing.
    """
    if h.addressed or h.verdict.danger is not None or not speaks(h):
        return False
    said = h.understanding.resident(h.verdict.text)
    if (said is not None and said.verb != "join") or OWN_HOME.search(h.verdict.text):
        return False
    if h.verdict.intent == Intent.OTHER:
        return h.verdict.perhaps is None or bool(_told_here(h))  # what may be a new matter is looked at by a person
    return only_talks(h)


def in_an_emergency(h: Hearing) -> bool:
    """Whether an emergency that was told in this chat still runs: what those on duty say of it is not another one."""
    return speaks(h) and any(ticket.danger for ticket in _told_here(h))


def _told_here(h: Hearing) -> list[Ticket]:
    query = (
        select(Ticket)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            Report.chat_id == h.chat.id,
            col(Ticket.status).in_(list(OPEN)),
            Ticket.last_report_at >= h.line.said_at - LATELY,
        )
    )
    return list(h.session.exec(query))
