"""How somebody is told: the ordered chats of a post."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from bot.people import in_force
from bot.places import ancestors
from bot.routing import Candidate
from bot.settings import ReachStep, Settings
from models import Account, AccountState, Area, Chat, ChatKind, Post, Role

_OFFICE = (Role.STAFF, Role.SECRETARY, Role.ADMINISTRATOR)
_LEADERS = (
    Role.UNIT_LEADER,
    Role.BUILDING_LEADER,
    Role.YARD_SECRETARY,
    Role.PATCH_LEADER,
    Role.GRID_LEADER,
)


def leaders_of(session: Session, area: Area, today: date) -> list[int]:
    """The persons who lead at, above or below an area, staff and secretary apart.

    They never hear of a complaint about one of them: which leader is meant is not for a program to guess.
    """
    chain = [above.id for above in ancestors(session, area)]
    held = session.exec(select(Post).where(col(Post.area_id).in_(chain), col(Post.role).in_(_LEADERS)))
    around = [post.person_id for post in held if in_force(post, today)]
    below = select(Post.person_id).join(Area, col(Area.id) == col(Post.area_id))
    inside = session.exec(below.where(col(Area.path).startswith(area.path), col(Post.role).in_(_LEADERS)))
    return sorted({*around, *inside})


def private_chats(session: Session, person_id: int) -> list[Chat]:
    """The private chats of a person's accounts, the one heard last first."""
    query = (
        select(Chat)
        .join(Account, col(Account.id) == col(Chat.account_id))
        .where(Account.person_id == person_id, Account.state == AccountState.ACTIVE, Chat.kind == ChatKind.PRIVATE)
        .order_by(col(Chat.last_heard_at).desc().nulls_last(), col(Chat.id))
    )
    return list(session.exec(query))


def group(session: Session, kind: ChatKind, area: Area) -> Chat | None:
    """The group of that kind bound nearest at or above the area."""
    chain = [int(part) for part in area.path.strip("/").split("/") if part]
    query = select(Chat).where(col(Chat.area_id).in_(chain), Chat.kind == kind).order_by(col(Chat.id).desc())
    return max(session.exec(query), key=lambda chat: chain.index(chat.area_id or 0), default=None)


def reach(
    session: Session,
    settings: Settings,
    candidate: Candidate,
    area: Area,
    *,
    private: bool,
    heard_in: frozenset[int] = frozenset(),
) -> list[Chat]:
    """The chats in which this post is told of a matter at `area`, in order, none twice.

    private: only private chats and the staff's. heard_in: groups in which the matter was said and acknowledged: the
    leader's own private chat goes before such a group, since the leader has heard it there already.
    """
    chats: list[Chat] = []
    for step in _steps(settings, candidate.role):
        if private and step in ("leaders_chat", "unit_group"):
            continue
        for chat in _step(session, step, candidate, area):
            if chat.id not in {known.id for known in chats} and not (chat.listen_only and step == "unit_group"):
                chats.append(chat)
    # A stable sort: only the groups that heard it already step back behind the person's own chats.
    own = {chat.id for chat in chats if chat.kind == ChatKind.PRIVATE}
    if not own:
        return chats
    staff = [chat for chat in chats if chat.kind == ChatKind.STAFF]
    late = [chat for chat in chats if chat.id in heard_in and chat.kind == ChatKind.RESIDENTS]
    ways = [chat for chat in chats if chat not in late and chat not in staff]
    if candidate.role in _OFFICE:
        return [*staff, *ways, *late]
    return [*ways, *late, *staff]


def _steps(settings: Settings, role: Role) -> Sequence[ReachStep]:
    if role in _OFFICE:
        return settings.reach.staff
    if role in _LEADERS:
        return settings.reach.leader
    # A volunteer who cannot be reached is no matter for the staff's chat: another one is asked.
    return ("private",) if role == Role.VOLUNTEER else settings.reach.property


def _step(session: Session, step: ReachStep, candidate: Candidate, area: Area) -> list[Chat]:
    if step == "private":
        return private_chats(session, candidate.person_id)
    if step == "unit_group":
        found = group(session, ChatKind.RESIDENTS, area)
    else:
        kind = ChatKind.LEADERS if step == "leaders_chat" else ChatKind.STAFF
        found = group(session, kind, area)
    return [found] if found else []
