"""Who stands where at this moment: the posts that concern a place, who is away, whose turn it is, who has how much.

Everything bot.routing is told of people comes from here.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import or_
from sqlmodel import col, func, select

from bot import clocks
from bot.about import About
from bot.desk import Desk
from bot.moves import OPEN
from bot.partners import Partner
from bot.people import in_force
from bot.places import ancestors
from bot.routing import Candidate
from models import Absence, Area, DutyShift, Kin, Organisation, Post, Ticket

EVERY_DAY = -1  # DutyShift.weekday
A_DAY = timedelta(days=1)


def candidates(desk: Desk, area: Area) -> list[Candidate]:
    """Every post in force at the area or above it, as they are now."""
    chain = {above.id: rank for rank, above in enumerate(reversed(ancestors(desk.session, area)))}
    query = select(Post).where(col(Post.area_id).in_(list(chain))).order_by(col(Post.id))
    posts = [post for post in desk.session.exec(query) if in_force(post, today(desk))]
    gone, turn = away(desk, posts), on_duty(desk, list(chain))
    found = [
        Candidate(
            post.id,
            post.person_id,
            post.role,
            post.slot,
            chain[post.area_id],
            away=gone.get(post.id, ""),
            duties=frozenset(post.duties or ()),
            on_duty=post.person_id in turn,
        )
        for post in posts
    ]
    return _with_loads(desk, found)


def organisations(desk: Desk, area: Area) -> list[Partner]:
    """The organisations that are responsible at the area or above it."""
    chain = {above.id: rank for rank, above in enumerate(reversed(ancestors(desk.session, area)))}
    query = select(Organisation).where(col(Organisation.area_id).in_(list(chain))).order_by(col(Organisation.id))
    return [Partner(row.id, row.name, row.kind, chain[row.area_id], row.phone) for row in desk.session.exec(query)]


def people_of(desk: Desk, organisation_id: int) -> set[int]:
    """The ids of the posts that are held for an organisation."""
    return set(desk.session.exec(select(Post.id).where(Post.organisation_id == organisation_id)))


def away(desk: Desk, posts: Sequence[Post]) -> dict[int, str]:
    """Which of these posts somebody is away from now: until when, in words, by the post's id."""
    people = {post.person_id for post in posts}
    running = select(Absence).where(
        col(Absence.person_id).in_(people),
        col(Absence.closed_at).is_(None),
        Absence.starts_at <= desk.now,
        or_(col(Absence.ends_at).is_(None), col(Absence.ends_at) > desk.now),
    )
    rows = list(desk.session.exec(running)) if people else []
    return {
        post.id: until_words(desk, row.ends_at)
        for row in rows
        for post in posts
        if post.person_id == row.person_id and row.post_id in (None, post.id)
    }


def until_words(desk: Desk, ends_at: datetime | None) -> str:
    """请假到11月27日: the last day is the one on which it ends; 请假 where nobody knows."""
    if ends_at is None:
        return "请假"
    last = (ends_at - timedelta(seconds=1)).astimezone(desk.settings.zone)
    return f"请假到{last.month}月{last.day}日"


def on_duty(desk: Desk, area_ids: Collection[int]) -> set[int]:
    """The persons whose turn it is now on the rosters of these areas."""
    return {person for _, person in turns(desk, area_ids)}


def turns(desk: Desk, area_ids: Collection[int]) -> set[tuple[int, int]]:
    """On which of these areas' rosters whose turn it is now: the ids of area and person."""
    rows = desk.session.exec(select(DutyShift).where(col(DutyShift.area_id).in_(set(area_ids))))
    local = desk.now.astimezone(desk.settings.zone)
    return {(shift.area_id, shift.person_id) for shift in rows if runs(shift, local)}


def runs(shift: DutyShift, local: datetime) -> bool:
    """Whether a turn runs at a moment of the community's own clock. One past midnight belongs to the day it began."""
    clock = local.time()
    if shift.starts < shift.ends:
        return _begins_on(shift, local.date()) and shift.starts <= clock < shift.ends
    if clock >= shift.starts:
        return _begins_on(shift, local.date())
    return clock < shift.ends and _begins_on(shift, local.date() - A_DAY)


def about(desk: Desk, ticket: Ticket, *, waits: bool = False) -> About:
    """What routing must know of a ticket now. waits: somebody waits for a person to answer."""
    return About(
        ticket.intent.value,
        ticket.category,
        urgent=ticket.urgent or waits,
        danger=ticket.danger is not None,
        out_of_hours=not working_hours(desk),
    )


def working_hours(desk: Desk) -> bool:
    """Whether the office is open at this moment."""
    local = desk.now.astimezone(desk.settings.zone)
    return desk.settings.calendar.day(local.date()).working and clocks.within(
        local, desk.settings.hours.work, desk.settings.zone
    )


def with_kin(desk: Desk, people: Collection[int]) -> tuple[int, ...]:
    """These persons and whoever the roster says is of their family: where one is a party, all of them are."""
    if not people:
        return ()
    either = or_(col(Kin.person_id).in_(list(people)), col(Kin.kin_id).in_(list(people)))
    pairs = [(row.person_id, row.kin_id) for row in desk.session.exec(select(Kin).where(either))]
    return tuple(sorted({*people, *(one for pair in pairs for one in pair)}))


def today(desk: Desk) -> date:
    return desk.now.astimezone(desk.settings.zone).date()


def _begins_on(shift: DutyShift, day: date) -> bool:
    if day < shift.from_on or (shift.to_on is not None and day > shift.to_on):
        return False
    return shift.weekday in (EVERY_DAY, day.weekday())


def _with_loads(desk: Desk, found: list[Candidate]) -> list[Candidate]:
    """How much each holds, looked up only among those between whom it can decide."""
    ranks = Counter((c.role, c.depth, c.slot) for c in found)
    equals = [c.post_id for c in found if ranks[c.role, c.depth, c.slot] > 1]
    if not equals:
        return found
    query = (
        select(Ticket.holder_post_id, func.count(col(Ticket.id)))
        .where(col(Ticket.holder_post_id).in_(equals), col(Ticket.status).in_(list(OPEN)))
        .group_by(col(Ticket.holder_post_id))
    )
    loads = dict(desk.session.exec(query).all())
    return [replace(c, load=loads.get(c.post_id, 0)) for c in found]
