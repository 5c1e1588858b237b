"""Where something is: what the text says, looked up within the estate of the chat or the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.masking import fit_for_group
from intents.verdict import Slots
from models import Area, Community, Level, Ticket

# A matter at one of these is precise enough for a unit leader; above them somebody has to be asked.
PRECISE = {Level.BUILDING, Level.UNIT, Level.PLACE}


class Oddity(StrEnum):
    """What cannot be as it was said."""

    BUILDING = "building"  # the estate has no such building
    UNIT = "unit"  # the building has no such unit
    SEVERAL = "several"  # several buildings, and none is plainly the speaker's
    FLOOR = "floor"  # the room is not on the floor said with it


@dataclass(frozen=True)
class Contradiction:
    """What contradicts in a place. said: in words fit for any card, so without a room."""

    kind: Oddity
    said: str
    asks: bool = True  # worth a question in private; False where it is only told to whoever handles it


@dataclass(frozen=True)
class Place:
    """A place understood. `candidates` is filled only where several fit and one has to be asked for."""

    area: Area | None
    building: str | None = None
    unit: str | None = None
    location: str | None = None  # the speaker's own words where no building was named
    candidates: tuple[Area, ...] = ()
    told: bool = False  # the text itself named it
    contradiction: Contradiction | None = None  # see bot.contradictions

    @property
    def precise(self) -> bool:
        """Enough to send somebody: a building, a unit, a known place or a landmark in words."""
        return not self.candidates and (
            bool(self.building) or bool(self.location) or (self.area is not None and self.area.level in PRECISE)
        )

    @property
    def plain(self) -> bool:
        """Precise, and nothing in it has to be asked about."""
        return self.precise and (self.contradiction is None or not self.contradiction.asks)


def ancestors(session: Session, area: Area) -> list[Area]:
    """The area and everything above it, nearest first."""
    ids = [int(part) for part in area.path.strip("/").split("/") if part]
    found = {row.id: row for row in session.exec(select(Area).where(col(Area.id).in_(ids)))}
    return [found[i] for i in reversed(ids) if i in found]


def ancestor(session: Session, area: Area, level: Level) -> Area | None:
    """The nearest area of that level at or above `area`."""
    return next((a for a in ancestors(session, area) if a.level == level), None)


def around(session: Session, area: Area) -> Area:
    """Within what neighbours speak of "5栋": the estate; in a city without that level the community, else the area."""
    chain = ancestors(session, area)
    found = {a.level: a for a in reversed(chain) if a.level in (Level.ESTATE, Level.COMMUNITY)}
    return found.get(Level.ESTATE) or found.get(Level.COMMUNITY) or area


def community_of(session: Session, area: Area) -> Community | None:
    """The community an area belongs to; None above communities."""
    ids = [a.id for a in ancestors(session, area)]
    return session.exec(select(Community).where(col(Community.area_id).in_(ids))).first()


def phones(session: Session, area: Area, defaults: dict[str, str]) -> dict[str, str]:
    """The emergency numbers that hold at an area: its own, else those above it, else the settings'."""
    numbers = {key: value for key, value in defaults.items() if value}
    for above in reversed(ancestors(session, area)):
        numbers.update({key: value for key, value in above.phones.items() if value})
    return numbers


def resolve(session: Session, base: Area | None, slots: Slots, text: str = "") -> Place:
    """Find the place that slots (and words) name, seen from `base`: the chat's area or the account's.

    The text beats the chat. A building is looked for in the estate around `base` first, then in its community.
    """
    if slots.building:
        return _building(session, base, slots)
    if slots.unit and base is not None:
        return _unit_of_base(session, base, slots)
    named = _by_alias(session, base, text)
    if named is not None:
        return _at(session, named, told=True, location=slots.landmark)
    if slots.landmark:
        return Place(_estate(session, base), location=slots.landmark, told=True)
    return _at(session, base, told=False)


