"""Leave by talking: who takes over, who is told what, and what comes back."""

import pytest
from sqlmodel import select

from models import Absence, Account, Intent, Person, Post, Status
from tests.stories.town import Town, said_to

LIFT = "3栋2单元电梯又坏了"
LIGHT = "3栋2单元楼道灯不亮"
GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"


def holder(town: Town, number: int = 1) -> str:
    with town.services.reading() as session:
        post = session.get_one(Post, town.ticket(number).holder_post_id)
        return str(session.get_one(Person, post.person_id).name)


def leaves(town: Town) -> list[Absence]:
    with town.services.reading() as session:
        return list(session.exec(select(Absence).order_by(Absence.id)))  # type: ignore[arg-type]  # a column


def test_what_the_leader_holds_goes_to_the_deputy_in_one_message_each(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("张伯", LIGHT)
    seen = town.say("李姐", "我请假到周五")

    assert [holder(town, 1), holder(town, 2)] == ["陈副", "陈副"]
    told = [line.text for line in seen if line.chat == "oa-陈副"]
    assert len(told) == 1
    assert "这2件请您先接一下" in told[0]
    assert "#1" in told[0]
    assert "#2" in told[0]
    answer = said_to(seen, "oa-李姐")
    assert "到11月27日" in answer
    assert "手上2件，单元长B岗先接着" in answer
    assert {line.chat for line in seen} == {"oa-李姐", "oa-陈副"}  # no group hears that somebody is away
    assert town.history(1)[-1] == "handed_over"
    assert "单元长A岗请假到11月27日，单元长B岗顶上" in town.ticket().why


def test_residents_hear_who_is_on_in_the_next_line_they_get_and_once(town: Town) -> None:
    town.say("王阿姨", LIFT)
    seen = town.say("李姐", "请假三天")
    assert said_to(seen, "oa-王阿姨") == ""

    first = said_to(town.say("陈副", "#1 我去看看"), "oa-王阿姨")
    second = said_to(town.say("陈副", "#1 师傅明天来换配件"), "oa-王阿姨")

    assert first.startswith("原来的单元长请假了，换了人在跟。")
    assert second
    assert "请假" not in second


def test_new_matters_go_round_whoever_is_away_and_the_ticket_says_why(town: Town) -> None:
    town.say("李姐", "我请假到周五")
    town.say("陈副", "请假三天")
    town.say("王阿姨", LIFT)

    assert holder(town) == "网格刘"
    why = town.ticket().why
    assert "单元长A岗：请假到11月27日，不在" in why
    assert "单元长B岗：请假到11月25日，不在" in why
    assert "单元长都请假了，往上找" in why


def test_when_the_deputy_goes_as_well_it_climbs(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "我请假到周五")
    town.say("陈副", "爷爷住院哒")

    assert holder(town) == "网格刘"


def test_the_grandson_on_the_leaders_phone(town: Town) -> None:
    seen = town.say("李姐", "爷爷住院哒")

    assert said_to(seen, "oa-李姐").startswith("祝早日康复，事情有人接，放心。")
    assert leaves(town)[0].ends_at is None
    assert [(ticket.intent, ticket.category) for ticket in town.tickets()] == [(Intent.HELP, "leave")]  # staff ring


@pytest.mark.parametrize("words", ["我请假到周五", "爷爷住院哒", "我回来了", "销假"])
def test_of_a_resident_it_is_no_leave(town: Town, words: str) -> None:
    town.say("王阿姨", words)
    assert leaves(town) == []


def test_among_residents_it_is_talk(town: Town) -> None:
    assert town.say("李姐", "我请假到周五", to=GROUP) == []
    assert leaves(town) == []


def test_what_nobody_took_meanwhile_comes_back_and_what_was_taken_stays(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("张伯", LIGHT)
    town.say("李姐", "我请假到周五")
    town.say("陈副", "#1 我去看看")
    town.wait(hours=1)
    seen = town.say("李姐", "我回来了")

    assert [holder(town, 1), holder(town, 2)] == ["陈副", "李姐"]
    assert "还没人接手的1件还给您" in said_to(seen, "oa-李姐")
    assert "#2" in said_to(seen, "oa-李姐")
    back = said_to(seen, "oa-陈副")
    assert "回来了，这1件还给他" in back
    assert "#1" not in back
    town.say("王阿姨", "3栋2单元单元门关不上")
    assert holder(town, 3) == "李姐"


def test_leave_that_ends_by_itself_is_said_in_the_morning_not_at_midnight(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "请假一天")
    midnight = town.wait(hours=15, minutes=1)
    morning = town.wait(hours=7, minutes=31)

    assert said_to(midnight, "oa-李姐") == ""
    assert "您的假今天到了，欢迎回来" in said_to(morning, "oa-李姐")
    assert leaves(town)[0].closed_at is not None


def test_leave_to_come_begins_by_itself_and_can_be_taken_back_before(town: Town) -> None:
    town.say("王阿姨", LIFT)
    assert "11月25日起请假" in said_to(town.say("李姐", "后天请假一天"), "oa-李姐")
    assert holder(town) == "李姐"
    town.wait(hours=40)
    assert holder(town) != "李姐"

    assert "11月30日起" in said_to(town.say("陈副", "下周请假"), "oa-陈副")
    assert "撤掉" in said_to(town.say("陈副", "不请假了"), "oa-陈副")
    assert [absence.closed_at is not None for absence in leaves(town)] == [False, True]


def test_a_second_word_on_the_same_leave_only_corrects_it(town: Town) -> None:
    town.say("李姐", "我请假到周三")
    seen = town.say("李姐", "请假到周五")

    assert len(leaves(town)) == 1
    assert "到11月27日" in said_to(seen, "oa-李姐")


def test_staff_record_it_for_a_leader_by_name_and_the_leader_hears_of_it(town: Town) -> None:
    town.say("王阿姨", LIFT)
    seen = town.say("社工小邹", "李姐请假到周五")

    assert "3栋2单元单元长到11月27日请假" in said_to(seen, "oa-社工小邹")
    assert "社区替您记了请假" in said_to(seen, "oa-李姐")
    assert holder(town) == "陈副"


@pytest.mark.parametrize("speaker", ["周叔", "物业邓工", "网格刘"])
def test_nobody_else_speaks_for_another(town: Town, speaker: str) -> None:
    town.say(speaker, "李姐请假到周五")
    assert leaves(town) == []


def test_a_name_that_nobody_bears_is_nobodys_leave(town: Town) -> None:
    town.say("社工小邹", "欧阳老赵请假到周五")
    assert leaves(town) == []


def test_what_was_told_one_leader_in_confidence_goes_to_the_mediator_not_to_the_deputy(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜拖桌子，吵得睡不着")
    town.say("王阿姨", "2")
    assert holder(town) == "李姐"
    seen = town.say("李姐", "我请假到周五")

    assert holder(town) in ("社工小邹", "书记", "调解员老何")
    assert said_to(seen, "oa-陈副") == ""


def test_nobody_who_could_take_over_ends_on_the_list_not_in_nothing(town: Town) -> None:
    town.say("王阿姨", LIFT)
    for who in ("书记", "社工小邹", "网格刘", "陈副"):
        town.say(who, "请假三天")
    town.say("李姐", "我请假到周五")

    assert any("#1" in line.text for line in town.undelivered())


def test_a_danger_is_told_to_those_who_are_there(town: Town) -> None:
    town.say("李姐", "我请假到周五")
    seen = town.say("王阿姨", "3栋2单元电梯关人了，有人困在里面")

    assert "紧急" in said_to(seen, "oa-陈副") + said_to(seen, LEADERS)
    assert holder(town) == "陈副"


def test_a_frozen_account_asks_for_nobodys_leave(town: Town) -> None:
    with town.services.transaction() as session:
        account = session.exec(select(Account).where(Account.user_id == "oa-李姐")).one()
        account.state = "frozen"  # type: ignore[assignment]  # as the column keeps it
    town.say("李姐", "我请假到周五")
    assert leaves(town) == []


def test_the_accept_clock_goes_on_for_whoever_stands_in(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "我请假到周五")
    town.wait(hours=30)

    assert holder(town) == "网格刘"
    assert town.ticket().status == Status.DISPATCHED


def test_whoever_tells_something_new_or_asks_hears_that_somebody_stands_in(town: Town) -> None:
    town.say("李姐", "我请假到周五")

    assert "我转给替班的单元长" in said_to(town.say("王阿姨", LIFT), "oa-王阿姨")
    assert "转给了替班的单元长" in said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("这两天都不在", "到11月24日"),
        ("我明后天不在家，有事找陈副", "11月24日"),
        ("请假到正月初八", "到2月13日"),
        ("我请假到大年初三", "到2月8日"),
        ("从明天请假到周五", "11月24日"),
    ],
)
def test_leave_in_peoples_own_words(town: Town, words: str, until: str) -> None:
    assert until in said_to(town.say("李姐", words), "oa-李姐")
    assert len(leaves(town)) == 1


def test_among_leaders_it_is_heard_and_among_residents_it_is_talk(town: Town) -> None:
    town.say("李姐", "这两天都不在", to=GROUP)
    assert leaves(town) == []
    town.say("李姐", "这两天都不在", to=LEADERS)
    assert len(leaves(town)) == 1


@pytest.mark.parametrize("words", ["师傅这两天都不在", "物业明天不在", "他这两天都不在，电梯还修不修"])
def test_somebody_elses_absence_is_no_leave_of_the_speaker(town: Town, words: str) -> None:
    town.say("李姐", words)
    assert leaves(town) == []
