"""Who calls the API and what they may see and do there: a bearer token, a user, their posts in force today."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, and_, cast, false, func, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col, select

from bot import people, tokens
from bot.confided import HEADS
from bot.routing import OFFICE
from bot.tokens import READERS
from bot.web.api_errors import ApiError
from models import Area, AuditEntry, Person, Post, Role, Ticket, User

# Who moves tickets: an auditor reads only.
MOVERS = READERS - {Role.AUDITOR}
# Who sees phone numbers. A grid leader knocks at the door, an auditor has no need.
PHONES = OFFICE


class Allow(StrEnum):
    """Whom a route is for. Every route of the API names one; a route without one answers nobody."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    READERS = "readers"
    MOVERS = "movers"
    OFFICE = "office"
    HEADS = "heads"  # what holds for everybody, such as a version of the words
    ADMINISTRATORS = "administrators"


ROLES: dict[Allow, frozenset[Role]] = {
    Allow.READERS: READERS,
    Allow.MOVERS: MOVERS,
    Allow.OFFICE: OFFICE,
    Allow.HEADS: HEADS,
    Allow.ADMINISTRATORS: frozenset({Role.ADMINISTRATOR}),
}


@dataclass(frozen=True)
class Held:
    """A post in force and the area it is held in."""

    post_id: int
    role: Role
    area_id: int
    area_code: str
    area_name: str
    path: str


@dataclass(frozen=True)
class Caller:
    """A signed-in user with today's posts, free of any session."""

    user_id: int
    name: str
    person_id: int
    person_name: str | None
    held: tuple[Held, ...]

    def paths(self, roles: Collection[Role]) -> list[str]:
        """The paths of the areas in which one of `roles` is held; each stands for its subtree."""
        return sorted({held.path for held in self.held if held.role in roles and held.path})

    def may(self, roles: Collection[Role], area: Area | None) -> bool:
        """Whether one of `roles` is held in the area or above it."""
        return area is not None and any(area.path.startswith(path) for path in self.paths(roles))

    def holds(self, roles: Collection[Role]) -> bool:
        return bool(self.paths(roles))


def identify(session: Session, token: str, now: datetime, today: date) -> Caller | None:
    """The caller a token belongs to; None for a bad one."""
    user = tokens.check(session, token, now)
    return None if user is None else caller_of(session, user, today)


def caller_of(session: Session, user: User, today: date) -> Caller:
    """A user as a caller, with the posts that are in force today."""
    person = session.get_one(Person, user.person_id)
    held = []
    for post in people.posts_of(session, person.id, today):
        area = session.get_one(Area, post.area_id)
        held.append(Held(post.id, post.role, area.id, area.code, area.name, area.path))
    return Caller(user.id, user.name, person.id, person.name, tuple(held))


def within(paths: Collection[str], area: type[Area] = Area) -> ColumnElement[bool]:
    """SQL: the joined Area (or an alias of it) lies in one of these subtrees."""
    return or_(false(), *(col(area.path).startswith(path, autoescape=True) for path in paths))


def visible(caller: Caller) -> ColumnElement[bool]:
    """SQL: the Ticket (joined with its Area) may be seen by this caller.

    A silent ticket (violence, suicide) and a private one are for the office; a private one also for a grid leader
    who holds or held it. What was told to the secretary alone is for the heads of the office (bot.confided). Whoever is
    a party to a matter never sees it, whatever the post (behaviour.md).
    """
    own = [held.post_id for held in caller.held if held.role in READERS]
    held_by = or_(
        col(Ticket.holder_post_id).in_(own), *(_lists(col(Ticket.former_post_ids), post_id) for post_id in own)
    )
    open_to_readers = and_(
        within(caller.paths(READERS)),
        ~col(Ticket.silent),
        or_(~col(Ticket.private), and_(col(Ticket.danger).is_(None), held_by)),
    )
    office, heads = caller.paths(OFFICE), caller.paths(HEADS)
    theirs = within(office) if office == heads else and_(within(office), or_(within(heads), ~_TOLD_TO_HEADS))
    return and_(or_(theirs, open_to_readers), ~_lists(col(Ticket.recused_person_ids), caller.person_id))


