"""人出来了: whoever was in danger is safe. That ends the ladder of an emergency; what is broken stays open.

Somebody on duty may say so. Neighbours may as well, where it is about people and two of them say it: one alone may be
wrong, so that duty is told, and the ladder goes on. 找到了, said by whoever asked for the search, by the family or on
duty, ends the whole matter: nothing is left to mend.
"""

import re
from collections.abc import Sequence

from sqlmodel import col, select

from bot import consequences, telling, undoing
from bot.endings import MISSING
from bot.events import write
from bot.inbox import voices, which, worklist
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, NotAllowed, Verb
from bot.permits import check, is_reporter
from bot.tickets import Voice, act, join, lock
from intents.verdict import Command
from models import ChatKind, Report, Ticket, TicketEvent

# Dangers that are over when the people are safe; a fire or gas is over only when somebody on duty has looked.
PEOPLE = frozenset({"lift_trapped", "missing_child", "missing_elder", "elder_unseen", "fall"})
ENOUGH = 2  # different people who say it
FOUND = re.compile(r"(?:找|寻)(?:到|着|回|见)|回(?:家|来)了")
KIN = re.compile(
    r"(?:我|我们|咱|俺|阿拉)(?:家|屋里)?的?(?:爸|妈|爷|奶|外公|外婆|公公|婆婆|老爷子|老太太|老人|老伴|老头|老娘|老爹|娘|爹|父|母|叔|伯|孩子|儿子|女儿"
    r"|孙|崽|娃|宝|弟|妹|哥|姐|外甥|侄|伢|妞|丫头|囡)"
)


def by_handler(h: Hearing) -> bool:
    """Somebody on duty says that the people are safe. False where no emergency of theirs is running."""
    alarmed = [t for t in worklist.mine(h) if t.danger and t.status in OPEN]
    if _says_found(h):
        missing = [t for t in alarmed if t.danger in MISSING]
        return len(missing) == 1 and _found(h, _held(h, missing[0]))
    running = [t for t in alarmed if t.attended_at is None and t.danger not in MISSING]
    if len(running) != 1:
        return False  # which of several, or none at all: the ladder goes on
    ticket = _held(h, running[0])
    try:
        check(h.desk, ticket, Verb.ATTEND, h.actor)
    except NotAllowed:
        return False
    if ticket.attended_at is None:
        title = telling.title_of(h.desk, h.actor.person_id, h.actor.post_id)
        event = _over(h, ticket, "attended")
        telling.tell_reporters(h.desk, ticket, event, "saved", title=title, besides_account=h.account.id)
    if h.chat.kind != ChatKind.RESIDENTS and not (ticket.private and h.chat.kind == ChatKind.LEADERS):
        h.answer_about("done_saved", ticket)
    return True


def by_neighbour(h: Hearing, command: Command) -> bool:
    """A neighbour says so: written down, passed to those on duty, and believed when a second one says it too."""
    del command
    found = _says_found(h)
    running = [t for t in _running_here(h) if (t.danger in MISSING) == found]
    if len(running) != 1:
        return False
    ticket = _held(h, running[0])
    if found and _family(h, ticket):
        return _found(h, ticket)
    if ticket.attended_at is not None or ticket.status not in OPEN:
        return True
    said = write(h.desk, ticket, "said_safe", h.actor)
    words = telling.matter_words(h.desk, ticket)
    if len(voices.sayers(h, ticket, "said_safe")) < ENOUGH:
        consequences.tell_office(h.desk, ticket, said, h.desk.wording("card_said_safe", **words))
        consequences.remind(h.desk, ticket, said, "card_said_safe")
    else:
        event = _over(h, ticket, "safe")
        consequences.tell_office(h.desk, ticket, event, h.desk.wording("card_saved", **words))
        consequences.remind(h.desk, ticket, event, "card_saved")
    if h.private:
        h.answer_about("saved_heard", ticket)
    return True


def _says_found(h: Hearing) -> bool:
    """Whether the words are of one who was missing, rather than of one who was shut in."""
    return FOUND.search(h.understanding.fold(h.verdict.text)) is not None


def _family(h: Hearing, ticket: Ticket) -> bool:
    """Who asked for the search, or one of the family, who is then heard as well."""
    if is_reporter(h.desk, ticket, h.account.id):
        return True
    if not KIN.search(h.verdict.text) or not (h.line.reply_to is None or which.quoted(h) == ticket):
        return False
    join(h.desk, ticket, Voice(h.account, h.chat, h.row, h.line.text, h.line.said_at))
    return True


def _found(h: Hearing, ticket: Ticket) -> bool:
    """Whoever was missing is there: the search ends, and the group is thanked and asked to delete what it was shown."""
    try:
        act(h.desk, ticket, Verb.RESOLVE, h.actor, note=h.verdict.text[:100])
    except NotAllowed:
        return False
    if h.private:
        h.answer_about("saved_heard", ticket)
    else:
        h.answer_about("found_thanks", ticket, once=f"found:{ticket.id}:{h.chat.id}")
    return True


def _over(h: Hearing, ticket: Ticket, kind: str) -> TicketEvent:
    """Nobody need be alarmed any more; the ticket's status is as it was. An undo puts the alarm back."""
    was = undoing.snapshot(ticket)
    ticket.attended_at = h.now
    return write(h.desk, ticket, kind, h.actor, note=h.verdict.text[:100], was=was)


def _running_here(h: Hearing) -> Sequence[Ticket]:
    """The emergencies about people that were told in this chat, or by this very person."""
    query = (
        select(Ticket)
        .where(
            col(Ticket.status).in_(list(OPEN)),
            col(Ticket.danger).in_(PEOPLE),
            col(Ticket.silent).is_(False),
            col(Ticket.attended_at).is_(None) | col(Ticket.danger).in_(MISSING),
            col(Ticket.id).in_(select(Report.ticket_id).where(Report.chat_id == h.chat.id)),
        )
        .order_by(col(Ticket.id).desc())
    )
    found = h.session.exec(query).all()
    return [t for t in found if not h.private or is_reporter(h.desk, t, h.account.id)]


def _held(h: Hearing, ticket: Ticket) -> Ticket:
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    h.row.ticket_id = ticket.id
    return ticket
