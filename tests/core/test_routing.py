"""Who is responsible: the ladder, A before B, parties passed over, emergencies to all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import routing
from bot.routing import LADDER, Candidate, Route
from models import Role, Slot

UNIT, BUILDING, GRID, ESTATE, COMMUNITY = 5, 4, 3, 2, 1  # depths


def post(role: Role, depth: int, slot: Slot, number: int) -> Candidate:
    """A post held by a person of the same number."""
    return Candidate(number, number, role, slot, depth)


LEADER_A = post(Role.UNIT_LEADER, UNIT, Slot.A, 1)
LEADER_B = post(Role.UNIT_LEADER, UNIT, Slot.B, 2)
BUILDING_LEADER = post(Role.BUILDING_LEADER, BUILDING, Slot.A, 3)
GRID_LEADER = post(Role.GRID_LEADER, GRID, Slot.A, 4)
STAFF = post(Role.STAFF, COMMUNITY, Slot.A, 5)
SECRETARY = post(Role.SECRETARY, COMMUNITY, Slot.A, 6)
DUTY = post(Role.DUTY, COMMUNITY, Slot.A, 7)
PROPERTY = post(Role.PROPERTY, ESTATE, Slot.A, 8)
MEDIATOR = post(Role.MEDIATOR, COMMUNITY, Slot.A, 9)
VOLUNTEER = post(Role.VOLUNTEER, COMMUNITY, Slot.A, 10)
VOLUNTEER_2 = post(Role.VOLUNTEER, UNIT, Slot.A, 11)
AUDITOR = post(Role.AUDITOR, COMMUNITY, Slot.A, 12)
ALL = [AUDITOR, VOLUNTEER_2, VOLUNTEER, MEDIATOR, PROPERTY, DUTY, SECRETARY, STAFF, GRID_LEADER, BUILDING_LEADER,
       LEADER_B, LEADER_A]  # fmt: skip


def without(*gone: Candidate) -> list[Candidate]:
    return [candidate for candidate in ALL if candidate not in gone]


def told(route: Route) -> set[int]:
    return {candidate.post_id for candidate in route.told}


@pytest.mark.parametrize(
    ("intent", "posts", "holder"),
    [
        ("repair", ALL, LEADER_A),
        ("repair", without(LEADER_A), LEADER_B),
        ("repair", without(LEADER_A, LEADER_B), BUILDING_LEADER),
        ("repair", without(LEADER_A, LEADER_B, BUILDING_LEADER), GRID_LEADER),
        ("repair", without(LEADER_A, LEADER_B, BUILDING_LEADER, GRID_LEADER), STAFF),
        ("repair", [SECRETARY, AUDITOR, VOLUNTEER], SECRETARY),
        ("repair", [AUDITOR, VOLUNTEER, PROPERTY], None),
        ("repair", [], None),
        ("policy", ALL, STAFF),
        ("policy", without(STAFF), SECRETARY),
        ("policy", without(STAFF, SECRETARY), None),
        ("help", ALL, STAFF),
        ("help", without(STAFF), SECRETARY),
        ("other", ALL, STAFF),
    ],
)
def test_who_holds_an_ordinary_matter(intent: str, posts: list[Candidate], holder: Candidate | None) -> None:
    assert routing.route(intent, posts).holder == holder


def test_a_repair_is_told_to_its_holder_alone() -> None:
    assert routing.route("repair", ALL).told == (LEADER_A,)


def test_help_is_held_by_staff_and_offered_to_every_volunteer() -> None:
    route = routing.route("help", ALL)

    assert route.told[0] == STAFF
    assert told(route) == {5, 10, 11}


def test_volunteers_are_asked_even_where_no_staff_is_in_office() -> None:
    assert told(routing.route("help", [VOLUNTEER])) == {10}


def test_the_nearer_post_wins_over_a_lower_number_and_a_over_b() -> None:
    far, near = post(Role.UNIT_LEADER, 4, Slot.A, 20), post(Role.UNIT_LEADER, 5, Slot.B, 21)
    assert routing.route("repair", [far, near]).holder == near

    b, a = post(Role.UNIT_LEADER, 5, Slot.B, 1), post(Role.UNIT_LEADER, 5, Slot.A, 99)
    assert routing.route("repair", [b, a]).holder == a


@pytest.mark.parametrize(
    ("recused", "holder"),
    [((), LEADER_A), ((1,), LEADER_B), ((1, 2), BUILDING_LEADER), ((1, 2, 3, 4), STAFF), ((1, 2, 3, 4, 5, 6), None)],
)
def test_a_party_is_passed_over_and_the_reason_is_written_down(
    recused: tuple[int, ...], holder: Candidate | None
) -> None:
    route = routing.route("repair", ALL, recused)

    assert route.holder == holder
    assert sum("回避" in step for step in route.why) == len(recused)
    assert route.why


@pytest.mark.parametrize(
    ("whom", "posts", "holder"),
    [
        ("mediator", ALL, MEDIATOR),
        ("mediator", without(MEDIATOR), STAFF),
        ("leader", ALL, LEADER_A),
        ("nobody", ALL, STAFF),
        ("nobody", without(STAFF), SECRETARY),
        ("mediator", [LEADER_A], None),  # a dispute never falls to a leader whom nobody chose
        ("nobody", [LEADER_A, MEDIATOR], None),
    ],
)
def test_a_dispute_goes_to_whom_the_resident_chose(whom: str, posts: list[Candidate], holder: Candidate | None) -> None:
    route = routing.mediation(posts, whom)

    assert route.holder == holder
    assert told(route) == ({holder.post_id} if holder else set())


def test_a_leader_who_is_a_party_is_passed_over_even_where_the_leader_was_chosen() -> None:
    assert routing.mediation(ALL, "leader", [1]).holder == LEADER_B


def test_a_complaint_about_a_leader_reaches_the_secretary_alone_or_nobody() -> None:
    assert routing.about_leader(ALL, [1, 2, 3, 4]).told == (SECRETARY,)
    assert routing.about_leader(without(SECRETARY), [1]).told == ()


def test_an_emergency_reaches_leaders_a_and_b_duty_property_grid_leader_and_staff_at_once() -> None:
    route = routing.emergency(ALL)

    assert told(route) == {1, 2, 4, 5, 7, 8}
    assert route.holder == LEADER_A


def test_an_emergency_without_a_unit_leader_reaches_the_nearest_leaders_there_are() -> None:
    assert told(routing.emergency(without(LEADER_A, LEADER_B))) == {3, 4, 5, 7, 8}


def test_an_emergency_where_no_staff_is_in_office_reaches_the_secretary() -> None:
    assert routing.emergency([SECRETARY, AUDITOR, VOLUNTEER]).told == (SECRETARY,)


def test_a_silent_danger_reaches_trained_staff_alone() -> None:
    route = routing.emergency(ALL, trained_only=True)

    assert told(route) == {5, 6, 7}
    assert route.holder == DUTY
    assert routing.emergency([LEADER_A, GRID_LEADER, PROPERTY], trained_only=True) == Route(
        None, (), ("只告诉社区专门的人，单元里不知道",)
    )


@pytest.mark.parametrize(
    ("current", "depth", "holder"),
    [
        (Role.UNIT_LEADER, UNIT, BUILDING_LEADER),
        (Role.BUILDING_LEADER, BUILDING, GRID_LEADER),
        (Role.GRID_LEADER, GRID, STAFF),
        (Role.STAFF, COMMUNITY, SECRETARY),
        (Role.SECRETARY, COMMUNITY, SECRETARY),
    ],
)
def test_a_matter_climbs_one_level_and_ends_with_the_secretary(current: Role, depth: int, holder: Candidate) -> None:
    assert routing.next_up(current, depth, ALL).holder == holder


def test_a_deputy_of_the_same_level_is_no_level_up() -> None:
    assert routing.next_up(Role.UNIT_LEADER, UNIT, ALL).holder == BUILDING_LEADER


def test_climbing_passes_over_parties_and_empty_levels() -> None:
    assert routing.next_up(Role.UNIT_LEADER, UNIT, without(BUILDING_LEADER), [4]).holder == STAFF


POSTS = st.lists(
    st.builds(
        Candidate,
        post_id=st.integers(1, 50),
        person_id=st.integers(1, 12),
        role=st.sampled_from(list(Role)),
        slot=st.sampled_from(list(Slot)),
        depth=st.integers(0, 6),
    ),
    max_size=12,
    unique_by=lambda candidate: candidate.post_id,
)
PARTIES = st.frozensets(st.integers(1, 12), max_size=4)


@given(POSTS, PARTIES)
def test_no_route_ever_names_a_party_and_a_holder_is_always_told(
    posts: list[Candidate], parties: frozenset[int]
) -> None:
    routes = [routing.route(intent, posts, parties) for intent in ("repair", "help", "policy")]
    routes += [routing.mediation(posts, whom, parties) for whom in ("mediator", "leader", "nobody")]
    routes += [routing.about_leader(posts, parties), routing.next_up(Role.UNIT_LEADER, 5, posts, parties)]
    routes += [routing.emergency(posts, parties, trained_only=trained) for trained in (False, True)]

    for route in routes:
        assert not {candidate.person_id for candidate in route.told} & parties
        assert route.holder is None or route.holder in route.told


@given(POSTS)
def test_silent_dangers_and_untold_disputes_never_reach_a_leader_or_volunteer(posts: list[Candidate]) -> None:
    leaders_and_volunteers = {*LADDER[:5], Role.VOLUNTEER, Role.PROPERTY}
    routes = [
        routing.emergency(posts, trained_only=True),
        routing.mediation(posts, "mediator"),
        routing.mediation(posts, "nobody"),
        routing.about_leader(posts, ()),
    ]

    assert all(candidate.role not in leaders_and_volunteers for route in routes for candidate in route.told)


@given(POSTS, PARTIES)
def test_a_ladder_that_has_anybody_never_ends_with_nobody(posts: list[Candidate], parties: frozenset[int]) -> None:
    anybody = any(candidate.role in LADDER and candidate.person_id not in parties for candidate in posts)

    assert (routing.route("repair", posts, parties).holder is not None) is anybody
    assert (routing.next_up(Role.UNIT_LEADER, 6, posts, parties).holder is not None) is anybody
    assert routing.emergency(posts, parties).told or not anybody
