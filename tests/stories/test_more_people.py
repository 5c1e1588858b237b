"""Who somebody is: deputies, leaders of two units, reporters with posts, two communities, codes, leaving."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channels import DeliveryError, Kind
from intents.understanding import Understanding
from models import Account, AccountState, Outgoing, Rating, Role, Slot, Status, TicketEvent
from tests.stories.more import GROUP, LEADERS, STAFF, no_post, quick_town, second_community
from tests.stories.town import Town, chats, said_to

LIFT = "3栋2单元电梯又坏了"


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


def freeze(town: Town, user: str) -> None:
    with town.services.transaction() as session:
        session.exec(select(Account).where(Account.user_id == user)).one().state = AccountState.FROZEN


# --- posts


def test_the_deputy_acts_like_the_leader(town: Town) -> None:
    town.say("王阿姨", LIFT)

    assert "单元长" in said_to(town.say("陈副", "我去看看", to=LEADERS), "oa-王阿姨")
    assert "没好" in said_to(town.say("陈副", "修好了", to=LEADERS), "oa-王阿姨")
    assert town.ticket().status == Status.RESOLVED


def test_with_the_leader_out_of_office_the_deputy_is_told(town: Town) -> None:
    no_post(town, "李姐")

    town.say("王阿姨", LIFT)
    town.say("李姐", "#1 我去看看")
    assert town.ticket().status == Status.DISPATCHED

    town.say("陈副", "我去看看", to=LEADERS)
    assert town.ticket().status == Status.ACCEPTED


def test_with_nobody_on_the_stairs_in_office_the_grid_leader_is_told(town: Town) -> None:
    no_post(town, "李姐")
    no_post(town, "陈副")

    town.say("王阿姨", LIFT)

    town.say("网格刘", "我去看看", to=LEADERS)
    assert town.ticket().status == Status.ACCEPTED


def test_a_leader_of_two_units_is_asked_which_and_each_number_goes_to_its_own(town: Town) -> None:
    town.person("双姐", (Role.UNIT_LEADER, "B3U1", Slot.A), (Role.UNIT_LEADER, "B5U1", Slot.B))
    town.person("一单元住户", home="B3U1")
    no_post(town, "周叔")
    town.say("一单元住户", "3栋1单元电梯坏了")
    town.say("一单元住户", "5栋1单元楼道灯不亮了")

    seen = town.say("双姐", "我去看看")
    assert "3栋1单元" in said_to(seen, "oa-双姐")
    assert "5栋1单元" in said_to(seen, "oa-双姐")

    town.say("双姐", "#2 我去看看")
    assert [ticket.status for ticket in town.tickets()] == [Status.DISPATCHED, Status.ACCEPTED]


def test_a_leader_may_report_and_then_work_on_their_own_matter(town: Town) -> None:
    town.say("李姐", LIFT)
    assert town.ticket().status == Status.DISPATCHED

    town.say("李姐", "#1 我去看看", to=LEADERS)
    town.say("李姐", "#1 修好了", to=LEADERS)

    assert town.ticket().status == Status.RESOLVED


def test_a_leader_who_asks_for_help_does_not_take_it_on_themselves(town: Town) -> None:
    town.say("李姐", "想请人帮我买菜，我脚崴了下不了楼", to=GROUP)

    town.say("李姐", "我来", to=GROUP)
    assert town.ticket().status == Status.DISPATCHED

    town.say("张伯", "我来", to=GROUP)
    assert town.ticket().status == Status.ACCEPTED


def test_a_neighbour_with_a_post_elsewhere_may_take_on_help_in_this_chat(town: Town) -> None:
    town.say("王阿姨", "想请人帮我买菜，我脚崴了下不了楼", to=GROUP)

    town.say("周叔", "我来", to=GROUP)

    assert town.ticket().status == Status.ACCEPTED


def test_who_took_on_help_hears_the_address_in_private_and_says_when_it_is_done(town: Town) -> None:
    town.say("王阿姨", "想请人帮我买菜，我脚崴了下不了楼，住502", to=GROUP)
    town.say("张伯", "我来", to=GROUP)

    assert "502" in said_to(town.say("张伯", "详情 1", channel="bridge"), "bridge-张伯")
    assert "502" not in said_to(town.say("路人", "详情 1", channel="bridge"), "bridge-路人")
    town.say("张伯", "办好了", channel="bridge")

    assert town.ticket().status == Status.RESOLVED


def test_an_account_that_is_being_checked_has_no_rights(town: Town) -> None:
    """Case 1, behaviour.md: an account that changed hands loses its rights at once."""
    town.say("王阿姨", LIFT)
    freeze(town, "oa-李姐")

    town.say("李姐", "#1 我去看看")
    assert "502" not in said_to(town.say("李姐", "详情 1"), "oa-李姐")

    assert town.ticket().status == Status.DISPATCHED


# --- two communities


def test_two_communities_each_have_their_own_number_one(town: Town) -> None:
    second_community(town)
    town.say("王阿姨", LIFT)
    town.say("丁哥", "3栋2单元电梯又坏了", to="和园3栋群")

    assert [ticket.ref for ticket in town.tickets()] == ["2026-XF-1", "2026-YX-1"]
    town.say("秦姐", "#1 我去看看")

    assert [ticket.status for ticket in town.tickets()] == [Status.DISPATCHED, Status.ACCEPTED]


def test_a_mediator_of_two_communities_is_asked_which_number_one(town: Town) -> None:
    second_community(town)
    town.person("两边跑", (Role.STAFF, "XF", Slot.B), (Role.STAFF, "YX", Slot.B))
    town.say("王阿姨", LIFT)
    town.say("丁哥", "3栋2单元楼道灯不亮了", to="和园3栋群")

    asked = said_to(town.say("两边跑", "#1 我去看看"), "oa-两边跑")

    assert "1." in asked
    assert "2." in asked
    assert {ticket.status for ticket in town.tickets()} == {Status.DISPATCHED}


def test_nothing_of_one_community_is_told_in_the_other(town: Town) -> None:
    second_community(town)

    seen = town.say("丁哥", "电梯又坏了，按了没反应", to="和园3栋群")

    assert not {GROUP, LEADERS, STAFF} & set(chats(seen))
    assert town.tickets()[0].ref == "2026-YX-1"


# --- leaving


def test_a_leader_who_unfollows_loses_the_rights_and_what_waited_for_them_goes_the_next_way(town: Town) -> None:
    town.channels["bridge"].refuses[LEADERS] = DeliveryError("down", permanent=True)
    town.channels["bridge"].refuses[GROUP] = DeliveryError("down", permanent=True)
    town.channels["oa"].refuses["oa-李姐"] = DeliveryError("later", retry_after=3600)
    town.say("王阿姨", LIFT)

    seen = town.say("李姐", "", kind=Kind.UNFOLLOW)
    assert "单元长取消了关注" in said_to(seen, STAFF)
    later = town.wait(minutes=11)

    assert "电梯" in said_to([*seen, *later], STAFF)
    assert all(line.text.strip() for line in [*seen, *later])
    town.say("李姐", "#1 我去看看")
    assert town.ticket().status == Status.DISPATCHED


def test_an_elder_who_unfollows_leaves_the_matter_with_staff_and_nothing_of_their_words(town: Town) -> None:
    """Case 49."""
    town.say("新人", "3栋2单元502厨房水管漏水，电话13800002222，我叫刘桂兰")
    town.say("张伯", "3栋2单元502水管还在漏水")

    seen = town.say("新人", "", kind=Kind.UNFOLLOW)

    assert said_to(seen, GROUP) == said_to(seen, LEADERS) == ""
    with town.session() as session:
        kept = "".join(str(row) for row in session.exec(select(Outgoing.text, Outgoing.error)))
        kept += "".join(event.note or "" for event in session.exec(select(TicketEvent)))
    assert "13800002222" not in kept
    assert "刘桂兰" not in kept
    assert "刘桂兰" not in said_to(town.say("李姐", "详情 1"), "oa-李姐")


def test_who_follows_again_is_greeted_as_new_and_sees_nothing_old(town: Town) -> None:
    town.say("新人", LIFT)
    town.say("新人", "", kind=Kind.UNFOLLOW)

    again = said_to(town.say("新人", "", kind=Kind.FOLLOW), "oa-新人")

    assert "小单" in again
    assert "电梯" not in again
    assert "没有在办" in said_to(town.say("新人", "到哪一步了"), "oa-新人")


def test_a_rating_is_forgotten_with_its_words(town: Town) -> None:
    town.say("新人", LIFT)
    town.say("李姐", "#1 修好了", to=LEADERS)
    town.say("新人", "好了，谢谢")

    town.say("新人", "", kind=Kind.UNFOLLOW)

    with town.session() as session:
        ratings = list(session.exec(select(Rating).where(col(Rating.words).is_not(None))))
    assert ratings == []