def _told_to_heads() -> ColumnElement[bool]:
    """SQL: what bot.confided.to_heads says of a ticket."""
    post = aliased(Post)
    heads = select(col(post.id)).where(col(post.role).in_(HEADS))
    return and_(
        col(Ticket.private),
        ~col(Ticket.silent),
        col(Ticket.danger).is_(None),
        col(Ticket.holder_post_id).is_not(None),  # of nobody's IN says neither yes nor no
        col(Ticket.holder_post_id).in_(heads),
        _AllOf(col(Ticket.former_post_ids), heads.scalar_subquery()),
    )


def _lists(column: Mapped[list[int]], number: int) -> ColumnElement[bool]:
    """SQL: a JSON list of integers holds this one. Through its text: SQLite and PostgreSQL share no JSON operator."""
    text = func.replace(func.replace(func.replace(cast(column, Text), " ", ""), "[", ","), "]", ",")
    return text.contains(f",{int(number)},")


class _AllOf(FunctionElement[bool]):
    """SQL: a JSON list of integers holds nothing but what a query finds. PostgreSQL asks the query once, not for each
    row: it weighs what a filter may cost before it chooses how to read a million tickets.
    """

    inherit_cache = True
    type = Boolean()


@compiles(_AllOf, "sqlite")
def _all_of_each(element: _AllOf, compiler: SQLCompiler, **more: Any) -> str:
    column, found = (compiler.process(one, **more) for one in element.clauses)
    had = f"json_each({column}) AS had"
    return f"NOT EXISTS (SELECT 1 FROM {had} WHERE had.value NOT IN {found})"  # noqa: S608 - of columns, no words


@compiles(_AllOf, "postgresql")
def _all_of_an_array(element: _AllOf, compiler: SQLCompiler, **more: Any) -> str:
    column, found = (compiler.process(one, **more) for one in element.clauses)
    listed = f"string_to_array(nullif(translate(CAST({column} AS TEXT), '[] ', ''), ''), ',')"
    return f"coalesce(CAST({listed} AS integer[]), CAST(ARRAY[] AS integer[])) <@ ARRAY{found}"


# Put together once: it says the same of every ticket, and a page asks it several times.
_TOLD_TO_HEADS = _told_to_heads()


def see_ticket(session: Session, caller: Caller, ref: str) -> Ticket:
    """The ticket with this ref, where the caller may see it. Raises the same 404 for all others."""
    query = (
        select(Ticket).join(Area, col(Area.id) == col(Ticket.area_id)).where(col(Ticket.ref) == ref, visible(caller))
    )
    ticket = session.exec(query).first()
    if ticket is None:
        raise ApiError("not_found")
    return ticket


def audit(caller: Caller, now: datetime, action: str, subject: str, detail: Mapping[str, object]) -> AuditEntry:
    """The line of the audit log that says who looked at or changed what."""
    return AuditEntry(at=now, person_id=caller.person_id, action=action, subject=subject, detail=dict(detail))


class FailedLogins:
    """Slows down those who try tokens. Per process and forgotten with it: it saves look-ups, the 256 bits protect.

    A good token always passes, also from an address from which bad ones come: many users share one address.
    A bad token that failed `limit` times within the window is not looked up again until the window is over.
    """

    def __init__(self, limit: int = 10, window: timedelta = timedelta(minutes=1), most: int = 4096) -> None:
        self._limit, self._window, self._most = limit, window, most
        self._failures: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def blocked(self, key: str, now: datetime) -> bool:
        """Whether `key` (an address or a token's hash) has failed too often within the window."""
        with self._lock:
            since, count = self._failures.get(key, (now, 0))
            return count >= self._limit and now - since < self._window

    def note(self, key: str, now: datetime) -> None:
        """Count one failure of `key`."""
        with self._lock:
            since, count = self._failures.pop(key, (now, 0))
            self._failures[key] = (now, 1) if now - since >= self._window else (since, count + 1)
            while len(self._failures) > self._most:
                self._failures.popitem(last=False)
