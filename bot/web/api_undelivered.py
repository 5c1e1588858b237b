"""The lines that reached nobody: the last stop of every reach. A person reads them here and says so."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.masking import masked
from bot.routing import OFFICE
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_detail import chats_by_id, line_item
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.auth import PHONES, Allow, Caller, audit, visible, within
from models import Account, Area, AuditEntry, Chat, Outgoing, Post, Role, Ticket

_LAST_ID = 2**31 - 1
# Where a line without a ticket belongs: the area of its chat, of the chat's person, or of the post it was meant for.
_Place = aliased(Area)
_place_id = func.coalesce(col(Chat.area_id), col(Account.area_id), col(Post.area_id))


class Undelivered:
    """GET /undelivered, POST /undelivered/<id>/seen."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add(
            "GET",
            "/undelivered",
            self.undelivered,
            allow=Allow.READERS,
            query=schemas.Page,
            answer=schemas.UndeliveredPage,
        )
        routes.add(
            "POST",
            "/undelivered/<int:line_id>/seen",
            self.undelivered_seen,
            allow=Allow.OFFICE,
            answer=schemas.UndeliveredItem,
        )

    def undelivered(self, caller: Caller, query: schemas.Page) -> schemas.UndeliveredPage:
        """What reached nobody in my areas, newest first, until somebody has seen it."""
        asked = paging.question("undelivered", {})
        start = paging.after(paging.position(asked, query.cursor), col(Outgoing.undelivered_at), col(Outgoing.id))
        with self._services.reading() as session:
            find = lines_of(caller).where(col(Outgoing.undelivered_at).is_not(None))
            if start is not None:
                find = find.where(start)
            order = (col(Outgoing.undelivered_at).desc(), col(Outgoing.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
            page, more = rows[: query.limit], len(rows) > query.limit
            items = self._items(session, caller, page)
        at = page[-1].undelivered_at if more else None
        next_page = paging.cursor(asked, paging.Position(at, page[-1].id)) if at is not None else None
        return schemas.UndeliveredPage(items=items, next=next_page)

    def undelivered_seen(self, caller: Caller, line_id: int) -> schemas.UndeliveredItem:
        """Take a line off the list: somebody has read it and sees to it. Saying so twice changes nothing."""
        with self._services.transaction() as session:
            now = self._services.now()
            line = session.exec(lines_of(caller).where(col(Outgoing.id) == min(line_id, _LAST_ID))).first()
            if line is None or not (line.undelivered_at or _was_seen(session, line)):
                raise not_found()
            if not may_settle(session, caller, line):
                raise ApiError("forbidden")
            if line.undelivered_at is not None:
                was = {"undelivered_at": line.undelivered_at.isoformat()}
                session.add(audit(caller, now, "undelivered.seen", f"outgoing:{line.id}", was))
                line.undelivered_at = None
                session.add(line)
            return self._items(session, caller, [line])[0]

    def _items(self, session: Session, caller: Caller, lines: Any) -> list[schemas.UndeliveredItem]:
        chats = chats_by_id(session, [line.chat_id for line in lines])
        wanted = {line.ticket_id for line in lines}
        refs = {row.id: row.ref for row in session.exec(select(Ticket).where(col(Ticket.id).in_(wanted)))}
        phones = caller.paths(READERS) == caller.paths(PHONES)  # in every area where they read at all
        items = []
        for line in lines:
            shown = line_item(self._zone, line, chats.get(line.chat_id or 0)).model_dump()
            shown["text"] = shown["text"] if phones else masked(shown["text"])
            items.append(schemas.UndeliveredItem(**shown, ticket=refs.get(line.ticket_id or 0), error=line.error))
        return items


def lines_of(caller: Caller) -> SelectOfScalar[Outgoing]:
    """The lines a caller may see: those of tickets they see, those of their areas, and, for an administrator, those
    of which nobody knows the place: somebody has to."""
    return (
        select(Outgoing)
        .outerjoin(Ticket, col(Ticket.id) == col(Outgoing.ticket_id))
        .outerjoin(Area, col(Area.id) == col(Ticket.area_id))
        .outerjoin(Chat, col(Chat.id) == col(Outgoing.chat_id))
        .outerjoin(Account, col(Account.id) == col(Chat.account_id))
        .outerjoin(Post, col(Post.id) == col(Outgoing.post_id))
        .outerjoin(_Place, col(_Place.id) == _place_id)
        .where(or_(*_seen(caller)))
    )


def _seen(caller: Caller) -> list[ColumnElement[bool]]:
    alone = col(Outgoing.ticket_id).is_(None)
    seen = [and_(~alone, visible(caller)), and_(alone, within(caller.paths(READERS), _Place))]
    if caller.holds({Role.ADMINISTRATOR}):
        seen.append(and_(alone, _place_id.is_(None)))
    return seen


def may_settle(session: Session, caller: Caller, line: Outgoing) -> bool:
    """Whether the caller's office is the one that sees to this line."""
    if line.ticket_id is not None:
        return caller.may(OFFICE, session.get_one(Area, session.get_one(Ticket, line.ticket_id).area_id))
    chat = session.get(Chat, line.chat_id) if line.chat_id else None
    account = session.get(Account, chat.account_id) if chat and chat.account_id else None
    post = session.get(Post, line.post_id) if line.post_id else None
    places = [row.area_id for row in (chat, account, post) if row is not None and row.area_id is not None]
    return caller.holds({Role.ADMINISTRATOR}) if not places else caller.may(OFFICE, session.get(Area, places[0]))


def _was_seen(session: Session, line: Outgoing) -> bool:
    query = select(AuditEntry.id).where(
        col(AuditEntry.action) == "undelivered.seen", col(AuditEntry.subject) == f"outgoing:{line.id}"
    )
    return session.exec(query).first() is not None
