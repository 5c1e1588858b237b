"""The same matter from several neighbours is one ticket (domain.md, "Merging"): who shares what with whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, or_
from sqlmodel import col, select

from bot import places, storms
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.permits import accounts_of_same_person
from bot.places import Place
from intents import echo, similar, slots
from intents.verdict import Verdict
from models import Area, Community, Intent, Level, Report, Status, Ticket

# One thing that a whole stairwell shares: the same category at the same place is the same matter.
SHARED = frozenset({"lift", "light", "water", "power", "gas", "heating", "access", "fire", "road", "greening"})
# What a whole building hangs on, and an estate at once: the units of a building share it, an enclosing place as well.
SUPPLY = frozenset({"water", "power", "gas", "heating"})
# Every unit has its own: the neighbours' one is another.
EACH_UNIT = frozenset({"lift", "access"})
# A lamp or a door may be the stairwell's or somebody's own.
MAY_BE_OWN = frozenset({"light", "access"})
ALIKE = 0.5  # for the rest: how alike the words must be
AS_WELL = re.compile(r"(?:顺便|顺路|顺带|还有|另外|再|对了)")  # added to what was asked
REQUEST = re.compile(r"帮(?!她|他|不)|请(?:个|一个)?人|[找叫喊]个?人|能不能|谁能|可不可以")
OWN_WITHIN = timedelta(minutes=10)  # what one says next about one's own report belongs to it


@dataclass(frozen=True)
class Spot:
    """Where a matter is, as far as it was said."""

    area: Area
    building: str | None
    unit: str | None
    location: str | None


def spot(h: Hearing, ticket: Ticket) -> Spot:
    return Spot(h.session.get_one(Area, ticket.area_id), ticket.building, ticket.unit, ticket.location)


def same_matter(h: Hearing, verdict: Verdict, place: Place, area: Area, community: Community) -> Ticket | None:
    """The ticket that this message is about as well; None where it is a matter of its own.

    The time it was said counts, not when it reached us: what was said before a matter was solved still belongs to it.
    """
    here = Spot(area, place.building, place.unit, place.location)
    found = list(_around(h, verdict, area, community))
    mine = {ticket.id for ticket in own_lately(h)}
    for ticket in found:
        if ticket.id not in mine or _asks_anew(verdict, ticket):
            continue
        if not _another_place(here, spot(h, ticket), verdict, ticket):
            return ticket
    for ticket in found:
        if shares(h, verdict.category, here, spot(h, ticket)) and _alike(h, verdict, ticket):
            return ticket
    if found and storms.running(h.desk, area, h.line.said_at):
        # One matter per building and kind: nobody can look at twenty cards now. Two lifts stay two, whoever is in them.
        wide = verdict.category not in EACH_UNIT
        return next((t for t in found if shares(h, verdict.category, here, spot(h, t), wide=wide)), None)
    return None


def own_lately(h: Hearing) -> list[Ticket]:
    """What this person said a word on in this chat within the last minutes, latest first."""
    query = (
        select(Ticket)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            col(Report.account_id).in_(accounts_of_same_person(h.desk, h.account.id)),
            Report.chat_id == h.chat.id,
            col(Report.withdrawn_at).is_(None),
            col(Ticket.status).in_(list(OPEN)),
            Ticket.last_report_at >= h.line.said_at - OWN_WITHIN,
            Ticket.opened_at <= h.line.said_at + OWN_WITHIN,
        )
        .order_by(col(Report.id).desc())
    )
    return list(h.session.exec(query))


def shares(h: Hearing, category: str, one: Spot, other: Spot, *, wide: bool = False) -> bool:
    """Whether a trouble of this category at one place is that at the other.

    wide: in a storm, or where a neighbour says "we too": the units of a building are one place then.
    """
    if one.location and other.location and not (one.location in other.location or other.location in one.location):
        return False
    if one.building != other.building and one.area.id == other.area.id:
        return category in SUPPLY and not (one.building and other.building)  # a building the directory does not know
    if one.area.id == other.area.id:
        return True
    if one.area.path.startswith(other.area.path) or other.area.path.startswith(one.area.path):
        upper = one if other.area.path.startswith(one.area.path) else other
        return (category in SUPPLY and not upper.location) or upper.area.level == Level.BUILDING
    if category in SUPPLY or wide:
        own = _building(h, one.area)
        return own is not None and own == _building(h, other.area)
    return False


def own_open(h: Hearing, community: Community, intent: Intent, category: str) -> Ticket | None:
    """A matter of that kind that this very person has open already."""
    mine = accounts_of_same_person(h.desk, h.account.id)
    since = h.line.said_at - timedelta(hours=h.desk.settings.times.merge_hours)
    query = (
        select(Ticket)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            Ticket.community_id == community.id,
            Ticket.intent == intent,
            Ticket.category == category,
            col(Ticket.status).in_(list(OPEN)),
            col(Report.account_id).in_(mine),
            col(Report.withdrawn_at).is_(None),
            Ticket.last_report_at >= since,
        )
        .order_by(col(Ticket.id).desc())
    )
    return h.session.exec(query).first()


def unsure_danger(h: Hearing, matter: str, area: Area, community: Community) -> Ticket | None:
    """What staff are looking into already, because somebody said the same of this place and was not sure of it."""
    since = h.line.said_at - timedelta(hours=h.desk.settings.times.merge_hours)
    query = select(Ticket).where(
        Ticket.community_id == community.id,
        Ticket.area_id == area.id,
        Ticket.matter == matter,
        col(Ticket.danger).is_(None),
        col(Ticket.urgent).is_(True),
        col(Ticket.private).is_(True),
        col(Ticket.status).in_(list(OPEN)),
        Ticket.last_report_at >= since,
    )
    return h.session.exec(query.order_by(col(Ticket.id).desc())).first()


def _around(h: Hearing, verdict: Verdict, area: Area, community: Community) -> Iterator[Ticket]:
    """Matters of this kind in the estate, told within the hours set before or after this was said; latest first."""
    said, hours = h.line.said_at, timedelta(hours=h.desk.settings.times.merge_hours)
    scope = places.around(h.session, area)
    query = (
        select(Ticket)
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .where(
            Ticket.community_id == community.id,
            Ticket.intent == Intent(verdict.intent),
            Ticket.category == verdict.category,
            col(Ticket.private).is_(False),
            Ticket.last_report_at >= said - hours,
            Ticket.opened_at <= said + hours,
            or_(col(Area.path).startswith(scope.path), col(Area.id).in_(_above(scope))),
            or_(
                col(Ticket.status).in_(list(OPEN)),
                and_(col(Ticket.status).in_([Status.RESOLVED, Status.CLOSED]), col(Ticket.resolved_at) > said),
            ),
        )
        .order_by(col(Ticket.id).desc())
    )
    yield from h.session.exec(query)


def _above(area: Area) -> list[int]:
    return [int(part) for part in area.path.strip("/").split("/") if part]


def _building(h: Hearing, area: Area) -> int | None:
    found = places.ancestor(h.session, area, Level.BUILDING)
    return found.id if found else None


def _asks_anew(verdict: Verdict, ticket: Ticket) -> bool:
    """Whether it asks for another help than the one asked for just before: 送药 is not 换锁, both are errands."""
    if ticket.intent != Intent.HELP or not REQUEST.search(verdict.text) or AS_WELL.match(verdict.text):
        return False
    return similar.same_matter(verdict.text, ticket.need or ticket.matter) < ALIKE


def _another_place(here: Spot, there: Spot, verdict: Verdict, ticket: Ticket) -> bool:
    """Whether the speaker now names a place that contradicts the one they named before."""
    told = verdict.slots
    return bool(
        (told.building and there.building and here.building != there.building)
        or (told.unit and there.unit and here.unit != there.unit)
        or (told.room and ticket.room and told.room != ticket.room)
        or (here.location and there.location and here.location != there.location)
    )


def _alike(h: Hearing, verdict: Verdict, ticket: Ticket) -> bool:
    """The same thing at the same place, by what was said of it."""
    words = ticket.need or ticket.matter
    if verdict.category in SHARED:
        return not (verdict.category in MAY_BE_OWN and _another_lamp(h, verdict, words))
    rooms_differ = bool(verdict.slots.room and ticket.room and verdict.slots.room != ticket.room)
    return not rooms_differ and similar.same_matter(verdict.text, words) >= ALIKE


def _another_lamp(h: Hearing, verdict: Verdict, words: str) -> bool:
    """The lamp of another floor, or one in somebody's rooms."""
    floor = slots.read(h.understanding.fold(words)).floor
    if verdict.slots.floor and floor and verdict.slots.floor != floor:
        return True
    return echo.at_home(verdict.text) != echo.at_home(words)
