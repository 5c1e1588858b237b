"""Somebody takes up a post, or its last day is set: what a roster does row by row, for the one case at hand.

Whoever signs in (staff, secretary, ...) is made a user by an administrator (bot.accounts), who gives the post as well.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, or_, select

from bot import binding, posted
from bot.desk import Desk
from bot.tokens import READERS
from models import Account, Area, Person, Post, Role, Slot

# Who works by talking. A liaison belongs to an organisation, which a roster names.
APPOINTED = tuple(role for role in Role if role not in READERS and role != Role.LIAISON)


class NotAppointed(Exception):
    """It was not done; `why` is a key: nobody, several, role, dates, overlaps."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Term:
    """What is held: where, as A or B, from..to (None: open-ended), both days included."""

    role: Role
    area: Area
    slot: Slot
    starts_on: date
    ends_on: date | None = None


def appoint(desk: Desk, who: str, term: Term, *, new: bool = False) -> tuple[Post, str | None]:
    """Give the post to the person of that roster code, or the only one of that name; new: to somebody not there yet.

    Returns the post, and a binding code (shown this once) where nobody knows an account of theirs. Raises NotAppointed.
    """
    if term.role not in APPOINTED:
        raise NotAppointed("role")
    if term.ends_on is not None and term.ends_on < term.starts_on:
        raise NotAppointed("dates")
    person = _new_person(desk, who, term.area) if new else _person(desk, who, term.area)
    held = select(Post).where(
        Post.person_id == person.id, Post.role == term.role, Post.area_id == term.area.id, Post.slot == term.slot,
        or_(col(Post.ends_on).is_(None), col(Post.ends_on) >= term.starts_on),
    )  # fmt: skip
    if any(term.ends_on is None or old.starts_on <= term.ends_on for old in desk.session.exec(held)):
        raise NotAppointed("overlaps")
    post = Post(
        person_id=person.id,
        role=term.role,
        area_id=term.area.id,
        slot=term.slot,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
    )
    desk.session.add(post)
    desk.session.flush()
    known = desk.session.exec(select(Account.id).where(Account.person_id == person.id)).first()
    return post, binding.issue_person_code(desk, person) if known is None else None


def end(desk: Desk, post: Post, last: date) -> None:
    """The post's last day; after it the post works on for its days of grace. Raises NotAppointed("dates")."""
    if last < post.starts_on or last < posted.today(desk):
        raise NotAppointed("dates")
    post.ends_on = last
    desk.session.add(post)
    desk.session.flush()


def _new_person(desk: Desk, name: str, area: Area) -> Person:
    if not name:
        raise NotAppointed("nobody")
    person = Person(name=name[:100], area_id=area.id)
    desk.session.add(person)
    desk.session.flush()
    return person


def _person(desk: Desk, who: str, area: Area) -> Person:
    """By code anywhere, by name among those who live or serve in the same community."""
    by_code = desk.session.exec(select(Person).where(Person.code == who)).first()
    if by_code is not None or not who:
        if by_code is None:
            raise NotAppointed("nobody")
        return by_code
    top = "/".join(area.path.split("/")[:3]) + "/"
    near = select(Area.id).where(col(Area.path).startswith(top, autoescape=True))
    serves = select(Post.person_id).where(col(Post.area_id).in_(near))
    query = select(Person).where(Person.name == who, or_(col(Person.area_id).in_(near), col(Person.id).in_(serves)))
    found = desk.session.exec(query.limit(2)).all()
    if len(found) != 1:
        raise NotAppointed("several" if found else "nobody")
    return found[0]
