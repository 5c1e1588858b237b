"""The duty roster as staff see and write it: whose turn it is, when."""

from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, Field
from sqlmodel import col, select

from bot import posted
from bot.routing import OFFICE
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_errors import ApiError, not_found
from bot.web.api_posts import post_of_mine
from bot.web.api_routes import Routes
from bot.web.auth import Allow, Caller, audit, within
from models import Area, DutyShift, Person

FIRST_YEAR, LAST_YEAR = 2000, 2100


class ShiftBody(schemas.Input):
    """A turn. Every week on `weekday`, or every day from `from` to `to` (one day: the same date twice)."""

    starts: Annotated[time, Field(description="18:00, on the community's clock")]
    ends: Annotated[time, Field(description="08:00; not after `starts`: on the next day")]
    weekday: Annotated[int | None, Field(ge=0, le=6, description="0 is Monday; null: every day")] = None
    from_on: Annotated[date | None, Field(alias="from", description="the first day; null: today")] = None
    to_on: Annotated[date | None, Field(alias="to", description="the last day; null: for good")] = None


class ShiftItem(BaseModel):
    id: int
    person: str | None
    area: schemas.AreaRef
    weekday: int | None
    starts: time
    ends: time
    from_on: date
    to_on: date | None
    running: bool


class ShiftPage(BaseModel):
    items: list[ShiftItem]
    next: str | None


class Shifts:
    """GET /shifts, POST /posts/<id>/shifts, DELETE /shifts/<id>."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/shifts", self.shifts, allow=Allow.READERS, query=schemas.Page, answer=ShiftPage)
        routes.add(
            "POST",
            "/posts/<int:post_id>/shifts",
            self.add_shift,
            allow=Allow.OFFICE,
            body=ShiftBody,
            answer=ShiftItem,
            status=201,
        )
        routes.add("DELETE", "/shifts/<int:shift_id>", self.remove_shift, allow=Allow.OFFICE, answer=ShiftItem)

    def shifts(self, caller: Caller, query: schemas.Page) -> ShiftPage:
        """The duty rosters of my areas, in the order they were entered."""
        asked = paging.question("shifts", {})
        start = paging.position(asked, query.cursor)
        find = (
            select(DutyShift, Person, Area)
            .join(Person, col(Person.id) == col(DutyShift.person_id))
            .join(Area, col(Area.id) == col(DutyShift.area_id))
            .where(within(caller.paths(READERS)), col(DutyShift.id) > (start.id if start else 0))
        )
        with self._services.reading() as session:
            rows = session.exec(find.order_by(col(DutyShift.id)).limit(query.limit + 1)).all()
        page, more = rows[: query.limit], len(rows) > query.limit
        items = [self._item(shift, person, area) for shift, person, area in page]
        last = paging.Position(paging.EPOCH, page[-1][0].id) if more else None
        return ShiftPage(items=items, next=paging.cursor(asked, last) if last else None)

    def add_shift(self, caller: Caller, body: ShiftBody, post_id: int) -> ShiftItem:
        """Give whoever holds the post a turn, in the post's area. It gives no rights: those come from the post."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            post = post_of_mine(desk, caller, post_id)
            from_on = body.from_on or posted.today(desk)
            _check(body, from_on)
            shift = DutyShift(
                area_id=post.area_id,
                person_id=post.person_id,
                weekday=posted.EVERY_DAY if body.weekday is None else body.weekday,
                starts=body.starts.replace(tzinfo=None, second=0, microsecond=0),
                ends=body.ends.replace(tzinfo=None, second=0, microsecond=0),
                from_on=from_on,
                to_on=body.to_on,
            )
            same = select(DutyShift.id).where(
                DutyShift.person_id == shift.person_id,
                DutyShift.area_id == shift.area_id,
                DutyShift.weekday == shift.weekday,
                DutyShift.from_on == shift.from_on,
                DutyShift.starts == shift.starts,
            )
            if session.exec(same).first() is not None:
                raise ApiError("not_possible")
            session.add(shift)
            session.flush()
            session.add(audit(caller, desk.now, "shift.add", f"shift:{shift.id}", {"post": post.id}))
            person, area = session.get_one(Person, shift.person_id), session.get_one(Area, shift.area_id)
            return self._item(shift, person, area)

    def remove_shift(self, caller: Caller, shift_id: int) -> ShiftItem:
        """Take a turn off the roster."""
        with self._services.transaction() as session:
            shift = session.get(DutyShift, shift_id)
            area = session.get(Area, shift.area_id) if shift else None
            if shift is None or area is None or not caller.may(OFFICE, area):
                raise not_found()
            item = self._item(shift, session.get_one(Person, shift.person_id), area)
            session.add(audit(caller, self._services.now(), "shift.remove", f"shift:{shift.id}", {}))
            session.delete(shift)
            return item

    def _item(self, shift: DutyShift, person: Person, area: Area) -> ShiftItem:
        local = self._services.now().astimezone(self._services.settings.zone)
        return ShiftItem(
            id=shift.id,
            person=person.name,
            area=schemas.AreaRef(code=area.code, name=area.name),
            weekday=None if shift.weekday == posted.EVERY_DAY else shift.weekday,
            starts=shift.starts,
            ends=shift.ends,
            from_on=shift.from_on,
            to_on=shift.to_on,
            running=posted.runs(shift, local),
        )


def _check(body: ShiftBody, from_on: date) -> None:
    if not FIRST_YEAR <= from_on.year < LAST_YEAR:
        raise ApiError("bad_value", field="from")
    if body.to_on is not None and not from_on <= body.to_on < date(LAST_YEAR, 1, 1):
        raise ApiError("bad_value", field="to")
