"""One-time codes: written by somebody from their own chat they bind the account, said in a group they bind the group.

A code is shown once and kept as a hash. It holds for settings.times.code_days, for one use, and for what it was
made for: a group's code is worth nothing in another group, a person's code said openly in a group is spent.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from bot import frozen, people
from bot.desk import Desk
from bot.onetime import code_in, generate, hash_of
from models import Account, AccountState, Area, AuditEntry, BindingCode, Chat, ChatKind, Person, Role, Slot

MAX_TRIES = 5
TRIES_WITHIN = timedelta(hours=1)
GROUP_KINDS = frozenset({ChatKind.RESIDENTS, ChatKind.LEADERS, ChatKind.STAFF})

_LED = frozenset({Role.UNIT_LEADER, Role.BUILDING_LEADER, Role.YARD_SECRETARY, Role.PATCH_LEADER, Role.GRID_LEADER})


class Refusal(StrEnum):
    """Why an account was not bound."""

    WRONG = "wrong"  # unknown, expired or used; counted as a try
    TOO_MANY = "too_many"  # more than 5 wrong codes within the hour: nothing is even looked at
    OTHER_PERSON = "other_person"  # a good code, but the account is somebody else's: never silently moved
    FROZEN = "frozen"  # a good code, but somebody has yet to check whose account this is


def issue_person_code(desk: Desk, person: Person) -> str:
    """A new code for the person to write from their own chat. Codes given out for them before are worth nothing now."""
    desk.session.flush()
    earlier = update(BindingCode).where(
        col(BindingCode.person_id) == person.id,
        col(BindingCode.used_at).is_(None),
        col(BindingCode.expires_at) > desk.now,
    )
    desk.session.execute(earlier.values(expires_at=desk.now))
    code = generate()
    expires_at = expiry(desk)
    desk.session.add(
        BindingCode(code_hash=hash_of(code), person_id=person.id, created_at=desk.now, expires_at=expires_at)
    )
    record(desk, "code.issued", f"person:{person.id}", {})
    desk.session.flush()
    return code


def issue_chat_code(desk: Desk, chat: Chat, area: Area | None = None, kind: ChatKind | None = None) -> str:
    """A new code to be said in this very group. Without an area it becomes that of the leader who says it."""
    if chat.kind == ChatKind.PRIVATE or (kind is not None and kind not in GROUP_KINDS):
        raise ValueError("only a group can be bound, as residents, leaders or staff")
    code = generate()
    row = BindingCode(
        code_hash=hash_of(code),
        chat_key=chat_key(chat),
        area_id=area.id if area else None,
        chat_kind=kind,
        created_at=desk.now,
        expires_at=expiry(desk),
    )
    desk.session.add(row)
    record(desk, "code.issued", f"chat:{chat.id}", {"area": area.code if area else None})
    desk.session.flush()
    return code


def looks_like_code(text: str) -> bool:
    """Whether a message is a code and nothing else."""
    return code_in(text) is not None


def redeem_person(desk: Desk, account: Account, code: str) -> Person | None:
    """Bind the account to the person the code was made for. None: it was not bound; `redeem` tells why."""
    bound = redeem(desk, account, code)
    return bound if isinstance(bound, Person) else None


def redeem(desk: Desk, account: Account, code: str) -> Person | Refusal:
    """Bind the account to the person the code was made for, or say why not. The same account may say it twice.

    A good code on an account that is bound to somebody else, or frozen, leaves an audit entry for staff.
    """
    _lock(desk, account)
    if _tries(desk, account) >= MAX_TRIES:
        return Refusal.TOO_MANY
    row = _find(desk, code)
    if row is None or row.person_id is None:
        return _wrong(desk, account)
    if row.used_at is not None and row.person_id == account.person_id:
        return desk.session.get_one(Person, row.person_id)
    if row.used_at is not None or row.expires_at <= desk.now:
        return _wrong(desk, account)
    taken = _taken(desk, account, row)
    if taken is not None:
        detail = {"reason": taken.value, "code_of": row.person_id, "bound_to": account.person_id}
        record(desk, "account.bind_refused", f"account:{account.id}", detail, account.person_id)
        return taken
    return _bind(desk, account, row.person_id) if _use(desk, row) else _wrong(desk, account)


def redeem_chat(desk: Desk, chat: Chat, code: str, speaker: Account | None = None) -> Area | None:
    """Bind the group to the area its code was made for; where it was made without one, to the one area that
    `speaker` leads. None: not this group's code, expired, used, or no area to be found."""
    row = _find(desk, code)
    if row is None:
        return None
    if row.person_id is not None:
        _expose(desk, chat, row)
        return None
    if row.used_at is not None or row.expires_at <= desk.now or row.chat_key != chat_key(chat):
        return None
    area = desk.session.get(Area, row.area_id) if row.area_id else _led_by(desk, speaker)
    if area is None or not _use(desk, row):
        return None
    bind_chat(desk, chat, area, row.chat_kind or ChatKind.RESIDENTS, by="code", speaker=speaker)
    return area


