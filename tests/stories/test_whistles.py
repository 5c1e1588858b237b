"""Many hands on one ticket: a whistle to several organisations, their answers, and who stays responsible."""

from dataclasses import dataclass

import pytest

from models import ChatKind, Status
from tests.stories.hands import GAS, POLICE, PROPERTY, WATER, calls, organisations
from tests.stories.more import GROUP, LEADERS
from tests.stories.town import Town, said_to

ME, COP, GASMAN, BOSS, PROP = "oa-王阿姨", "oa-民警小高", "oa-燃气老陶", "oa-李姐", "oa-物业邓工"

TAKEN, DONE = Status.ACCEPTED, Status.RESOLVED


@dataclass(frozen=True)
class Step:
    """Somebody says something (in private, or to a group); what then stands where, and what stands nowhere."""

    who: str
    words: str
    sees: dict[str, tuple[str, ...]]
    to: str | None = None
    status: Status | None = None


def play(town: Town, steps: tuple[Step, ...]) -> None:
    for step in steps:
        town.wait(minutes=1)
        seen = town.say(step.who, step.words, to=step.to)
        for chat, words in step.sees.items():
            told = said_to(seen, chat)
            for word in words:
                if word.startswith("-"):
                    assert word[1:] not in told, (step.words, chat, told)
                else:
                    assert word in told, (step.words, chat, told, seen)
        if step.status is not None:
            assert town.ticket().status == step.status, step.words


@pytest.fixture
def busy(town: Town) -> Town:
    organisations(town)
    town.say("王阿姨", "3栋2单元502电梯停了，电话13800001111")
    return town


WHISTLE = Step(
    "李姐",
    "吹哨 物业 派出所 燃气",
    {
        BOSS: (f"{PROPERTY}、{POLICE}、{GAS}都叫了", "(#1)"),
        COP: ("3栋2单元", f"请{POLICE}来一下", "-502", "-1380", "-王阿姨"),
        GASMAN: (f"请{GAS}来一下",),
        PROP: (f"请{PROPERTY}来一下",),
    },
)


def test_three_organisations_are_called_answer_check_in_and_out_and_one_stays_responsible(busy: Town) -> None:
    holder = busy.ticket().holder_post_id
    there = f"{POLICE}到3栋2单元了"
    no = (f"{GAS}这回来不了", "车都出去抢修了")
    play(
        busy,
        (
            WHISTLE,
            Step("民警小高", "收到 派人", {COP: ("到了回一声",), LEADERS: (f"{POLICE}说派人来",)}, status=TAKEN),
            Step("燃气老陶", "来不了 车都出去抢修了", {GASMAN: ("另想办法",), LEADERS: no}),
            Step("民警小高", "到了", {COP: ("您到了",), LEADERS: (there,), ME: (there,)}),
            Step("民警小高", "完事了", {COP: ("辛苦了",), LEADERS: (f"{POLICE}忙完走了",)}, status=TAKEN),
            Step("李姐", "修好了", {ME: ("办好了",), PROP: ("不用再来了",), COP: ("-不用再来",)}, status=DONE),
        ),
    )
    assert busy.ticket().holder_post_id == holder
    said = [
        [name for name in ("coming", "came", "left", "refused", "called_off") if getattr(row, f"{name}_at") is not None]
        for row in calls(busy)
    ]
    assert said == [["called_off"], ["coming", "came", "left"], ["refused"]]  # 物业, 派出所, 燃气
    assert busy.history()[2:] == ["whistled", "accepted", "cannot", "attended", "left", "resolved"]


def test_the_called_are_told_of_nothing_personal_and_the_groups_hear_no_word(busy: Town) -> None:
    seen = busy.say("李姐", "吹哨 派出所 燃气", to=LEADERS)
    for line in seen:
        assert "502" not in line.text
        assert "1380000" not in line.text
        assert "王阿姨" not in line.text
    assert said_to(seen, GROUP) == ""
    assert f"{POLICE}、{GAS}都叫了" in said_to(seen, LEADERS)


def test_among_residents_a_leader_whistles_without_a_word_of_ours(busy: Town) -> None:
    busy.say("张伯", "电梯还是不动，我家也是", to=GROUP)
    seen = busy.say("李姐", "吹哨叫派出所", to=GROUP)
    assert said_to(seen, GROUP) == ""
    assert "3栋2单元" in said_to(seen, COP)


def test_a_call_without_a_reason_for_no_is_asked_for_it(busy: Town) -> None:
    play(
        busy,
        (
            WHISTLE,
            Step("民警小高", "来不了", {COP: ("原因",), LEADERS: ("-来不了",)}),
            Step("民警小高", "来不了 正在出另一个警", {COP: ("另想办法",), LEADERS: ("来不了", "另一个警")}),
            Step("民警小高", "到了", {COP: ("-您到了",)}),
        ),
    )


def test_who_is_called_already_is_not_called_again_and_who_has_nobody_is_named(busy: Town) -> None:
    play(
        busy,
        (
            Step("李姐", "吹哨 派出所", {COP: ("来一下",)}),
            Step(
                "李姐",
                "吹哨 派出所 自来水 城管",
                {COP: ("-来一下",), BOSS: (f"{POLICE}已经叫过了", f"{WATER}、城管在我这里没有联系人")},
            ),
        ),
    )
    assert len(calls(busy)) == 1


