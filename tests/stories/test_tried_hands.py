"""What people on duty and volunteers really answer, in their own words: it is heard, and nobody is told twice."""

import pytest

from models import OfferState, Role, Slot, Status
from tests.stories.hands import organisations
from tests.stories.helping import offers, volunteer
from tests.stories.test_clocks import until
from tests.stories.town import Town, chats, said_to

SHOP = "想请人帮我买菜，我脚崴了下不了楼，住502"
LIFT = "3栋2单元电梯停了"
STAFF, LEADERS = "社工群", "单元长群"


@pytest.fixture
def helper(town: Town) -> Town:
    volunteer(town, "赵一", "B3U2")
    town.say("王阿姨", SHOP)
    return town


@pytest.mark.parametrize("words", ["我可以", "有空的", "可以去", "没问题"])
def test_an_offer_is_taken_in_other_words(helper: Town, words: str) -> None:
    assert "这件就等您了" in said_to(helper.say("赵一", words), "oa-赵一")
    assert helper.ticket().status == Status.ACCEPTED


@pytest.mark.parametrize("words", ["没空", "今天没时间", "不好意思，走不开", "我在上班呢", "抽不开身，抱歉"])
def test_an_offer_is_declined_in_other_words(helper: Town, words: str) -> None:
    assert "谢谢您回话" in said_to(helper.say("赵一", words), "oa-赵一")
    assert OfferState.DECLINED in [offer.state for offer in offers(helper)]
    assert helper.ticket().status == Status.DISPATCHED


@pytest.mark.parametrize("words", ["几点去？", "门牌多少", "在哪栋", "住几楼啊", "远不远"])
def test_what_is_asked_before_taking_it_opens_nothing(helper: Town, words: str) -> None:
    seen = helper.say("赵一", words)
    assert "您接了马上给您" in said_to(seen, "oa-赵一")
    assert chats(seen) == ["oa-赵一"]
    assert len(helper.tickets()) == 1
    helper.say("赵一", "我来")
    assert helper.ticket().status == Status.ACCEPTED


def test_two_different_wishes_are_two_requests(town: Town) -> None:
    town.say("王阿姨", "帮我换个锁，锁坏了，住502")
    town.say("王阿姨", "谁帮我去银行取点钱")
    town.say("王阿姨", "帮我换个锁，门锁坏了")
    assert len(town.tickets()) == 2


def test_whoever_is_on_the_way_to_an_emergency_is_heard_and_the_ladder_goes_on(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道里一股煤气味")
    seen = town.say("值班员", "我在路上")
    assert "收到您的回复" in said_to(seen, "oa-值班员")
    assert "还没人说到场" in said_to(town.wait(minutes=4), STAFF)
    assert "您到了" in said_to(town.say("值班员", "我到了"), "oa-值班员")


def test_a_bare_word_on_an_emergency_is_met_with_what_to_do_and_no_question(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道里一股煤气味")
    answer = said_to(town.say("李姐", "收到"), "oa-李姐")
    assert "您不用进去" in answer
    assert "哪一件" not in answer
    assert town.ticket().attended_at is None
    assert "没说清" not in said_to(town.wait(hours=2), STAFF)


def test_a_bare_word_on_the_only_matter_is_asked_about_without_a_list_to_choose_from(town: Town) -> None:
    town.say("王阿姨", LIFT)
    assert "您是接下这件吗" in said_to(town.say("李姐", "收到"), "oa-李姐")
    town.say("李姐", "1")
    assert town.ticket().status == Status.ACCEPTED


def test_a_whistle_without_a_name_is_asked_about(town: Town) -> None:
    organisations(town)
    town.say("王阿姨", LIFT)
    assert "叫谁" in said_to(town.say("李姐", "吹哨"), "oa-李姐")
    assert "安居物业公司" in said_to(town.say("李姐", "那就吹哨 物业"), "oa-李姐")


def test_a_leave_that_runs_already_is_no_reason_for_a_matter_to_go_up(town: Town) -> None:
    """From the deputy it went to the grid, and on for want of an answer: nobody there was away."""
    town.say("王阿姨", LIFT)
    town.say("李姐", "请假三天")
    town.say("陈副", "请假三天")
    town.say("网格刘", "请假三天")
    seen = until(town, "2026-11-23 15:05")
    assert "社工请假" not in seen


def test_where_staff_and_secretary_share_a_chat_a_matter_goes_up_in_one_line(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "转社区")
    town.say("社工小邹", "#1 我来")
    seen = town.wait(days=3)
    told = [line.text for line in seen if line.chat == STAFF and "报到上面" in line.text]
    assert told == []


def test_that_the_community_takes_over_is_said_once(town: Town) -> None:
    town.say("王阿姨", LIFT)
    heard = [until(town, f"2026-11-{day} 18:05") for day in (23, 24)]
    assert sum("电梯的事社区接过来办" in seen for seen in heard) == 1
    assert "".join(heard).count("电梯的事社区接过来办") == 1
    assert "对不起" in "".join(heard)


def test_leave_in_other_words(town: Town) -> None:
    assert "到11月29日" in said_to(town.say("李姐", "请假到周五") + town.say("李姐", "不对是请到周日"), "oa-李姐")
    assert "欢迎回来" in said_to(town.say("李姐", "回来了"), "oa-李姐")
    assert "11月26日" in said_to(town.say("李姐", "我周四到下周二回老家"), "oa-李姐")


def test_a_deputy_of_another_role_stands_in_as_before(town: Town) -> None:
    town.person("楼栋吴", (Role.BUILDING_LEADER, "B3", Slot.A))
    town.say("王阿姨", LIFT)
    town.say("陈副", "请假三天")
    town.say("李姐", "请假三天")
    assert "现在是楼栋长在跟" in said_to(town.say("楼栋吴", "#1 我去看看"), "oa-王阿姨")