def bind_chat(desk: Desk, chat: Chat, area: Area, kind: ChatKind, *, by: str, speaker: Account | None = None) -> None:
    """Make the group the area's, at once. by: "staff", "code" or "roster", for the audit. Raises ValueError where
    the chat is private or the kind is not a group's."""
    if chat.kind == ChatKind.PRIVATE or kind not in GROUP_KINDS:
        raise ValueError("only a group can be bound, as residents, leaders or staff")
    detail = {"by": by, "area": area.code, "kind": kind.value, "before": chat.kind.value, "area_before": chat.area_id}
    chat.area_id, chat.kind = area.id, kind
    if kind != ChatKind.RESIDENTS:
        chat.listen_only = False  # leaders and staff are where what must be known is told: never mute
    desk.session.add(chat)
    desk.session.flush()
    record(desk, "chat.bound", f"chat:{chat.id}", detail, speaker.person_id if speaker else None)


def listen_only(desk: Desk, chat: Chat, on: bool, *, by: str, person_id: int | None = None) -> None:
    """Have a residents' group only listened to, or acted upon again. by: "staff" or "command", for the audit. Raises
    ValueError for any other chat: leaders and staff are where what must be known is told."""
    if chat.kind not in (ChatKind.RESIDENTS, ChatKind.UNBOUND):
        raise ValueError("only a residents' group, or one that is not bound yet, can be only listened to")
    if chat.listen_only != on:
        chat.listen_only = on
        desk.session.add(chat)
        record(desk, "chat.listen_only", f"chat:{chat.id}", {"by": by, "on": on}, person_id)


@dataclass(frozen=True)
class ChatLine:
    """One group as `chats` lists it. heard: whether anything was ever said in it."""

    id: int
    channel: str
    chat: str
    name: str
    kind: ChatKind
    area_code: str | None
    area_name: str | None
    heard: bool
    listen_only: bool = False


def groups(session: Session) -> list[ChatLine]:
    """Every group with its state, unbound ones first."""
    query = (
        select(Chat, Area)
        .outerjoin(Area, col(Area.id) == col(Chat.area_id))
        .where(Chat.kind != ChatKind.PRIVATE)
        .order_by(col(Chat.id))
    )
    lines = [_line(chat, area) for chat, area in session.exec(query)]
    return sorted(lines, key=lambda line: line.kind != ChatKind.UNBOUND)


def unbound_chats(session: Session) -> list[ChatLine]:
    """The groups nobody has told us about, oldest first."""
    return [line for line in groups(session) if line.kind == ChatKind.UNBOUND]


def people_with_codes(desk: Desk) -> set[int]:
    """The ids of people who hold a code that is unused and still good."""
    query = select(BindingCode.person_id).where(
        col(BindingCode.person_id).is_not(None), col(BindingCode.used_at).is_(None), BindingCode.expires_at > desk.now
    )
    return {person_id for person_id in desk.session.exec(query) if person_id is not None}


def chat_key(chat: Chat) -> str:
    """What a group's code is tied to."""
    return f"{chat.channel}/{chat.external_id}"


