"""Who is responsible: the ladder, A before B, parties passed over, emergencies to all at once."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import routing
from bot.about import About
from bot.routing import LADDER, Candidate, Route
from models import DutyTag, Role, Slot

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


def at(candidate: Candidate, **changes: Any) -> Candidate:
    return replace(candidate, **changes)


def away(*gone: Candidate) -> list[Candidate]:
    return [at(c, away="请假到11月27日") if c in gone else c for c in ALL]


@pytest.mark.parametrize(
    ("gone", "holder"),
    [
        ((LEADER_A,), LEADER_B),
        ((LEADER_A, LEADER_B), BUILDING_LEADER),
        ((LEADER_A, LEADER_B, BUILDING_LEADER), GRID_LEADER),
        ((LEADER_A, LEADER_B, BUILDING_LEADER, GRID_LEADER), STAFF),
        ((LEADER_A, LEADER_B, BUILDING_LEADER, GRID_LEADER, STAFF), SECRETARY),
        ((LEADER_B,), LEADER_A),
    ],
)
def test_the_other_slot_stands_in_then_the_next_level_chained(gone: tuple[Candidate, ...], holder: Candidate) -> None:
    assert routing.route("repair", away(*gone)).holder == holder


def test_the_steps_say_who_was_away_until_when_and_who_has_it() -> None:
    why = routing.route("repair", away(LEADER_A, LEADER_B)).why

    assert "单元长A岗：请假到11月27日，不在" in why
    assert "单元长都请假了，往上找" in why
    assert why[-1] == "楼栋长A岗在任"


@pytest.mark.parametrize(
    ("category", "holder"), [("sanitation", 1), ("lift", 2), ("gas", 3)], ids=["hygiene", "facilities", "for-all"]
)
def test_who_is_there_for_such_matters_has_it_before_the_others(category: str, holder: int) -> None:
    hygiene = at(LEADER_A, duties=frozenset({"hygiene"}))
    facilities = at(LEADER_B, slot=Slot.A, duties=frozenset({"facilities"}))
    for_all = at(LEADER_B, post_id=3, person_id=3)
    route = routing.route("repair", [hygiene, facilities, for_all], about=About("repair", category))

    assert route.holder is not None
    assert route.holder.post_id == holder
    assert {p.candidate.post_id: p.reason for p in route.passed}.keys() == {1, 2, 3} - {holder}


def test_between_equals_the_one_with_less_in_hand_has_it_and_the_figures_are_said() -> None:
    busy, free = at(STAFF, load=7), at(STAFF, post_id=20, person_id=20, load=2)
    route = routing.route("policy", [busy, free])

    assert route.holder == free
    assert "社工A岗：手上有7件，那位2件" in route.why


def test_load_does_not_move_a_matter_from_a_to_b() -> None:
    assert routing.route("repair", [at(LEADER_A, load=9), LEADER_B]).holder == at(LEADER_A, load=9)


def test_whose_turn_it_is_hears_first_in_danger_and_the_others_of_the_roster_sleep_on() -> None:
    turn = at(DUTY, post_id=30, person_id=30, on_duty=True)
    route = routing.emergency([*ALL, turn])

    assert route.told[0] == turn
    assert DUTY not in route.told
    assert route.holder == LEADER_A
    assert {DUTY, turn} <= set(routing.emergency([*ALL, turn], widen=True).told)
    assert routing.emergency([*ALL, turn], trained_only=True).holder == turn


@pytest.mark.parametrize(
    ("about", "told_first"),
    [
        (About("repair", urgent=True, out_of_hours=True), 7),
        (About("repair", urgent=True), 1),
        (About("repair", out_of_hours=True), 1),
    ],
)
def test_whose_turn_it_is_hears_first_of_what_cannot_wait_while_the_office_is_closed(
    about: About, told_first: int
) -> None:
    posts = [at(c, on_duty=c == DUTY) for c in ALL]
    route = routing.route("repair", posts, about=about)

    assert route.told[0].post_id == told_first
    assert route.holder == LEADER_A


def test_an_emergency_with_everybody_away_is_told_all_the_same() -> None:
    route = routing.emergency(away(*ALL))

    assert told(route) >= {1, 2, 4, 5, 7, 8}
    assert "都不在，这样的事照样告诉" in route.why


@pytest.mark.parametrize(
    ("gone", "others", "holder"),
    [
        (LEADER_A, ALL, LEADER_B),
        (LEADER_A, without(LEADER_B), BUILDING_LEADER),
        (LEADER_A, away(LEADER_B, BUILDING_LEADER), GRID_LEADER),
        (MEDIATOR, ALL, STAFF),
        (PROPERTY, ALL, STAFF),
        (STAFF, ALL, SECRETARY),
        (SECRETARY, ALL, STAFF),
    ],
)
def test_who_takes_over_from_whoever_is_away(gone: Candidate, others: list[Candidate], holder: Candidate) -> None:
    assert routing.stand_in(gone, others).holder == holder


POSTS = st.lists(
    st.builds(
        Candidate,
        post_id=st.integers(1, 50),
        person_id=st.integers(1, 12),
        role=st.sampled_from(list(Role)),
        slot=st.sampled_from(list(Slot)),
        depth=st.integers(0, 6),
        away=st.sampled_from(["", "", "请假"]),
        duties=st.frozensets(st.sampled_from([*DutyTag]), max_size=2),
        on_duty=st.booleans(),
        load=st.integers(0, 3),
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
    fit = [candidate for candidate in posts if candidate.role in LADDER and candidate.person_id not in parties]
    anybody = any(not candidate.away for candidate in fit)

    assert (routing.route("repair", posts, parties).holder is not None) is anybody
    assert (routing.next_up(Role.UNIT_LEADER, 6, posts, parties).holder is not None) is anybody
    assert routing.emergency(posts, parties).told or not fit


ABOUTS = st.builds(
    About,
    intent=st.sampled_from(["repair", "help", "policy", "dispute"]),
    category=st.sampled_from(["lift", "sanitation", "noise", "other"]),
    urgent=st.booleans(),
    out_of_hours=st.booleans(),
)


def ordinary(posts: list[Candidate], parties: frozenset[int], about: About) -> list[Route]:
    routes = [routing.route(intent, posts, parties, about) for intent in ("repair", "help", "policy")]
    routes += [routing.mediation(posts, whom, parties, about) for whom in ("mediator", "leader", "nobody")]
    routes += [routing.next_up(Role.UNIT_LEADER, 6, posts, parties)]
    return routes + [routing.stand_in(gone, posts, parties, about) for gone in posts[:2]]


@given(POSTS, PARTIES, ABOUTS)
def test_nobody_who_is_away_is_ever_chosen_or_told(
    posts: list[Candidate], parties: frozenset[int], about: About
) -> None:
    for route in ordinary(posts, parties, about):
        assert not [candidate for candidate in route.told if candidate.away]


@given(POSTS, PARTIES)
def test_in_danger_and_of_a_complaint_only_where_nobody_else_is_there(
    posts: list[Candidate], parties: frozenset[int]
) -> None:
    routes = [routing.emergency(posts, parties, trained_only=trained) for trained in (False, True)]
    routes.append(routing.about_leader(posts, parties))

    for route in routes:
        there = {candidate.away for candidate in route.told}
        assert there <= {""} or "" not in there


@given(POSTS, PARTIES, ABOUTS)
def test_staff_who_are_there_keep_every_matter_from_ending_with_nobody(
    posts: list[Candidate], parties: frozenset[int], about: About
) -> None:
    staff = [c for c in posts if c.role == Role.STAFF and c.person_id not in parties and not c.away]

    if staff:
        routes = ordinary(posts, parties, about)
        gone = [c for c in posts[:2] if {one.person_id for one in staff} == {c.person_id}]
        assert gone or all(route.holder is not None for route in routes)


@given(POSTS, PARTIES, ABOUTS)
def test_everybody_who_was_looked_at_and_not_taken_stands_in_the_reasons(
    posts: list[Candidate], parties: frozenset[int], about: About
) -> None:
    for intent, roles in (("repair", LADDER), ("policy", (Role.STAFF, Role.SECRETARY))):
        route = routing.route(intent, posts, parties, about)
        last = roles.index(route.holder.role) if route.holder else len(roles) - 1
        looked_at = {c.post_id for c in posts if c.role in roles[: last + 1]} - told(route)

        assert looked_at <= {passed.candidate.post_id for passed in route.passed}
        assert all(str(passed) in route.why for passed in route.passed)
        assert all(passed.reason for passed in route.passed)


@given(POSTS, PARTIES, ABOUTS, st.randoms())
def test_the_order_in_which_posts_are_known_decides_nothing(
    posts: list[Candidate], parties: frozenset[int], about: About, random: Random
) -> None:
    shuffled = random.sample(posts, len(posts))

    assert [route.holder for route in ordinary(posts, parties, about)[:7]] == [
        route.holder for route in ordinary(shuffled, parties, about)[:7]
    ]
