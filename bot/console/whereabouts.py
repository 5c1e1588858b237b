"""What places are called on a page that shows more than one estate: 桃园1栋1单元, for each estate has a building 1."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from models import Area, Level, Ticket


@dataclass(frozen=True)
class Whereabouts:
    """An area's name with its building, and the estate it is in; "" where the estate goes without saying."""

    estate: str
    name: str

    @property
    def full(self) -> str:
        """桃园1栋1单元; where there is one estate only, 1栋1单元."""
        return f"{self.estate}{self.name}"

    def of(self, ticket: Ticket) -> str:
        """Where a ticket is: building and unit where they are known, else as it was said, else the area."""
        if ticket.building:
            return f"{self.estate}{ticket.building}栋" + (f"{ticket.unit}单元" if ticket.unit else "")
        return f"{self.estate}{ticket.location}" if ticket.location else self.full


def whereabouts(session: Session, area_ids: Collection[int]) -> dict[int, Whereabouts]:
    """By the id of the area, in two queries however many there are."""
    areas = session.exec(select(Area).where(col(Area.id).in_(set(area_ids)))).all() if area_ids else []
    ids = {int(part) for area in areas for part in area.path.strip("/").split("/") if part}
    above = select(Area.id, Area.level, Area.name).where(
        or_(Area.level == Level.ESTATE, col(Area.id).in_(ids) & (Area.level == Level.BUILDING))
    )
    named = {row_id: (level, name) for row_id, level, name in session.exec(above)} if areas else {}
    several = sum(level == Level.ESTATE for level, _ in named.values()) > 1
    found = {}
    for area in areas:
        chain = [named[i] for i in map(int, filter(None, area.path.strip("/").split("/"))) if i in named]
        estate = next((name for level, name in chain if level == Level.ESTATE), "")
        building = next((name for level, name in chain if level == Level.BUILDING), "")
        found[area.id] = Whereabouts(
            estate if several and area.level != Level.ESTATE else "",
            building + area.name if area.level == Level.UNIT else area.name,
        )
    return found
