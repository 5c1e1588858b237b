"""What is promised until when: over holidays, while somebody waits, and what follows when it is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import inbox
from bot.settings import Settings
from models import Status
from tests.stories.town import Town, said_to

GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"
OWN = "oa-王阿姨"
LIFT = "3栋2单元电梯又坏了"
ZONE = ZoneInfo("Asia/Shanghai")


def at(town: Town, moment: str) -> None:
    """It is then, by the clock on the wall."""
    here = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    town.services.now.at = here.astimezone(UTC)  # type: ignore[attr-defined]  # the standing clock of the tests


def until(town: Town, moment: str) -> str:
    """Time passes until then; all that was said meanwhile. By quarters of an hour while people work, else by hours."""
    there = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    seen = []
    while (left := (there - town.services.now()).total_seconds()) > 0:
        here = town.services.now().astimezone(ZONE)
        at_work = 7 <= here.hour < 19 and town.services.settings.calendar.day(here.date()).working
        seen += town.wait(seconds=min(left, 900 if at_work else 3600 - 60 * here.minute))
    return "\n".join(f"{line.chat}: {line.text}" for line in seen)


def with_settings(town: Town, **sections: dict[str, object]) -> None:
    """The same town, where these settings differ."""
    old = town.services.settings.model_dump(exclude={"channels"})
    changed = {name: {**old[name], **keys} for name, keys in sections.items()}
    settings = Settings.model_validate({**old, **changed, "channels": town.services.settings.channels})
    town.services = replace(town.services, settings=settings)


def due(town: Town, number: int = 1) -> str:
    moment = town.ticket(number).resolve_due_at
    assert moment is not None
    return f"{moment.astimezone(ZONE):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("said", "promised"),
    [
        ("2026-02-13 16:00", "明天下班前"),  # that Saturday is worked for Spring Festival
        ("2026-02-14 16:00", "节后第一天（2月24日）下班前"),
        ("2026-02-27 16:00", "明天下班前"),
        ("2026-02-28 16:00", "下周一下班前"),
        ("2026-09-30 16:30", "节后第一天（10月8日）下班前"),
        ("2026-10-03 10:00", "节后第一天（10月8日）下班前"),
        ("2026-10-09 16:00", "明天下班前"),
        ("2026-11-27 09:00", "今天下班前"),
        ("2026-11-27 10:00", "下周一中午前"),
        ("2026-11-27 17:00", "下周一下班前"),
        ("2026-12-31 17:30", "节后第一天（1月4日）下班前（暂按平日计算）"),
        ("2026-12-31 09:00", "今天下班前"),  # the next year is not touched
    ],
)
def test_a_receipt_promises_no_word_on_a_holiday(town: Town, said: str, promised: str) -> None:
    at(town, said)

    assert f"，{promised}给您回话" in said_to(town.say("王阿姨", LIFT), OWN)


def test_whoever_reported_it_is_told_the_hours_that_were_counted(town: Town) -> None:
    at(town, "2026-09-30 16:30")
    town.say("王阿姨", LIFT)

    told = said_to(town.say("王阿姨", "为什么是节后？"), OWN)

    assert told.splitlines() == [
        "3栋2单元电梯坏了，说好节后第一天（10月8日）下班前回话，是按上班时间7小时算的：",
        "今天16点半到18点，1小时30分",
        "明天到下周三国庆节放假，不算",
        "下周四9点到12点、14点到16点半，5小时30分",
        "算到这里，就说节后第一天（10月8日）下班前。(#1)",
    ]
    assert said_to(town.say("李姐", "几时给回话"), "oa-李姐").splitlines() == told.splitlines()


def test_a_day_worked_for_a_holiday_and_a_year_not_known_yet_are_said(town: Town) -> None:
    at(town, "2026-02-13 17:00")
    town.say("王阿姨", LIFT)
    assert "明天调休上班，9点到12点、14点到17点，6小时" in said_to(town.say("王阿姨", "怎么要到周六"), OWN)

    at(town, "2026-12-31 17:00")
    town.say("王阿姨", "3栋2单元楼道灯不亮")
    told = said_to(town.say("王阿姨", "为什么是下周一"), OWN)
    assert "明天元旦放假，不算\n周六、周日休息，不算" in told
    assert "2027年怎么放假还没公布，暂按平日计算" in told


def test_long_promises_are_told_in_a_few_lines(town: Town) -> None:
    with_settings(town, clocks={"category": {"repair.lift": {"resolve_hours": 40}}})
    town.say("王阿姨", LIFT)

    told = said_to(town.say("王阿姨", "怎么要等这么久"), OWN).splitlines()

    assert told[1:-1] == ["今天到周五，每天7小时", "周六、周日休息，不算", "下周一9点到12点、14点到16点，5小时"]


def test_in_a_group_it_is_one_line_and_only_for_whoever_calls_us(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    assert town.say("张伯", "为什么是今天", to=GROUP) == []
    seen = town.say("张伯", "为什么是今天", to=GROUP, to_me=True)

    assert said_to(seen, GROUP) == "电梯的事按上班时间7小时算，休息日不算，到今天下班前。(#1)"


def test_what_was_told_in_private_is_not_explained_in_a_group(town: Town) -> None:
    town.say("王阿姨", LIFT)

    seen = town.say("王阿姨", "为什么是今天", to=GROUP, to_me=True)

    assert said_to(seen, GROUP) == ""
    assert "9点到12点" in said_to(seen, OWN)
    assert "9点到12点" not in "".join(line.text for line in town.say("张伯", "#1 为什么是今天", to=GROUP, to_me=True))


def test_the_clock_stands_while_a_thing_is_put_aside_and_goes_on_after_it(town: Town) -> None:
    town.say("王阿姨", LIFT)  # Monday, nine
    assert due(town) == "11-23 18:00"
    town.say("李姐", "我去看看", to=LEADERS)
    at(town, "2026-11-23 11:00")

    town.say("李姐", "#1 先放一放，等后天上午的师傅", to=LEADERS)
    assert due(town) == "11-25 18:00"  # five hours are left, from Wednesday morning on
    assert "先放着，不算" in said_to(town.say("王阿姨", "为什么是周三"), OWN)

    at(town, "2026-11-24 14:00")
    town.say("李姐", "#1 我去看看", to=LEADERS)
    assert due(town) == "11-25 12:00"  # four on Tuesday afternoon, one on Wednesday


def test_taken_back_a_pause_has_never_been(town: Town) -> None:
    town.say("王阿姨", LIFT)
    before = town.ticket()
    town.wait(minutes=5)
    town.say("李姐", "#1 先放一放，等后天上午的师傅", to=LEADERS)

    town.say("李姐", "撤销", to=LEADERS)

    after = town.ticket()
    assert (after.resolve_due_at, after.stood) == (before.resolve_due_at, before.stood)


def test_a_word_from_whom_was_waited_for_lets_the_clock_go_on(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "#1 等住户回复", to=LEADERS)
    assert due(town) == "11-30 18:00"  # put aside for the usual seven days, and nothing was counted yet
    at(town, "2026-11-24 09:00")

    seen = town.say("王阿姨", LIFT + "，我在家")

    assert town.ticket().status == Status.WAITING
    assert due(town) == "11-24 18:00"
    assert "居民回话了" in said_to(seen, LEADERS)
    assert town.history()[-1] == "supplied"


def test_what_is_put_aside_is_not_late_and_is_late_after_it(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "#1 先放一放，等后天上午的师傅", to=LEADERS)

    assert "到了还没办好" not in until(town, "2026-11-25 17:50")
    assert "due_again" in town.history()
    assert "到了还没办好" in until(town, "2026-11-25 18:10")


def test_a_leader_who_does_not_answer_is_relieved_in_working_time_only(town: Town) -> None:
    at(town, "2026-09-30 16:30")
    town.say("王阿姨", LIFT)

    assert until(town, "2026-10-08 10:40") == ""  # eight days, of which three hours of work
    assert until(town, "2026-10-08 11:25").count("不要紧") == 1  # at four fifths of the hours to take it
    seen = until(town, "2026-10-08 11:35")

    assert "您不用再跑" in seen
    assert town.history()[-1] == "escalated"


def test_a_leader_who_has_taken_it_is_relieved_when_the_word_is_due_and_a_new_one_is_promised(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "我去看看", to=LEADERS)

    seen = until(town, "2026-11-23 18:05")

    assert "电梯坏了(#1)，说好的时间到了还没办好" in seen
    assert "您不用再跑" in seen
    assert "电梯的事社区接过来办，明天下班前给您回话" in seen
    town.say("李姐", "#1 修好了", to=LEADERS)  # it stays visible below
    assert town.ticket().status == Status.RESOLVED


def test_staff_are_reminded_once_and_when_it_goes_up_they_see_it(town: Town) -> None:
    town.say("王阿姨", "人工")
    town.say("社工小邹", "#1 我来", to=STAFF)

    assert "等回音" not in until(town, "2026-11-23 16:30")
    assert until(town, "2026-11-23 16:45").count("等回音") == 1  # four fifths of seven hours
    seen = until(town, "2026-11-23 18:05")

    assert "等回音" not in seen
    assert "说好的时间到了还没办好" in seen  # the secretary has it now
    assert "您照样接着办" not in seen  # the secretary's card stands in the chat they share
    assert town.history() == ["opened", "dispatched", "accepted", "reminded", "escalated"]


def test_a_company_that_does_not_take_it_is_reminded_and_then_it_goes_up(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "转物业", to=LEADERS)

    assert "等回音" not in until(town, "2026-11-23 14:10")
    assert "oa-物业邓工: 下午好。还有一件事等回音：3栋2单元电梯坏了，今天下班前要给邻居回话。" in until(
        town, "2026-11-23 14:15"
    )
    seen = until(town, "2026-11-23 15:05")

    assert "前面没接上，请您接一下" in seen
    assert "oa-物业邓工: 3栋2单元电梯坏了(#1)还没人" in seen
    assert town.ticket().status == Status.TRANSFERRED


def test_a_company_that_has_taken_it_is_not_taken_off(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "转物业", to=LEADERS)
    town.say("物业邓工", "收到")

    until(town, "2026-11-23 17:55")

    assert "escalated" not in town.history()


def test_what_comes_back_from_a_company_binds_staff(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "转物业", to=LEADERS)
    at(town, "2026-11-23 10:00")
    town.say("物业邓工", "退回 这是业主自己的")

    assert "等回音" in until(town, "2026-11-23 15:15")
    assert "前面没接上" in until(town, "2026-11-23 16:05")


def test_whoever_is_asked_because_the_place_was_another_has_their_own_time(town: Town) -> None:
    town.say("王阿姨", LIFT)
    at(town, "2026-11-23 11:30")
    town.say("王阿姨", "不是3栋，是5栋1单元")

    assert "您不用再跑" not in until(town, "2026-11-23 17:20")
    assert "您不用再跑" in until(town, "2026-11-23 17:40")


def test_a_leader_hears_no_reminder_at_four_fifths(town: Town) -> None:
    town.say("王阿姨", LIFT)

    assert until(town, "2026-11-23 14:55") == ""


def test_at_the_top_it_is_said_once_a_working_day_that_it_is_time(town: Town) -> None:
    town.say("王阿姨", LIFT)

    seen = until(town, "2026-11-30 18:00")

    assert seen.count("还没有回音") == 4  # from Wednesday to Monday, with a weekend between
    assert "尽快" in said_to(town.say("王阿姨", "到哪一步了"), OWN)
    assert "对不起" in said_to(town.say("王阿姨", "几时给回话"), OWN)


def test_an_emergency_does_not_look_at_the_calendar(town: Town) -> None:
    at(town, "2026-10-02 20:00")
    town.say("王阿姨", "3栋2单元楼道里一股煤气味", to=GROUP)

    ticket = town.ticket()
    assert ticket.resolve_due_at == ticket.opened_at + timedelta(
        hours=town.services.settings.clocks.urgent_resolve_hours
    )
    assert "不看上班时间" in said_to(town.say("王阿姨", "几时给回话", to=GROUP, to_me=True), GROUP)


def test_what_turns_into_an_emergency_leaves_the_calendar(town: Town) -> None:
    at(town, "2026-10-02 20:00")
    town.say("王阿姨", LIFT)
    assert due(town) == "10-08 18:00"
    town.wait(minutes=2)

    town.say("王阿姨", "里面有人在拍门")

    assert town.ticket().danger is not None
    assert due(town) == "10-03 00:02"


def test_what_becomes_urgent_is_promised_sooner(town: Town) -> None:
    at(town, "2026-11-23 16:00")
    town.say("王阿姨", LIFT)
    assert due(town) == "11-24 18:00"

    town.say("王阿姨", "急")

    assert due(town) == "11-24 12:00"


NEXT_YEAR = """
years = [2027]
[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-04
"""


def test_when_next_years_holidays_are_known_open_promises_are_counted_again_once(town: Town, tmp_path) -> None:  # type: ignore[no-untyped-def]
    at(town, "2026-12-31 17:30")
    town.say("王阿姨", LIFT)
    assert due(town) == "01-04 18:00"
    (tmp_path / "days.toml").write_text(NEXT_YEAR, encoding="utf-8")
    with_settings(town, hours={"calendar": str(tmp_path / "days.toml")})

    assert [inbox.recount(town.services) for _ in range(2)] == [1, 0]
    seen = town.drain()

    assert due(town) == "01-05 18:00"
    assert said_to(seen, OWN) == "放假安排出来了，电梯的事改成节后第一天（1月5日）下班前给您回话，请您多等一下。(#1)"
    assert said_to(seen, LEADERS) == ""
    assert town.history()[-1] == "recounted"
    assert town.services.settings.calendar.day(date(2027, 1, 4)).why == "元旦"


def test_what_is_counted_again_and_stays_the_same_is_not_spoken_of(town: Town) -> None:
    town.say("王阿姨", LIFT)
    with_settings(town, hours={"work": [["09:00", "12:00"], ["14:00", "18:00"], ["19:00", "20:00"]]})

    assert inbox.recount(town.services) == 1
    assert "recounted" not in town.history()
    assert town.drain() == []
