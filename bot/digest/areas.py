"""The areas of a community, and how they are said in a digest: by building, or by what is larger."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from bot.masking import fit_for_group
from models import Area, Level, Ticket

PRECISE = (Level.BUILDING, Level.UNIT, Level.PLACE)


def below(session: Session, area: Area) -> dict[int, Area]:
    """The area and all in it, by id."""
    query = select(Area).where(col(Area.path).startswith(area.path, autoescape=True))
    return {found.id: found for found in session.exec(query)}


def building_of(areas: Mapping[int, Area], area_id: int) -> Area | None:
    """The building that an area belongs to, else the area itself; None for one that is not among them."""
    area = here = areas.get(area_id)
    while here is not None and here.level != Level.BUILDING:
        here = areas.get(here.parent_id) if here.parent_id is not None else None
    return here or area


def said(areas: Mapping[int, Area], area_id: int) -> str:
    """3栋2单元, 东门; with the estate before it where the community has several: 幸福里3栋2单元."""
    area = areas.get(area_id)
    if area is None:
        return ""
    building = building_of(areas, area_id)
    own = f"{building.name}{area.name}" if area.level == Level.UNIT and building not in (None, area) else area.name
    estate = _estate_of(areas, area)
    several = sum(other.level == Level.ESTATE for other in areas.values()) > 1
    return f"{estate.name}{own}" if several and estate is not None and estate.id != area.id else own


def place(areas: Mapping[int, Area], ticket: Ticket) -> str:
    """The place of a ticket as it may be said anywhere: building and unit, or the landmark, or the area. No room."""
    words = (f"{ticket.building}栋" if ticket.building else "") + (f"{ticket.unit}单元" if ticket.unit else "")
    return words or fit_for_group(ticket.location or "") or said(areas, ticket.area_id)


def _estate_of(areas: Mapping[int, Area], area: Area) -> Area | None:
    here: Area | None = area
    while here is not None and here.level != Level.ESTATE:
        here = areas.get(here.parent_id) if here.parent_id is not None else None
    return here
