"""What a list of tickets is narrowed to and in which order, as its address says; and the query it makes.

A page is found by the last row of the one before (keyset): the thousandth takes as long as the first, and new tickets
neither shift nor repeat a line. Values that nobody could have chosen are passed over: an old link still opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, UnaryExpression, and_, false, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot import finding
from bot.console.forms import clean
from bot.console.today_queries import UNTAKEN, open_tickets
from bot.desk import Desk
from bot.tokens import READERS
from bot.web import paging
from bot.web.api_errors import ApiError
from bot.web.auth import Caller, visible, within
from models import Area, Intent, Post, Status, Ticket

PAGE = 25
OPEN, ALL = "open", "all"
STATES = (OPEN, *(status.value for status in Status), ALL)
SORTS = ("newest", "oldest", "due")
DUES = ("late", "today", "week")
_LONGEST_NUMBER = 9
_SMALL = 10  # areas: a building with its units


@dataclass(frozen=True)
class Filters:
    """One list. Empty strings and False: not narrowed."""

    q: str = ""
    status: str = OPEN
    intent: str = ""
    area: str = ""
    due: str = ""
    danger: bool = False
    mine: bool = False
    sort: str = "newest"

    def address(self, **changed: object) -> str:
        """The query of the list's address, without what is usual. changed: e.g. cursor, another sort."""
        usual = Filters()
        kept = {name: getattr(self, name) for name in usual.__dataclass_fields__}
        kept |= changed
        said = {name: value for name, value in kept.items() if value and value != getattr(usual, name, None)}
        return urlencode({name: 1 if value is True else value for name, value in said.items()})

    @property
    def narrowed(self) -> bool:
        return self != Filters(sort=self.sort)


def read(args: Mapping[str, str]) -> Filters:
    """The filters of an address."""

    def chosen(name: str, among: tuple[str, ...], otherwise: str = "") -> str:
        value = args.get(name, "")
        return value if value in among else otherwise

    return Filters(
        q=clean(args.get("q", ""), 100),
        status=chosen("status", STATES, OPEN),
        intent=chosen("intent", tuple(intent.value for intent in Intent)),
        area=clean(args.get("area", ""), 64),
        due=chosen("due", DUES),
        danger=args.get("danger") == "1",
        mine=args.get("mine") == "1",
        sort=chosen("sort", SORTS, "newest"),
    )


def query(desk: Desk, caller: Caller, filters: Filters) -> SelectOfScalar[Ticket]:
    """The tickets this caller may see that fit, in no order yet. Raises ApiError for an area outside of theirs."""
    find = select(Ticket).join(Area, col(Area.id) == col(Ticket.area_id)).where(visible(caller))
    for condition in _conditions(desk, caller, filters):
        find = find.where(condition)
    if filters.status == OPEN:
        find = find.where(open_tickets)
    return find


def page(
    desk: Desk, caller: Caller, filters: Filters, cursor: str | None, most: int = PAGE
) -> tuple[list[Ticket], str | None]:
    """One page and the cursor of the next; None on the last. Raises ApiError for a cursor of another list."""
    asked = paging.question("console", {**filters.__dict__, "user": caller.user_id})
    due: Any = col(Ticket.resolve_due_at)  # never None here: what has no due time is left out of that order
    at: Mapped[datetime] = due if filters.sort == "due" else col(Ticket.opened_at)
    find = query(desk, caller, filters)
    if filters.sort == "due":
        find = find.where(col(Ticket.resolve_due_at).is_not(None))
    position = paging.position(asked, cursor)
    order: tuple[UnaryExpression[Any], ...]
    if filters.sort == "newest" and filters.q:
        # A word's tickets come out of the index in the order of their ids: so no page sorts all that hold it.
        order = (col(Ticket.id).desc(),)
        behind = col(Ticket.id) < position.id if position else None
    elif filters.sort == "newest":
        order = (at.desc(), col(Ticket.id).desc())
        behind = paging.after(position, at, col(Ticket.id))
    else:
        order = (at.asc(), col(Ticket.id).asc())
        behind = _ahead(position, at)
    if behind is not None:
        find = find.where(behind)
    rows = list(desk.session.exec(find.order_by(*order).limit(most + 1)))
    if len(rows) <= most:
        return rows, None
    last = rows[most - 1]
    moment = last.resolve_due_at if filters.sort == "due" else last.opened_at
    return rows[:most], paging.cursor(asked, paging.Position(moment or last.opened_at, last.id))


def _ahead(position: paging.Position | None, at: Mapped[datetime]) -> ColumnElement[bool] | None:
    if position is None:
        return None
    return or_(at > position.at, and_(at == position.at, col(Ticket.id) > position.id))


def _conditions(desk: Desk, caller: Caller, filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.status not in (OPEN, ALL):
        wanted.append(col(Ticket.status) == Status(filters.status))
    if filters.intent:
        wanted.append(col(Ticket.intent) == Intent(filters.intent))
    if filters.area:
        wanted.append(_below(desk, caller, filters.area))
    if filters.danger:
        wanted.append(col(Ticket.danger).is_not(None))
    if filters.mine:
        own = select(Post.id).where(Post.person_id == caller.person_id)
        wanted.append(col(Ticket.holder_post_id).in_(own))
    if filters.due:
        wanted.append(_due(desk, filters.due))
    if filters.q:
        wanted.append(_about(desk, filters.q))
    return wanted


def _below(desk: Desk, caller: Caller, code: str) -> ColumnElement[bool]:
    """The place and what lies in it. A small one by its tickets, a large one by their order: what is rare among the
    newest is looked for by itself, what is common among them is met soon."""
    area = desk.session.exec(select(Area).where(Area.code == code)).first()
    if area is None or not caller.may(READERS, area):
        raise ApiError("not_found", field="area")
    inside = list(desk.session.exec(select(Area.id).where(within([area.path])).limit(_SMALL + 1)))
    return col(Ticket.area_id).in_(inside) if len(inside) <= _SMALL else within([area.path])


def _due(desk: Desk, which: str) -> ColumnElement[bool]:
    due, now = col(Ticket.resolve_due_at), desk.now
    if which == "late":
        return or_(due < now, and_(col(Ticket.accept_due_at) < now, col(Ticket.status).in_(UNTAKEN)))
    tonight = now.astimezone(desk.settings.zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return and_(due >= now, due < (tonight if which == "today" else tonight + timedelta(days=6)))


def _about(desk: Desk, words: str) -> ColumnElement[bool]:
    """A number that people say (#128), a whole ref, or Chinese words."""
    number = words.lstrip("#＃").strip()
    if words[:1] in "#＃" and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        return col(Ticket.number) == int(number)
    if "-" in words and words.isascii():
        return col(Ticket.ref) == words
    found = finding.found_by(desk.session, words)
    if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        by_number = col(Ticket.number) == int(number)
        return by_number if found is None else or_(by_number, found)
    return false() if found is None else found
