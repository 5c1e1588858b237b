"""Planned outages that were announced: which of them a place is in, and what a report of it is answered meanwhile."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot import clocks, telling
from bot.desk import Desk
from bot.inbox.hearing import Hearing, Said
from bot.people import covers
from intents import announcements
from intents.verdict import Verdict
from models import Announcement, Area, Intent

WORDS = tuple(announcements.SUPPLIES)  # what can be off; outage_<name> of the wording file says it
STILL_WITHIN = timedelta(hours=12)  # after its end "还没来" is about it


def running(session: Session, area: Area, category: str, at: datetime) -> Announcement | None:
    """The announced outage of this supply that the place is in at that moment."""
    query = select(Announcement).where(col(Announcement.starts_at) <= at, col(Announcement.ends_at) > at)
    return _first(session, [row for row in session.exec(query) if category in row.supplies], area)


def ended(session: Session, area: Area, at: datetime) -> Announcement | None:
    """The announced outage that was to be over in this place, not long before that moment."""
    query = (
        select(Announcement)
        .where(col(Announcement.ends_at) <= at, col(Announcement.ends_at) > at - STILL_WITHIN)
        .order_by(col(Announcement.ends_at).desc())
    )
    return _first(session, [row for row in session.exec(query) if announcements.VISITS not in row.supplies], area)


def answered(h: Hearing, verdict: Verdict, area: Area) -> bool:
    """Whether a report is about a planned outage that runs: it is told so and nobody is sent. Once in a group, always
    in private. Danger has been heard before, and outranks any plan.
    """
    said = h.understanding.fold(verdict.text)
    if verdict.intent != Intent.REPAIR or not announcements.without(said, verdict.category):
        return False
    row = running(h.session, area, verdict.category, h.line.said_at)
    if row is None:
        return False
    tell(h, row, verdict.category)
    return True


def tell(h: Hearing, row: Announcement, category: str) -> None:
    """Say until when it is planned to be off."""
    zone = h.desk.settings.zone
    when = clocks.span_in_words(row.starts_at, row.ends_at, h.now, zone)
    end = clocks.hour_in_words(row.ends_at, zone)
    if category == "lift":
        text = h.desk.wording("planned_lift", when=when, end=end)
    else:
        text = h.desk.wording("planned_outage", when=when, end=end, what=what(h.desk, [category]))
    once = None if h.private else f"outage:{row.id}:{category}:{h.chat.id}"
    if once is None or telling.first_time(h.desk, once):
        h.answers.append(Said(text, once))


def what(desk: Desk, supplies: list[str]) -> str:
    """停水、停电: what is off, in words."""
    return "、".join(desk.wording(f"outage_{category}") for category in supplies)


def _first(session: Session, rows: list[Announcement], area: Area) -> Announcement | None:
    return next((row for row in rows if covers(session.get_one(Area, row.area_id), area)), None)
