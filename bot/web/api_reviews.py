"""The review list as staff work through it, and the examples that come of it."""

from collections.abc import Sequence

from flask import Response
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from bot import learned
from bot.inbox import reviewing
from bot.inbox.reviewing import Decided, Decision, UnknownLabel
from bot.routing import OFFICE
from bot.services import Services
from bot.web import paging
from bot.web import review_schemas as schemas
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.api_schemas import AreaRef
from bot.web.api_views import local
from bot.web.auth import Allow, Caller, audit, within
from models import Area, Intent, Learning, Review, ReviewState, Role, Ticket

_LAST_ID = 2**31 - 1
_ABOUT_OFFICE = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})  # who reads what names a leader or the office
_STATES = {"ticket": ReviewState.TICKET, "ignore": ReviewState.IGNORED, "intent": ReviewState.INTENT}


class Reviews:
    """GET /reviews, POST /reviews/<id> and .../learn, GET /examples."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add(
            "GET", "/reviews", self.reviews, allow=Allow.OFFICE, query=schemas.ReviewQuery, answer=schemas.ReviewPage
        )
        routes.add(
            "POST",
            "/reviews/<int:review_id>",
            self.decide_review,
            allow=Allow.OFFICE,
            body=schemas.DecisionBody,
            answer=schemas.ReviewItem,
        )
        routes.add(
            "POST",
            "/reviews/<int:review_id>/learn",
            self.learn_review,
            allow=Allow.OFFICE,
            body=schemas.LearnBody,
            answer=schemas.ReviewItem,
        )
        routes.add("GET", "/examples", self.examples, allow=Allow.OFFICE, query=schemas.ExamplesQuery, answer=None)

    def reviews(self, caller: Caller, query: schemas.ReviewQuery) -> schemas.ReviewPage:
        """What was said in the groups of my areas and may have been a matter, newest first."""
        asked = paging.question("reviews", query.model_dump(exclude={"cursor", "limit"}))
        start = paging.after(paging.position(asked, query.cursor), col(Review.said_at), col(Review.id))
        find = select(Review).join(Area, col(Area.id) == col(Review.area_id)).where(seen(caller))
        if query.state:
            find = find.where(col(Review.state).in_(query.state))
        if query.learning is not None:
            find = find.where(Review.learning == query.learning)
        if start is not None:
            find = find.where(start)
        with self._services.reading() as session:
            order = (col(Review.said_at).desc(), col(Review.id).desc())
            rows = session.exec(find.order_by(*order).limit(query.limit + 1)).all()
            page, more = rows[: query.limit], len(rows) > query.limit
            items = self._items(session, page)
        last = paging.Position(page[-1].said_at, page[-1].id) if more else None
        return schemas.ReviewPage(items=items, next=paging.cursor(asked, last) if last else None)

    def decide_review(self, caller: Caller, body: schemas.DecisionBody, review_id: int) -> schemas.ReviewItem:
        """Decide, once: open the ticket of the one who said it, ignore it, or say what it was."""
        _complete(body)
        learning = Learning.APPROVED if body.learn else Learning.NO
        decision = Decision(_STATES[body.decision], caller.person_id, body.intent, body.category, learning)
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            review = _locked(session, caller, review_id)
            try:
                reviewing.decide(self._services, desk, review, decision)
            except Decided as decided:
                raise _too_late() from decided
            except UnknownLabel as unknown:
                raise ApiError("bad_value", field="category", message="没有这个类别。") from unknown
            detail = {"decision": body.decision, "learn": body.learn}
            session.add(audit(caller, desk.now, "review.decided", f"review:{review.id}", detail))
            return self._items(session, [review])[0]

    def learn_review(self, caller: Caller, body: schemas.LearnBody, review_id: int) -> schemas.ReviewItem:
        """Approve, or not, that what a leader decided on may be learned from."""
        with self._services.transaction() as session:
            review = _locked(session, caller, review_id)
            try:
                reviewing.approve(review, learn=body.learn)
            except Decided as decided:
                raise _too_late() from decided
            now = self._services.now()
            session.add(audit(caller, now, "review.learned", f"review:{review.id}", {"learn": body.learn}))
            return self._items(session, [review])[0]

    def examples(self, caller: Caller, query: schemas.ExamplesQuery) -> Response:
        """The approved sentences of my areas as examples to learn from: masked, labelled, one a line."""
        with self._services.transaction() as session:
            rows = learned.examples(session, seen(caller))
            detail = {"rows": len(rows), "format": query.format}
            session.add(audit(caller, self._services.now(), "examples.exported", "examples", detail))
            return Response(learned.as_tsv(rows), content_type="text/tab-separated-values; charset=utf-8")

    def _items(self, session: Session, rows: Sequence[Review]) -> list[schemas.ReviewItem]:
        areas = {a.id: a for a in session.exec(select(Area).where(col(Area.id).in_({row.area_id for row in rows})))}
        wanted = {row.ticket_id for row in rows if row.ticket_id is not None}
        refs = {t.id: t.ref for t in session.exec(select(Ticket).where(col(Ticket.id).in_(wanted)))} if wanted else {}
        return [
            schemas.ReviewItem(
                **row.model_dump(include=_AS_THEY_ARE),
                said_at=row.said_at.astimezone(self._zone),
                area=AreaRef(code=areas[row.area_id].code, name=areas[row.area_id].name),
                expires_at=local(row.expires_at, self._zone),
                leader_asked_at=local(row.leader_asked_at, self._zone),
                decided_at=local(row.decided_at, self._zone),
                ticket=refs.get(row.ticket_id or 0),
            )
            for row in rows
        ]


_AS_THEY_ARE = {
    "id",
    "text",
    "setting",
    "intent",
    "category",
    "score",
    "state",
    "label_intent",
    "label_category",
    "learning",
}


def seen(caller: Caller) -> ColumnElement[bool]:
    """SQL: a sentence of the caller's areas; one that names a leader or the office is the secretary's."""
    return and_(within(caller.paths(OFFICE)), or_(~col(Review.about_office), within(caller.paths(_ABOUT_OFFICE))))


def _locked(session: Session, caller: Caller, review_id: int) -> Review:
    """The row under a lock, where the caller may see it. Raises the same 404 for all others."""
    find = select(Review.id).join(Area, col(Area.id) == col(Review.area_id))
    known = session.exec(find.where(col(Review.id) == min(review_id, _LAST_ID), seen(caller))).first()
    review = reviewing.locked(session, known) if known is not None else None
    if review is None:
        raise not_found()
    return review


def _complete(body: schemas.DecisionBody) -> None:
    """What a decision needs, and what would contradict it."""
    if body.decision == "intent" and body.intent is None:
        raise ApiError("bad_value", field="intent", message="请写明是哪一类。")
    if body.decision == "ticket" and body.intent == Intent.OTHER:
        raise ApiError("bad_value", field="intent", message="闲聊不用建单。")
    if body.decision == "ignore" and body.intent not in (None, Intent.OTHER):
        raise ApiError("bad_value", field="intent", message="不用管的只能算闲聊。")


def _too_late() -> ApiError:
    return ApiError("not_possible", message="这句已经有人处理了，或者原话到时间删掉了。")
