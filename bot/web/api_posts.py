"""Who holds which post, who is away and from when, as staff see and record it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from bot import absences, people, posted
from bot.desk import Desk
from bot.routing import OFFICE, TITLES
from bot.services import Services
from bot.tokens import READERS
from bot.web import api_schemas as schemas
from bot.web import paging
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.api_views import local
from bot.web.auth import Allow, Caller, audit, within
from models import Absence, Area, Person, Post, Role, Slot


class PostsItem(BaseModel):
    """A post in force. away: until when, in words; null: they are there. on_duty: their turn at this moment."""

    id: int
    person: str | None
    role: Role
    title: str
    slot: Slot
    area: schemas.AreaRef
    duties: list[str]
    starts_on: date
    ends_on: date | None
    away: str | None
    on_duty: bool


class PostsPage(BaseModel):
    items: list[PostsItem]
    next: str | None


class AbsenceBody(schemas.Input):
    starts: Annotated[schemas.Moment | None, Field(alias="from", description="null: from now on")] = None
    ends: Annotated[schemas.Moment | None, Field(alias="to", description="null: until they say they are back")] = None
    only_this_post: Annotated[bool, Field(description="false: away with all they hold")] = False


class AbsenceItem(BaseModel):
    """A leave. handed: how many open matters went to somebody else when it was recorded just now."""

    id: int
    person: str | None
    post: int | None
    title: str
    area: schemas.AreaRef
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None
    begun_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    handed: int = 0


class AbsenceQuery(schemas.Page):
    running: Annotated[bool, Field(description="true: only those that are not over")] = False


class AbsencePage(BaseModel):
    items: list[AbsenceItem]
    next: str | None


class Posts:
    """GET /posts, GET /absences, POST /posts/<id>/absences, DELETE /absences/<id>."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/posts", self.posts, allow=Allow.READERS, query=schemas.Page, answer=PostsPage)
        routes.add("GET", "/absences", self.absences, allow=Allow.READERS, query=AbsenceQuery, answer=AbsencePage)
        routes.add(
            "POST",
            "/posts/<int:post_id>/absences",
            self.record_absence,
            allow=Allow.OFFICE,
            body=AbsenceBody,
            answer=AbsenceItem,
            status=201,
        )
        routes.add("DELETE", "/absences/<int:absence_id>", self.end_absence, allow=Allow.OFFICE, answer=AbsenceItem)

    def posts(self, caller: Caller, query: schemas.Page) -> PostsPage:
        """The posts in force in my areas, with who is away and whose turn it is, in the order they were entered."""
        asked = paging.question("posts", {})
        start = paging.position(asked, query.cursor)
        with self._services.reading() as session:
            desk = self._services.desk(session)
            find = _posts().where(within(caller.paths(READERS)), _held(desk), col(Post.id) > (start.id if start else 0))
            rows = session.exec(find.order_by(col(Post.id)).limit(query.limit + 1)).all()
            page, more = rows[: query.limit], len(rows) > query.limit
            items = _post_items(desk, page)
        last = paging.Position(paging.EPOCH, page[-1][0].id) if more else None
        return PostsPage(items=items, next=paging.cursor(asked, last) if last else None)

    def absences(self, caller: Caller, query: AbsenceQuery) -> AbsencePage:
        """The leaves of whoever holds a post in my areas, the last recorded first."""
        asked = paging.question("absences", {"running": query.running})
        start = paging.position(asked, query.cursor)
        find = select(Absence).where(col(Absence.person_id).in_(_people_in(caller)))
        if query.running:
            find = find.where(col(Absence.closed_at).is_(None))
        if start is not None:
            find = find.where(col(Absence.id) < start.id)
        with self._services.reading() as session:
            rows = session.exec(find.order_by(col(Absence.id).desc()).limit(query.limit + 1)).all()
            page, more = rows[: query.limit], len(rows) > query.limit
            items = [self._item(session, caller, row) for row in page]
        last = paging.Position(paging.EPOCH, page[-1].id) if more else None
        return AbsencePage(items=items, next=paging.cursor(asked, last) if last else None)

    def record_absence(self, caller: Caller, body: AbsenceBody, post_id: int) -> AbsenceItem:
        """Record a leave for whoever holds the post. What they hold is handed over when it begins, and all are told."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            post = post_of_mine(desk, caller, post_id)
            starts = max(body.starts or desk.now, desk.now)
            if body.ends is not None and body.ends <= starts:
                raise ApiError("bad_value", field="to")
            absence, handed = absences.record(
                desk,
                post.person_id,
                starts,
                body.ends,
                post_id=post.id if body.only_this_post else None,
                by=caller.person_id,
            )
            text = absences.by_office(desk, absence.ends_at, handed)
            absences.tell_person(desk, absence, f"office:{int(desk.now.timestamp())}", text)
            session.add(audit(caller, desk.now, "absence.record", f"post:{post.id}", {"absence": absence.id}))
            return self._item(session, caller, absence, handed=len(handed.moved))

    def end_absence(self, caller: Caller, absence_id: int) -> AbsenceItem:
        """They are back, or it was a mistake: what nobody took in hand meanwhile is theirs again."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            absence = session.get(Absence, absence_id, with_for_update=True)
            if absence is None:
                raise not_found()
            held = select(Post.id).join(Area, col(Area.id) == col(Post.area_id))
            mine = held.where(within(caller.paths(OFFICE)), col(Post.person_id) == absence.person_id)
            if session.exec(mine).first() is None:
                raise not_found()
            if absence.closed_at is not None:
                raise ApiError("not_possible")
            handed = absences.end(desk, absence)
            session.add(audit(caller, desk.now, "absence.end", f"absence:{absence.id}", {}))
            return self._item(session, caller, absence, handed=len(handed.moved))

    def _item(self, session: Session, caller: Caller, absence: Absence, *, handed: int = 0) -> AbsenceItem:
        """One leave, shown by the post that the caller's own area holds."""
        find = _posts().where(within(caller.paths(READERS)), col(Post.person_id) == absence.person_id)
        if absence.post_id is not None:
            find = find.where(col(Post.id) == absence.post_id)
        post, person, area = (
            session.exec(find.order_by(col(Post.id))).first()
            or session.exec(_posts().where(col(Post.person_id) == absence.person_id).order_by(col(Post.id))).one()
        )
        return AbsenceItem(
            id=absence.id,
            person=person.name,
            post=absence.post_id,
            title=TITLES[post.role],
            area=schemas.AreaRef(code=area.code, name=area.name),
            starts_at=absence.starts_at.astimezone(self._zone),
            ends_at=local(absence.ends_at, self._zone),
            begun_at=local(absence.begun_at, self._zone),
            closed_at=local(absence.closed_at, self._zone),
            handed=handed,
        )


