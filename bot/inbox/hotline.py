"""Who has rung 12345 as well: never discouraged, and one matter with one answer (behaviour.md, daily life 45)."""

import re

from sqlmodel import select

from bot.events import write
from bot.inbox import matters
from bot.inbox.hearing import Hearing
from bot.tickets import lock
from intents import external
from models import Intent, Ticket, TicketEvent

EXTERNAL = "external"  # the event that keeps it
NUMBER = "12345"
RUNG = re.compile(
    r"(?:我|我们)?(?:已经|已|都|也|前天|昨天|上周|早就)?(?:打|拨|投诉|反映|报|找)(?:过|了|到|给)?(?:了)?\s?12345(?:热线)?(?:投诉|反映)?(?:过)?(?:了|过)?"
    r"|12345(?:热线)?(?:我们?)?(?:也|都|已经)?(?:打|投诉|反映|报)(?:过|了)?(?:了)?"
)


def handle(h: Hearing) -> bool:
    """A message that says so and brings a matter: the matter is heard. False where nothing else is said."""
    if NUMBER not in h.verdict.text or h.verdict.intent != Intent.OTHER:
        return False
    rest = RUNG.sub("", h.verdict.text).strip(" ,，。;；、")
    if not rest or rest == h.verdict.text:
        return False
    verdict = h.understanding.read(rest, "private" if h.private else "group", h.line.to_me)
    if verdict.intent == Intent.OTHER:
        return False
    h.verdict = verdict
    return matters.handle(h)


def keep(h: Hearing) -> None:
    """Write on the ticket that this message belongs to that 12345 has it too, once; the resident hears that it is one
    matter.
    """
    if h.row.ticket_id is None or not RUNG.search(h.line.text):
        return
    ticket = h.session.get_one(Ticket, h.row.ticket_id)
    lock(h.session, ticket.community_id)
    known = select(TicketEvent.id).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EXTERNAL)
    if h.session.exec(known).first() is None:
        case = external.find(h.understanding.fold(h.line.text))  # a resident's word: staff see it, no clock runs by it
        write(h.desk, ticket, EXTERNAL, h.actor, note=f"{case.source} {case.number}" if case else NUMBER)
    if h.private and not ticket.silent:
        h.answer("hotline_noted")
