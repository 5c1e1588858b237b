"""Who has rung 12345 as well: never discouraged, and one matter with one answer (behaviour.md, daily life 45)."""

import re

from sqlmodel import select

from bot.events import write
from bot.inbox import matters, voices
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.tickets import lock
from intents import external
from models import Intent, Ticket, TicketEvent

EXTERNAL = "external"  # the event that keeps it
NUMBER = "12345"
CASE = re.compile(
    r"(?:工单|受理|编|单|案)(?:件|单)?(?:号码?|编号)?(?:是|为|:|：|\s){0,2}(?P<number>[A-Za-z]{0,4}\d[\dA-Za-z-]{5,30})"
)
A_MATTER = 3  # characters beside the number: less is no matter of its own
RUNG = re.compile(
    r"(?:我|我们)?(?:已经|已|都|也|前天|昨天|上周|早就)?(?:打|拨|投诉|反映|报|找)(?:过|了|到|给)?(?:了)?\s?12345(?:热线)?(?:投诉|反映)?(?:过)?(?:了|过)?"
    r"|12345(?:热线)?(?:我们?)?(?:也|都|已经)?(?:打|投诉|反映|报)(?:过|了)?(?:了)?"
)


def handle(h: Hearing) -> bool:
    """A message that says so and brings a matter: the matter is heard. False where nothing else is said."""
    if NUMBER not in h.verdict.text or h.verdict.intent != Intent.OTHER:
        return False
    rest = RUNG.sub("", h.verdict.text).strip(" ,，。;；、")
    if rest == h.verdict.text:
        return False
    if len(CASE.sub("", rest)) < A_MATTER:
        return _of_their_own(h)
    verdict = h.understanding.read(rest, "private" if h.private else "group", h.line.to_me)
    if verdict.intent == Intent.OTHER:
        return False
    h.verdict = verdict
    return matters.handle(h)


def _of_their_own(h: Hearing) -> bool:
    """Nothing but that they rang: about the one matter they have open; where there are none or several, we ask."""
    open_ones = [ticket for ticket in voices.own(h) if ticket.status in OPEN and not ticket.silent]
    if not h.private or len(open_ones) != 1:
        return False
    h.row.ticket_id = open_ones[0].id
    return True


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
        told = external.find(h.understanding.fold(h.line.text))  # a resident's word: staff see it, no clock runs by it
        case = CASE.search(h.line.text)
        number = f"{told.source} {told.number}" if told else f"{NUMBER} {case['number']}" if case else NUMBER
        write(h.desk, ticket, EXTERNAL, h.actor, note=number)
    if h.private and not ticket.silent:
        h.answer("hotline_noted")
