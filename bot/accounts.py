"""Users of the console: their passwords, second factors and recovery codes. What they may do comes from their posts.

Everything here takes a Desk and never commits; hashing a password takes its time and is done before (bot.passwords).
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyotp
from sqlmodel import Session, col, delete, select

from bot import people, tokens
from bot.desk import Desk
from bot.passwords import First
from bot.routing import TITLES
from bot.seal import Seal
from bot.tokens import READERS, TokenError
from models import Area, AuditEntry, Person, RecoveryCode, User, UserSession

RECOVERY_CODES = 10
STEP = 30  # seconds that a code is good for; one step early or late is taken as well
_ISSUER = "单元"


@dataclass(frozen=True)
class Listed:
    """A user as the list shows them. posts: as "社工 枫林社区"."""

    id: int
    person_id: int
    name: str
    person: str | None
    posts: tuple[str, ...]
    disabled: bool
    password: bool
    second_factor: bool


def create(desk: Desk, first: First, name: str, role: str | None, area_code: str | None) -> User:
    """Give a user a first password: it is shown once and changed at the first login.

    The user, their person and the post are made where they are missing. Raises TokenError; also where the user has a
    password already.
    """
    user = tokens.user_with_post(desk, name, role, area_code)
    if user.password_hash is not None:
        raise TokenError(f"{user.name} has a password: `user reset-password` makes a new one")
    if not any(post.role in READERS for post in people.posts_of(desk.session, user.person_id, _today(desk))):
        raise TokenError(f"{user.name} has no post that works in the console: give --role and --area")
    _first_password(desk, user, first, "user.created")
    return user


def reset_password(desk: Desk, first: First, name: str, *, by: int | None = None) -> None:
    """A new first password; every session ends. Raises TokenError for an unknown user."""
    user = named(desk.session, name)
    end_sessions(desk, user)
    _first_password(desk, user, first, "password.reset", by=by)


def disable(desk: Desk, name: str, *, by: int | None = None) -> None:
    """Nobody signs in by that name any more, nor by its tokens; every session ends. Raises TokenError."""
    user = named(desk.session, name)
    user.disabled_at = user.disabled_at or desk.now
    end_sessions(desk, user)
    written(desk, user, "user.disabled", by=by)


def enable(desk: Desk, name: str, *, by: int | None = None) -> None:
    """The user may sign in again. Raises TokenError."""
    user = named(desk.session, name)
    user.disabled_at = None
    written(desk, user, "user.enabled", by=by)


def reset_totp(desk: Desk, name: str, *, by: int | None = None) -> None:
    """The second factor is lost: it and its recovery codes go, every session ends. Raises TokenError."""
    user = named(desk.session, name)
    user.totp_sealed, user.totp_at, user.totp_step = None, None, 0
    desk.session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    end_sessions(desk, user)
    written(desk, user, "totp.reset", by=by)


def listed(desk: Desk) -> list[Listed]:
    """Every user by name, with the posts that are in force."""
    query = select(User, Person).join(Person, col(Person.id) == col(User.person_id)).order_by(col(User.name))
    found = []
    for user, person in desk.session.exec(query):
        posts = people.posts_of(desk.session, person.id, _today(desk))
        held = [f"{TITLES[post.role]} {desk.session.get_one(Area, post.area_id).name}" for post in posts]
        found.append(
            Listed(
                user.id,
                person.id,
                user.name,
                person.name,
                tuple(held),
                user.disabled_at is not None,
                user.password_hash is not None,
                user.totp_at is not None,
            )
        )
    return found


def named(session: Session, name: str) -> User:
    """The user of that name. Raises TokenError."""
    user = session.exec(select(User).where(col(User.name) == name.strip())).first()
    if user is None:
        raise TokenError(f"no user {name}")
    return user


def set_password(desk: Desk, user: User, password_hash: str, *, keep: int | None = None) -> None:
    """The user's own new password. keep: the session it was changed in; every other one ends."""
    user.password_hash, user.password_at, user.must_change = password_hash, desk.now, False
    desk.session.add(user)
    end_sessions(desk, user, keep=keep)
    written(desk, user, "password.changed", by=user.person_id)


