"""Cases 11 to 20 of daily life, each a story: what is said, what everybody then sees, and what is kept."""

from datetime import datetime

import pytest

from bot.channels import Kind
from models import Level, Role, Slot, Status
from tests.stories.town import Town, chats, said_to

GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"
OWN, LEADER, DEPUTY = "oa-王阿姨", "oa-李姐", "oa-陈副"
EVERYBODY_ON_DUTY = (LEADERS, STAFF, "oa-值班员", "oa-物业邓工")


def test_11_an_elder_who_did_not_come_home_is_looked_for_without_waiting_a_day(town: Town) -> None:
    seen = town.say("王阿姨", "嗲嗲出门买菜没回来，有点糊涂")

    assert "110" in said_to(seen, OWN)
    assert "不用等24小时" in said_to(seen, OWN)
    for who in EVERYBODY_ON_DUTY:
        assert "【紧急】" in said_to(seen, who)
    assert town.ticket().danger == "missing_elder"
    assert said_to(town.wait(minutes=4), STAFF)


def test_12_an_old_neighbour_unseen_is_danger_and_her_name_stays_unsaid(town: Town) -> None:
    town.person("党员小肖", (Role.LINKED_MEMBER, "B3U2", Slot.A))

    seen = town.say("王阿姨", "对门张娭毑三天冇出门，敲门冇人应")

    assert "敲门" in said_to(seen, OWN)
    assert "120" in said_to(seen, OWN)
    for who in (*EVERYBODY_ON_DUTY, "oa-党员小肖"):
        assert "【紧急】" in said_to(seen, who)
    assert all("张" not in line.text for line in seen)
    assert town.ticket().danger == "elder_unseen"


def test_13_a_fall_the_ambulance_do_not_lift_and_the_leader_only_opens_the_gate(town: Town) -> None:
    seen = town.say("王阿姨", "娭毑绊哒一跤起不来")

    assert "先别拉他起来" in said_to(seen, OWN)
    assert "120" in said_to(seen, OWN)
    assert "您不用进去" in said_to(seen, LEADERS)
    assert town.ticket().danger == "fall"


def test_13_without_a_place_it_is_the_one_thing_that_is_asked(town: Town) -> None:
    town.person("过路人")

    seen = town.say("过路人", "娭毑绊哒一跤起不来")
    placed = town.say("过路人", "3栋2单元")

    assert "120" in said_to(seen, "oa-过路人")
    assert "3栋2单元" in said_to(placed, LEADERS)
    assert (town.ticket().building, town.ticket().unit) == ("3", "2")


def test_14_carbon_monoxide_out_into_the_air_and_not_back_in(town: Town) -> None:
    seen = town.say("王阿姨", "烤火头晕，几个人都想吐")

    for words in ("先出来", "开门开窗", "120", "别再回屋"):
        assert words in said_to(seen, OWN)
    for who in EVERYBODY_ON_DUTY:
        assert "【紧急】" in said_to(seen, who)
    assert town.ticket().danger == "carbon_monoxide"


def test_15_fraud_is_stopped_in_one_breath(town: Town) -> None:
    seen = town.say("王阿姨", "医保局打电话要我转钱")

    assert said_to(seen, OWN).startswith("先别转、别报验证码，挂掉，打96110。")
    assert GROUP not in chats(seen)
    assert town.ticket().danger == "fraud"


def test_16_a_visit_that_nobody_arranged_keeps_the_door_shut(town: Town) -> None:
    seen = town.say("王阿姨", "有人说是社区的要进屋查气")
    answer = said_to(seen, OWN)

    assert answer.startswith("社区今天没有登记入户，先别开门，打000-4444核实。")
    assert "110" in answer
    assert "【紧急】" in said_to(seen, STAFF)
    assert town.ticket().danger == "visitor"


