"""Which estate a place is in, for whoever reads of several: each has a building 1, and two 1栋1单元 look alike.

A chat covers several estates by the area it is bound to, a person's own chat by their posts. Elsewhere the estate goes
without saying. On pages: bot.console.whereabouts.
"""

import re
from collections.abc import Callable, Sequence

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot import people, places
from bot.desk import Desk
from models import Account, Area, Chat, Level, Ticket


def told(desk: Desk, chat: Chat, ticket: Ticket, text: str) -> str:
    """A line about a ticket as it is said in this chat: 桃园1栋1单元 电梯停了 where the chat covers several estates.

    The first mention of the ticket's place gets the name; a line that names no place, or the estate already, stays.
    """
    return _told(desk, lambda: _scopes(desk, chat), ticket, text)


def told_to(desk: Desk, person_id: int, ticket: Ticket, text: str) -> str:
    """The same for whoever is rung: a telephone is no chat of anybody's."""
    return _told(desk, lambda: _posts(desk, person_id), ticket, text)


def _told(desk: Desk, scopes: Callable[[], Sequence[Area]], ticket: Ticket, text: str) -> str:
    place = places.said(desk.session, ticket)
    mention = re.search(rf"(?<![0-9A-Za-z]){re.escape(place)}", text)
    if mention is None:
        return text
    estate = places.ancestor(desk.session, desk.session.get_one(Area, ticket.area_id), Level.ESTATE)
    if estate is None or estate.name in text or not _several(desk, scopes(), estate):
        return text
    return text[: mention.start()] + estate.name + text[mention.start() :]


def _several(desk: Desk, scopes: Sequence[Area], estate: Area) -> bool:
    """Whether whoever reads for these areas reads of another estate than this one."""
    scopes = [area for area in scopes if not area.path.startswith(estate.path)]
    if not scopes:
        return False
    return _estates(desk.session, scopes, estate) > 0


def _scopes(desk: Desk, chat: Chat) -> Sequence[Area]:
    if chat.account_id is None:
        return [desk.session.get_one(Area, chat.area_id)] if chat.area_id is not None else []
    person_id = desk.session.get_one(Account, chat.account_id).person_id
    return [] if person_id is None else _posts(desk, person_id)


def _posts(desk: Desk, person_id: int) -> Sequence[Area]:
    today = desk.now.astimezone(desk.settings.zone).date()
    return [desk.session.get_one(Area, post.area_id) for post in people.posts_of(desk.session, person_id, today)]


def _estates(session: Session, scopes: Sequence[Area], but: Area) -> int:
    """How many other estates lie in these areas, or around them."""
    around = {int(part) for area in scopes for part in area.path.strip("/").split("/") if part}
    below = (col(Area.path).startswith(area.path) for area in scopes)
    query = select(Area.id).where(Area.level == Level.ESTATE, Area.id != but.id, or_(col(Area.id).in_(around), *below))
    return len(session.exec(query.limit(1)).all())
