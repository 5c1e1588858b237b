"""Groups and whose they are."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from bot import binding
from bot.routing import OFFICE
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_listening as listening
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.api_views import local
from bot.web.auth import Allow, Caller, audit, within
from models import Area, BindingCode, Chat, ChatKind, Inbound, Intent

BOUND = (ChatKind.RESIDENTS, ChatKind.LEADERS, ChatKind.STAFF)
_LAST_ID = 2**31 - 1


class Chats:
    """GET /chats, the two ways to bind a group, and listening only. Residents' private chats are nobody's to list."""

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

        routes.add(
            "POST",
            "/chats/<int:chat_id>/listen-only",
            self.listen_only,
            allow=Allow.OFFICE,
            body=listening.ListenBody,
            answer=schemas.ChatItem,
        )
        routes.add(
            "GET",
            "/chats/<int:chat_id>/heard",
            self.heard,
            allow=Allow.OFFICE,
            query=schemas.Page,
            answer=listening.HeardPage,
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

    def listen_only(self, caller: Caller, body: listening.ListenBody, chat_id: int) -> schemas.ChatItem:
        """Have a residents' group only listened to, or acted upon again."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            chat, area = self._chat_of_mine(session, caller, chat_id)
            try:
                binding.listen_only(desk, chat, body.listen_only, by="staff", person_id=caller.person_id)
            except ValueError as error:
                raise ApiError("not_possible", field="chat_id") from error
            return _chat_item(self._zone, chat, area)

    def heard(self, caller: Caller, query: schemas.Page, chat_id: int) -> listening.HeardPage:
        """What was heard while the group was only listened to, newest first, and what was understood. Each look is
        written into the audit log; what was told of a dispute is not shown."""
        asked = paging.question("heard", {"chat": chat_id})
        start = paging.after(paging.position(asked, query.cursor), col(Inbound.said_at), col(Inbound.id))
        with self._services.transaction() as session:
            chat, _ = self._chat_of_mine(session, caller, chat_id)
            find = select(Inbound).where(col(Inbound.chat_id) == chat.id, col(Inbound.listened))
            if start is not None:
                find = find.where(start)
            order = (col(Inbound.said_at).desc(), col(Inbound.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
            session.add(audit(caller, self._services.now(), "chat.heard", f"chat:{chat.id}", {}))
        page, more = rows[: query.limit], len(rows) > query.limit
        last = paging.Position(page[-1].said_at, page[-1].id) if more else None
        items = [_heard_item(self._zone, row) for row in page]
        return listening.HeardPage(items=items, next=paging.cursor(asked, last) if last else None)

    def _chat_and_area(self, session: Session, caller: Caller, chat_id: int, code: str) -> tuple[Chat, Area]:
        """A group the caller sees and may bind, and the area it is to belong to."""
        chat, _ = self._chat_of_mine(session, caller, chat_id)
        area = session.exec(select(Area).where(col(Area.code) == code)).first()
        if area is None or not caller.may(OFFICE, area):
            raise not_found("area")
        return chat, area

    def _chat_of_mine(self, session: Session, caller: Caller, chat_id: int) -> tuple[Chat, Area | None]:
        """A group the caller sees and whose office they are, and the area it belongs to now."""
        find = select(Chat, Area).outerjoin(Area, col(Area.id) == col(Chat.area_id))
        found = session.exec(find.where(col(Chat.id) == min(chat_id, _LAST_ID), self._seen(session, caller))).first()
        if found is None:
            raise not_found()
        chat, now_in = found
        if now_in is not None and not caller.may(OFFICE, now_in):
            raise ApiError("forbidden")
        return chat, now_in

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


def _heard_item(zone: ZoneInfo, row: Inbound) -> listening.HeardItem:
    return listening.HeardItem(
        id=row.id,
        said_at=row.said_at.astimezone(zone),
        intent=Intent(row.intent) if row.intent else None,
        category=row.category,
        score=row.score,
        text=None if row.intent == Intent.DISPUTE else row.text,
    )
