"""All that is held on one person: found, listed whole (a person may ask for it: PIPL, article 45), and where it lies.

    found = find(session, "王阿姨")            # people of the roster (p12), accounts of strangers (a34)
    somebody = subject(session, "p12")
    everything(desk, somebody)                 # tables, in words, as they are handed over

Only looks; bot.inbox.erasing forgets.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from models import Account, AccountState, Area, Chat, ChatKind, Person, Post, Report, Ticket

MOST = 20
_KEY = re.compile(r"([pa])(\d{1,9})", re.ASCII)
_NUMBER = re.compile(r"[#＃]?(\d{1,9})")


@dataclass(frozen=True)
class Subject:
    """One person with all their accounts; or one account of which nobody knows whose it is."""

    person: Person | None
    accounts: tuple[Account, ...]

    @property
    def key(self) -> str:
        return f"p{self.person.id}" if self.person else f"a{self.accounts[0].id}"

    @property
    def name(self) -> str:
        """What they are called, "" where nobody knows."""
        names = [self.person.name if self.person else None, *(account.display_name for account in self.accounts)]
        return next((name for name in names if name), "")

    @property
    def ids(self) -> list[int]:
        return [account.id for account in self.accounts]


def subject(session: Session, key: str) -> Subject | None:
    """Whom a key names; None for nobody, and for whom nothing is left of."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    number = int(found[2])
    if found[1] == "a":
        account = session.get(Account, number)
        if account is None or account.person_id is None:
            return Subject(None, (account,)) if account is not None and not _blank(account) else None
        number = account.person_id
    person = session.get(Person, number)
    if person is None:
        return None
    accounts = session.exec(select(Account).where(Account.person_id == number).order_by(col(Account.id))).all()
    return Subject(person, tuple(accounts)) if accounts or _says(person) else None


def find(session: Session, words: str) -> list[Subject]:
    """Whoever has this name (or a part of it), phone, roster code or account, or told the ticket of this number or ref.

    At most MOST, people of the roster first.
    """
    words = words.strip()
    if not words:
        return []
    keys = [f"p{number}" for number in _people(session, words)]
    keys += [f"p{person}" if person else f"a{number}" for number, person in _accounts(session, words)]
    return _subjects(session, list(dict.fromkeys(keys))[:MOST])


def tickets_of(session: Session, somebody: Subject) -> list[Ticket]:
    """What they told, the oldest first."""
    told = select(Report.ticket_id).where(col(Report.account_id).in_(somebody.ids))
    return list(session.exec(select(Ticket).where(col(Ticket.id).in_(told)).order_by(col(Ticket.id))))


def areas_of(session: Session, somebody: Subject, tickets: Iterable[Ticket]) -> list[Area]:
    """Where they live, hold or held a post, and told something."""
    ids = {ticket.area_id for ticket in tickets}
    for account in somebody.accounts:
        ids |= {account.area_id or 0, account.bound_area_id or 0}
    if somebody.person is not None:
        ids.add(somebody.person.area_id or 0)
        ids |= set(session.exec(select(Post.area_id).where(Post.person_id == somebody.person.id)))
    return list(session.exec(select(Area).where(col(Area.id).in_(ids)).order_by(col(Area.path))))


def own_chats(session: Session, somebody: Subject) -> list[Chat]:
    """Their private chats with the service."""
    query = select(Chat).where(col(Chat.account_id).in_(somebody.ids), Chat.kind == ChatKind.PRIVATE)
    return list(session.exec(query.order_by(col(Chat.id))))


def _subjects(session: Session, keys: list[str]) -> list[Subject]:
    """As `subject`, for all at once: an account named here is nobody's we know."""
    strangers = [int(key[1:]) for key in keys if key.startswith("a")]
    known = [int(key[1:]) for key in keys if key.startswith("p")]
    people = {one.id: one for one in session.exec(select(Person).where(col(Person.id).in_(known)))}
    query = select(Account).where(or_(col(Account.id).in_(strangers), col(Account.person_id).in_(known)))
    accounts = session.exec(query.order_by(col(Account.id))).all()
    found = []
    for key in keys:
        number = int(key[1:])
        if key.startswith("a"):
            found += [Subject(None, (one,)) for one in accounts if one.id == number and not _blank(one)]
        elif (person := people.get(number)) is not None:
            own = tuple(one for one in accounts if one.person_id == number)
            found += [Subject(person, own)] if own or _says(person) else []
    return found


def _says(person: Person) -> bool:
    """Whether anything is left in somebody's row of the roster."""
    return bool(person.name or person.phone or person.code or person.contact_note)


def _people(session: Session, words: str) -> list[int]:
    named: list[ColumnElement[bool]] = [col(Person.name).contains(words, autoescape=True), col(Person.code) == words]
    if len(digits := _digits(words)) >= 7:  # noqa: PLR2004  no phone is shorter
        named.append(col(Person.phone) == digits)
    return list(session.exec(select(Person.id).where(or_(*named)).order_by(col(Person.id)).limit(MOST)))


def _accounts(session: Session, words: str) -> list[tuple[int, int | None]]:
    """The accounts, with whose they are."""
    named: list[ColumnElement[bool]] = [
        col(Account.display_name).contains(words, autoescape=True), col(Account.user_id) == words
    ]  # fmt: skip
    told = select(Report.account_id).join(Ticket, col(Ticket.id) == col(Report.ticket_id))
    number = _NUMBER.fullmatch(words)
    if number:
        named.append(col(Account.id).in_(told.where(Ticket.number == int(number[1]))))
    named.append(col(Account.id).in_(told.where(Ticket.ref == words)))
    if len(digits := _digits(words)) >= 7:  # noqa: PLR2004
        named.append(col(Account.id).in_(told.where(Report.phone == digits)))
    query = select(Account.id, Account.person_id).where(or_(*named)).order_by(col(Account.id).desc()).limit(MOST)
    return list(session.exec(query))


def _digits(words: str) -> str:
    return re.sub(r"[\s-]", "", words) if re.fullmatch(r"[+\d\s-]+", words) else ""


def _blank(account: Account) -> bool:
    """Whether nothing is left of an account but its row."""
    return account.state == AccountState.GONE and account.user_id.startswith("erased-")
