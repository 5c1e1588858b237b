"""What filing a matter is made of: its place, its words, the voice that told it, and the receipt."""

from bot import holders, places, storms, telling
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.places import Place
from bot.tickets import Matter, Voice
from intents.verdict import Verdict
from models import Area, Community, Intent, Ticket


def receipt(h: Hearing, ticket: Ticket) -> None:
    """Say that it is written down: in full in private, one line without a name or a deadline in a group."""
    if h.private:
        whom = holders.whom_words(h.desk, ticket)
        h.answer_about("receipt_private", ticket, whom=whom)
    elif storms.over(h.desk, h.chat, telling.area_of(h.desk, ticket), h.line.said_at):
        storms.summarise(h.desk, h.chat)
    else:
        h.answer_about("receipt_group", ticket, once=f"receipt:{ticket.id}:{h.chat.id}")


def at(h: Hearing, place: Place) -> tuple[Place, Area, Community]:
    """Where a matter is filed whose place was found out already."""
    area = place.area or h.base
    community = places.community_of(h.session, area) if area is not None else None
    if area is None or community is None:
        _, area, community = locate(h)
    return place, area, community


def matter(verdict: Verdict, place: Place, area: Area) -> Matter:
    """A new ticket's matter, in words fit for a group."""
    words = verdict.matter or CATEGORY_FALLBACK[verdict.intent]
    return Matter(Intent(verdict.intent), verdict.category, words, place, area, urgent=verdict.urgent)


CATEGORY_FALLBACK = {
    "repair": "有东西要修",
    "dispute": "邻里的事",
    "policy": "问办事",
    "help": "请人帮忙",
    "other": "有事要办",
}


def voice(h: Hearing, verdict: Verdict) -> Voice:
    """The speaker's words as a voice on a ticket."""
    slots = verdict.slots
    return Voice(h.account, h.chat, h.row, h.line.text or verdict.text, h.line.said_at, slots.room, slots.phone)
