"""Recurring duties as the staff keep them, and a solved matter that is to be looked at again."""

from datetime import timedelta

from sqlmodel import Session, col, select

from bot import again, duties, tickets
from bot.desk import Desk
from bot.duties import Wish
from bot.inbox.repeating import category_of
from bot.masking import fit_for_group
from bot.moves import NotAllowed
from bot.permits import Actor, handler_post
from bot.routing import OFFICE
from bot.services import Services
from bot.tokens import READERS
from bot.web import paging
from bot.web.api_errors import ApiError, not_found
from bot.web.api_moves import refused
from bot.web.api_routes import Routes
from bot.web.api_schemas import AreaRef, TicketItem
from bot.web.api_views import ticket_items
from bot.web.auth import ROLES, Allow, Caller, audit, see_ticket, within
from bot.web.duty_schemas import DutyBody, DutyItem, DutyPage, DutyQuery, EmptyBody, LookAgainBody
from intents.recurring import Every
from models import Area, RecurringDuty, Ticket

_LAST_ID = 2**31 - 1


class Duties:
    """GET and POST /duties, GET and POST /duties/<id>, .../stop; POST /tickets/<ref>/look-again."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        read, decide = Allow.READERS, Allow.OFFICE
        routes.add("GET", "/duties", self.duties, allow=read, query=DutyQuery, answer=DutyPage)
        routes.add("POST", "/duties", self.make_duty, allow=decide, body=DutyBody, answer=DutyItem, status=201)
        routes.add("GET", "/duties/<int:duty_id>", self.duty, allow=read, answer=DutyItem)
        routes.add("POST", "/duties/<int:duty_id>", self.change_duty, allow=decide, body=DutyBody, answer=DutyItem)
        routes.add("POST", "/duties/<int:duty_id>/stop", self.stop_duty, allow=decide, body=EmptyBody, answer=DutyItem)
        look, shape = self.look_again_at, LookAgainBody
        routes.add("POST", "/tickets/<ref>/look-again", look, allow=Allow.MOVERS, body=shape, answer=TicketItem)

    def duties(self, caller: Caller, query: DutyQuery) -> DutyPage:
        """What comes back in my areas, the newest first."""
        asked = paging.question("duties", query.model_dump(exclude={"cursor", "limit"}))
        start = paging.after(paging.position(asked, query.cursor), col(RecurringDuty.created_at), col(RecurringDuty.id))
        find = select(RecurringDuty, Area).join(Area, col(Area.id) == col(RecurringDuty.area_id))
        find = find.where(within(caller.paths(READERS)))
        if not query.over:
            find = find.where(col(RecurringDuty.next_due_on).is_not(None))
        if start is not None:
            find = find.where(start)
        with self._services.reading() as session:
            if query.area is not None:
                find = find.where(col(Area.path).startswith(_area(session, caller, query.area).path, autoescape=True))
            order = (col(RecurringDuty.created_at).desc(), col(RecurringDuty.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
        page, more = rows[: query.limit], len(rows) > query.limit
        last = paging.Position(page[-1][0].created_at, page[-1][0].id) if more else None
        return DutyPage(
            items=[_item(duty, area) for duty, area in page], next=paging.cursor(asked, last) if last else None
        )

    def duty(self, caller: Caller, duty_id: int) -> DutyItem:
        """One of them."""
        with self._services.reading() as session:
            return _item(*_seen(session, caller, duty_id))

    def make_duty(self, caller: Caller, body: DutyBody) -> DutyItem:
        """Decide that something comes back, perhaps on a ticket."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            wish = self._wish(desk, caller, body)
            duty = duties.make(desk, wish, caller.person_id)
            session.add(audit(caller, desk.now, "duty.made", f"duty:{duty.id}", {"ticket": wish.made_from}))
            return _item(duty, wish.area)

    def change_duty(self, caller: Caller, body: DutyBody, duty_id: int) -> DutyItem:
        """Change it: it is sent whole, and falls due next on the first of its days after today."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            duty, area = _locked(session, caller, duty_id)
            if body.area is None and body.ticket is None:
                body = body.model_copy(update={"area": area.code})
            wish = self._wish(desk, caller, body)
            duties.change(desk, duty, wish)
            session.add(audit(caller, desk.now, "duty.changed", f"duty:{duty.id}", {}))
            return _item(duty, wish.area)

    def stop_duty(self, caller: Caller, body: EmptyBody, duty_id: int) -> DutyItem:
        """It never falls due again; what it opened goes on. Twice changes nothing."""
        del body
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            duty, area = _locked(session, caller, duty_id)
            duties.stop(desk, duty)
            session.add(audit(caller, desk.now, "duty.stopped", f"duty:{duty.id}", {}))
            return _item(duty, area)

    def look_again_at(self, caller: Caller, body: LookAgainBody, ref: str) -> TicketItem:
        """Have a solved matter looked at again on a day: whoever handled it is reminded then, once."""
        if not ref.isprintable():
            raise not_found()
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = see_ticket(session, caller, ref)
            tickets.lock(session, ticket.community_id)
            session.refresh(ticket)
            if not caller.may(ROLES[Allow.MOVERS], session.get_one(Area, ticket.area_id)):
                raise ApiError("forbidden")
            if handler_post(desk, ticket, caller.person_id) is None:
                raise ApiError("forbidden")
            try:
                again.set_on(desk, ticket, body.on, Actor(person_id=caller.person_id, staff=True), body.note)
            except NotAllowed as refusal:
                raise refused(desk, refusal) from refusal
            session.add(audit(caller, desk.now, "ticket.look_again", f"ticket:{ref}", {"on": body.on.isoformat()}))
            return ticket_items(session, self._services.settings.zone, [ticket])[0]

    def _wish(self, desk: Desk, caller: Caller, body: DutyBody) -> Wish:
        ticket = _decided_on(desk.session, caller, body.ticket)
        area = _wanted(desk.session, caller, body, ticket)
        title = body.title or (ticket.matter if ticket is not None else "")
        if not title or (body.title and not fit_for_group(body.title, 200)):
            raise ApiError("bad_value", field="title", message="要写做什么，不带门牌、电话和名字。")
        today = duties.today(desk)
        starts_on = body.starts_on or today + timedelta(days=1)
        if body.ends_on is not None and body.ends_on < starts_on:
            raise ApiError("bad_value", field="ends_on", message="结束的日子在开始之前。")
        return Wish(
            area,
            title,
            _every(body),
            starts_on,
            body.ends_on,
            category=self._category(body, ticket, title),
            role=body.role,
            made_from=ticket.ref if ticket is not None else None,
        )

    def _category(self, body: DutyBody, ticket: Ticket | None, title: str) -> str:
        known = self._services.understanding.intents["repair"].categories
        if body.category is not None and body.category not in known:
            raise ApiError("bad_value", field="category", message="没有这个类别。")
        if body.category is not None:
            return body.category
        return (
            ticket.category if ticket is not None and ticket.category in known else category_of(self._services, title)
        )


def _every(body: DutyBody) -> Every:
    try:
        return Every(body.every_days, tuple(sorted(set(body.weekdays))), tuple(sorted(set(body.month_days))))
    except ValueError as error:
        message = "每几天、每周几、每月几号，三样里选一样。"
        raise ApiError("bad_value", field="every_days", message=message) from error


def _decided_on(session: Session, caller: Caller, ref: str | None) -> Ticket | None:
    """The ticket a duty is made from. A private one stays private: a duty is everybody's to read."""
    if ref is None:
        return None
    found = see_ticket(session, caller, ref) if ref.isprintable() else None
    if found is None or found.private or found.silent:
        raise not_found("ticket")
    return found


