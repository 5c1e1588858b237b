"""Danger before all else: advice at once, everybody owed in the same commit, a ladder until somebody attends."""

from bot.channels import DeliveryError
from models import Status
from tests.stories.town import Town, chats, said_to

GROUP = "3栋2单元群"
LEADERS = "单元长群"
STAFF = "社工群"


def test_trapped_in_a_lift_advice_at_once_and_everybody_is_told(town: Town) -> None:
    seen = town.say("王阿姨", "救命，电梯卡住了，有人困在里面", to=GROUP)

    assert "别扒门" in said_to(seen, GROUP)
    told = chats(seen)
    assert LEADERS in told
    assert STAFF in told
    assert "oa-值班员" in told
    assert "【紧急】" in said_to(seen, LEADERS)
    assert town.ticket().danger == "lift_trapped"
    assert town.ticket().urgent


def test_received_does_not_stop_the_emergency_clock_only_attending_does(town: Town) -> None:
    town.say("王阿姨", "救命，电梯卡住了，有人困在里面", to=GROUP)

    town.say("李姐", "收到", to=LEADERS)
    assert said_to(town.wait(minutes=4), STAFF)

    town.say("李姐", "我到了", to=LEADERS)
    assert town.ticket().attended_at is not None
    assert town.wait(minutes=30) == []


def test_the_ladder_goes_on_until_somebody_attends(town: Town) -> None:
    town.say("王阿姨", "楼道里好大的煤气味", to=GROUP)

    rungs = [bool(said_to(town.wait(minutes=minutes), STAFF)) for minutes in (4, 6, 8, 16, 16, 16)]

    assert rungs == [True] * 6
    assert town.history().count("alarmed") == 6


def test_thirty_reports_of_one_fire_are_one_emergency_with_one_warning(town: Town) -> None:
    first = town.say("王阿姨", "着火了！3栋2单元楼上起火了", to=GROUP)
    rest = [town.say(f"邻居{n}", "着火了着火了，好大的烟", to=GROUP) for n in range(10)]

    assert len(town.tickets()) == 1
    assert "119" in said_to(first, GROUP)
    assert sum(bool(said_to(seen, GROUP)) for seen in rest) <= 1


def test_danger_is_heard_at_night_and_says_that_nobody_may_be_reading(town: Town) -> None:
    town.wait(hours=14)  # 23:00

    seen = town.say("王阿姨", "楼道里好大的煤气味", to=GROUP)

    assert "夜里" in said_to(seen, GROUP)
    assert "000-3333" in said_to(seen, GROUP)


def test_violence_is_silent_in_the_group_and_never_reaches_the_leader(town: Town) -> None:
    seen = town.say("王阿姨", "救命，我老公又打我，拿着刀", to=GROUP)

    assert said_to(seen, GROUP) == ""
    assert said_to(seen, LEADERS) == ""
    assert "安全" in said_to(seen, "oa-王阿姨")
    assert "oa-李姐" not in chats(seen)
    assert said_to(seen, STAFF) or said_to(seen, "oa-值班员")
    ticket = town.ticket()
    assert ticket.silent
    assert ticket.private
    assert said_to(town.say("李姐", "#1 我去看看"), "oa-李姐")
    assert town.ticket().status == Status.DISPATCHED


def test_suicide_in_private_is_answered_there_and_told_to_trained_staff_alone(town: Town) -> None:
    seen = town.say("王阿姨", "这日子没意思，我不想活了")

    assert "安全" in said_to(seen, "oa-王阿姨")
    assert "#" not in said_to(seen, "oa-王阿姨")
    assert said_to(seen, LEADERS) == said_to(seen, GROUP) == ""
    assert said_to(seen, STAFF)


def test_smoked_meat_is_asked_about_in_private_and_no_is_no(town: Town) -> None:
    seen = town.say("王阿姨", "楼下好大的烟，是不是在熏腊肉", to=GROUP)

    assert said_to(seen, GROUP) == ""
    assert town.tickets() == []


def test_a_repair_that_becomes_an_emergency_stays_one_ticket(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    assert not town.ticket().urgent

    seen = town.say("张伯", "电梯里面有人困住了", to=GROUP)

    assert len(town.tickets()) == 1
    assert town.ticket().urgent
    assert "【紧急】" in said_to(seen, STAFF)


def test_a_refusing_platform_hands_an_emergency_on_within_a_minute(town: Town) -> None:
    town.channels["bridge"].refuses[LEADERS] = DeliveryError("down")
    town.say("王阿姨", "救命，电梯卡住了，有人困在里面")

    seen = town.wait(seconds=61)

    assert "【紧急】" in said_to(seen, GROUP) or "【紧急】" in said_to(seen, "oa-李姐")


def test_a_danger_without_a_place_is_located_by_the_next_message(town: Town) -> None:
    town.person("新来的")
    town.say("新来的", "有人困在电梯里了")

    seen = town.say("新来的", "5栋1单元")

    assert (town.ticket().building, town.ticket().unit) == ("5", "1")
    assert "5栋1单元" in said_to(seen, LEADERS)


def test_a_recalled_danger_stays_open_until_a_person_has_checked(town: Town) -> None:
    town.say("王阿姨", "楼道里好大的煤气味")

    town.say("王阿姨", "不用来了")

    assert town.ticket().status == Status.DISPATCHED


def test_a_drill_or_a_joke_is_silent_but_a_real_one_is_not(town: Town) -> None:
    assert town.say("张伯", "明天上午消防演习，大家听到警报不要慌", to=GROUP) == []
    assert town.say("张伯", "笑死救命啊哈哈哈", to=GROUP) == []
    assert town.tickets() == []

    assert said_to(town.say("王阿姨", "不是演习，电梯真困人了", to=GROUP), GROUP)
