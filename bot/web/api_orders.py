"""Requests for help as staff see them: to whom they were offered, whom they could ask, and how it was."""

from typing import Any

from sqlmodel import Session, col, select

from bot import claims, orders, ratings, takers, tickets, volunteers
from bot.desk import Desk
from bot.moves import OPEN, NotAllowed
from bot.permits import Actor
from bot.services import Services
from bot.web import order_schemas as schemas
from bot.web.api_errors import ApiError
from bot.web.api_moves import refused
from bot.web.api_routes import Routes
from bot.web.api_views import local, user_ids
from bot.web.auth import ROLES, Allow, Caller, audit, see_ticket
from models import Area, Mode, Offer, Order, Person, Post, Report, Ticket


class Orders:
    """GET /tickets/<ref>/offers and .../ratings, POST .../assign. Giving back is a move (bot.web.api_moves)."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/tickets/<ref>/offers", self.offers, allow=Allow.OFFICE, answer=schemas.OrderDetail)
        routes.add(
            "POST",
            "/tickets/<ref>/assign",
            self.assign_ticket,
            allow=Allow.OFFICE,
            body=schemas.AssignBody,
            answer=schemas.OrderDetail,
        )
        routes.add("GET", "/tickets/<ref>/ratings", self.ratings, allow=Allow.READERS, answer=schemas.RatingList)

    def offers(self, caller: Caller, ref: str) -> schemas.OrderDetail:
        """How a request for help is offered: to whom, what they said, who has it, whom else one could ask and why."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = _request(session, caller, ref)
            session.add(audit(caller, desk.now, "offers", f"ticket:{ref}", {}))
            return self._detail(desk, ticket)

    def assign_ticket(self, caller: Caller, body: schemas.AssignBody, ref: str) -> schemas.OrderDetail:
        """Ask this volunteer. The address is theirs when they say that they come."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = _request(session, caller, ref)
            tickets.lock(session, ticket.community_id)
            session.refresh(ticket)
            post = session.get(Post, body.post)
            if post is None:
                raise ApiError("bad_value", field="post", message="没有这个志愿者岗位。")
            try:
                orders.assign(desk, ticket, post, Actor(person_id=caller.person_id, staff=True))
            except NotAllowed as refusal:
                raise _refused(desk, refusal) from refusal
            session.add(audit(caller, desk.now, "ticket.assign", f"ticket:{ref}", {"post": post.id}))
            return self._detail(desk, ticket)

    def ratings(self, caller: Caller, ref: str) -> schemas.RatingList:
        """What those who reported it said of how it was handled; 未评价 where nobody did."""
        with self._services.reading() as session:
            ticket = see_ticket(session, caller, ref)
            desk = self._services.desk(session)
            found = ratings.of(desk, ticket)
            by = user_ids(session, [rating.account_id for rating in found])
            asked = select(Report.id).where(Report.ticket_id == ticket.id, col(Report.rating_asked_at).is_not(None))
            return schemas.RatingList(
                ref=ref,
                label=ratings.label(desk, ticket),
                asked=len(session.exec(asked).all()),
                items=[
                    schemas.RatingItem(
                        by=by.get(rating.account_id or 0),
                        at=rating.at.astimezone(self._zone),
                        score=rating.score,
                        words=rating.words,
                    )
                    for rating in found
                ],
            )

    def _detail(self, desk: Desk, ticket: Ticket) -> schemas.OrderDetail:
        order = claims.of(desk, ticket)
        held = takers.taker(desk.session, ticket.id)
        query = select(Offer).where(Offer.ticket_id == ticket.id).order_by(col(Offer.id))
        return schemas.OrderDetail(
            ref=ticket.ref,
            mode=order.mode,
            reason=order.reason,
            skills=order.skills,
            round=order.round,
            wave=order.wave,
            taker=schemas.Helper(**_helper(desk.session, held.person_id, held.post_id)) if held else None,
            visit=schemas.Visit(who=order.visit_who, papers=order.visit_papers, when=order.visit_when)
            if order.visit
            else None,
            offers=[self._offer(desk.session, offer) for offer in desk.session.exec(query)],
            candidates=_candidates(desk, ticket, order),
        )

    def _offer(self, session: Session, offer: Offer) -> schemas.OfferItem:
        return schemas.OfferItem(
            **_helper(session, offer.person_id, offer.post_id),
            state=offer.state,
            round=offer.round,
            wave=offer.wave,
            assigned=offer.assigned,
            why=offer.why,
            offered_at=offer.offered_at.astimezone(self._zone),
            expires_at=local(offer.expires_at, self._zone),
            answered_at=local(offer.answered_at, self._zone),
            claimed_at=local(offer.claimed_at, self._zone),
            released_at=local(offer.released_at, self._zone),
        )


def _request(session: Session, caller: Caller, ref: str) -> Ticket:
    """The ticket, which must be a request for help in the caller's own office."""
    ticket = see_ticket(session, caller, ref)
    if not caller.may(ROLES[Allow.OFFICE], session.get_one(Area, ticket.area_id)):
        raise ApiError("forbidden")
    if not claims.is_order(ticket):
        raise ApiError("not_possible", message="这件不是求助，不用派单。")
    return ticket


def _refused(desk: Desk, refusal: NotAllowed) -> ApiError:
    if refusal.reason == "order_unfit":
        return ApiError("bad_value", field="post", message="这位不是这里的志愿者，或者不合适、联系不上。")
    if refusal.reason == "order_forbidden":
        return ApiError("not_possible", message="这类事不能派给志愿者。")
    if refusal.reason == "order_taken":
        return ApiError("not_possible", message="已经有人接了。")
    return refused(desk, refusal)


def _candidates(desk: Desk, ticket: Ticket, order: Order) -> list[schemas.Candidate]:
    if order.mode == Mode.STAFF or order.taker_id is not None or ticket.status not in OPEN:
        return []
    return [
        schemas.Candidate(
            **_helper(desk.session, ranked.volunteer.person_id, ranked.volunteer.post_id), why=list(ranked.why)
        )
        for ranked in volunteers.choice(desk, ticket, order)
    ]


def _helper(session: Session, person_id: int | None, post_id: int | None) -> dict[str, Any]:
    person = session.get(Person, person_id) if person_id is not None else None
    post = session.get(Post, post_id) if post_id is not None else None
    return {"post": post_id, "name": person.name if person else None, "skills": list(post.skills) if post else []}
