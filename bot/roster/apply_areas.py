"""The area tree into the database: parents first, paths kept true, a Community row for every community."""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session, select

from bot.roster.cells import label_of
from bot.roster.changes import Counts, put
from bot.roster.rows import AreaRow
from models import Area, Community, Level

PHONES = ("gas", "lift", "property_night", "staff_duty")


def apply_areas(session: Session, rows: Sequence[AreaRow]) -> tuple[Counts, dict[str, Area]]:
    """Write the areas; what was done, and every area there now by its code. The rows have been checked."""
    there = {area.code: area for area in session.exec(select(Area))}
    counts = Counts()
    for generation in _generations(rows):
        for row in generation:
            there[row.code] = put(session, counts, there.get(row.code), Area, _wanted(row, there))
        session.flush()  # their ids are their children's parent_id
    _share(session, rows, there)
    _set_paths(session, there)
    _found_communities(session, rows, there)
    return counts, there


def _generations(rows: Sequence[AreaRow]) -> Iterator[list[AreaRow]]:
    """The rows, every parent before its children; there is no cycle among them."""
    left = {row.code: row for row in rows}
    while left:
        ready = [row for row in left.values() if row.parent not in left]
        yield ready
        for row in ready:
            del left[row.code]


def _wanted(row: AreaRow, there: Mapping[str, Area]) -> dict[str, object]:
    label = row.label
    if label is None and row.level in (Level.BUILDING, Level.UNIT):
        label = label_of(row.name)
    before = there.get(row.code)
    return {
        "code": row.code,
        "parent_id": there[row.parent].id if row.parent else row.parent,
        "level": row.level,
        "name": row.name,
        "label": label,
        "aliases": None if row.aliases is None else list(row.aliases),
        "phones": _phones(row, before.phones if before else {}),
    }


def _share(session: Session, rows: Sequence[AreaRow], there: Mapping[str, Area]) -> None:
    """The other community of places at a border, once every community has its id. Blank leaves it, 无 clears it."""
    for row in rows:
        if row.co_area is not None:
            there[row.code].co_area_id = there[row.co_area].id if row.co_area else None
            session.add(there[row.code])


def _phones(row: AreaRow, before: Mapping[str, str]) -> dict[str, str]:
    phones = dict(before)
    for name in PHONES:
        said = getattr(row, name)
        if said:
            phones[name] = said
        elif said == "":
            phones.pop(name, None)
    return phones


def _set_paths(session: Session, there: Mapping[str, Area]) -> None:
    """Every path anew from the parents: a moved area takes all below it along."""
    by_id = {area.id: area for area in there.values()}
    for area in by_id.values():
        ids: list[int] = []
        above: Area | None = area
        while above is not None:
            ids.append(above.id)
            above = by_id.get(above.parent_id) if above.parent_id else None
        path = "/" + "".join(f"{area_id}/" for area_id in reversed(ids))
        if area.path != path:
            area.path = path
            session.add(area)
    session.flush()


def _found_communities(session: Session, rows: Sequence[AreaRow], there: Mapping[str, Area]) -> None:
    founded = set(session.exec(select(Community.area_id)))
    for row in rows:
        area = there[row.code]
        if area.level == Level.COMMUNITY and area.id not in founded:
            session.add(Community(area_id=area.id, code=area.code))
    session.flush()