def record(desk: Desk, action: str, subject: str, detail: Mapping[str, object], person_id: int | None = None) -> None:
    """An audit entry on a binding. detail never holds a code, a user id or a name."""
    desk.session.add(AuditEntry(at=desk.now, person_id=person_id, action=action, subject=subject, detail=dict(detail)))


def _line(chat: Chat, area: Area | None) -> ChatLine:
    return ChatLine(
        id=chat.id,
        channel=chat.channel,
        chat=chat.external_id,
        name=chat.name or "",
        kind=chat.kind,
        area_code=area.code if area else None,
        area_name=area.name if area else None,
        heard=chat.last_heard_at is not None,
        listen_only=chat.listen_only,
    )


def expiry(desk: Desk) -> datetime:
    """When a code made now ends."""
    return desk.now + timedelta(days=desk.settings.times.code_days)


def _find(desk: Desk, code: str) -> BindingCode | None:
    """The row of a code, looked up by its hash: nobody learns from the time it takes how near a guess came."""
    said = code_in(code)
    if said is None:
        return None
    hashed = hash_of(said)
    row = desk.session.exec(select(BindingCode).where(BindingCode.code_hash == hashed)).first()
    return row if row is not None and hmac.compare_digest(row.code_hash, hashed) else None


def _use(desk: Desk, row: BindingCode) -> bool:
    """Spend the code; False where somebody else did so at the same moment."""
    claim = update(BindingCode).where(col(BindingCode.id) == row.id, col(BindingCode.used_at).is_(None))
    claimed = desk.session.execute(claim.values(used_at=desk.now).execution_options(synchronize_session=False))
    desk.session.refresh(row)
    return cast("CursorResult[Any]", claimed).rowcount == 1


def _lock(desk: Desk, account: Account) -> None:
    """So that guesses told at the same moment are counted one after the other (PostgreSQL; SQLite writes alone)."""
    desk.session.add(account)
    desk.session.flush()
    desk.session.refresh(account, with_for_update=True)


def _tries(desk: Desk, account: Account) -> int:
    """Wrong codes within the hour that began with the first of them."""
    since = account.code_tried_at
    return account.code_tries if since is not None and desk.now - since < TRIES_WITHIN else 0


def _wrong(desk: Desk, account: Account) -> Refusal:
    before = _tries(desk, account)
    account.code_tries = before + 1
    if before == 0:
        account.code_tried_at = desk.now
    desk.session.add(account)
    return Refusal.WRONG


def _taken(desk: Desk, account: Account, row: BindingCode) -> Refusal | None:
    if account.state == AccountState.FROZEN:
        return None if frozen.checked_since(desk, account, row) else Refusal.FROZEN
    if account.person_id in (None, row.person_id) or frozen.nobody(desk, account.person_id):
        return None
    return Refusal.OTHER_PERSON


def _bind(desk: Desk, account: Account, person_id: int) -> Person:
    person = desk.session.get_one(Person, person_id)
    frozen.take_along(desk, account, person)
    account.person_id, account.state = person.id, AccountState.ACTIVE
    if person.area_id is not None:
        account.area_id = account.bound_area_id = person.area_id
        account.bound_by, account.bound_at = "code", desk.now
    account.code_tries, account.code_tried_at = 0, None
    desk.session.add(account)
    record(desk, "account.bound", f"account:{account.id}", {"by": "code", "person": person.id}, person.id)
    desk.session.flush()
    return person


def _expose(desk: Desk, chat: Chat, row: BindingCode) -> None:
    """A person's code read by a whole group is anybody's: it is spent, and staff give a new one."""
    if row.used_at is None and row.expires_at > desk.now and _use(desk, row):
        record(desk, "code.exposed", f"person:{row.person_id}", {"chat": chat.id})


def _led_by(desk: Desk, speaker: Account | None) -> Area | None:
    if speaker is None or speaker.person_id is None or speaker.state != AccountState.ACTIVE:
        return None
    today = desk.now.astimezone(desk.settings.zone).date()
    posts = people.posts_of(desk.session, speaker.person_id, today)
    # Where they only stand in for somebody is not the place they speak of.
    led = {post.area_id for post in posts if post.role in _LED and post.slot == Slot.A}
    return desk.session.get(Area, led.pop()) if len(led) == 1 else None
