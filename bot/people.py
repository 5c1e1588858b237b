"""Who may act where. Rights come from posts (role and area) in force today, and from nothing else."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.directory import Account, AccountState, Area, Post, Role, Slot

# behaviour.md: "A post past its end keeps working 60 days while staff are asked."
GRACE = timedelta(days=60)


def person_of(account: Account) -> int | None:
    """Whose rights and records an account carries. Nobody's while it is being checked, or after it left."""
    return account.person_id if account.state == AccountState.ACTIVE else None


def in_force(post: Post, today: date) -> bool:
    """Whether a post gives rights today: begun, and not ended more than 60 days ago."""
    return post.starts_on <= today and (post.ends_on is None or today <= post.ends_on + GRACE)


def posts_of(session: Session, person_id: int, today: date) -> list[Post]:
    """The posts of a person that are in force today, oldest first."""
    query = select(Post).where(col(Post.person_id) == person_id).order_by(col(Post.id))
    return [post for post in session.exec(query) if in_force(post, today)]


def scopes(session: Session, person_id: int, roles: Collection[Role], today: date) -> list[Area]:
    """The areas in which a person holds one of `roles` today, each once; each stands for its whole subtree."""
    query = (
        select(Area, Post)
        .join(Post, col(Post.area_id) == col(Area.id))
        .where(col(Post.person_id) == person_id, col(Post.role).in_(list(roles)))
        .order_by(col(Area.path))
    )
    found = {area.id: area for area, post in session.exec(query) if in_force(post, today)}
    return list(found.values())


def covers(scope: Area, area: Area) -> bool:
    """Whether `area` is `scope` itself or below it. An area whose path was never set covers nothing."""
    return bool(scope.path) and area.path.startswith(scope.path)


def may(session: Session, person_id: int, area: Area, roles: Collection[Role], today: date) -> bool:
    """Whether a person holds one of `roles` today in the area itself or anywhere above it."""
    return any(covers(scope, area) for scope in scopes(session, person_id, roles, today))


def holders(session: Session, area: Area, role: Role, today: date) -> list[Post]:
    """The posts of `role` in exactly this area that are in force today, A before B."""
    query = (
        select(Post)
        .where(col(Post.area_id) == area.id, col(Post.role) == role)
        .where(or_(col(Post.ends_on).is_(None), col(Post.ends_on) >= today - GRACE), col(Post.starts_on) <= today)
        .order_by(col(Post.starts_on).desc(), col(Post.id))
    )
    return sorted(session.exec(query), key=lambda post: post.slot != Slot.A)
