"""A planned outage is announced: nobody is sent, everybody is told until when, and its end is looked after."""

import pytest
from sqlmodel import select

from models import Announcement, Status
from tests.stories.town import Town, said_to

GROUP = "3栋2单元群"
OTHER_GROUP = "5栋群"
LEADERS = "单元长群"
STAFF = "社工群"
NOTICE = "【通知】明天9-17点清洗水箱停水，请大家提前存水"


def kept(town: Town) -> list[Announcement]:
    with town.services.reading() as session:
        return list(session.exec(select(Announcement)))


ANNOUNCED = [  # who, where, what is said: hours it lasts
    ("物业邓工", GROUP, NOTICE, 8),
    ("物业邓工", None, NOTICE, 8),
    ("物业邓工", GROUP, "跟各位讲一声，明早八点停水两个小时换阀门", 2),
    ("社工小邹", GROUP, "大家注意，今天下午2点到4点半检修线路停电", 2.5),
    ("书记", LEADERS, "通知：后天上午9点到11点停气换表", 2),
    ("李姐", GROUP, "物业托我说一下，明天上午九点到十二点电梯停运做年检", 3),
    ("网格刘", OTHER_GROUP, "今晚十点到明早六点停水", 8),
    ("物业邓工", GROUP, "聽日朝早九點到十一點停水，唔好意思", 2),
]


@pytest.mark.parametrize(("who", "where", "words", "hours"), ANNOUNCED, ids=lambda value: str(value)[:16])
def test_it_is_kept_with_its_hours_and_no_ticket(
    town: Town, who: str, where: str | None, words: str, hours: float
) -> None:
    seen = town.say(who, words, to=where)

    [row] = kept(town)
    assert (row.ends_at - row.starts_at).total_seconds() == hours * 3600
    assert town.tickets() == []
    assert said_to(seen, GROUP) == said_to(seen, OTHER_GROUP) == ""
    assert bool(seen) == (where not in (GROUP, OTHER_GROUP))


NOT_ANNOUNCED = [
    ("张伯", GROUP, NOTICE),  # a neighbour who passes it on: who knows whether it is so
    ("王阿姨", None, NOTICE),
    ("志愿者小马", GROUP, NOTICE),
    ("周叔", GROUP, NOTICE),  # the leader of another building
    ("物业邓工", GROUP, "明天停水吗？9点到17点是不是？"),
    ("物业邓工", GROUP, "明天9点到17点停车场清洗"),
    ("物业邓工", GROUP, "明天停水"),  # until when? nothing that could be told to anybody
]


@pytest.mark.parametrize(("who", "where", "words"), NOT_ANNOUNCED, ids=lambda value: str(value)[:16])
def test_said_by_somebody_else_or_without_hours_nothing_is_kept(
    town: Town, who: str, where: str | None, words: str
) -> None:
    town.say(who, words, to=where)

    assert kept(town) == []


def test_while_it_lasts_a_group_is_told_once_and_everybody_in_private_each_time(town: Town) -> None:
    town.say("物业邓工", NOTICE)
    town.wait(hours=26)  # 11:00 the next day

    first = town.say("王阿姨", "又停水了，有人管吗", to=GROUP)
    again = town.say("张伯", "我家没水了", to=GROUP)
    alone = [said_to(town.say("王阿姨", "3栋2单元停水了"), "oa-王阿姨") for _ in range(2)]

    assert said_to(first, GROUP) == "今天9到17点是计划停水，17点后还没来您说一声。"
    assert said_to(again, GROUP) == ""
    assert alone == ["今天9到17点是计划停水，17点后还没来您说一声。"] * 2
    assert town.tickets() == []
    assert said_to(first, LEADERS) == ""


OTHER_MATTERS = [
    ("3栋2单元停电了", "another supply"),
    ("3栋2单元水是黄的，有铁锈味", "something else about the water"),
    ("3栋2单元电梯坏了", "the lift"),
]


