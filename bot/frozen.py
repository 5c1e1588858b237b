"""An account that may be somebody else's by now: no rights from that moment, until staff have looked.

Staff have looked when they gave out a new code for that very person after it was frozen.
"""

from sqlmodel import col, select

from bot.desk import Desk
from models import Account, AccountState, AuditEntry, BindingCode, Person, Post

FROZEN = "account.frozen"


def freeze(desk: Desk, account: Account, reason: str) -> None:
    """Take the account's rights, and write down why: moved, changed, replaced."""
    account.state = AccountState.FROZEN
    desk.session.add(account)
    desk.session.add(
        AuditEntry(
            at=desk.now,
            person_id=account.person_id,
            action=FROZEN,
            subject=f"account:{account.id}",
            detail={"reason": reason},
        )
    )
    desk.session.flush()


def checked_since(desk: Desk, account: Account, code: BindingCode) -> bool:
    """Whether the code was given for this account's own person after the account was frozen."""
    if code.person_id is None or code.person_id != account.person_id:
        return False
    query = (
        select(AuditEntry.at)
        .where(AuditEntry.action == FROZEN, AuditEntry.subject == f"account:{account.id}")
        .order_by(col(AuditEntry.id).desc())
    )
    since = desk.session.exec(query).first()
    return since is not None and code.created_at > since


def nobody(desk: Desk, person_id: int | None) -> bool:
    """Whether of this person nothing is known but how they wish to be reached: no name, phone, roster key or post."""
    person = desk.session.get(Person, person_id) if person_id is not None else None
    if person is None or person.code or person.name or person.phone:
        return False
    return desk.session.exec(select(Post.id).where(Post.person_id == person.id)).first() is None


def take_along(desk: Desk, account: Account, person: Person) -> None:
    """What the account's nameless person wished is the bound person's wish, where they have none of their own."""
    before = desk.session.get(Person, account.person_id) if account.person_id is not None else None
    if before is not None and before.id != person.id:
        person.contact_note = person.contact_note or before.contact_note
