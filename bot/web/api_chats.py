"""Groups and whose they are."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from bot import binding
from bot.routing import OFFICE
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.api_views import local
from bot.web.auth import Allow, Caller, audit, within
from models import Area, BindingCode, Chat, ChatKind

BOUND = (ChatKind.RESIDENTS, ChatKind.LEADERS, ChatKind.STAFF)
_LAST_ID = 2**31 - 1


class Chats:
    """GET /chats and the two ways to bind a group. Residents' private chats are nobody's to list."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/chats", self.chats, allow=Allow.READERS, query=schemas.ChatQuery, answer=schemas.ChatPage)
        routes.add(
            "POST",
            "/chats/<int:chat_id>/bind",
            self.bind_chat,
            allow=Allow.OFFICE,
            body=schemas.BindBody,
            answer=schemas.ChatItem,
        )
        routes.add(
            "POST",
            "/chats/<int:chat_id>/code",
            self.code_for_chat,
            allow=Allow.OFFICE,
            body=schemas.BindBody,
            answer=schemas.Code,
            status=201,
        )

    def chats(self, caller: Caller, query: schemas.ChatQuery) -> schemas.ChatPage:
        """The groups of my areas, and those that nobody has told us about yet, newest first."""
        asked = paging.question("chats", query.model_dump(exclude={"cursor", "limit"}))
        start = paging.after(paging.position(asked, query.cursor), col(Chat.created_at), col(Chat.id))
        with self._services.reading() as session:
            find = select(Chat, Area).outerjoin(Area, col(Area.id) == col(Chat.area_id))
            find = find.where(self._seen(session, caller))
            if query.bound is not None:
                find = find.where((col(Chat.kind) == ChatKind.UNBOUND) == (query.bound == "no"))
            if start is not None:
                find = find.where(start)
            order = (col(Chat.created_at).desc(), col(Chat.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
        page, more = rows[: query.limit], len(rows) > query.limit
        last = paging.Position(page[-1][0].created_at, page[-1][0].id) if more else None
        items = [_chat_item(self._zone, chat, area) for chat, area in page]
        return schemas.ChatPage(items=items, next=paging.cursor(asked, last) if last else None)

    def bind_chat(self, caller: Caller, body: schemas.BindBody, chat_id: int) -> schemas.ChatItem:
        """Say whose group this is. Codes that were made for it end."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            chat, area = self._chat_and_area(session, caller, chat_id, body.area)
            binding.bind_chat(desk, chat, area, ChatKind(body.kind), by="staff")
            _end_codes(session, chat, desk.now)
            detail = {"area": area.code, "kind": body.kind}
            session.add(audit(caller, desk.now, "chat.bind", f"chat:{chat.id}", detail))
            return _chat_item(self._zone, chat, area)

    def code_for_chat(self, caller: Caller, body: schemas.BindBody, chat_id: int) -> schemas.Code:
        """A one-time code: whoever says it in that group binds the group to the area."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            chat, area = self._chat_and_area(session, caller, chat_id, body.area)
            code = binding.issue_chat_code(desk, chat, area, ChatKind(body.kind))
            detail = {"area": area.code, "kind": body.kind}
            session.add(audit(caller, desk.now, "chat.code", f"chat:{chat.id}", detail))
            return schemas.Code(code=code, expires_at=binding.expiry(desk).astimezone(self._zone))

    def _chat_and_area(self, session: Session, caller: Caller, chat_id: int, code: str) -> tuple[Chat, Area]:
        """A group the caller sees and may bind, and the area it is to belong to."""
        find = select(Chat, Area).outerjoin(Area, col(Area.id) == col(Chat.area_id))
        found = session.exec(find.where(col(Chat.id) == min(chat_id, _LAST_ID), self._seen(session, caller))).first()
        if found is None:
            raise not_found()
        chat, now_in = found
        if now_in is not None and not caller.may(OFFICE, now_in):
            raise ApiError("forbidden")
        area = session.exec(select(Area).where(col(Area.code) == code)).first()
        if area is None or not caller.may(OFFICE, area):
            raise not_found("area")
        return chat, area

    def _seen(self, session: Session, caller: Caller) -> ColumnElement[bool]:
        """SQL: a group of the caller's areas, or an unbound one heard by a channel that serves them."""
        bound = and_(col(Chat.kind).in_(BOUND), within(caller.paths(READERS)))
        foreign = self._foreign_channels(session, caller)
        return or_(bound, and_(col(Chat.kind) == ChatKind.UNBOUND, col(Chat.channel).not_in(foreign)))

    def _foreign_channels(self, session: Session, caller: Caller) -> list[str]:
        """The channels whose area has nothing in common with the caller's."""
        configured = {name: section.area for name, section in self._services.settings.channels.items() if section.area}
        rows = session.exec(select(Area).where(col(Area.code).in_(set(configured.values())))).all()
        paths = {row.code: row.path for row in rows}
        own = caller.paths(READERS)
        return [
            name
            for name, code in configured.items()
            if code in paths and not any(paths[code].startswith(path) or path.startswith(paths[code]) for path in own)
        ]


def _end_codes(session: Session, chat: Chat, now: datetime) -> None:
    """A group that is bound needs no code: one that was noted down must not move it later."""
    own = col(BindingCode.chat_key) == binding.chat_key(chat)
    for code in session.exec(select(BindingCode).where(own, col(BindingCode.used_at).is_(None))):
        code.used_at = now


def _chat_item(zone: ZoneInfo, chat: Chat, area: Area | None) -> schemas.ChatItem:
    return schemas.ChatItem(
        id=chat.id,
        channel=chat.channel,
        external_id=chat.external_id,
        kind=chat.kind,
        name=chat.name,
        area=schemas.AreaRef(code=area.code, name=area.name) if area else None,
        listen_only=chat.listen_only,
        created_at=chat.created_at.astimezone(zone),
        last_heard_at=local(chat.last_heard_at, zone),
        last_sent_at=local(chat.last_sent_at, zone),
    )
