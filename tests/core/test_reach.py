"""How a post is told: which chats, in which order, and what never lies among them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlmodel import select

from bot import posted, reach
from bot.reach import private_chats
from bot.routing import Candidate
from models import Account, AccountState, Area, Chat, ChatKind, Person, Post, Role
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import MONDAY, Town

TODAY = MONDAY.date()


@dataclass(frozen=True)
class Case:
    who: str
    expected: list[str]
    area: str = "B3U2"
    private: bool = False
    heard_in: list[str] = field(default_factory=list)


CASES = [
    # leader: leaders' chat, the unit's group, own private chat, staff
    Case("李姐", [LEADERS, GROUP, "oa-李姐", STAFF]),
    Case("陈副", [LEADERS, GROUP, "oa-陈副", STAFF]),
    Case("网格刘", [LEADERS, GROUP, "oa-网格刘", STAFF]),
    # a group that heard it already steps behind the leader's own chat
    Case("李姐", [LEADERS, "oa-李姐", GROUP, STAFF], heard_in=[GROUP]),
    Case("李姐", [LEADERS, GROUP, "oa-李姐", STAFF], heard_in=["oa-王阿姨"]),
    # nothing private is ever owed to a residents' or leaders' group
    Case("李姐", ["oa-李姐", STAFF], private=True),
    Case("网格刘", ["oa-网格刘", STAFF], private=True),
    Case("物业邓工", ["oa-物业邓工", STAFF], private=True),
    Case("志愿者小马", ["oa-志愿者小马"], private=True),
    # a group at building level stands for its units; a unit without one goes without
    Case("周叔", [LEADERS, "5栋群", "oa-周叔", STAFF], area="B5U1"),
    Case("网格刘", [LEADERS, "oa-网格刘", STAFF], area="B3U1"),
    # staff: their chat first
    Case("社工小邹", [STAFF, "oa-社工小邹"]),
    Case("书记", [STAFF, "oa-书记"]),
    # the rest: in private, then staff; a volunteer who cannot be reached is no matter for the staff's chat
    Case("物业邓工", ["oa-物业邓工", STAFF]),
    Case("值班员", ["oa-值班员", STAFF]),
    Case("调解员老何", ["oa-调解员老何", STAFF]),
    Case("志愿者小马", ["oa-志愿者小马"]),
]


def reached(town: Town, case: Case) -> list[str]:
    with town.services.reading() as session:
        area = session.exec(select(Area).where(Area.code == case.area)).one()
        query = select(Post).join(Person).where(Person.name == case.who)
        post = session.exec(query).one()
        candidate = Candidate(post.id, post.person_id, post.role, post.slot, 1)
        heard = session.exec(select(Chat.id).where(Chat.external_id.in_(case.heard_in)))  # type: ignore[attr-defined]
        chats = reach.reach(
            session, town.services.settings, candidate, area, private=case.private, heard_in=frozenset(heard)
        )
        return [chat.external_id for chat in chats]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.who}-{case.area}-{case.private}-{len(case.heard_in)}")
def test_the_order_in_which_somebody_is_told(town: Town, case: Case) -> None:
    assert reached(town, case) == case.expected


def test_a_group_that_is_only_listened_to_is_no_way_to_anybody(town: Town) -> None:
    with town.services.transaction() as session:
        session.exec(select(Chat).where(Chat.external_id == GROUP)).one().listen_only = True

    assert reached(town, Case("李姐", [])) == [LEADERS, "oa-李姐", STAFF]


def test_an_account_that_left_or_is_being_checked_is_no_way_to_anybody(town: Town) -> None:
    for state in (AccountState.GONE, AccountState.FROZEN):
        with town.services.transaction() as session:
            session.exec(select(Account).where(Account.user_id == "oa-李姐")).one().state = state

        assert reached(town, Case("李姐", [], private=True)) == [STAFF]


def test_of_several_private_chats_the_one_heard_last_comes_first(town: Town) -> None:
    town.say("李姐", "你好", channel="bridge")
    town.wait(minutes=2)
    town.say("李姐", "你好")
    with town.services.reading() as session:
        person = session.exec(select(Person).where(Person.name == "李姐")).one()
        assert [chat.channel for chat in private_chats(session, person.id)] == ["oa", "bridge"]

    town.wait(minutes=2)
    town.say("李姐", "你好", channel="bridge")
    with town.services.reading() as session:
        assert [chat.channel for chat in private_chats(session, person.id)] == ["bridge", "oa"]


def test_candidates_are_the_posts_in_force_at_the_area_and_above_nearest_deepest(town: Town) -> None:
    with town.services.reading() as session:
        area = session.exec(select(Area).where(Area.code == "B3U2")).one()
        found = posted.candidates(town.services.desk(session), area)
        roles = {(candidate.role, candidate.slot.value) for candidate in found}
        depth = {candidate.role: candidate.depth for candidate in found}

    assert (Role.UNIT_LEADER, "A") in roles
    assert (Role.UNIT_LEADER, "B") in roles
    assert len(found) == 9  # two leaders, grid leader, property, staff, secretary, duty, mediator, volunteer; not 周叔
    assert depth[Role.UNIT_LEADER] > depth[Role.GRID_LEADER] > depth[Role.PROPERTY] > depth[Role.STAFF]


@pytest.mark.parametrize(("days", "known"), [(0, True), (60, True), (61, False)])
def test_a_post_past_its_end_keeps_working_sixty_days(town: Town, days: int, known: bool) -> None:
    with town.services.transaction() as session:
        post = session.exec(select(Post).join(Person).where(Person.name == "周叔")).one()
        post.ends_on = TODAY
    with town.services.reading() as session:
        area = session.exec(select(Area).where(Area.code == "B5U1")).one()
        desk = replace(town.services.desk(session), now=MONDAY + timedelta(days=days))

        assert (Role.UNIT_LEADER in {c.role for c in posted.candidates(desk, area)}) is known


def test_a_post_that_has_not_begun_gives_no_rights_yet(town: Town) -> None:
    with town.services.reading() as session:
        area = session.exec(select(Area).where(Area.code == "B5U1")).one()

        desk = replace(town.services.desk(session), now=MONDAY - timedelta(days=365))

        assert posted.candidates(desk, area) == []


def test_no_group_is_found_across_kinds_or_for_another_branch(town: Town) -> None:
    with town.services.reading() as session:
        unit = session.exec(select(Area).where(Area.code == "B3U1")).one()

        assert reach.group(session, ChatKind.RESIDENTS, unit) is None
        leaders = reach.group(session, ChatKind.LEADERS, unit)
        assert leaders is not None
        assert leaders.external_id == LEADERS