def new_secret() -> str:
    """A secret for a second factor, to be confirmed by a first code."""
    return pyotp.random_base32()


def address_of(user: User, secret: str) -> str:
    """What the QR code says: otpauth://totp/..."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name=_ISSUER)


def add_totp(desk: Desk, user: User, seal: Seal, secret: str, code: str) -> list[str] | None:
    """Take `secret` for the second factor where `code` proves it: the recovery codes, shown once. None: it does not."""
    step = _step_of(secret, code, desk, 0)
    if step is None:
        return None
    user.totp_sealed, user.totp_at, user.totp_step = seal.close(secret), desk.now, step
    desk.session.add(user)
    written(desk, user, "totp.added", by=user.person_id)
    return _new_codes(desk, user)


def second(desk: Desk, user: User, seal: Seal, code: str) -> bool:
    """Whether `code` is the second factor's of this moment, or a recovery code; either counts once."""
    code = "".join(code.split()).lower()
    secret = seal.open(user.totp_sealed) if user.totp_sealed else None
    if secret is not None and code.isdigit():
        step = _step_of(secret, code, desk, user.totp_step)
        if step is not None:
            user.totp_step = step
            desk.session.add(user)
            return True
    return _recovered(desk, user, code)


def end_sessions(desk: Desk, user: User, *, keep: int | None = None) -> None:
    """End every open session of a user but `keep`."""
    query = select(UserSession).where(col(UserSession.user_id) == user.id, col(UserSession.ended_at).is_(None))
    for row in desk.session.exec(query):
        if row.id != keep:
            row.ended_at = desk.now
            desk.session.add(row)


def written(desk: Desk, user: User, action: str, *, by: int | None = None) -> None:
    """A line of the audit log about a user. by: the person; None: the operator at the terminal, or nobody signed in."""
    desk.session.add(AuditEntry(at=desk.now, person_id=by, action=action, subject=f"user:{user.id}"))


def _first_password(desk: Desk, user: User, first: First, action: str, *, by: int | None = None) -> None:
    user.password_hash, user.password_at, user.must_change = first.password_hash, desk.now, True
    desk.session.add(user)
    written(desk, user, action, by=by)


def _step_of(secret: str, code: str, desk: Desk, last: int) -> int | None:
    """The step of time that `code` belongs to; None where it is wrong, or was used already."""
    now = int(desk.now.timestamp()) // STEP
    totp = pyotp.TOTP(secret, interval=STEP)
    for step in (now, now - 1, now + 1):
        if step > last and pyotp.utils.strings_equal(totp.at(step * STEP), code.strip()):
            return step
    return None


def _new_codes(desk: Desk, user: User) -> list[str]:
    desk.session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(RECOVERY_CODES)]
    desk.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hashed(code)) for code in codes)
    return codes


def _recovered(desk: Desk, user: User, code: str) -> bool:
    query = select(RecoveryCode).where(
        col(RecoveryCode.user_id) == user.id,
        col(RecoveryCode.code_hash) == _hashed(code),
        col(RecoveryCode.used_at).is_(None),
    )
    row = desk.session.exec(query.with_for_update()).first()
    if row is None:
        return False
    row.used_at = desk.now
    desk.session.add(row)
    written(desk, user, "totp.recovered", by=user.person_id)
    return True


def codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes are unused."""
    query = select(RecoveryCode.id).where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.used_at).is_(None))
    found: Sequence[int] = session.exec(query).all()
    return len(found)


def _hashed(code: str) -> str:
    """64 random bits need no slow hash."""
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()


def _today(desk: Desk) -> date:
    return desk.now.astimezone(desk.settings.zone).date()
