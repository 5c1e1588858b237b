"""Tickets as the staff read them: the list, one of them whole, the areas, and who I am."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from bot.roster.words import levels
from bot.routing import TITLES
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_schemas as schemas
from bot.web import paging, scope_schemas
from bot.web.api_detail import personal, ticket_detail
from bot.web.api_errors import not_found
from bot.web.api_routes import Routes
from bot.web.api_views import ticket_items
from bot.web.auth import PHONES, Allow, Caller, audit, see_ticket, visible, within
from models import Area, Report, Ticket


class Tickets:
    """The reading routes. What is looked at and personal is written into the audit log before it is sent."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/me", self.me, allow=Allow.SIGNED_IN, answer=scope_schemas.Me)
        routes.add("GET", "/areas", self.areas, allow=Allow.READERS, query=schemas.Page, answer=scope_schemas.AreaPage)
        routes.add(
            "GET", "/tickets", self.tickets, allow=Allow.READERS, query=schemas.TicketQuery, answer=schemas.TicketPage
        )
        routes.add("GET", "/tickets/<ref>", self.ticket, allow=Allow.READERS, answer=schemas.TicketDetail)

    def me(self, caller: Caller) -> scope_schemas.Me:
        """Who I am, and the posts that give me rights today."""
        posts = [
            scope_schemas.PostItem(
                role=held.role,
                title=TITLES[held.role],
                area=schemas.AreaRef(code=held.area_code, name=held.area_name),
            )
            for held in caller.held
        ]
        return scope_schemas.Me(name=caller.name, person=caller.person_name, posts=posts)

    def areas(self, caller: Caller, query: schemas.Page) -> scope_schemas.AreaPage:
        """The areas I may see, the oldest first."""
        asked = paging.question("areas", {})
        names = levels(self._services.settings.levels)
        start = paging.position(asked, query.cursor)
        find = select(Area).where(within(caller.paths(READERS)), col(Area.id) > (start.id if start else 0))
        with self._services.reading() as session:
            rows = session.exec(find.order_by(col(Area.id)).limit(query.limit + 1)).all()
            parents = {a.id: a for a in session.exec(select(Area).where(col(Area.id).in_({r.parent_id for r in rows})))}
        seen = {row_id: area.code for row_id, area in parents.items() if caller.may(READERS, area)}
        page, more = rows[: query.limit], len(rows) > query.limit
        items = [
            scope_schemas.AreaItem(
                code=row.code,
                name=row.name,
                level=row.level,
                level_name=names[row.level][0],
                parent=seen.get(row.parent_id or 0),
            )
            for row in page
        ]
        last = paging.Position(paging.EPOCH, page[-1].id) if more else None
        return scope_schemas.AreaPage(items=items, next=paging.cursor(asked, last) if last else None)

    def tickets(self, caller: Caller, query: schemas.TicketQuery) -> schemas.TicketPage:
        """The tickets I may see, newest first, by status, intent, area, time of opening and text."""
        asked = paging.question("tickets", query.model_dump(exclude={"cursor", "limit"}))
        start = paging.after(paging.position(asked, query.cursor), col(Ticket.opened_at), col(Ticket.id))
        with self._services.reading() as session:
            find = select(Ticket).join(Area, col(Area.id) == col(Ticket.area_id)).where(visible(caller))
            find = find.where(*_filters(session, caller, query))
            if start is not None:
                find = find.where(start)
            order = (col(Ticket.opened_at).desc(), col(Ticket.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
            page, more = rows[: query.limit], len(rows) > query.limit
            items = ticket_items(session, self._zone, page)
        shown = [item.ref for item in items if item.room]
        if shown:
            self._write_down(caller, "tickets.listed", "tickets", {"rooms_of": shown})
        last = paging.Position(page[-1].opened_at, page[-1].id) if more else None
        return schemas.TicketPage(items=items, next=paging.cursor(asked, last) if last else None)

    def ticket(self, caller: Caller, ref: str) -> schemas.TicketDetail:
        """One ticket whole: its voices, events, messages, lines, and why it was routed so. The look is audited."""
        if not ref.isprintable():
            raise not_found()
        with self._services.reading() as session:
            ticket = see_ticket(session, caller, ref)
            phones = caller.may(PHONES, session.get_one(Area, ticket.area_id))
            detail = ticket_detail(session, self._services.settings, ticket, phones=phones)
        if personal(detail):
            self._write_down(caller, "ticket.read", f"ticket:{ref}", {"phones": phones})
        return detail

    def _write_down(self, caller: Caller, action: str, subject: str, detail: dict[str, object]) -> None:
        with self._services.transaction() as session:
            session.add(audit(caller, self._services.now(), action, subject, detail))


def _filters(session: Session, caller: Caller, query: schemas.TicketQuery) -> Sequence[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.status:
        wanted.append(col(Ticket.status).in_(query.status))
    if query.intent:
        wanted.append(col(Ticket.intent).in_(query.intent))
    if query.area:
        wanted.append(_below(session, caller, query.area))
    if query.opened_from:
        wanted.append(col(Ticket.opened_at) >= query.opened_from)
    if query.opened_to:
        wanted.append(col(Ticket.opened_at) < query.opened_to)
    if query.urgent is not None:
        wanted.append(col(Ticket.urgent).is_(query.urgent))
    if query.text:
        wanted.append(_about(query.text.lstrip("#")))
    return wanted


def _below(session: Session, caller: Caller, code: str) -> ColumnElement[bool]:
    area = session.exec(select(Area).where(col(Area.code) == code)).first()
    if area is None or not caller.may(READERS, area):
        raise not_found("area")
    return within([area.path])


def _about(text: str) -> ColumnElement[bool]:
    said = exists().where(col(Report.ticket_id) == col(Ticket.id), col(Report.words).icontains(text, autoescape=True))
    columns = (col(Ticket.matter), col(Ticket.location), col(Ticket.ref))
    return or_(*(column.icontains(text, autoescape=True) for column in columns), said)
