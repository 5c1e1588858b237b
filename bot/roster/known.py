"""What the database holds already, as far as a roster may refer to it or clash with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models import Account, Area, Chat, ChatKind, Level, Organisation, Person


@dataclass(frozen=True)
class KnownArea:
    level: Level
    parent: str | None


@dataclass(frozen=True)
class Known:
    """By the roster's own keys. accounts: whose it is, "" where that person has no code."""

    areas: Mapping[str, KnownArea] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    accounts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    private_chats: frozenset[tuple[str, str]] = frozenset()


NOTHING = Known()


def known(session: Session) -> Known:
    """Read what is there, so that a roster with new rows alone can refer to the old ones."""
    rows = session.exec(select(Area.id, Area.code, Area.level, Area.parent_id)).all()
    codes = {row_id: code for row_id, code, _, _ in rows}
    owners = session.exec(
        select(Account.channel, Account.user_id, Person.code).join(Person, col(Person.id) == col(Account.person_id))
    ).all()
    private = session.exec(select(Chat.channel, Chat.external_id).where(Chat.kind == ChatKind.PRIVATE)).all()
    return Known(
        areas={code: KnownArea(Level(level), codes.get(parent) if parent else None) for _, code, level, parent in rows},
        people=frozenset(code for code in session.exec(select(Person.code)) if code),
        organisations=frozenset(session.exec(select(Organisation.code))),
        accounts={(channel, user): code or "" for channel, user, code in owners},
        private_chats=frozenset((channel, chat) for channel, chat in private),
    )
