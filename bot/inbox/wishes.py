"""How somebody wishes to be reached, and where who works outdoors can sit down (daily life 34, 39)."""

import re
from dataclasses import replace
from datetime import date, datetime

from bot import clocks, places
from bot.inbox import matters
from bot.inbox.hearing import Hearing
from bot.sections import StationSection
from intents.verdict import Command
from models import Intent, Person

CLAUSES = re.compile(r"[,，。;；!！\s]+")
WISH = re.compile(r"听不|耳|聋|哑|看不|眼睛|不识字|电话|文字|打字|短信|微信|留言|语音")
NOTE_MOST = 60  # characters of a wish that are kept
A_MATTER = 4  # characters: what is left beside the wish may be a matter


def prefers(h: Hearing, command: Command) -> bool:
    """ "我听不见，莫打电话": kept with the person, shown to whoever handles a matter of theirs. What is said besides is
    heard as ever.
    """
    del command
    if not h.private:
        return False
    clauses = [clause for clause in CLAUSES.split(h.line.text) if clause]
    wish = "，".join(clause for clause in clauses if WISH.search(clause))
    rest = "，".join(clause for clause in clauses if not WISH.search(clause))
    _person(h).contact_note = wish[:NOTE_MOST]
    h.answer("wish_kept")
    if len(rest) < A_MATTER:
        return True
    verdict = h.understanding.read(rest, "private", True)
    if verdict.intent != Intent.OTHER:
        h.verdict = replace(verdict, slots=h.verdict.slots)
        matters.file(h, h.verdict)
    return True


def resting(h: Hearing, command: Command) -> bool:
    """Where to charge a phone and drink water: the stations and their hours today. No ticket, no binding."""
    del command
    if not h.addressed:
        return False
    local = h.now.astimezone(h.desk.settings.zone)
    stations = h.desk.settings.stations
    today = [station for station in stations if _opens(station, local.date())]
    if not stations:
        h.answer("rest_unknown", phone=_phone(h))
    elif not today:
        h.answer("rest_closed", names="、".join(station.name for station in stations))
    else:
        h.answer("rest_open", stations="；".join(_hours(h, station, local) for station in today))
    return True


def _opens(station: StationSection, day: date) -> bool:
    return day.isoweekday() in station.days


def _hours(h: Hearing, station: StationSection, local: datetime) -> str:
    zone = h.desk.settings.zone
    spans = "、".join(
        f"{clocks.hour_in_words(datetime.combine(local.date(), begin, zone), zone)}到"
        f"{clocks.hour_in_words(datetime.combine(local.date(), end, zone), zone)}"
        for begin, end in station.open
    )
    return h.desk.wording("rest_station", name=station.name, hours=spans, offers=station.offers)


def _person(h: Hearing) -> Person:
    """Who holds this account. Nobody on the roster: a person of whom nothing is known but the wish."""
    if h.account.person_id is not None:
        return h.session.get_one(Person, h.account.person_id)
    person = Person()
    h.session.add(person)
    h.session.flush()
    h.account.person_id = person.id
    return person


def _phone(h: Hearing) -> str:
    defaults = h.desk.settings.phones.model_dump()
    base = h.base
    numbers = places.phones(h.session, base, defaults) if base is not None else defaults
    return numbers.get("contact") or numbers.get("staff_duty") or h.desk.wording("no_phone")
