"""Tokens of those who sign in: made once, shown once, stored as a hash. What one may do comes from posts alone."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select, update

from bot import people
from bot.desk import Desk
from models import Area, AuditEntry, Person, Post, Role, Token, User

# Who has anything to do in the API. Leaders of units and property companies work by talking.
READERS = frozenset({Role.STAFF, Role.SECRETARY, Role.GRID_LEADER, Role.ADMINISTRATOR, Role.AUDITOR})

_PREFIX = "dy_"  # so that a token that strayed into a repository or a log can be searched for
_LONGEST = 200
NOTED_EVERY = timedelta(hours=1)


class TokenError(Exception):
    """No token can be made; the message says why, for the operator's terminal."""


def create(desk: Desk, user_name: str, role: str | None = None, area_code: str | None = None) -> str:
    """Make a token for the user `user_name` and return it: it is stored hashed and cannot be shown again.

    user_name: an existing User's name, else a Person's roster code or the name of one of the staff.
    role, area_code: both or neither. The person and the post in that area are made where they are missing.
    Raises TokenError. The caller's transaction commits.
    """
    return _issue(desk, user_with_post(desk, user_name, role, area_code))


def user_with_post(desk: Desk, user_name: str, role: str | None = None, area_code: str | None = None) -> User:
    """The user of that name, made together with their person and post where they are missing (as `create` says).

    Raises TokenError. The caller's transaction commits.
    """
    name = user_name.strip()
    if not name or len(name) > 64:  # noqa: PLR2004  the column's width
        raise TokenError("a user's name has 1 to 64 characters")
    if (role is None) != (area_code is None):
        raise TokenError("--role and --area belong together")
    user = _user(desk, name, may_create=role is not None)
    if role is not None and area_code is not None:
        _ensure_post(desk, user, role, area_code)
    return user


def check(session: Session, token: str, now: datetime) -> User | None:
    """The user a token belongs to, or None where it is unknown, expired or revoked or the user is disabled.

    Looked up by its hash, so that no comparison takes longer the more of a token somebody has guessed.
    """
    if not token or len(token) > _LONGEST:
        return None
    found = session.exec(
        select(Token, User)
        .join(User, col(User.id) == col(Token.user_id))
        .where(col(Token.token_hash) == hash_of(token))
    ).first()
    if found is None:
        return None
    row, user = found
    return user if row.revoked_at is None and user.disabled_at is None and now < row.expires_at else None


def revoke(desk: Desk, user_name: str) -> int:
    """Revoke every token of a user at once; how many there were. Raises TokenError for an unknown user."""
    user = desk.session.exec(select(User).where(col(User.name) == user_name)).first()
    if user is None:
        raise TokenError(f"no user {user_name}")
    rows = desk.session.exec(select(Token).where(col(Token.user_id) == user.id, col(Token.revoked_at).is_(None))).all()
    for row in rows:
        row.revoked_at = desk.now
        desk.session.add(row)
    _audit(desk, user, "token.revoked", {"count": len(rows)})
    return len(rows)


def used(session: Session, token: str, now: datetime) -> None:
    """Note that a token is in use, at most once in `NOTED_EVERY`."""
    stale = or_(col(Token.last_used_at).is_(None), col(Token.last_used_at) <= now - NOTED_EVERY)
    session.execute(update(Token).where(col(Token.token_hash) == hash_of(token), stale).values(last_used_at=now))


def listed(session: Session, users: Collection[int], now: datetime) -> list[Token]:
    """The tokens of these users that are good now, those that end first first."""
    query = select(Token).where(col(Token.user_id).in_(users), col(Token.revoked_at).is_(None), Token.expires_at > now)
    return list(session.exec(query.order_by(col(Token.expires_at), col(Token.id))))


def revoke_one(desk: Desk, token: Token) -> None:
    """A single token is worth nothing from now on; it may be so already."""
    if token.revoked_at is None:
        token.revoked_at = desk.now
        desk.session.add(token)
        _audit(desk, desk.session.get_one(User, token.user_id), "token.revoked", {"count": 1})


def hash_of(token: str) -> str:
    """How a token is stored. A plain hash is enough: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _issue(desk: Desk, user: User) -> str:
    token = _PREFIX + secrets.token_urlsafe(32)
    expires_at = desk.now + timedelta(days=desk.settings.times.token_days)
    desk.session.add(Token(user_id=user.id, token_hash=hash_of(token), created_at=desk.now, expires_at=expires_at))
    _audit(desk, user, "token.created", {"expires_at": expires_at.isoformat()})
    desk.session.flush()
    return token


def _user(desk: Desk, name: str, *, may_create: bool) -> User:
    user = desk.session.exec(select(User).where(col(User.name) == name)).first()
    if user is not None:
        return _enabled(user)
    person = _person(desk, name)
    theirs = _user_of(desk, person)
    if theirs is not None:
        return theirs
    if person is None:
        if not may_create:
            raise TokenError(
                f"nobody on the staff is called {name}: give --role and --area, or import the roster first"
            )
        person = Person(name=name)
        desk.session.add(person)
        desk.session.flush()
    user = User(person_id=person.id, name=name)
    desk.session.add(user)
    desk.session.flush()
    return user


def _person(desk: Desk, name: str) -> Person | None:
    """Whom the operator means: by roster code, else the one member of staff of that name.

    A resident who happens to have the same name is not meant: their chats would get the rights with the post.
    """
    by_code = desk.session.exec(select(Person).where(col(Person.code) == name)).first()
    named = desk.session.exec(select(Person).where(col(Person.name) == name)).all()
    staff = [person for person in named if _on_staff(desk, person)]
    if by_code is None and len(staff) > 1:
        raise TokenError(f"{len(staff)} of the staff are called {name}: use the roster's code")
    return by_code or (staff[0] if staff else None)


def _user_of(desk: Desk, person: Person | None) -> User | None:
    """Under whatever name that person signs in: one person has one user."""
    if person is None:
        return None
    user = desk.session.exec(select(User).where(col(User.person_id) == person.id)).first()
    return None if user is None else _enabled(user)


def _enabled(user: User) -> User:
    if user.disabled_at is not None:
        raise TokenError(f"the user {user.name} is disabled")
    return user


def _on_staff(desk: Desk, person: Person) -> bool:
    return any(post.role in READERS for post in people.posts_of(desk.session, person.id, _today(desk)))


def _today(desk: Desk) -> date:
    return desk.now.astimezone(desk.settings.zone).date()


def _ensure_post(desk: Desk, user: User, role_name: str, area_code: str) -> None:
    try:
        role = Role(role_name)
    except ValueError as error:
        raise TokenError(f"no role {role_name}") from error
    if role not in READERS:
        raise TokenError(f"a {role} works by talking and has nothing in the API")
    area = desk.session.exec(select(Area).where(col(Area.code) == area_code)).first()
    if area is None:
        raise TokenError(f"no area {area_code}")
    held = people.posts_of(desk.session, user.person_id, _today(desk))
    if any(post.role == role and post.area_id == area.id for post in held):
        return
    desk.session.add(Post(person_id=user.person_id, role=role, area_id=area.id, starts_on=_today(desk)))
    _audit(desk, user, "post.created", {"role": role, "area": area.code})
    desk.session.flush()


def _audit(desk: Desk, user: User, action: str, detail: dict[str, object]) -> None:
    """By nobody: the operator at the terminal is known to the machine, not to us."""
    desk.session.add(AuditEntry(at=desk.now, action=action, subject=f"user:{user.id}", detail=detail))
