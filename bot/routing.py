"""Who is responsible and who else hears of it, and why. Pure: the posts in force come as arguments (bot.posted).

Whoever is away or a party is passed over; among those left the first role of the chain that has anybody, the nearest
area, whoever is there for such matters, A before B, the fewest open matters. Route.passed names everybody who was not
taken, and Route.why says it in words for the ticket's page: offices only, no names.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.about import LINKED_DANGERS, NOTHING_KNOWN, About
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
# Whose A and B are told apart before staff.
SLOTTED = HANDLERS - {Role.SECRETARY}
EVERYBODY_AT_ONCE = "危险：单元长A、B岗、值班、物业、网格长和社工同时告诉"


@dataclass(frozen=True)
class Candidate:
    """A post in force whose area is the ticket's or above it."""

    post_id: int
    person_id: int
    role: Role
    slot: Slot
    depth: int  # of its area: deeper is nearer
    away: str = ""  # until when, in words (请假到11月27日); empty: they are there
    duties: frozenset[str] = frozenset()  # what they are there for; empty: for everything
    on_duty: bool = False  # their turn on the duty roster at this moment
    load: int = 0  # open matters they hold


@dataclass(frozen=True)
class Passed:
    """Somebody who could have had it, and why they have not."""

    candidate: Candidate
    reason: str

    def __str__(self) -> str:
        slot = "" if self.candidate.role not in SLOTTED else f"{self.candidate.slot}岗"
        return f"{TITLES[self.candidate.role]}{slot}：{self.reason}"


@dataclass(frozen=True)
class Route:
    """holder: responsible. told: everybody who gets a card, in that order. why: the steps, readable."""

    holder: Candidate | None
    told: tuple[Candidate, ...] = ()
    why: tuple[str, ...] = field(default=())
    passed: tuple[Passed, ...] = field(default=(), compare=False)


def route(
    intent: str, posts: Sequence[Candidate], recused: Collection[int] = (), about: About = NOTHING_KNOWN
) -> Route:
    """The ordinary way of a matter: leaders for repairs, staff for policy, volunteers beside staff for help."""
    way = _Way(posts, recused, about)
    if intent == "repair":
        return way.end(way.up(LADDER))
    if intent == "property":
        holder = way.first((Role.PROPERTY, Role.STAFF, Role.SECRETARY))
        way.why.append("由物业办理")
        return way.end(holder)
    holder = way.first((Role.STAFF, Role.SECRETARY))
    if intent == "help":
        volunteers = way.all_of((Role.VOLUNTEER,))
        way.why.append(f"求助：请志愿者来接（{len(volunteers)}位），社工负责到底")
        return way.end(holder, volunteers)
    way.why.append("由社区社工办理")
    return way.end(holder)


def mediation(
    posts: Sequence[Candidate], whom: str, recused: Collection[int] = (), about: About = NOTHING_KNOWN
) -> Route:
    """A dispute, after the resident was asked whom to involve: "mediator", "leader" or "nobody" (staff keep it)."""
    way = _Way(posts, recused, about)
    if whom == "leader":
        way.why.append("当事人愿意请单元长")
        return way.end(way.up(LADDER))
    roles = (Role.MEDIATOR, Role.STAFF, Role.SECRETARY) if whom == "mediator" else (Role.STAFF, Role.SECRETARY)
    holder = way.first(roles)
    way.why.append("纠纷：先由社区的人接，不告诉单元长")
    return way.end(holder)


def about_leader(posts: Sequence[Candidate], recused: Collection[int]) -> Route:
    """A complaint about a leader or staff goes to the secretary alone; about the secretary, to whoever is above."""
    way = _Way(posts, recused, NOTHING_KNOWN)
    roles = (Role.SECRETARY, Role.ADMINISTRATOR)
    # Nobody else may read it: it waits for whoever is away.
    holder = way.first(roles) or _nearest(roles, way.gone(roles))
    way.why.append("反映的是单元长或工作人员，只转社区书记")
    return way.end(holder)


