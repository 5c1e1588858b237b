"""Trouble told as the answer to a message about a matter is that matter: who quotes says what they are speaking of."""

from bot import telling
from bot.inbox import echoes, filing, merging, residents, voices, which
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.tickets import join, lock
from intents import echo
from intents.verdict import Command
from models import Intent, Status, Ticket

A_FEW_WORDS = 8  # characters


def handle(h: Hearing) -> bool:
    """Join the open matter that is quoted; of one that is said to be done, hear that it is not. False otherwise."""
    if h.private or not h.line.reply_to or h.verdict.danger is not None or h.posts:
        return False
    ticket = which.quoted(h)
    if ticket is not None and ticket.private:
        return _in_public(h, ticket)
    if ticket is None or not (_of_a_kind(h, ticket) or _as_well(h, ticket)):
        return _only_answers(h)
    if ticket.status in OPEN:
        return echoes.take_part(h, ticket)
    if ticket.status not in (Status.RESOLVED, Status.CLOSED):
        return False
    voices.on_one(h, ticket, Command("unsatisfied"), residents.not_fixed)
    return True


def _as_well(h: Hearing, ticket: Ticket) -> bool:
    """ "601也湿了" is the matter that is quoted, whatever the words alone sound like."""
    verdict = h.verdict
    if ticket.intent != Intent.REPAIR or not echo.as_well(h.understanding.fold(verdict.text)):
        return False
    return verdict.intent == Intent.OTHER or (verdict.intent == Intent.REPAIR and verdict.category == ticket.category)


def _in_public(h: Hearing, ticket: Ticket) -> bool:
    """A quarrel that was told in this very group, where all have read it: another who suffers from it is heard as well,
    and nothing is said.
    """
    told_here = h.chat.id in telling.reporters_chats(h.desk, ticket)
    if ticket.intent != Intent.DISPUTE or ticket.silent or ticket.status not in OPEN or not told_here:
        return False
    same = h.verdict.intent == Intent.DISPUTE and h.verdict.category == ticket.category
    if not same and not echo.as_well(h.understanding.fold(h.verdict.text)):
        return False
    lock(h.session, ticket.community_id)
    join(h.desk, ticket, filing.voice(h, h.verdict))
    return True


def _only_answers(h: Hearing) -> bool:
    """A few words to a neighbour, in which nothing but the model hears a quarrel, are an answer."""
    verdict = h.verdict
    return verdict.intent == Intent.DISPUTE and len(verdict.text) <= A_FEW_WORDS and len(verdict.matched) == 1


def _of_a_kind(h: Hearing, ticket: Ticket) -> bool:
    """The same kind of trouble; what the words leave open (六楼也黑的) the quotation settles. A leak is one's own."""
    verdict, room = h.verdict, h.verdict.slots.room
    if ticket.intent != Intent.REPAIR:
        return False
    if room and room != ticket.room and ticket.category not in merging.SHARED:
        return False
    return verdict.category == ticket.category if verdict.intent == Intent.REPAIR else verdict.perhaps == Intent.REPAIR
