"""Where somebody lives: asked by them, confirmed by a leader or staff, scanned at the door."""

import pytest
from sqlmodel import col, select

from bot.channels import Kind
from models import Account, Area, BindRequest, BindState
from tests.stories.town import Town, said_to

STAFF = "社工群"


def home(town: Town, who: str, channel: str = "oa") -> tuple[str | None, str | None]:
    """The unit an account is bound to, and by whom."""
    with town.services.reading() as session:
        account = session.exec(select(Account).where(Account.user_id == f"{channel}-{who}")).one()
        area = session.get(Area, account.bound_area_id) if account.bound_area_id else None
        return (area.code if area else None), account.bound_by


def states(town: Town) -> list[BindState]:
    with town.services.reading() as session:
        return [request.state for request in session.exec(select(BindRequest).order_by(col(BindRequest.id)))]


def test_the_leader_is_asked_in_private_and_says_yes(town: Town) -> None:
    seen = town.say("刘婶", "绑定 3栋2单元")
    assert "我请人核对一下" in said_to(seen, "oa-刘婶")
    assert "刘婶说住在幸福里3栋2单元" in said_to(seen, "oa-李姐")
    assert {line.chat for line in seen} == {"oa-刘婶", "oa-李姐"}
    assert home(town, "刘婶") == (None, None)

    seen = town.say("李姐", "是")
    assert "登记您住在幸福里3栋2单元" in said_to(seen, "oa-刘婶")
    assert home(town, "刘婶") == ("B3U2", "leader")
    town.say("刘婶", "楼道灯不亮")
    assert town.ticket().unit == "2"


def test_a_leaders_no_is_not_the_last_word_and_nobody_is_told_of_it(town: Town) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    seen = town.say("李姐", "不认识")

    assert "请社区的人再核对" in said_to(seen, "oa-李姐")
    assert said_to(seen, "oa-刘婶") == ""
    assert "有居民要登记住在幸福里3栋2单元" in said_to(seen, STAFF)
    assert states(town) == [BindState.STAFF]
    assert home(town, "刘婶") == (None, None)


def test_no_answer_ends_on_the_staffs_list(town: Town) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    seen = town.wait(hours=24, minutes=1)

    assert "有居民要登记" in said_to(seen, STAFF)
    assert states(town) == [BindState.STAFF]


def test_a_leader_never_decides_about_somebody_who_complained_of_one(town: Town) -> None:
    town.say("刘婶", "3栋2单元的单元长把架空层租给人停车收钱，太过分了")
    seen = town.say("刘婶", "绑定 3栋2单元")

    assert said_to(seen, "oa-李姐") == ""
    assert said_to(seen, "oa-陈副") == ""
    assert "有居民要登记" in said_to(seen, STAFF)
    assert states(town) == [BindState.STAFF]


def test_nor_where_the_complaint_came_after_the_question(town: Town) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    town.say("刘婶", "3栋2单元的单元长把架空层租给人停车收钱，太过分了")
    seen = town.say("李姐", "是")

    assert "记下了" in said_to(seen, "oa-李姐")
    assert home(town, "刘婶") == (None, None)
    assert states(town) == [BindState.STAFF]


def test_a_leader_does_not_confirm_their_own_home(town: Town) -> None:
    seen = town.say("李姐", "绑定 3栋2单元")
    assert "是您这里的住户吗" in said_to(seen, "oa-陈副")
    assert "是您这里的住户吗" not in said_to(seen, "oa-李姐")


def test_while_the_leader_is_away_the_deputy_is_asked(town: Town) -> None:
    town.say("李姐", "请假三天")
    assert "是您这里的住户吗" in said_to(town.say("刘婶", "绑定 3栋2单元"), "oa-陈副")


@pytest.mark.parametrize("words", ["收到", "好的", "我去看看"])
def test_a_bare_word_confirms_nobody(town: Town, words: str) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    town.say("李姐", words)
    assert home(town, "刘婶") == (None, None)


@pytest.mark.parametrize("words", ["绑定 99栋1单元", "绑定 3栋9单元", "绑定 幸福里", "绑定 那边"])
def test_a_place_that_is_none_is_asked_for_once_more(town: Town, words: str) -> None:
    assert "比如“绑定 3栋2单元”" in said_to(town.say("刘婶", words), "oa-刘婶")
    assert states(town) == []


def test_in_a_group_nobody_need_read_where_somebody_lives(town: Town) -> None:
    town.say("刘婶", "绑定 3栋2单元", to="3栋2单元群")
    assert states(town) == []


def test_asking_again_corrects_the_wish(town: Town) -> None:
    town.say("刘婶", "绑定 3栋2单元")
    seen = town.say("刘婶", "绑定 5栋1单元")

    assert "是您这里的住户吗" in said_to(seen, "oa-周叔")
    assert len(states(town)) == 1
    town.say("李姐", "是")  # was asked about another place: it is not theirs to say
    assert home(town, "刘婶") == (None, None)


def test_a_code_scanned_at_the_door_binds_and_does_not_overrule_what_a_person_confirmed(town: Town) -> None:
    town.say("刘婶", "", kind=Kind.SCAN, scene="B3U2")
    assert home(town, "刘婶") == ("B3U2", "scene")
    town.say("刘婶", "绑定 3栋2单元")
    town.say("李姐", "是")
    town.say("刘婶", "", kind=Kind.SCAN, scene="B5U1")

    assert home(town, "刘婶") == ("B3U2", "leader")


def test_whoever_unfollows_is_forgotten_with_their_home(town: Town) -> None:
    town.say("刘婶", "", kind=Kind.SCAN, scene="B3U2")
    town.say("刘婶", "绑定 3栋2单元")
    town.say("刘婶", "", kind=Kind.UNFOLLOW)

    assert home(town, "刘婶") == (None, None)
    assert states(town) == []
    town.say("李姐", "是")
    assert home(town, "刘婶") == (None, None)
