"""External cases (12345, ...) for the staff: which numbers, until when, answered or not; a matter counts once."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import ColumnElement, distinct, func
from sqlmodel import Session, col, select

from bot import cases, tickets
from bot.moves import NotAllowed
from bot.permits import Actor
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_errors import ApiError, not_found
from bot.web.api_moves import refused
from bot.web.api_routes import Routes
from bot.web.api_views import local
from bot.web.auth import ROLES, Allow, Caller, audit, see_ticket, visible, within
from models import Area, ExternalCase, Ticket


class CaseQuery(schemas.Page):
    state: Annotated[
        Literal["open", "overdue", "answered"] | None, Field(description="open: not answered yet, in time or not")
    ] = None
    area: Annotated[schemas.Plain | None, Field(max_length=64, description="an area's code; its whole subtree")] = None
    received_from: Annotated[schemas.Moment | None, Field(alias="from")] = None
    received_to: Annotated[schemas.Moment | None, Field(alias="to")] = None


class CaseBody(schemas.Input):
    source: Annotated[schemas.Plain, Field(min_length=1, max_length=32, description="who keeps the number")] = (
        cases.HOTLINE
    )
    number: Annotated[schemas.Plain, Field(min_length=1, max_length=64)]
    received_at: Annotated[schemas.Moment | None, Field(description="when they received it; now")] = None
    due_at: Annotated[schemas.Moment | None, Field(description="until when they want an answer")] = None
    move: Annotated[bool, Field(description="it stands on another ticket by mistake: take it from there")] = False


class CaseItem(BaseModel):
    """A number under which somebody else has a ticket's matter. `overdue`: unanswered past its deadline."""

    id: int
    source: str
    number: str
    ticket: str
    received_at: AwareDatetime
    due_at: AwareDatetime | None
    overdue: bool
    answered_at: AwareDatetime | None
    answer: str | None


class CasePage(BaseModel):
    """`cases` numbers on `matters` tickets fit the question: a matter with two numbers is one."""

    items: list[CaseItem]
    next: str | None
    cases: int
    matters: int


def case_items(session: Session, zone: ZoneInfo, ticket: Ticket, now: datetime) -> list[CaseItem]:
    """The cases of one ticket, the oldest first."""
    return [_item(zone, case, ticket.ref, now) for case in cases.of(session, ticket)]


class Cases:
    """GET /cases and POST /tickets/<ref>/cases."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/cases", self.cases, allow=Allow.READERS, query=CaseQuery, answer=CasePage)
        routes.add("POST", "/tickets/<ref>/cases", self.attach_case, allow=Allow.OFFICE, body=CaseBody, answer=CaseItem)

    def cases(self, caller: Caller, query: CaseQuery) -> CasePage:
        """The external cases on tickets that I may see, the last received first."""
        asked = paging.question("cases", query.model_dump(exclude={"cursor", "limit"}))
        received = col(ExternalCase.received_at)
        start = paging.after(paging.position(asked, query.cursor), received, col(ExternalCase.id))
        now = self._services.now()
        with self._services.reading() as session:
            wanted = [visible(caller), *self._filters(session, caller, query)]
            counting = select(func.count(col(ExternalCase.id)), func.count(distinct(col(ExternalCase.ticket_id))))
            numbers, matters = session.exec(_joined(counting).where(*wanted)).one()
            find = _joined(select(ExternalCase, Ticket)).where(*wanted)
            if start is not None:
                find = find.where(start)
            order = (received.desc(), col(ExternalCase.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
        page, more = rows[: query.limit], len(rows) > query.limit
        last = paging.Position(page[-1][0].received_at, page[-1][0].id) if more else None
        return CasePage(
            items=[_item(self._zone, case, ticket.ref, now) for case, ticket in page],
            next=paging.cursor(asked, last) if last else None,
            cases=numbers,
            matters=matters,
        )

    def attach_case(self, caller: Caller, body: CaseBody, ref: str) -> CaseItem:
        """Keep an external number on a ticket; the same again only brings its deadline up to date."""
        if not ref.isprintable():
            raise not_found()
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = see_ticket(session, caller, ref)
            if not caller.may(ROLES[Allow.OFFICE], session.get_one(Area, ticket.area_id)):
                raise ApiError("forbidden")
            tickets.lock(session, ticket.community_id)
            session.refresh(ticket)
            received = body.received_at or desk.now
            if body.due_at is not None and body.due_at <= received:
                raise ApiError("bad_value", field="due_at", message="答复期限要晚于收到的时间。")
            told = cases.Told(body.source, cases.normal(body.number), received, body.due_at)
            actor = Actor(person_id=caller.person_id, staff=True)
            try:
                case, new = cases.attach(desk, ticket, told, actor, move=body.move)
            except NotAllowed as refusal:
                raise refused(desk, refusal) from refusal
            detail = {"source": case.source, "number": case.number, "new": new}
            session.add(audit(caller, desk.now, "case.attach", f"ticket:{ref}", detail))
            session.flush()
            return _item(self._zone, case, ticket.ref, desk.now)

    def _filters(self, session: Session, caller: Caller, query: CaseQuery) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        answered, due = col(ExternalCase.answered_at), col(ExternalCase.due_at)
        if query.state == "answered":
            wanted.append(answered.is_not(None))
        elif query.state is not None:
            wanted.append(answered.is_(None))
        if query.state == "overdue":
            wanted.append(due <= self._services.now())
        if query.received_from is not None:
            wanted.append(col(ExternalCase.received_at) >= query.received_from)
        if query.received_to is not None:
            wanted.append(col(ExternalCase.received_at) < query.received_to)
        if query.area is not None:
            area = session.exec(select(Area).where(col(Area.code) == query.area)).first()
            if area is None or not caller.may(READERS, area):
                raise not_found("area")
            wanted.append(within([area.path]))
        return wanted


def _joined(query: Any) -> Any:
    """A select of cases with their tickets and areas; SQLModel has a class for each width of a select."""
    return query.join(Ticket, col(Ticket.id) == col(ExternalCase.ticket_id)).join(
        Area, col(Area.id) == col(Ticket.area_id)
    )


def _item(zone: ZoneInfo, case: ExternalCase, ref: str, now: datetime) -> CaseItem:
    return CaseItem(
        id=case.id,
        source=case.source,
        number=case.number,
        ticket=ref,
        received_at=case.received_at.astimezone(zone),
        due_at=local(case.due_at, zone),
        overdue=case.answered_at is None and case.due_at is not None and case.due_at <= now,
        answered_at=local(case.answered_at, zone),
        answer=case.answer,
    )
