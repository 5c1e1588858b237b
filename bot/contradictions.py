"""Places that cannot be as they were said: a building that the estate does not have, a room that is not on that floor.

In private one short question is asked; in a group none: there a matter goes by the group's own area and its card says
what was said. What the directory does not hold at all (no buildings, no units) contradicts nothing.
"""

from dataclasses import replace

from sqlmodel import Session, col, select

from bot import places
from bot.desk import Desk
from bot.events import write
from bot.permits import Actor
from bot.places import Contradiction, Oddity, Place
from intents.verdict import Slots
from models import Area, Level, Ticket, TicketEvent

DOUBTED = "place_doubted"  # the event that keeps what was said; its note is fit for any card: never a room
SETTLED = ("located", "rerouted", "corrected")  # afterwards the place is another


def examined(session: Session, base: Area | None, slots: Slots, place: Place) -> Place:
    """The place with what contradicts in it, if anything. place: as bot.places resolved those slots from `base`."""
    if place.candidates:
        return place
    found = _of_building(session, base, slots, place) or _of_unit(session, slots, place)
    return replace(place, contradiction=found or _of_several(session, base, slots) or _of_floor(slots))


def by_the_chat(session: Session, base: Area | None, place: Place) -> Place:
    """The same from a group, where nobody is asked: the group's own area, and what was said is kept for the card."""
    odd = place.contradiction
    if odd is None or base is None:
        return place
    settled = replace(odd, asks=False)
    own = places.resolve(session, base, Slots())
    if odd.kind == Oddity.FLOOR or (odd.kind == Oddity.SEVERAL and own.building is None):
        return replace(place, contradiction=settled)  # the building is right, or the group has none of its own
    return replace(own, contradiction=settled)


def keep(desk: Desk, ticket: Ticket, place: Place, actor: Actor) -> TicketEvent | None:
    """Write down with a ticket what contradicts in its place, for every card to come."""
    if place.contradiction is None:
        return None
    return write(desk, ticket, DOUBTED, actor, note=place.contradiction.said)


def said(desk: Desk, ticket: Ticket) -> str | None:
    """What was said of a ticket's place that has to be checked still; None where nothing has."""
    query = (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, col(TicketEvent.kind).in_((DOUBTED, *SETTLED)))
        .order_by(col(TicketEvent.id).desc())
    )
    last = desk.session.exec(query).first()
    return last.note if last is not None and last.kind == DOUBTED else None


def _of_building(session: Session, base: Area | None, slots: Slots, place: Place) -> Contradiction | None:
    """A building was named, none such was found, and the buildings of the estate are known."""
    if base is None or not slots.building or _at_or_below(session, place.area, Level.BUILDING):
        return None
    estate = places.around(session, base)
    if not _has(session, estate, Level.BUILDING):
        return None
    return Contradiction(Oddity.BUILDING, f"{slots.building}栋")


def _of_unit(session: Session, slots: Slots, place: Place) -> Contradiction | None:
    area = place.area
    if not slots.unit or area is None or area.level != Level.BUILDING or not _has(session, area, Level.UNIT):
        return None
    return Contradiction(Oddity.UNIT, f"{place.building}栋{slots.unit}单元")


def _of_several(session: Session, base: Area | None, slots: Slots) -> Contradiction | None:
    """Several buildings named. As one (3栋和5栋都停了), or with the speaker's own among them, that asks nothing."""
    if not slots.building or not slots.others:
        return None
    named = (slots.building, *slots.others)
    home = places.ancestor(session, base, Level.BUILDING) if base is not None else None
    if home is not None and home.label in named and not slots.together:
        return None
    return Contradiction(Oddity.SEVERAL, "、".join(f"{name}栋" for name in named[:3]), asks=not slots.together)


def _of_floor(slots: Slots) -> Contradiction | None:
    if not slots.room or not slots.home_floor or not slots.home_floor.isdigit() or not slots.room.isdigit():
        return None
    if int(slots.room[:-2]) == int(slots.home_floor):
        return None
    return Contradiction(Oddity.FLOOR, f"{slots.home_floor}楼")


def _at_or_below(session: Session, area: Area | None, level: Level) -> bool:
    return area is not None and places.ancestor(session, area, level) is not None


def _has(session: Session, area: Area, level: Level) -> bool:
    query = select(Area.id).where(Area.level == level, col(Area.path).startswith(area.path)).limit(1)
    return session.exec(query).first() is not None
