"""Planned outages that were announced, for the staff's screens."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field
from sqlmodel import Session, col, select

from bot.routing import TITLES
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_routes import Routes
from bot.web.auth import Allow, Caller, within
from models import Announcement, Area, Post


class AnnouncementQuery(schemas.Page):
    when: Annotated[
        Literal["running", "coming", "over"] | None, Field(description="running now, not begun yet, or over")
    ] = None


class AnnouncementItem(BaseModel):
    """A planned outage. `supplies` are categories of repair; `by` is the office of whoever announced it."""

    id: int
    area: schemas.AreaRef
    supplies: list[str]
    words: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    said_at: AwareDatetime
    by: str | None


class AnnouncementPage(BaseModel):
    items: list[AnnouncementItem]
    next: str | None


class Announcements:
    """GET /announcements."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add(
            "GET",
            "/announcements",
            self.announcements,
            allow=Allow.READERS,
            query=AnnouncementQuery,
            answer=AnnouncementPage,
        )

    def announcements(self, caller: Caller, query: AnnouncementQuery) -> AnnouncementPage:
        """The planned outages of my areas, the one that begins last first."""
        now = self._services.now()
        asked = paging.question("announcements", query.model_dump(exclude={"cursor", "limit"}))
        start = paging.after(paging.position(asked, query.cursor), col(Announcement.starts_at), col(Announcement.id))
        starts, ends = col(Announcement.starts_at), col(Announcement.ends_at)
        find = select(Announcement, Area).join(Area, col(Area.id) == col(Announcement.area_id))
        find = find.where(within(caller.paths(READERS)))
        if query.when == "running":
            find = find.where(starts <= now, ends > now)
        elif query.when is not None:
            find = find.where(starts > now if query.when == "coming" else ends <= now)
        if start is not None:
            find = find.where(start)
        with self._services.reading() as session:
            order = (starts.desc(), col(Announcement.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
            page, more = rows[: query.limit], len(rows) > query.limit
            items = [self._item(session, row, area) for row, area in page]
        last = paging.Position(page[-1][0].starts_at, page[-1][0].id) if more else None
        return AnnouncementPage(items=items, next=paging.cursor(asked, last) if last else None)

    def _item(self, session: Session, row: Announcement, area: Area) -> AnnouncementItem:
        post = session.get(Post, row.post_id) if row.post_id else None
        return AnnouncementItem(
            id=row.id,
            area=schemas.AreaRef(code=area.code, name=area.name),
            supplies=row.supplies,
            words=row.words,
            starts_at=row.starts_at.astimezone(self._zone),
            ends_at=row.ends_at.astimezone(self._zone),
            said_at=row.said_at.astimezone(self._zone),
            by=TITLES[post.role] if post else None,
        )
