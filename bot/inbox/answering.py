"""A question about a rule that waits for staff: what they say to it, quoting it or right after it, is the answer.

In the group it was asked in everybody has read it there. Said in private, to the card or right after it, it is passed
to whoever asked, and the speaker hears that it was; 撤销 takes it back.
"""

import re
from datetime import timedelta

from sqlmodel import col, select

from bot.inbox import onduty, shown, which
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, NotAllowed, Verb
from bot.permits import check
from bot.routing import OFFICE
from bot.tickets import act, lock
from models import ChatKind, Inbound, Intent, Role, Ticket

AN_ANSWER = 5  # characters: less than this answers no question
RIGHT_AFTER = timedelta(minutes=30)
ANSWERERS = OFFICE | {Role.DUTY}
TALK = frozenset({"thanks", "abuse", "ad", "resolved"})
# A question of one's own, or the promise of an answer.
NONE_YET = re.compile(
    r"[?]|吗$|呢$|哪位|哪个问|谁问|(?:我|帮你|帮您|给你|给您|替你).{0,3}(?:问|查|打听|核实|了解|咨询|看)(?:一?下|问|哈|清楚|看|到)?|稍等|等下|等一下|等会|晚点(?:回|答|告诉)|回头"
    r"|不(?:清楚|知道|晓得|好说)|说不准|再(?:答|回)复?(?:你|您)|私聊|私信|加我"
)


def handle(h: Hearing) -> bool:
    """Take an answer for what it is. False where nothing was asked that this could answer, or it answers nothing."""
    if h.verdict.danger is not None or not h.posts or not _answers(h):
        return False
    ticket = _asked(h)
    if ticket is None:
        return False
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    try:
        check(h.desk, ticket, Verb.RESOLVE, h.actor)
    except NotAllowed:
        return False
    h.row.ticket_id = ticket.id
    act(h.desk, ticket, Verb.RESOLVE, h.actor, note=h.line.text.strip())
    if h.chat.kind != ChatKind.RESIDENTS:
        h.answer_about("done_answer", ticket)
    return True


def _answers(h: Hearing) -> bool:
    verdict = h.verdict
    if len(verdict.text) < AN_ANSWER or verdict.category in TALK or verdict.intent not in (Intent.OTHER, Intent.POLICY):
        return False
    return NONE_YET.search(h.understanding.fold(verdict.text)) is None


def _asked(h: Hearing) -> Ticket | None:
    """The question that is quoted, or that stands right before this."""
    if h.line.reply_to:
        found = which.quoted(h)
    elif h.chat.kind == ChatKind.RESIDENTS:
        found = _just_asked(h)
    else:
        found = shown.last(h)
    if found is None or found.intent != Intent.POLICY or found.status not in OPEN or found.private:
        return None
    return found


def _just_asked(h: Hearing) -> Ticket | None:
    """In a group, of the office alone: the question that was the last thing said before this."""
    if not onduty.speaks(h) or not any(post.role in ANSWERERS for post in h.posts):
        return None
    before = (
        select(Inbound)
        .where(
            Inbound.chat_id == h.chat.id,
            Inbound.id != h.row.id,
            Inbound.said_at <= h.line.said_at,
            Inbound.said_at >= h.line.said_at - RIGHT_AFTER,
        )
        .order_by(col(Inbound.said_at).desc(), col(Inbound.id).desc())
    )
    row = h.session.exec(before).first()
    return h.session.get(Ticket, row.ticket_id) if row is not None and row.ticket_id is not None else None
