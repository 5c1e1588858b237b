"""Who is responsible and who else hears of it. Pure: the posts in force come as arguments, nearest area first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from models.directory import Role, Slot

# On screen.
TITLES = {
    Role.UNIT_LEADER: "单元长",
    Role.BUILDING_LEADER: "楼栋长",
    Role.YARD_SECRETARY: "庭院书记",
    Role.PATCH_LEADER: "片长",
    Role.GRID_LEADER: "网格长",
    Role.SECRETARY: "社区书记",
    Role.STAFF: "社工",
    Role.DUTY: "值班",
    Role.PROPERTY: "物业",
    Role.OWNERS_COMMITTEE: "业委会",
    Role.MEDIATOR: "调解员",
    Role.VOLUNTEER: "志愿者",
    Role.LINKED_MEMBER: "联户党员",
    Role.DEPUTY: "人大代表",
    Role.ADMINISTRATOR: "管理员",
    Role.AUDITOR: "审计",
    Role.LIAISON: "单位联系人",
}

# The chain a matter climbs, lowest first. Staff end it: a ladder never ends with nobody.
LADDER = (
    Role.UNIT_LEADER,
    Role.BUILDING_LEADER,
    Role.YARD_SECRETARY,
    Role.PATCH_LEADER,
    Role.GRID_LEADER,
    Role.STAFF,
    Role.SECRETARY,
)

# Who may handle a ticket in their scope.
HANDLERS = frozenset({*LADDER, Role.DUTY, Role.PROPERTY, Role.MEDIATOR})
# What staff may do and leaders may not.
OFFICE = frozenset({Role.STAFF, Role.SECRETARY, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Candidate:
    """A post in force whose area is the ticket's or above it."""

    post_id: int
    person_id: int
    role: Role
    slot: Slot
    depth: int  # of its area: deeper is nearer


@dataclass(frozen=True)
class Route:
    """holder: responsible. told: everybody who gets a card, holder first. why: the steps, readable."""

    holder: Candidate | None
    told: tuple[Candidate, ...] = ()
    why: tuple[str, ...] = field(default=())


def route(intent: str, posts: Sequence[Candidate], recused: Collection[int] = ()) -> Route:
    """The ordinary way of a matter: leaders for repairs, staff for policy, volunteers beside staff for help."""
    fit, why = _without(posts, recused)
    if intent == "repair":
        return _up(LADDER, fit, why)
    if intent == "help":
        holder = _first((Role.STAFF, Role.SECRETARY), fit)
        volunteers = tuple(c for c in fit if c.role == Role.VOLUNTEER)
        return _named(holder, volunteers, [*why, f"求助：请志愿者来接（{len(volunteers)}位），社工负责到底"])
    return _named(_first((Role.STAFF, Role.SECRETARY), fit), (), [*why, "由社区社工办理"])


def mediation(posts: Sequence[Candidate], whom: str, recused: Collection[int] = ()) -> Route:
    """A dispute, after the resident was asked whom to involve: "mediator", "leader" or "nobody" (staff keep it)."""
    fit, why = _without(posts, recused)
    if whom == "leader":
        return _up(LADDER, fit, [*why, "当事人愿意请单元长"])
    roles = (Role.MEDIATOR, Role.STAFF, Role.SECRETARY) if whom == "mediator" else (Role.STAFF, Role.SECRETARY)
    return _named(_first(roles, fit), (), [*why, "纠纷：先由社区的人接，不告诉单元长"])


def about_leader(posts: Sequence[Candidate], recused: Collection[int]) -> Route:
    """A complaint about a leader or staff goes to the secretary alone; about the secretary, to whoever is above."""
    fit, why = _without(posts, recused)
    holder = _first((Role.SECRETARY, Role.ADMINISTRATOR), fit)
    return _named(holder, (), [*why, "反映的是单元长或工作人员，只转社区书记"])


def emergency(posts: Sequence[Candidate], recused: Collection[int] = (), *, trained_only: bool = False) -> Route:
    """Everybody at once: leaders A and B, duty, property, grid leader and staff; or trained staff alone."""
    fit, why = _without(posts, recused)
    near = _first(LADDER[:4], fit)
    if trained_only:
        told = [c for c in fit if c.role in (Role.DUTY, Role.STAFF, Role.SECRETARY)]
        why = [*why, "只告诉社区专门的人，单元里不知道"]
    else:
        leaders = [c for c in fit if near is not None and c.role == near.role and c.depth == near.depth]
        office = Role.STAFF if any(c.role == Role.STAFF for c in fit) else Role.SECRETARY
        rest = (Role.DUTY, Role.PROPERTY, Role.GRID_LEADER, office)
        told = [*leaders, *(c for c in fit if c.role in rest and c not in leaders)]
        why = [*why, "危险：单元长A、B岗、值班、物业、网格长和社工同时告诉"]
    holder = _first((Role.DUTY, Role.STAFF, Role.SECRETARY), fit) if trained_only else near
    return Route(holder or (told[0] if told else None), tuple(told), tuple(why))


def next_up(current: Role | None, depth: int, posts: Sequence[Candidate], recused: Collection[int] = ()) -> Route:
    """The level above whoever holds it now: higher on the ladder; from the top, the secretary again."""
    fit, why = _without(posts, recused)
    at = LADDER.index(current) if current in LADDER else -1
    holder = _first(LADDER[at + 1 :], [c for c in fit if c.depth <= depth]) or _first(LADDER[::-1], fit)
    title = TITLES[holder.role] if holder else "无人"
    return Route(holder, (holder,) if holder else (), (*why, f"往上报：{title}"))


def _up(ladder: Sequence[Role], fit: Sequence[Candidate], why: list[str]) -> Route:
    for role in ladder:
        holder = _first((role,), fit)
        if holder is not None:
            return Route(holder, (holder,), (*why, f"{TITLES[role]}{holder.slot}岗在任"))
        why = [*why, f"没有在任的{TITLES[role]}，往上找"]
    return Route(None, (), (*why, "没有任何在任的人，进工作人员清单"))


def _first(roles: Sequence[Role], fit: Sequence[Candidate]) -> Candidate | None:
    """The nearest post of the first role that has any; A before B."""
    for role in roles:
        own = [c for c in fit if c.role == role]
        if own:
            return min(own, key=lambda c: (-c.depth, c.slot, c.post_id))
    return None


def _without(posts: Sequence[Candidate], recused: Collection[int]) -> tuple[list[Candidate], list[str]]:
    fit = [c for c in posts if c.person_id not in recused]
    passed = [c for c in posts if c.person_id in recused]
    return fit, [f"{TITLES[c.role]}是当事人，回避" for c in passed]


def _named(holder: Candidate | None, others: tuple[Candidate, ...], why: Sequence[str]) -> Route:
    told = (holder, *others) if holder else others
    return Route(holder, told, tuple(why))
