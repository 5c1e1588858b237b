"""Which emergency is running already: many voices on one fire are one emergency, and a repair may have become one."""

from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import col, select

from bot import places
from bot.inbox.hearing import Hearing
from bot.inbox.merging import own_lately
from bot.moves import OPEN
from bot.places import PRECISE, Place
from intents.understanding import DangerKind
from models import Area, Intent, Report, Ticket

SAME_EVENT = timedelta(hours=2)  # later reports of the same kind at the same place are the same emergency
# What an ordinary repair may turn into, by its category, beside the danger of its own category.
TURNS: Mapping[str, frozenset[str]] = {
    "lift": frozenset({"lift_trapped", "fall", "illness", "smoke", "fire"}),
    "light": frozenset({"fall", "electric_shock", "fire", "smoke"}),
    "power": frozenset({"lift_trapped", "device_power", "electric_shock", "fire", "smoke", "fall"}),
    "road": frozenset({"fall", "manhole", "collapse"}),
    "leak": frozenset({"electric_shock", "flooding", "fall", "collapse"}),
    "drain": frozenset({"flooding", "fall"}),
    "water": frozenset({"flooding", "fall"}),
    "gas": frozenset({"gas", "carbon_monoxide", "fire", "illness"}),
    "heating": frozenset({"flooding", "carbon_monoxide"}),
    "charging": frozenset({"fire", "smoke", "electric_shock"}),
    "greening": frozenset({"falling_objects", "collapse", "fall"}),
    "access": frozenset({"fall"}),
    "sanitation": frozenset({"fall"}),
    "other": frozenset({"falling_objects", "collapse", "fall"}),
}


def becomes(ticket: Ticket, kind: DangerKind) -> bool:
    """Whether this repair may turn into that danger."""
    own = ticket.intent == Intent(kind.intent) and ticket.category == kind.category
    return ticket.intent == Intent.REPAIR and (own or kind.key in TURNS.get(ticket.category, frozenset()))


def confirms(ticket: Ticket, kind: DangerKind) -> bool:
    """Whether an open repair makes a doubtful danger sure: the same thing. Smoke may still be bacon."""
    return _own(ticket, kind) and kind.category != "fire"


def find(h: Hearing, kind: DangerKind, place: Place, area: Area) -> Ticket | None:
    """The same danger around this place within two hours, or the matter that has turned into it."""
    scope = places.around(h.session, area)
    query = (
        select(Ticket, Area)
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .where(
            col(Area.path).startswith(scope.path),
            col(Ticket.status).in_(list(OPEN)),
            Ticket.last_report_at >= h.line.said_at - SAME_EVENT,
            Ticket.opened_at <= h.line.said_at + SAME_EVENT,
        )
        .order_by(col(Ticket.id).desc())
    )
    near = [ticket for ticket, at in h.session.exec(query) if _near(place, area, ticket, at)]
    same = (t for t in near if t.danger == kind.key and t.intent == kind.intent)
    turned = (t for t in near if not t.danger and _own(t, kind))
    caused = (t for t in near if not t.danger and not t.private and becomes(t, kind) and _told_around(h, area, t))
    return next(same, None) or next(turned, None) or next(caused, None)


def _own(ticket: Ticket, kind: DangerKind) -> bool:
    """The same thing, told before it was dangerous."""
    return ticket.intent == kind.intent and ticket.category == kind.category


def _near(place: Place, area: Area, ticket: Ticket, at: Area) -> bool:
    """The same place, or one inside the other; two places that were both named in other words are two."""
    if place.location and ticket.location and place.location != ticket.location:
        return False
    if bool(place.building) != bool(ticket.building) and (place.location or ticket.location):
        return False  # the garage under water is not the flood on the ground floor of building 5
    if place.building and ticket.building and place.building != ticket.building:
        return False
    return at.path.startswith(area.path) or area.path.startswith(at.path)


def _told_around(h: Hearing, area: Area, ticket: Ticket) -> bool:
    """A fall is the lamp's matter only where the lamp is: at a place named, in the same chat, from the same mouth."""
    if area.level in PRECISE or ticket.id in {own.id for own in own_lately(h)}:
        return True
    here = select(Report.id).where(Report.ticket_id == ticket.id, Report.chat_id == h.chat.id)
    return h.session.exec(here).first() is not None