def emergency(
    posts: Sequence[Candidate],
    recused: Collection[int] = (),
    *,
    trained_only: bool = False,
    danger: str = "",
    widen: bool = False,
) -> Route:
    """Everybody at once, whose turn it is first: leaders A and B, duty, property, grid leader and staff; or trained
    staff alone. Where everybody is away, they are told all the same.

    danger: its kind. Of some, the member linked to the households there is told as well. widen: also the duty people
    whose turn it is not.
    """
    way = _Way(posts, recused, About(danger=True))
    told = _trained(way) if trained_only else _everybody(way, danger)
    if not widen and any(c.on_duty and c.role == Role.DUTY for c in told):
        told = [c for c in told if c.role != Role.DUTY or c.on_duty or way.passes(c, "这会儿不当班")]
    told = sorted(dict.fromkeys(told), key=lambda c: not c.on_duty)  # stable
    way.why.append("只告诉社区专门的人，单元里不知道" if trained_only else EVERYBODY_AT_ONCE)
    if told and told[0].on_duty:
        way.why.append(f"先告诉当班的{TITLES[told[0].role]}")
    if trained_only:
        turn = [c for c in told if c.on_duty]
        return way.end(turn[0] if turn else _nearest((Role.DUTY, Role.STAFF, Role.SECRETARY), told), told)
    return way.end(_nearest(LADDER[:4], told) or (told[0] if told else None), told)


def next_up(current: Role | None, depth: int, posts: Sequence[Candidate], recused: Collection[int] = ()) -> Route:
    """The level above whoever holds it now: higher on the ladder; from the top, the secretary again."""
    way = _Way(posts, recused, NOTHING_KNOWN)
    at = LADDER.index(current) if current in LADDER else -1
    holder = way.first(LADDER[at + 1 :], depth) or way.first(LADDER[::-1])
    title = TITLES[holder.role] if holder else "无人"
    way.why.append(f"往上报：{title}")
    return way.end(holder)


def stand_in(
    gone: Candidate, posts: Sequence[Candidate], recused: Collection[int] = (), about: About = NOTHING_KNOWN
) -> Route:
    """Who takes over from whoever is away: the other slot of the same place, else the next level up, chained.

    posts: those who may have it at all. From a post that is on no ladder (mediator, property, duty) it goes to staff.
    """
    way = _Way([c for c in posts if c.person_id != gone.person_id], recused, about)
    beside = [c for c in way.fit if c.role == gone.role and c.depth == gone.depth]
    above = LADDER[LADDER.index(gone.role) + 1 :] if gone.role in LADDER else (Role.STAFF, Role.SECRETARY)
    holder = way.pick(beside) or way.first(above, gone.depth) or way.first((Role.STAFF, Role.SECRETARY, *LADDER[::-1]))
    slot = f"{gone.slot}岗" if gone.role in SLOTTED else ""
    way.why.append(f"{TITLES[gone.role]}{slot}{gone.away or '不在'}，{named(holder) if holder else '没有人'}顶上")
    return way.end(holder)


def _trained(way: "_Way") -> list[Candidate]:
    roles = (Role.DUTY, Role.STAFF, Role.SECRETARY)
    return way.all_of(roles) or way.gone(roles)


def _everybody(way: "_Way", danger: str) -> list[Candidate]:
    near = way.first(LADDER[:4])
    leaders = [c for c in way.there if near is not None and c.role == near.role and c.depth == near.depth]
    office = Role.STAFF if any(c.role == Role.STAFF for c in way.there) else Role.SECRETARY
    linked = (Role.LINKED_MEMBER,) if danger in LINKED_DANGERS else ()
    rest = (Role.DUTY, Role.PROPERTY, Role.GRID_LEADER, office, *linked)
    turn = [c for c in way.there if c.on_duty and c.role in HANDLERS]
    return [*turn, *leaders, *way.all_of(rest)] or way.gone((*LADDER, Role.DUTY, Role.PROPERTY))


