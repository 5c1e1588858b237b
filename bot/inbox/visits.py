"""Somebody at the door says they come from the community: looked up among the rounds announced (daily life 16)."""

from bot import clocks, places
from bot.inbox import outages
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from intents import announcements
from models import Area

STRANGER = "visitor"  # the kind of danger that it is unless a round was announced


def expected(h: Hearing) -> bool:
    """Whether a round runs here now: then that is said, with how to make sure of them, and nobody is alarmed."""
    area = locate(h)[1]
    row = outages.running(h.session, area, announcements.VISITS, h.line.said_at)
    if row is None:
        return False
    when = clocks.span_in_words(row.starts_at, row.ends_at, h.now, h.desk.settings.zone)
    h.answer("visit_planned", when=when, phone=_phone(h, area))
    return True


def unknown(h: Hearing, area: Area) -> str:
    """What is said where none does."""
    return h.desk.wording("visit_unknown", phone=_phone(h, area))


def _phone(h: Hearing, area: Area) -> str:
    numbers = places.phones(h.session, area, h.desk.settings.phones.model_dump())
    return numbers.get("contact") or numbers.get("staff_duty") or h.desk.wording("no_staff_duty")
