"""Many hands on a ticket, as the staff see them: whom to call, what they answered, and how reliably."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field
from sqlmodel import Session, col, select

from bot import hands, tickets, whistles
from bot.hands import Answer
from bot.moves import NotAllowed
from bot.permits import Actor
from bot.response import Call, rates
from bot.services import Services
from bot.tokens import READERS
from bot.web.api_cases import CaseItem, case_items
from bot.web.api_errors import ApiError, not_found
from bot.web.api_moves import refused
from bot.web.api_routes import Routes
from bot.web.api_schemas import Holder, Input, Moment, Plain
from bot.web.api_views import local, ticket_items
from bot.web.auth import ROLES, Allow, Caller, audit, see_ticket, within
from models import Area, CallKind, CoHandler, Organisation, Ticket

RULE = (
    "叫过的次数里，该回话的时间到了或者已经回话的算一次；在时间内说“到了”“派人来”，或者说明原因来不了，都算回应。"
    "时间没到就撤销的不算。只算单位，不算个人。"
)
Name = Annotated[Plain, Field(min_length=1, max_length=40)]


class WhistleBody(Input):
    organisations: Annotated[
        list[Name], Field(min_length=1, max_length=whistles.MOST, description="names, codes or remits: 派出所, 燃气")
    ]


class AnswerBody(Input):
    answer: Annotated[Answer, Field(description="what they said by phone; cannot needs the reason as note")]
    note: Annotated[Plain, Field(max_length=200)] = ""


class CoHandlerItem(BaseModel):
    """Somebody called to a ticket. `name` is the organisation's, or the community's whose office helps at a border."""

    id: int
    kind: CallKind
    organisation: str | None
    name: str
    called_at: AwareDatetime
    coming_at: AwareDatetime | None
    came_at: AwareDatetime | None
    left_at: AwareDatetime | None
    note: str | None
    refused_at: AwareDatetime | None
    reason: str | None
    called_off_at: AwareDatetime | None


class HandsItem(BaseModel):
    """Who is responsible for a ticket, who else was called to it, and the numbers others know it by."""

    ref: str
    holder: Holder | None
    co_handlers: list[CoHandlerItem]
    cases: list[CaseItem]


class Whistled(BaseModel):
    """Who was told; who had been called before; who has nobody we could tell; what is no organisation of that place."""

    called: list[CoHandlerItem]
    already: list[str]
    unreachable: list[str]
    unknown: list[str]


class RateQuery(Input):
    starts: Annotated[Moment | None, Field(alias="from", description="called then or later; 30 days ago")] = None
    ends: Annotated[Moment | None, Field(alias="to", description="called before then; now")] = None
    area: Annotated[Plain | None, Field(max_length=64, description="an area's code; its whole subtree")] = None


class RateItem(BaseModel):
    """numerator of denominator calls answered in time; null where nothing can be counted yet."""

    organisation: str
    name: str
    numerator: int
    denominator: int
    rate: float | None
    came: int
    refused: int
    late: int


class Rates(BaseModel):
    rule: str
    within_minutes: int
    starts: AwareDatetime
    ends: AwareDatetime
    items: list[RateItem]


class Hands:
    """/tickets/<ref>/hands, /tickets/<ref>/whistle and /whistles/rates."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/tickets/<ref>/hands", self.hands, allow=Allow.READERS, answer=HandsItem)
        routes.add(
            "POST", "/tickets/<ref>/whistle", self.whistle, allow=Allow.MOVERS, body=WhistleBody, answer=Whistled
        )
        routes.add(
            "POST",
            "/tickets/<ref>/hands/<int:call>",
            self.answer_for,
            allow=Allow.MOVERS,
            body=AnswerBody,
            answer=CoHandlerItem,
        )
        routes.add("GET", "/whistles/rates", self.response_rates, allow=Allow.READERS, query=RateQuery, answer=Rates)

    def hands(self, caller: Caller, ref: str) -> HandsItem:
        """Who is responsible, who was called beside them and what they answered, and the external numbers."""
        with self._services.reading() as session:
            ticket = see_ticket(session, caller, _plain(ref))
            item = ticket_items(session, self._zone, [ticket])[0]
            return HandsItem(
                ref=ticket.ref,
                holder=item.holder,
                co_handlers=[self._item(session, row) for row in hands.calls(session, ticket)],
                cases=case_items(session, self._zone, ticket, self._services.now()),
            )

    def whistle(self, caller: Caller, body: WhistleBody, ref: str) -> Whistled:
        """Call organisations to a ticket by their remit. The holder stays responsible."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = _locked(session, caller, ref)
            try:
                told = whistles.whistle(desk, ticket, _actor(caller), body.organisations)
            except NotAllowed as refusal:
                raise refused(desk, refusal) from refusal
            names = [row.organisation_id for row in told.called]
            session.add(audit(caller, desk.now, "ticket.whistle", f"ticket:{ref}", {"organisations": names}))
            return Whistled(
                called=[self._item(session, row) for row in told.called],
                already=[one.name for one in told.already],
                unreachable=[one.name for one in told.unreachable],
                unknown=list(told.unknown),
            )

    def answer_for(self, caller: Caller, body: AnswerBody, ref: str, call: int) -> CoHandlerItem:
        """Write down what a called organisation said by phone. It moves nothing."""
        if body.answer == Answer.CANNOT and not body.note:
            raise ApiError("bad_value", field="note", message="来不了要写原因。")
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = _locked(session, caller, ref)
            row = next((one for one in hands.calls(session, ticket) if one.id == call), None)
            if row is None:
                raise not_found()
            try:
                whistles.heard(desk, ticket, row, body.answer, _actor(caller), body.note, by_hand=True)
            except NotAllowed as refusal:
                raise refused(desk, refusal) from refusal
            session.add(audit(caller, desk.now, "ticket.hand", f"ticket:{ref}", {"answer": body.answer.value}))
            return self._item(session, row)

    def response_rates(self, caller: Caller, query: RateQuery) -> Rates:
        """How many whistles of a period each organisation answered in time, with the rule they are counted by."""
        now = self._services.now()
        ends = query.ends or now
        starts = query.starts or ends - timedelta(days=30)
        if starts >= ends:
            raise ApiError("bad_value", field="from", message="起要早于止。")
        within_minutes = self._services.settings.times.whistle_minutes
        with self._services.reading() as session:
            calls = _calls(session, caller, query.area, starts, ends)
            found = rates(calls, starts, ends, timedelta(minutes=within_minutes), now)
            named = session.exec(select(Organisation).where(col(Organisation.id).in_(found))).all()
        items = [
            RateItem(
                organisation=one.code,
                name=one.name,
                numerator=found[one.id].numerator,
                denominator=found[one.id].denominator,
                rate=found[one.id].rate,
                came=found[one.id].came,
                refused=found[one.id].refused,
                late=found[one.id].late,
            )
            for one in sorted(named, key=lambda one: one.code)  # by code, so that nobody reads a ranking into it
        ]
        return Rates(
            rule=RULE,
            within_minutes=within_minutes,
            starts=starts.astimezone(self._zone),
            ends=ends.astimezone(self._zone),
            items=items,
        )

    def _item(self, session: Session, row: CoHandler) -> CoHandlerItem:
        code = session.get_one(Organisation, row.organisation_id).code if row.organisation_id is not None else None
        return CoHandlerItem(
            id=row.id,
            kind=row.kind,
            organisation=code,
            name=hands.name_of(session, row),
            called_at=row.called_at.astimezone(self._zone),
            coming_at=local(row.coming_at, self._zone),
            came_at=local(row.came_at, self._zone),
            left_at=local(row.left_at, self._zone),
            note=row.note,
            refused_at=local(row.refused_at, self._zone),
            reason=row.reason,
            called_off_at=local(row.called_off_at, self._zone),
        )


def _calls(session: Session, caller: Caller, area: str | None, starts: datetime, ends: datetime) -> list[Call]:
    """The whistles of a period on tickets in the caller's areas; nobody is whistled to what is private."""
    paths = caller.paths(READERS)
    if area is not None:
        found = session.exec(select(Area).where(col(Area.code) == area)).first()
        if found is None or not caller.may(READERS, found):
            raise not_found("area")
        paths = [found.path]
    query = (
        select(CoHandler)
        .join(Ticket, col(Ticket.id) == col(CoHandler.ticket_id))
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .where(
            CoHandler.kind == CallKind.WHISTLE,
            col(CoHandler.organisation_id).is_not(None),
            col(CoHandler.called_at) >= starts,
            col(CoHandler.called_at) < ends,
            within(paths),
        )
    )
    return [
        Call(row.organisation_id or 0, row.called_at, row.coming_at, row.came_at, row.refused_at, row.called_off_at)
        for row in session.exec(query)
    ]


def _locked(session: Session, caller: Caller, ref: str) -> Ticket:
    """The ticket, under its community's lock, for somebody who may move it."""
    ticket = see_ticket(session, caller, _plain(ref))
    if not caller.may(ROLES[Allow.MOVERS], session.get_one(Area, ticket.area_id)):
        raise ApiError("forbidden")
    tickets.lock(session, ticket.community_id)
    session.refresh(ticket)
    return ticket


def _plain(ref: str) -> str:
    if not ref.isprintable():
        raise not_found()
    return ref


def _actor(caller: Caller) -> Actor:
    return Actor(person_id=caller.person_id, staff=True)