class _Way:
    """One search for who has it: who is there, what was said of those who are not taken, the steps in words."""

    def __init__(self, posts: Sequence[Candidate], recused: Collection[int], about: About) -> None:
        self.fit = [c for c in posts if c.person_id not in recused]
        self.there = [c for c in self.fit if not c.away]
        self.passed = {c.post_id: Passed(c, "是当事人或亲属，回避") for c in posts if c.person_id in recused}
        self.why: list[str] = []
        self._about = about

    def first(self, roles: Sequence[Role], deepest: int | None = None) -> Candidate | None:
        """Whoever has it of the first role that has anybody there; no deeper than `deepest`."""
        for role in roles:
            own = [c for c in self.fit if c.role == role and (deepest is None or c.depth <= deepest)]
            found = self.pick(own)
            if found is not None:
                return found
        return None

    def up(self, ladder: Sequence[Role]) -> Candidate | None:
        """The same, a role at a time, each said."""
        for role in ladder:
            found = self.first((role,))
            if found is not None:
                self.why.append(f"{named(found)}在任")
                return found
            own = any(c.role == role for c in self.fit)
            self.why.append(f"{TITLES[role]}都请假了，往上找" if own else f"没有在任的{TITLES[role]}，往上找")
        self.why.append("没有任何在任的人，进工作人员清单")
        return None

    def pick(self, equals: Sequence[Candidate]) -> Candidate | None:
        """The one of them who has it; the others are passed over, each for a reason."""
        there = [c for c in equals if not c.away or self.passes(c, f"{c.away}，不在")]
        best = min(there, key=self._rank, default=None)
        for other in there:
            if best is not None and other.post_id != best.post_id:
                self.passes(other, self._why_not(other, best))
        return best

    def all_of(self, roles: Sequence[Role]) -> list[Candidate]:
        """All of these roles who are there."""
        return [c for c in self.fit if c.role in roles and (not c.away or self.passes(c, f"{c.away}，不在"))]

    def gone(self, roles: Sequence[Role]) -> list[Candidate]:
        """All of these roles, though they are away: better than nobody, where nobody else may have it."""
        found = [c for c in self.fit if c.role in roles and c.away]
        if found:
            self.why.append("都不在，这样的事照样告诉")
        return found

    def passes(self, candidate: Candidate, reason: str) -> bool:
        """Note that somebody is passed over, once. Always False: to stand behind an `or`."""
        self.passed.setdefault(candidate.post_id, Passed(candidate, reason))
        return False

    def end(self, holder: Candidate | None, beside: Sequence[Candidate] = ()) -> Route:
        """The route: whoever is on duty hears first where it cannot wait and the office is closed."""
        turn: list[Candidate] = []
        if self._about.urgent and self._about.out_of_hours:
            turn = [c for c in self.there if c.on_duty and c.role in HANDLERS and c != holder]
            self.why += [f"不在上班时间，又着急：先告诉当班的{TITLES[c.role]}" for c in turn]
        first = () if holder is None or holder in beside else (holder,)
        told = tuple(dict.fromkeys([*turn, *first, *beside]))
        passed = tuple(p for p in self.passed.values() if p.candidate not in told)
        return Route(holder, told, (*(str(p) for p in passed), *self.why), passed)

    def _rank(self, c: Candidate) -> tuple[int, int, Slot, int, int]:
        return -c.depth, self._distance(c), c.slot, c.load, c.post_id

    def _distance(self, c: Candidate) -> int:
        """0: there for such matters, 1: for all, 2: for others. A danger is everybody's."""
        return 1 if not c.duties else 0 if self._about.duty in c.duties else 2

    def _why_not(self, c: Candidate, best: Candidate) -> str:
        if c.depth != best.depth:
            return "管的地方更大，有离得更近的"
        if self._distance(c) != self._distance(best):
            return "分管的是别的事"
        if c.slot != best.slot:
            return "A岗在，不用顶"
        return f"手上有{c.load}件，那位{best.load}件" if c.load != best.load else "条件一样，按登记先后"


def _nearest(roles: Sequence[Role], among: Sequence[Candidate]) -> Candidate | None:
    """The nearest post of the first role that has any; A before B."""
    own = [c for c in among if c.role in roles]
    return min(own, key=lambda c: (roles.index(c.role), -c.depth, c.slot, c.post_id), default=None)


def named(c: Candidate) -> str:
    """How a post is called where A and B are told apart: 单元长B岗, 社区书记."""
    return f"{TITLES[c.role]}{c.slot}岗" if c.role in SLOTTED else TITLES[c.role]
