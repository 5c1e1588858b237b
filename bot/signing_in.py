"""Who is signed in, who tries too often: rows that every web process sees, so that no Redis is needed.

Somebody who fails LIMIT times within WINDOW waits until the oldest of these failures is so long ago; the right password
does not help meanwhile, or the limit would be none. An address gets more, for a whole office may share it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from bot.desk import Desk
from models import LoginFailure, User, UserSession

WINDOW = timedelta(minutes=15)
LIMIT = 5  # failures of one name, or of one user's second factor
ADDRESS_LIMIT = 60
KEPT = timedelta(days=1)
SEEN_EVERY = timedelta(minutes=1)  # a click is not worth a write each time
_LONGEST_TOKEN = 100


@dataclass(frozen=True)
class Tries:
    """What is counted: a name or a user's second factor, and the address it came from."""

    who: str
    address: str

    def counted(self) -> tuple[tuple[str, int], ...]:
        return (_hashed(f"who:{self.who}"), LIMIT), (_hashed(f"address:{self.address}"), ADDRESS_LIMIT)


def too_many(session: Session, tries: Tries, now: datetime) -> bool:
    """Whether no more tries are taken at this moment."""
    for key, limit in tries.counted():
        count = select(func.count(col(LoginFailure.id))).where(LoginFailure.key == key, LoginFailure.at > now - WINDOW)
        if session.exec(count).one() >= limit:
            return True
    return False


def failed(desk: Desk, tries: Tries) -> bool:
    """Count a failure. Returns whether it was the one that locks."""
    before = too_many(desk.session, tries, desk.now)
    desk.session.add_all(LoginFailure(key=key, at=desk.now) for key, _ in tries.counted())
    desk.session.exec(delete(LoginFailure).where(col(LoginFailure.at) < desk.now - KEPT))
    desk.session.flush()
    return not before and too_many(desk.session, tries, desk.now)


def succeeded(desk: Desk, tries: Tries) -> None:
    """The name starts anew; the address does not: it may be shared with whoever is trying."""
    desk.session.exec(delete(LoginFailure).where(col(LoginFailure.key) == tries.counted()[0][0]))


def begin(desk: Desk, user: User, browser: str) -> tuple[str, UserSession]:
    """A new session; the token for the browser's cookie, kept hashed. Old sessions of everybody are cleared away.

    browser: whatever tells somebody's own sessions apart, at most 120 characters of it.
    """
    token = secrets.token_urlsafe(32)
    row = UserSession(
        user_id=user.id,
        token_hash=_hashed(token),
        created_at=desk.now,
        seen_at=desk.now,
        expires_at=desk.now + timedelta(hours=desk.settings.console.longest_hours),
        browser=browser[:120],
    )
    desk.session.add(row)
    desk.session.exec(delete(UserSession).where(col(UserSession.expires_at) < desk.now - KEPT))
    desk.session.flush()
    return token, row


def signed_in(desk: Desk, token: str | None) -> tuple[UserSession, User] | None:
    """Whose session a cookie's token is, while it lasts; None where it has ended, or the user is disabled."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    query = (
        select(UserSession, User)
        .join(User, col(User.id) == col(UserSession.user_id))
        .where(col(UserSession.token_hash) == _hashed(token), col(UserSession.ended_at).is_(None))
    )
    found = desk.session.exec(query).first()
    if found is None:
        return None
    row, user = found
    idle = timedelta(minutes=desk.settings.console.idle_minutes)
    if desk.now >= row.expires_at or desk.now - row.seen_at >= idle or user.disabled_at is not None:
        return None
    return row, user


def renew(desk: Desk, session_id: int, *, second: bool = False) -> str:
    """Another token for a session whose rights change: one that was seen before is worth nothing from now on."""
    row = desk.session.get_one(UserSession, session_id)
    token = secrets.token_urlsafe(32)
    row.token_hash = _hashed(token)
    if second:
        row.second_at = desk.now
    desk.session.add(row)
    return token


def needs_note(row: UserSession, now: datetime) -> bool:
    """Whether the last click that is written down is long enough ago to write another one."""
    return now - row.seen_at >= SEEN_EVERY


def seen(desk: Desk, session_id: int) -> None:
    """Somebody clicked. A page that only refreshes itself is no click."""
    row = desk.session.get(UserSession, session_id)
    if row is not None and row.ended_at is None:
        row.seen_at = desk.now
        desk.session.add(row)


def sessions_of(desk: Desk, user_id: int) -> list[UserSession]:
    """The sessions of a user that still last, the latest click first."""
    idle = timedelta(minutes=desk.settings.console.idle_minutes)
    query = select(UserSession).where(
        col(UserSession.user_id) == user_id,
        col(UserSession.ended_at).is_(None),
        col(UserSession.expires_at) > desk.now,
        col(UserSession.seen_at) > desk.now - idle,
    )
    return list(desk.session.exec(query.order_by(col(UserSession.seen_at).desc())))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
