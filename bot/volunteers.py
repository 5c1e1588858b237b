"""The volunteers around a request for help as bot.offering wants them: where they live, what they can, and have."""

import sys
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from bot import offering, posted, reach
from bot.desk import Desk
from bot.moves import OPEN
from bot.offering import Ranked, Volunteer
from bot.people import in_force
from models import Account, Area, Community, Offer, OfferState, Order, Person, Post, Report, Role, Skill, Ticket

LATELY = timedelta(days=30)
SAID_NO = (OfferState.DECLINED, OfferState.RELEASED, OfferState.EXPIRED)


def fitting(desk: Desk, ticket: Ticket, order: Order) -> list[Ranked]:
    """Who may be asked next, in order: fit, not asked in this round, and not one who said no."""
    area = desk.session.get_one(Area, ticket.area_id)
    skills = frozenset(Skill(name) for name in order.skills)
    return offering.rank(around(desk, ticket, order), area.path, skills, desk.settings.orders.most_at_once)


def choice(desk: Desk, ticket: Ticket, order: Order) -> list[Ranked]:
    """Whom staff may choose from, in the same order; also who was asked already, has their hands full or other skills.

    They know both sides; the list only says what speaks against somebody.
    """
    area = desk.session.get_one(Area, ticket.area_id)
    skills = frozenset(Skill(name) for name in order.skills)
    people = around(desk, ticket, order, again=True)
    fit = offering.rank(people, area.path, skills, desk.settings.orders.most_at_once)
    known = {ranked.volunteer.post_id for ranked in fit}
    return [*fit, *offering.rank([v for v in people if v.post_id not in known], area.path, (), sys.maxsize)]


def around(desk: Desk, ticket: Ticket, order: Order, *, again: bool = False) -> list[Volunteer]:
    """The volunteers of the community who can be reached and are no party, each once by their nearest post.

    again: also those who were asked in this round already (staff may choose one of them).
    """
    posts = _posts(desk, ticket)
    left_out = {*ticket.recused_person_ids, *_reporters(desk, ticket), *_said_no(desk, ticket)}
    if not again:
        left_out |= _asked(desk, order)
    posts = [post for post in posts if post.person_id not in left_out]
    people = {post.person_id for post in posts}
    holds, lately, asked = _in_hand(desk, people), _taken_lately(desk, people), _last_asked(desk, people)
    at = desk.session.get_one(Area, ticket.area_id).path
    found: dict[int, Volunteer] = {}
    for post in posts:
        one = Volunteer(
            post_id=post.id,
            person_id=post.person_id,
            path=_home(desk, post),
            skills=frozenset(post.skills),
            holds=holds.get(post.person_id, 0),
            lately=lately.get(post.person_id, 0),
            asked_at=asked.get(post.person_id),
        )
        known = found.get(post.person_id)
        if known is not None:
            near, far = sorted((known, one), key=lambda v: offering.steps(v.path, at))
            one = replace(near, skills=near.skills | far.skills)
        found[post.person_id] = one
    return [one for one in found.values() if reach.private_chats(desk.session, one.person_id)]


def _posts(desk: Desk, ticket: Ticket) -> list[Post]:
    """Posts of volunteers in the community, and of such above it whose area takes the place in, who are not away."""
    community = desk.session.get_one(Area, desk.session.get_one(Community, ticket.community_id).area_id)
    at = desk.session.get_one(Area, ticket.area_id)
    day = desk.now.astimezone(desk.settings.zone).date()
    query = select(Post, Area).join(Area, col(Area.id) == col(Post.area_id)).where(Post.role == Role.VOLUNTEER)
    posts = [
        post
        for post, area in desk.session.exec(query.order_by(col(Post.id)))
        if in_force(post, day) and (area.path.startswith(community.path) or at.path.startswith(area.path))
    ]
    gone = posted.away(desk, posts)
    return [post for post in posts if post.id not in gone]


def _home(desk: Desk, post: Post) -> str:
    person = desk.session.get_one(Person, post.person_id)
    return desk.session.get_one(Area, person.area_id or post.area_id).path


def _reporters(desk: Desk, ticket: Ticket) -> set[int]:
    query = select(Account.person_id).join(Report, col(Report.account_id) == col(Account.id))
    query = query.where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None))
    return {person_id for person_id in desk.session.exec(query) if person_id is not None}


def _said_no(desk: Desk, ticket: Ticket) -> set[int]:
    query = select(Offer.person_id).where(Offer.ticket_id == ticket.id, col(Offer.state).in_(SAID_NO))
    return {person_id for person_id in desk.session.exec(query) if person_id is not None}


def _asked(desk: Desk, order: Order) -> set[int]:
    query = select(Offer.person_id).where(Offer.ticket_id == order.ticket_id, Offer.round == order.round)
    return {person_id for person_id in desk.session.exec(query) if person_id is not None}


def _in_hand(desk: Desk, people: Collection[int]) -> dict[int, int]:
    query = (
        select(Offer.person_id, func.count(col(Offer.id)))
        .join(Order, col(Order.taker_id) == col(Offer.id))
        .join(Ticket, col(Ticket.id) == col(Offer.ticket_id))
        .where(col(Offer.person_id).in_(people), col(Ticket.status).in_(list(OPEN)))
        .group_by(col(Offer.person_id))
    )
    return {person: count for person, count in desk.session.exec(query) if person is not None}


def _taken_lately(desk: Desk, people: Collection[int]) -> dict[int, int]:
    query = (
        select(Offer.person_id, func.count(col(Offer.id)))
        .where(col(Offer.person_id).in_(people), col(Offer.claimed_at) >= desk.now - LATELY)
        .group_by(col(Offer.person_id))
    )
    return {person: count for person, count in desk.session.exec(query) if person is not None}


def _last_asked(desk: Desk, people: Collection[int]) -> dict[int, datetime]:
    query = (
        select(Offer.person_id, func.max(Offer.offered_at))
        .where(col(Offer.person_id).in_(people))
        .group_by(col(Offer.person_id))
    )
    return {person: at for person, at in desk.session.exec(query) if person is not None}
