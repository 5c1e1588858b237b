"""The tree of areas as a page draws it: as many levels of it as fit, and where it goes on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from bot.console.whereabouts import whereabouts
from bot.roster.words import levels
from bot.tokens import READERS
from bot.web.api_errors import not_found
from bot.web.auth import Caller, within
from models import Area, Level

MOST = 400  # areas that are drawn at once: a community has some hundred units, a subdistrict thousands
MOST_CHOICES = 500

Choice = tuple[str, str, int]  # an area's code, its name, how deep it lies below the first


@dataclass(frozen=True)
class Branch:
    """An area, what its level is called, how deep it lies below the first, and whether it goes on below."""

    area: Area
    level: str
    depth: int
    goes_on: bool


def tree(session: Session, caller: Caller, own: Mapping[Level, tuple[str, ...]], under: str = "") -> list[Branch]:
    """My areas, or what lies below one of them, parents first. own: what the city calls the levels.

    Raises ApiError where `under` is the code of none of mine.
    """
    paths = caller.paths(READERS)
    if under:
        root = session.exec(select(Area).where(Area.code == under)).first()
        if root is None or not caller.may(READERS, root):
            raise not_found()
        paths = [root.path]
    deepest, drawn = _fits(session, paths)
    found = list(session.exec(select(Area).where(within(paths), _depth() <= drawn)))
    found.sort(key=lambda area: [int(part) for part in area.path.strip("/").split("/") if part])
    named, least = levels(own), min((area.path.count("/") for area in found), default=0)
    edge = [area.id for area in found if area.path.count("/") == drawn] if drawn < deepest else []
    on = set(session.exec(select(Area.parent_id).where(col(Area.parent_id).in_(edge)))) if edge else set()
    return [Branch(area, named[area.level][0], area.path.count("/") - least, area.id in on) for area in found]


def choices(session: Session, paths: Collection[str], among: Collection[Level] = tuple(Level)) -> list[Choice]:
    """The areas of these subtrees to choose from, parents first; among: of these levels alone. At most MOST_CHOICES."""
    query = select(Area.code, Area.name, Area.path).where(within(paths), col(Area.level).in_(among))
    found = session.exec(query.order_by(col(Area.path)).limit(MOST_CHOICES)).all()
    least = min((path.count("/") for _, _, path in found), default=0)
    return [(code, name, path.count("/") - least) for code, name, path in found]


def named_in_full(session: Session, codes: Collection[str]) -> dict[str, str]:
    """What units, buildings and grids are called where their tree is not beside them: a unit by its building as well,
    3栋2单元, and each by its estate where there are several."""
    levels = (Level.UNIT, Level.BUILDING, Level.GRID)
    query = select(Area.id, Area.code).where(col(Area.code).in_(set(codes)), col(Area.level).in_(levels))
    units = dict(session.exec(query).all())
    return {units[area_id]: place.full for area_id, place in whereabouts(session, units).items()}


def _depth() -> ColumnElement[int]:
    """SQL: how many slashes an area's path has."""
    return func.length(col(Area.path)) - func.length(func.replace(col(Area.path), "/", ""))


def _fits(session: Session, paths: Collection[str]) -> tuple[int, int]:
    """How deep the tree goes, and how deep it can be drawn; the first level always is."""
    depth = _depth()
    rows = session.exec(select(depth, func.count()).where(within(paths)).group_by(depth).order_by(depth)).all()
    total, drawn = 0, rows[0][0] if rows else 0
    for level, count in rows:
        total += count
        if total > MOST:
            break
        drawn = level
    return (rows[-1][0] if rows else 0), drawn