def test_16_a_visit_that_staff_announced_is_told_with_its_hours_and_alarms_nobody(town: Town) -> None:
    town.say("社工小邹", "【通知】今天9点到17点燃气公司上门安检，请大家留人在家")

    seen = town.say("王阿姨", "有人说是社区的要进屋查气")

    assert "今天9到17点" in said_to(seen, OWN)
    assert "工作证" in said_to(seen, OWN)
    assert chats(seen) == [OWN]
    assert town.tickets() == []


def test_16_a_visit_of_tomorrow_or_of_another_building_opens_no_door_today(town: Town) -> None:
    town.say("社工小邹", "【通知】明天9点到17点燃气公司上门安检")
    town.say("社工小邹", "【通知】5栋今天9点到17点燃气公司上门安检")

    seen = town.say("王阿姨", "有人说是社区的要进屋查气")

    assert "没有登记入户" in said_to(seen, OWN)
    assert town.ticket().danger == "visitor"


def test_17_outside_working_days_the_promise_is_honest_and_no_volunteer_is_reminded(town: Town) -> None:
    """A Saturday evening in place of New Year's Eve: what holds without a calendar of holidays and a roster for them,
    which come with a later issue.
    """
    town.wait(days=5, hours=10)  # Saturday 19:00

    seen = town.say("王阿姨", "马桶堵哒")

    assert "下周一" in said_to(seen, OWN)
    sunday = town.wait(hours=12) + town.wait_in_steps(24 * 60, 60)
    assert not {LEADER, DEPUTY, LEADERS, GROUP} & set(chats(sunday))
    assert town.ticket().status == Status.DISPATCHED
    due = town.ticket().resolve_due_at
    assert isinstance(due, datetime)
    assert due.astimezone(town.services.settings.zone).isoweekday() == 1


def test_18_a_landmark_will_do_for_a_tenant_and_no_binding_is_asked_for(town: Town) -> None:
    town.person("租客")
    assert "哪一栋" in said_to(town.say("租客", "厨房水管漏水"), "oa-租客")

    seen = town.say("租客", "我租房的，不晓得几栋，超市楼上")

    assert "#1" in said_to(seen, "oa-租客")
    assert "房东" not in "".join(line.text for line in seen)
    assert not [word for word in ("登记", "绑定", "认证") if word in said_to(seen, "oa-租客")]
    assert sorted(chats(seen)) == sorted(["oa-租客", LEADERS])
    assert (town.ticket().building, town.ticket().unit) == ("3", "2")


def test_19_a_shop_is_a_place_the_same_day_with_the_property_and_no_unit_leader(town: Town) -> None:
    town.area("FD", Level.PLACE, "粉店", "XFL")
    town.person("粉店老板")

    seen = town.say("粉店老板", "门口粉店下水返水，下午还要做生意")

    assert "今天" in said_to(seen, "oa-粉店老板")
    assert "物业" in said_to(seen, "oa-粉店老板")
    assert "粉店" in said_to(seen, "oa-物业邓工")
    assert not {GROUP, LEADERS, LEADER, DEPUTY} & set(chats(seen))
    assert "物业去看了" in said_to(town.say("物业邓工", "我去看看"), "oa-粉店老板")


def test_19_a_shop_that_the_property_leaves_lying_goes_to_staff(town: Town) -> None:
    town.area("FD", Level.PLACE, "粉店", "XFL")
    town.say("粉店老板", "门口粉店下水返水，下午还要做生意")

    assert "粉店" in said_to(town.wait(hours=30), STAFF)


@pytest.mark.parametrize("hour", [0, 10])
def test_20_a_voice_message_that_no_program_can_read_is_with_staff_at_once(town: Town, hour: int) -> None:
    town.wait(hours=hour)

    seen = town.say("王阿姨", "", kind=Kind.VOICE, media_id="forty-seconds")

    assert "听不清" in said_to(seen, OWN)
    assert "有危险先打110、119、120" in said_to(seen, OWN)
    assert said_to(seen, STAFF)
    assert not {GROUP, LEADERS, LEADER} & set(chats(seen))
    assert town.ticket().category == "voice"