def _wanted(session: Session, caller: Caller, body: DutyBody, ticket: Ticket | None) -> Area:
    """The area, in which the caller must hold a post of the office."""
    if body.area is None and ticket is None:
        raise ApiError("bad_value", field="area", message="要写在哪个区域。")
    area = (
        _area(session, caller, body.area) if body.area is not None else session.get_one(Area, ticket.area_id)  # type: ignore[union-attr]  # one of the two is there
    )
    if not caller.may(OFFICE, area):
        raise ApiError("forbidden")
    return area


def _area(session: Session, caller: Caller, code: str) -> Area:
    found = session.exec(select(Area).where(col(Area.code) == code, within(caller.paths(READERS)))).first()
    if found is None:
        raise not_found("area")
    return found


def _seen(session: Session, caller: Caller, duty_id: int) -> tuple[RecurringDuty, Area]:
    """A duty of the caller's areas; the same 404 for all others."""
    find = select(RecurringDuty, Area).join(Area, col(Area.id) == col(RecurringDuty.area_id))
    wanted = col(RecurringDuty.id) == min(duty_id, _LAST_ID)
    found = session.exec(find.where(wanted, within(caller.paths(READERS)))).first()
    if found is None:
        raise not_found()
    return found


def _locked(session: Session, caller: Caller, duty_id: int) -> tuple[RecurringDuty, Area]:
    """The same under a lock, for whoever decides there."""
    duty, area = _seen(session, caller, duty_id)
    if not caller.may(OFFICE, area):
        raise ApiError("forbidden")
    duties.locked(session, duty.id)
    return duty, area


def _item(duty: RecurringDuty, area: Area) -> DutyItem:
    return DutyItem(
        **duty.model_dump(include=set(DutyItem.model_fields) - {"area"}), area=AreaRef(code=area.code, name=area.name)
    )
