"""Two tickets that are one matter, and one that is two, as the staff say it. Who may is bot.permits'."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from bot import merges, tickets
from bot.desk import Desk
from bot.inbox.untangling import matter_of
from bot.moves import NotAllowed
from bot.permits import Actor
from bot.services import Services
from bot.web.api_errors import ApiError, not_found
from bot.web.api_moves import refused
from bot.web.api_routes import Routes
from bot.web.api_schemas import Input, Plain, TicketItem
from bot.web.api_views import ticket_items
from bot.web.auth import ROLES, Allow, Caller, audit, see_ticket
from models import Area, Report, Ticket


class MergeBody(Input):
    into: Annotated[Plain, Field(min_length=1, max_length=64, description="the ref of the ticket it lives on in")]


class SplitBody(Input):
    reports: Annotated[
        list[int], Field(default_factory=list, max_length=500, description="ids of voices; none: what joined last")
    ]


class TicketItems(BaseModel):
    items: list[TicketItem]


class Merges:
    """POST /tickets/<ref>/merge and /split."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        routes.add(
            "POST",
            "/tickets/<ref>/merge",
            self.merge_ticket,
            allow=Allow.MOVERS,
            body=MergeBody,
            answer=TicketItem,
        )
        routes.add(
            "POST",
            "/tickets/<ref>/split",
            self.split_ticket,
            allow=Allow.MOVERS,
            body=SplitBody,
            answer=TicketItems,
        )

    def merge_ticket(self, caller: Caller, body: MergeBody, ref: str) -> TicketItem:
        """It is one matter with another ticket: its voices go there. Answers with that other ticket."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket, into = _seen(session, caller, ref), _seen(session, caller, body.into, field="into")
            _lock(session, caller, ticket, into)
            try:
                merges.merge(desk, ticket, into, _actor(caller))
            except NotAllowed as refusal:
                raise refused(desk, refusal) from refusal
            session.add(audit(caller, desk.now, "ticket.merge", f"ticket:{ref}", {"into": into.ref}))
            session.flush()
            return ticket_items(session, self._services.settings.zone, [into])[0]

    def split_ticket(self, caller: Caller, body: SplitBody, ref: str) -> TicketItems:
        """Its voices are about two matters: those named go back to their own ticket, or to a new one."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = _seen(session, caller, ref)
            _lock(session, caller, ticket)
            reports = _named(desk, ticket, body.reports)
            try:
                matter = matter_of(desk, self._services.understanding, ticket, reports[0])
                apart = merges.split(desk, ticket, reports, _actor(caller), matter)
            except NotAllowed as refusal:
                raise refused(desk, refusal) from refusal
            refs = [part.ref for part in apart]
            session.add(audit(caller, desk.now, "ticket.split", f"ticket:{ref}", {"apart": refs}))
            session.flush()
            return TicketItems(items=ticket_items(session, self._services.settings.zone, apart))


def _seen(session: Session, caller: Caller, ref: str, field: str | None = None) -> Ticket:
    if not ref.isprintable():
        raise not_found(field) if field else not_found()
    return see_ticket(session, caller, ref)


def _lock(session: Session, caller: Caller, *some: Ticket) -> None:
    for ticket in some:
        if not caller.may(ROLES[Allow.MOVERS], session.get_one(Area, ticket.area_id)):
            raise ApiError("forbidden")
    for community_id in sorted({ticket.community_id for ticket in some}):
        tickets.lock(session, community_id)
    for ticket in some:
        session.refresh(ticket)


def _named(desk: Desk, ticket: Ticket, ids: list[int]) -> list[Report]:
    """The voices named; none named: what joined last."""
    if not ids:
        found = merges.latest_joined(desk, ticket)
    else:
        found = list(desk.session.exec(select(Report).where(Report.ticket_id == ticket.id, col(Report.id).in_(ids))))
        if len(found) != len(set(ids)):
            raise ApiError("bad_value", field="reports", message="这件事里没有这条反映。")
    if not found:
        raise refused(desk, NotAllowed("nothing_to_split"))
    return found


def _actor(caller: Caller) -> Actor:
    return Actor(person_id=caller.person_id, staff=True)
