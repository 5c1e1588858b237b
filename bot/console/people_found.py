"""People as the list and their own page show them, to a reader of these areas: few queries, however many are found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.console.whereabouts import whereabouts
from bot.held import Subject
from bot.routing import OFFICE
from bot.web.auth import Caller, visible
from models import Area, Community, Post, Report, Ticket

PLACES = 3  # of one person, in a list

Told = Mapping[str, Mapping[int, int]]  # by the person's key: the areas of their tickets, by the tickets' ids


@dataclass(frozen=True)
class Found:
    """Somebody as the list shows them."""

    key: str
    name: str
    phone: str  # masked
    channels: tuple[str, ...]
    places: tuple[str, ...]
    tickets: int


def found(session: Session, caller: Caller, people: Sequence[Subject]) -> list[Found]:
    """Those of them who have to do with this reader's areas, in the same order."""
    told = _told(session, people)
    areas = _areas(session, people, told)
    paths = caller.paths(OFFICE)
    mine = {key: [area for area in some if any(area.path.startswith(path) for path in paths)]
            for key, some in areas.items()}  # fmt: skip
    placeless = any(not areas[one.key] for one in people) and everywhere(session, paths)
    shown = [one for one in people if mine[one.key] or (not areas[one.key] and placeless)]
    seen = _seen(session, caller, shown)
    named = whereabouts(session, {area.id for one in shown for area in mine[one.key][:PLACES]})
    return [
        Found(
            one.key,
            one.name,
            _masked(one),
            tuple(dict.fromkeys(account.channel for account in one.accounts)),
            tuple(dict.fromkeys(named[area.id].full for area in mine[one.key][:PLACES])),
            len(seen[one.key]),
        )
        for one in shown
    ]


def everywhere(session: Session, paths: Iterable[str]) -> bool:
    """Whether these areas hold every community there is: then whoever told nothing yet is theirs as well."""
    communities = session.exec(select(Area.path).join(Community, col(Community.area_id) == col(Area.id))).all()
    return all(any(one.startswith(path) for path in paths) for one in communities)


def _told(session: Session, people: Sequence[Subject]) -> dict[str, dict[int, int]]:
    owner = _owners(people)
    query = (
        select(Report.account_id, Ticket.id, Ticket.area_id)
        .join(Ticket, col(Ticket.id) == col(Report.ticket_id))
        .where(col(Report.account_id).in_(owner))
    )
    told: dict[str, dict[int, int]] = defaultdict(dict)
    for account_id, ticket_id, area_id in session.exec(query):
        told[owner[account_id or 0]][ticket_id] = area_id
    return told


def _areas(session: Session, people: Sequence[Subject], told: Told) -> dict[str, list[Area]]:
    """Where each lives, holds or held a post, and told something: as held.areas_of, for all at once."""
    ids: dict[str, set[int]] = {one.key: set(told.get(one.key, {}).values()) for one in people}
    for one in people:
        for account in one.accounts:
            ids[one.key] |= {account.area_id or 0, account.bound_area_id or 0}
        if one.person is not None:
            ids[one.key].add(one.person.area_id or 0)
    by_person = {one.person.id: one.key for one in people if one.person is not None}
    posts = select(Post.person_id, Post.area_id).where(col(Post.person_id).in_(by_person))
    for person_id, area_id in session.exec(posts):
        ids[by_person[person_id]].add(area_id)
    query = select(Area).where(col(Area.id).in_(set().union(*ids.values()))).order_by(col(Area.path))
    every = session.exec(query).all()
    return {key: [area for area in every if area.id in some] for key, some in ids.items()}


def _seen(session: Session, caller: Caller, people: Sequence[Subject]) -> dict[str, set[int]]:
    """The tickets of each that this reader may see."""
    owner = _owners(people)
    query = (
        select(Report.account_id, Ticket.id)
        .join(Ticket, col(Ticket.id) == col(Report.ticket_id))
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .where(col(Report.account_id).in_(owner), visible(caller))
    )
    seen: dict[str, set[int]] = defaultdict(set)
    for account_id, ticket_id in session.exec(query):
        seen[owner[account_id or 0]].add(ticket_id)
    return seen


def _owners(people: Sequence[Subject]) -> dict[int, str]:
    """Whose each account is."""
    return {account_id: one.key for one in people for account_id in one.ids}


def _masked(one: Subject) -> str:
    phone = one.person.phone if one.person and one.person.phone else ""
    return f"{phone[:3]}****{phone[-2:]}" if phone else ""
