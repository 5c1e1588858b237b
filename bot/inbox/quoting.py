"""Trouble told as the answer to a message about a matter is that matter: who quotes says what they are speaking of."""

from bot.inbox import echoes, merging, residents, voices, which
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from intents.verdict import Command
from models import Intent, Status, Ticket


def handle(h: Hearing) -> bool:
    """Join the open matter that is quoted; of one that is said to be done, hear that it is not. False otherwise."""
    if h.private or not h.line.reply_to or h.verdict.danger is not None or h.posts:
        return False
    ticket = which.quoted(h)
    if ticket is None or ticket.private or not _of_a_kind(h, ticket):
        return False
    if ticket.status in OPEN:
        return echoes.take_part(h, ticket)
    if ticket.status not in (Status.RESOLVED, Status.CLOSED):
        return False
    voices.on_one(h, ticket, Command("unsatisfied"), residents.not_fixed)
    return True


def _of_a_kind(h: Hearing, ticket: Ticket) -> bool:
    """The same kind of trouble; what the words leave open (六楼也黑的) the quotation settles. A leak is one's own."""
    verdict, room = h.verdict, h.verdict.slots.room
    if ticket.intent != Intent.REPAIR:
        return False
    if room and room != ticket.room and ticket.category not in merging.SHARED:
        return False
    return verdict.category == ticket.category if verdict.intent == Intent.REPAIR else verdict.perhaps == Intent.REPAIR
