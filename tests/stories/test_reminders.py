"""Nothing is forgotten and nobody is nagged: one line a day to each person, three matters at most, in their hours."""

from sqlmodel import col, select

from bot import inbox
from models import Reminder
from tests.stories.test_clocks import GROUP, LEADERS, LIFT, OWN, STAFF, at, until
from tests.stories.town import Town, said_to

LI = "oa-李姐"
FOUR = ("3栋2单元电梯又坏了", "3栋2单元楼道灯不亮", "3栋2单元楼顶漏水", "3栋2单元单元门锁坏了，关不上")


def reminded(seen: str) -> list[str]:
    """The lines that remind somebody, with where they were seen."""
    return [line for line in seen.splitlines() if "等回音" in line or "还没有回音" in line]


def taken(town: Town, *matters: str) -> None:
    for number, matter in enumerate(matters, start=1):
        town.say("王阿姨", matter)
        town.say("李姐", f"#{number} 我去看看", to=LEADERS)


def test_a_leader_is_reminded_once_in_words_without_any_deadline(town: Town) -> None:
    taken(town, LIFT)

    assert reminded(until(town, "2026-11-23 16:30")) == []
    assert reminded(until(town, "2026-11-23 17:55")) == [
        f"{LI}: 下午好。还有一件事等回音：3栋2单元电梯坏了。忙不过来回“转社区”就行，不要紧。(#1)"
    ]
    assert town.history() == ["opened", "dispatched", "accepted", "reminded"]


def test_the_answer_to_it_passes_the_matter_on(town: Town) -> None:
    taken(town, LIFT)
    until(town, "2026-11-23 17:00")

    assert "社区接过来办，您不用再跑" in said_to(town.say("李姐", "转社区"), LI)
    assert town.history()[-1] == "escalated"


def test_several_matters_go_in_one_line_three_at_most_and_the_rest_the_next_day(town: Town) -> None:
    taken(town, *FOUR)

    seen = until(town, "2026-11-23 17:55")

    assert seen.count("等回音") == 1
    assert "还有3件事等回音：" in seen
    assert seen.count("(#") == 3
    assert len(still_owed(town)) == 1


def still_owed(town: Town) -> list[int]:
    with town.services.reading() as session:
        return list(session.exec(select(Reminder.ticket_id).where(col(Reminder.settled_at).is_(None))))


def test_not_at_lunch_not_in_the_evening_and_not_on_a_day_off(town: Town) -> None:
    at(town, "2026-11-27 14:05")  # Friday: four fifths of seven hours are over on Monday at 10:41
    taken(town, LIFT)
    assert reminded(until(town, "2026-11-30 10:30")) == []
    assert [line.partition("。")[0] for line in reminded(until(town, "2026-11-30 11:00"))] == [f"{LI}: 早上好"]


def test_what_falls_into_lunch_is_said_after_it(town: Town) -> None:
    at(town, "2026-11-24 15:20")  # four fifths: the next day at 11:56
    taken(town, LIFT)
    assert reminded(until(town, "2026-11-25 14:55")) == []
    assert reminded(until(town, "2026-11-25 15:05")) == [
        f"{LI}: 下午好。还有一件事等回音：3栋2单元电梯坏了。忙不过来回“转社区”就行，不要紧。(#1)"
    ]


def test_nothing_is_asked_of_a_leader_around_the_spring_festival(town: Town) -> None:
    at(town, "2026-02-13 16:00")  # four days before New Year's Eve; the next day is worked
    taken(town, LIFT)
    assert reminded(until(town, "2026-02-24 19:00")) == []


def test_what_is_done_in_time_is_not_mentioned(town: Town) -> None:
    taken(town, LIFT)
    until(town, "2026-11-23 16:30")
    town.say("李姐", "#1 修好了", to=LEADERS)
    assert reminded(until(town, "2026-11-24 18:00")) == []


def test_who_is_away_is_not_reminded(town: Town) -> None:
    taken(town, LIFT)
    town.say("李姐", "我请假到周五")
    assert not [line for line in reminded(until(town, "2026-11-24 11:30")) if line.startswith(LI)]


def test_what_was_told_in_confidence_is_reminded_of_in_private(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜剁东西，吵得睡不着")
    town.say("王阿姨", "2")
    town.say("李姐", "#1 我来")

    lines = reminded(until(town, "2026-11-25 18:00"))

    assert lines
    assert all(line.startswith((f"{LI}:", f"{STAFF}:", "oa-")) for line in lines)
    assert not [line for line in lines if line.startswith((GROUP, LEADERS))]


def test_two_clocks_at_once_say_it_once(town: Town) -> None:
    taken(town, LIFT)
    at(town, "2026-11-23 17:00")
    seen = [inbox.clockwork(town.services), inbox.clockwork(town.services)]
    assert seen[0] > 0
    assert len(reminded("\n".join(f"{line.chat}: {line.text}" for line in town.drain()))) == 1


def test_whoever_told_it_hears_nothing_of_reminders(town: Town) -> None:
    taken(town, LIFT)
    assert OWN not in "".join(reminded(until(town, "2026-11-23 17:55")))


def test_the_next_level_is_told_the_whole_story(town: Town) -> None:
    taken(town, LIFT)
    town.say("李姐", "#1 等配件，明天到", to=LEADERS)
    town.say("王阿姨", "催一下")

    seen = until(town, "2026-11-23 18:05")

    assert "说好的时间到了还没办好" in seen
    assert "经过：今天9点说的，单元长接了，“等配件,11月24日到”，邻居催过1次。" in seen