def label_of(session: Session, area: Area) -> str:
    """How an area is said: 3栋2单元, 东门, 幸福里. Never with a room."""
    chain = ancestors(session, area)
    building = next((a for a in chain if a.level == Level.BUILDING), None)
    if area.level == Level.UNIT and building is not None:
        return f"{building.name}{area.name}"
    return area.name


def said(session: Session, ticket: Ticket) -> str:
    """The place of a ticket as it may be said anywhere: building and unit, or the landmark, or the area's name."""
    words = "".join(
        part
        for part in (
            f"{ticket.building}栋" if ticket.building else "",
            f"{ticket.unit}单元" if ticket.unit else "",
        )
    )
    return words or fit_for_group(ticket.location or "") or label_of(session, session.get_one(Area, ticket.area_id))


def label_in_full(session: Session, area: Area) -> str:
    """How an area is told from its namesakes: 幸福里3栋2单元."""
    estate = ancestor(session, area, Level.ESTATE)
    label = label_of(session, area)
    return label if estate is None or estate.id == area.id else f"{estate.name}{label}"


def _at(session: Session, area: Area | None, *, told: bool, location: str | None = None) -> Place:
    if area is None:
        return Place(None, location=location, told=told)
    chain = ancestors(session, area)
    building = next((a.label for a in chain if a.level == Level.BUILDING), None)
    unit = next((a.label for a in chain if a.level == Level.UNIT), None)
    return Place(area, building, unit, location, told=told)


def _building(session: Session, base: Area | None, slots: Slots) -> Place:
    for scope in _scopes(session, base):
        found = _labelled(session, scope, Level.BUILDING, slots.building)
        if len(found) == 1:
            return _within(session, found[0], slots)
        if found:
            return Place(None, slots.building, slots.unit, candidates=tuple(found), told=True)
    # A building the directory does not know is still where the resident says it is.
    return Place(_estate(session, base), slots.building, slots.unit, told=True)


def _within(session: Session, building: Area, slots: Slots) -> Place:
    if slots.unit:
        units = _labelled(session, building, Level.UNIT, slots.unit)
        if units:
            return Place(units[0], building.label, units[0].label, told=True)
        return Place(building, building.label, slots.unit, told=True)
    return Place(building, building.label, told=True)


def _unit_of_base(session: Session, base: Area, slots: Slots) -> Place:
    building = ancestor(session, base, Level.BUILDING)
    if building is None:
        return Place(base, unit=slots.unit, told=True)
    return _within(session, building, slots)


def _scopes(session: Session, base: Area | None) -> list[Area | None]:
    """Where to look, nearest first: the estate, the community, then everywhere."""
    if base is None:
        return [None]
    chain = ancestors(session, base)
    scopes: list[Area | None] = [a for a in chain if a.level in (Level.ESTATE, Level.COMMUNITY)]
    return scopes or [base]


def _labelled(session: Session, scope: Area | None, level: Level, label: str | None) -> Sequence[Area]:
    query = select(Area).where(Area.level == level, Area.label == label).order_by(col(Area.id))
    if scope is not None:
        query = query.where(col(Area.path).startswith(scope.path))
    return session.exec(query).all()


def _by_alias(session: Session, base: Area | None, text: str) -> Area | None:
    if not text or base is None:
        return None
    scope = _estate(session, base) or base
    around = [int(part) for part in base.path.strip("/").split("/") if part]
    shared = col(Area.co_area_id).in_(around)  # at the border: a place of the community next door, and ours
    query = select(Area).where(or_(col(Area.path).startswith(scope.path), shared), Area.id != scope.id)
    best: tuple[int, Area] | None = None
    for area in session.exec(query):
        for alias in [*area.aliases, *([area.name] if area.level == Level.PLACE else [])]:
            if len(alias) > 1 and alias in text and (best is None or len(alias) > best[0]):
                best = (len(alias), area)
    return best[1] if best else None


def _estate(session: Session, base: Area | None) -> Area | None:
    if base is None:
        return None
    return around(session, base)