def test_who_said_no_may_be_called_again_later(busy: Town) -> None:
    play(
        busy,
        (
            Step("李姐", "吹哨 派出所", {COP: ("来一下",)}),
            Step("民警小高", "来不了 人手不够", {LEADERS: ("来不了",)}),
            Step("社工小邹", "#1 吹哨 派出所", {COP: ("来一下",)}),
            Step("民警小高", "我们到了", {COP: ("您到了",)}),
        ),
    )
    assert [row.came_at is not None for row in calls(busy)] == [False, True]


@pytest.mark.parametrize("who", ["王阿姨", "张伯", "志愿者小马", "民警小高", "物业邓工", "周叔", "路人"])
def test_nobody_but_leaders_and_staff_of_the_place_blows_a_whistle(busy: Town, who: str) -> None:
    busy.say(who, "#1 吹哨 派出所")
    assert calls(busy) == []


def test_what_was_told_in_confidence_is_whistled_for_by_nobody(town: Town) -> None:
    organisations(town)
    town.say("王阿姨", "楼上天天半夜跳绳，吵得睡不着")
    town.say("王阿姨", "1")
    seen = town.say("调解员老何", "吹哨 派出所")
    seen += town.say("社工小邹", "#1 吹哨 派出所")
    assert said_to(seen, COP) == ""
    assert calls(town) == []
    assert "私下说的" in said_to(seen, "oa-社工小邹")


def test_a_called_organisation_may_solve_it_and_no_other_ticket(busy: Town) -> None:
    busy.say("李姐", "吹哨 派出所")
    busy.say("张伯", "5栋1单元路灯不亮")
    seen = busy.say("民警小高", "#2 修好了")
    assert "不归您" in said_to(seen, COP)
    busy.say("民警小高", "#1 处理好了")
    assert [busy.ticket(1).status, busy.ticket(2).status] == [Status.RESOLVED, Status.DISPATCHED]


def test_who_was_excused_may_move_nothing_any_more(busy: Town) -> None:
    busy.say("李姐", "吹哨 派出所")
    busy.say("民警小高", "来不了 人手不够")
    busy.say("民警小高", "#1 处理好了")
    assert busy.ticket().status == Status.DISPATCHED


def test_with_two_calls_the_number_says_which_and_without_it_is_asked(busy: Town) -> None:
    busy.say("张伯", "5栋1单元水管爆了")
    busy.say("社工小邹", "#1 吹哨 派出所")
    busy.say("社工小邹", "#2 吹哨 派出所")
    busy.say("民警小高", "好久不见")
    seen = busy.say("民警小高", "1号 到了")
    assert "(#1)" in said_to(seen, COP)
    assert [row.came_at is not None for row in calls(busy)] == [True, False]


def test_in_danger_the_whistle_is_an_emergency_and_being_there_stops_the_clock(town: Town) -> None:
    organisations(town)
    town.say("王阿姨", "3栋2单元闻到好大燃气味")
    town.say("社工小邹", "吹哨 燃气")
    town.say("燃气老陶", "收到 马上派人")
    assert town.ticket().attended_at is None
    seen = town.say("燃气老陶", "到了，在关阀门")
    assert town.ticket().attended_at is not None
    assert "您到了" in said_to(seen, GASMAN)
    assert "alarmed" not in town.history()
    town.wait_in_steps(40, 10)
    assert "alarmed" not in town.history()


def test_a_step_taken_back_takes_the_check_in_with_it(busy: Town) -> None:
    busy.say("李姐", "吹哨 派出所")
    busy.say("民警小高", "到了")
    assert calls(busy)[0].came_at is not None
    busy.say("民警小高", "撤销")
    assert calls(busy)[0].came_at is None
    assert busy.ticket().attended_at is None


def test_the_property_company_answers_for_itself_and_its_own_work_goes_on(busy: Town) -> None:
    busy.say("张伯", "5栋1单元水管爆了")
    busy.say("物业邓工", "#2 我去看看")
    busy.say("李姐", "#1 吹哨 物业")
    seen = busy.say("物业邓工", "收到")  # behind the card of the whistle
    assert f"{PROPERTY}说派人来" in said_to(seen, LEADERS)
    assert [busy.ticket(n).status for n in (1, 2)] == [TAKEN, TAKEN]
    seen = busy.say("物业邓工", "2号 修好了")
    assert [busy.ticket(n).status for n in (1, 2)] == [TAKEN, DONE]


QUIET = ["收到", "收到，谢谢", "好的"]


@pytest.mark.parametrize("words", QUIET)
def test_a_bare_word_among_others_answers_no_call(busy: Town, words: str) -> None:
    """Daily life 48: what somebody else said may be meant."""
    busy.say("李姐", "吹哨 派出所")
    busy.group("联席群", ChatKind.LEADERS, "XF")
    busy.say("社工小邹", "明天上午九点开会", to="联席群")
    busy.say("民警小高", words, to="联席群")
    assert calls(busy)[0].coming_at is None
