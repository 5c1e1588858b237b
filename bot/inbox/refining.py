"""A building's group says a matter's unit by and by: two neighbours of unit 1 have no water, unit 2 has; or the leader
says that it is the pump of unit 1. Then the matter is unit 1's, until somebody of another unit has it as well.
"""

from sqlmodel import col, select

from bot import consequences, places
from bot.events import write
from bot.inbox import onduty
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from intents import slots
from models import Area, Intent, Level, Report, Status, Ticket

ENOUGH = 2  # voices that name a unit, where nobody names another
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)


def by_voices(h: Hearing, ticket: Ticket) -> None:
    """A voice has joined: the unit that those who name one agree on, and the whole building where they do not."""
    if h.verdict.slots.unit is None or not _in_a_buildings_group(h, ticket):
        return
    told = h.session.exec(select(Report.words).where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None)))
    named = [unit for words in told if (unit := slots.read(h.understanding.fold(words or "")).unit)]
    if len(set(named)) > 1:
        _move(h, ticket, None)
    elif len(named) >= ENOUGH:
        _move(h, ticket, named[0])


def by_handler(h: Hearing, ticket: Ticket) -> None:
    """Somebody on duty names the unit where it is broken: they have looked."""
    said = h.verdict.slots
    if said.unit is not None and said.building in (None, ticket.building) and _in_a_buildings_group(h, ticket):
        _move(h, ticket, said.unit)


def _in_a_buildings_group(h: Hearing, ticket: Ticket) -> bool:
    if h.chat.area_id is None or ticket.intent != Intent.REPAIR or ticket.status not in OPEN or ticket.danger:
        return False
    here = h.session.get_one(Area, h.chat.area_id)
    at = h.session.get_one(Area, ticket.area_id)
    return here.level == Level.BUILDING and at.path.startswith(here.path)


def _move(h: Hearing, ticket: Ticket, unit: str | None) -> None:
    if unit == ticket.unit:
        return
    building = places.ancestor(h.session, h.session.get_one(Area, ticket.area_id), Level.BUILDING)
    if building is None:
        return
    known = select(Area).where(Area.level == Level.UNIT, Area.label == unit, col(Area.path).startswith(building.path))
    area = h.session.exec(known).first() if unit is not None else None
    ticket.unit, ticket.area_id = unit, (area or building).id
    h.session.flush()
    event = write(h.desk, ticket, "located", h.actor)
    if ticket.status in UNTAKEN and not onduty.speaks(h):
        consequences.reroute(h.desk, ticket, event)