def _posts() -> Select[Post, Person, Area]:
    return (
        select(Post, Person, Area)
        .join(Person, col(Person.id) == col(Post.person_id))
        .join(Area, col(Area.id) == col(Post.area_id))
    )


def _held(desk: Desk) -> ColumnElement[bool]:
    """SQL: the post is in force today, its days of grace included."""
    today = posted.today(desk)
    return and_(
        col(Post.starts_on) <= today, or_(col(Post.ends_on).is_(None), col(Post.ends_on) >= today - people.GRACE)
    )


def _people_in(caller: Caller) -> SelectOfScalar[int]:
    """SQL: who holds or held a post in the caller's areas."""
    return select(Post.person_id).join(Area, col(Area.id) == col(Post.area_id)).where(within(caller.paths(READERS)))


def _post_items(desk: Desk, rows: Sequence[tuple[Post, Person, Area]]) -> list[PostsItem]:
    gone = posted.away(desk, [post for post, _, _ in rows])
    turns = posted.turns(desk, {above for _, _, area in rows for above in _chain(area)})
    return [
        PostsItem(
            id=post.id,
            person=person.name,
            role=post.role,
            title=TITLES[post.role],
            slot=post.slot,
            area=schemas.AreaRef(code=area.code, name=area.name),
            duties=post.duties,
            starts_on=post.starts_on,
            ends_on=post.ends_on,
            away=gone.get(post.id),
            on_duty=any((above, person.id) in turns for above in _chain(area)),
        )
        for post, person, area in rows
    ]


def _chain(area: Area) -> list[int]:
    return [int(part) for part in area.path.strip("/").split("/") if part]


def post_of_mine(desk: Desk, caller: Caller, post_id: int) -> Post:
    """The post in force with this id where the caller is of the office. Raises the same 404 for all others."""
    find = select(Post).join(Area, col(Area.id) == col(Post.area_id))
    found = desk.session.exec(find.where(within(caller.paths(OFFICE)), _held(desk), col(Post.id) == post_id)).first()
    if found is None:
        raise not_found()
    return found
