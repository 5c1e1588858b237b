"""Who asked to be taken for a resident of a place, for staff to confirm: they alone always can."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field
from sqlmodel import col, select

from bot import homes
from bot.routing import OFFICE
from bot.services import Services
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.api_views import local
from bot.web.auth import Allow, Caller, audit, within
from models import Account, Area, BindRequest, BindState, Level


class BindingQuery(schemas.Page):
    state: Annotated[BindState | None, Field(description="staff: it waits for you; asked: for a leader")] = None


class BindingBody(schemas.Input):
    decision: Literal["confirm", "refuse"]
    area: Annotated[schemas.Plain | None, Field(max_length=64, description="to confirm: another place than asked")] = (
        None
    )


class BindingItem(BaseModel):
    """A wish to be bound. name: what the platform shows of them."""

    id: int
    channel: str
    name: str | None
    area: schemas.AreaRef
    state: BindState
    asked_at: AwareDatetime
    decided_at: AwareDatetime | None


class BindingPage(BaseModel):
    items: list[BindingItem]
    next: str | None


class Bindings:
    """GET /bindings, POST /bindings/<id>."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/bindings", self.bindings, allow=Allow.OFFICE, query=BindingQuery, answer=BindingPage)
        routes.add(
            "POST",
            "/bindings/<int:binding_id>",
            self.decide_binding,
            allow=Allow.OFFICE,
            body=BindingBody,
            answer=BindingItem,
        )

    def bindings(self, caller: Caller, query: BindingQuery) -> BindingPage:
        """Who asked to be bound in my areas, the last first."""
        asked = paging.question("bindings", query.model_dump(exclude={"cursor", "limit"}))
        start = paging.position(asked, query.cursor)
        find = (
            select(BindRequest, Account, Area)
            .join(Account, col(Account.id) == col(BindRequest.account_id))
            .join(Area, col(Area.id) == col(BindRequest.area_id))
            .where(within(caller.paths(OFFICE)))
        )
        if query.state is not None:
            find = find.where(col(BindRequest.state) == query.state)
        if start is not None:
            find = find.where(col(BindRequest.id) < start.id)
        with self._services.reading() as session:
            rows = session.exec(find.order_by(col(BindRequest.id).desc()).limit(query.limit + 1)).all()
        page, more = rows[: query.limit], len(rows) > query.limit
        last = paging.Position(paging.EPOCH, page[-1][0].id) if more else None
        items = [self._item(request, account, area) for request, account, area in page]
        return BindingPage(items=items, next=paging.cursor(asked, last) if last else None)

    def decide_binding(self, caller: Caller, body: BindingBody, binding_id: int) -> BindingItem:
        """Confirm that they live there, or in another unit of mine, or that they do not. The resident is told."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            request = session.get(BindRequest, binding_id, with_for_update=True)
            area = session.get(Area, request.area_id) if request else None
            if request is None or area is None or not caller.may(OFFICE, area):
                raise not_found()
            if request.state not in (BindState.ASKED, BindState.STAFF):
                raise ApiError("not_possible")
            if body.area is not None:
                area = session.exec(select(Area).where(col(Area.code) == body.area)).first()
                if area is None or not caller.may(OFFICE, area):
                    raise not_found("area")
                if area.level not in (*homes.HOMES, Level.PLACE):
                    raise ApiError("bad_value", field="area")
                request.area_id = area.id
            homes.decide(desk, request, yes=body.decision == "confirm", by=caller.person_id, how="staff")
            session.add(audit(caller, desk.now, "binding.decide", f"binding:{request.id}", {"said": body.decision}))
            return self._item(request, session.get_one(Account, request.account_id), area)

    def _item(self, request: BindRequest, account: Account, area: Area) -> BindingItem:
        return BindingItem(
            id=request.id,
            channel=account.channel,
            name=account.display_name,
            area=schemas.AreaRef(code=area.code, name=area.name),
            state=request.state,
            asked_at=request.asked_at.astimezone(self._zone),
            decided_at=local(request.decided_at, self._zone),
        )