@pytest.mark.parametrize(("words", "why"), OTHER_MATTERS)
def test_what_is_not_planned_is_a_matter_as_ever(town: Town, words: str, why: str) -> None:
    town.say("物业邓工", NOTICE)
    town.wait(hours=26)

    town.say("王阿姨", words)

    assert len(town.tickets()) == 1, why


def test_before_it_begins_and_outside_of_its_place_a_report_is_a_report(town: Town) -> None:
    town.say("物业邓工", NOTICE, to=GROUP)
    town.say("王阿姨", "停水了", to=GROUP)
    assert len(town.tickets()) == 1

    town.wait(hours=26)
    town.say("周叔", "5栋1单元停水了", to=OTHER_GROUP)
    assert len(town.tickets()) == 2


def test_a_medical_device_outranks_the_plan(town: Town) -> None:
    """Daily life, case 4."""
    town.say("物业邓工", "通知：今天10点到15点检修停电")
    town.wait(hours=2)

    seen = town.say("王阿姨", "停电了，我爸的呼吸机怎么办", to=GROUP)

    assert "120" in said_to(seen, GROUP)
    assert town.ticket().danger == "device_power"
    assert "【紧急】" in said_to(seen, STAFF)


def test_while_it_lasts_still_not_back_is_answered_with_the_plan(town: Town) -> None:
    town.say("物业邓工", NOTICE)
    town.wait(hours=26)

    assert "17点" in said_to(town.say("王阿姨", "怎么还没来水"), "oa-王阿姨")
    assert town.say("王阿姨", "还没来水", to=GROUP) == []
    assert town.tickets() == []


@pytest.mark.parametrize("words", ["还没来水啊", "都过了5点了还没来", "怎么水还没来"])
def test_past_its_end_still_not_back_is_a_report_and_the_leader_hears_it(town: Town, words: str) -> None:
    town.say("物业邓工", NOTICE)
    town.wait(hours=32, minutes=30)  # 17:30 the next day

    seen = town.say("王阿姨", words, to=GROUP)
    town.say("张伯", "3栋2单元停水了", to=GROUP)

    assert town.ticket().category == "water"
    assert said_to(seen, LEADERS) or said_to(seen, "oa-李姐")
    assert len(town.tickets()) == 1


def test_at_its_end_whoever_announced_it_is_asked_once_and_nothing_said_is_nothing_done(town: Town) -> None:
    town.say("物业邓工", NOTICE)

    asked = town.wait(hours=32, minutes=1)
    later = town.wait(hours=3)

    assert "恢复了吗" in said_to(asked, "oa-物业邓工")
    assert later == []
    assert town.tickets() == []


@pytest.mark.parametrize(("answer", "tickets"), [("好了", 0), ("来水了", 0), ("还没", 1), ("还没来水", 1)])
def test_the_answer_says_whether_there_is_something_to_see_to(town: Town, answer: str, tickets: int) -> None:
    town.say("物业邓工", NOTICE)
    town.wait(hours=32, minutes=1)

    seen = town.say("物业邓工", answer)

    assert said_to(seen, "oa-物业邓工")
    assert len(town.tickets()) == tickets


def test_an_outage_that_ends_at_night_wakes_nobody(town: Town) -> None:
    town.say("物业邓工", "通知：今晚八点到十一点停水")

    assert town.wait(hours=15) == []
    assert kept(town)[0].checked_at is not None


def test_news_of_a_matter_in_hand_is_told_and_kept(town: Town) -> None:
    town.say("王阿姨", "又停水了", to=GROUP)
    town.say("李姐", "我去看看", to=GROUP)

    town.say("李姐", "师傅说要换泵，今天下午2点到4点停水", to=LEADERS)

    assert town.history()[-1] == "progressed"
    assert len(kept(town)) == 1
    assert town.ticket().status == Status.ACCEPTED


def test_a_leader_who_relays_a_planned_outage_is_told_of_the_plan(town: Town) -> None:
    town.say("物业邓工", NOTICE)
    town.wait(hours=26)

    assert "计划停水" in said_to(town.say("李姐", "代报 3栋2单元 停水了"), "oa-李姐")
    assert town.tickets() == []
