"""A neighbour's message becomes a ticket, its unit leader hears of it and closes it by talking."""

from bot.channels import Kind
from models import Status
from tests.stories.town import Town, said_to

GROUP = "3栋2单元群"
LEADERS = "单元长群"


def test_a_private_report_is_receipted_and_reaches_the_leaders_chat(town: Town) -> None:
    seen = town.say("王阿姨", "3栋2单元电梯又坏了")

    receipt = said_to(seen, "oa-王阿姨")
    assert "3栋2单元" in receipt
    assert "#1" in receipt
    assert receipt.count("\n") == 0
    card = said_to(seen, LEADERS)
    assert "3栋2单元" in card
    assert "(#1)" in card
    assert town.ticket().status == Status.DISPATCHED
    assert town.history() == ["opened", "dispatched"]


def test_the_whole_story_ends_with_the_resident_saying_it_is_fixed(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("李姐", "我去看看", to=LEADERS)
    assert "单元长" in said_to(seen, "oa-王阿姨")
    assert town.ticket().status == Status.ACCEPTED

    seen = town.say("李姐", "修好了 换了门机", to=LEADERS)
    assert "没好" in said_to(seen, "oa-王阿姨")
    assert town.ticket().status == Status.RESOLVED

    seen = town.say("王阿姨", "好了，谢谢")
    assert "办结" in said_to(seen, "oa-王阿姨")
    assert town.ticket().status == Status.CLOSED
    assert town.history() == ["opened", "dispatched", "accepted", "resolved", "closed"]


def test_the_same_callback_three_times_makes_one_ticket_and_the_same_answer(town: Town) -> None:
    answers = [
        said_to(town.say("王阿姨", "3栋2单元电梯又坏了", external_id="24000000001"), "oa-王阿姨") for _ in range(3)
    ]

    assert len(town.tickets()) == 1
    assert answers[0]
    assert answers == [answers[0]] * 3


def test_a_report_in_the_group_gets_one_line_there_and_chatter_gets_silence(town: Town) -> None:
    assert town.say("张伯", "早上好，今天天气不错", to=GROUP) == []

    seen = town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    assert "(#1)" in said_to(seen, GROUP)
    assert "王阿姨" not in said_to(seen, GROUP)

    assert town.say("张伯", "谢谢大家", to=GROUP) == []


def test_what_the_leader_says_elsewhere_is_told_in_the_residents_group_once(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    assert "去看" in said_to(town.say("李姐", "我去看看", to=LEADERS), GROUP)
    assert "有消息" in said_to(town.say("李姐", "师傅下午来", to=LEADERS), GROUP)
    assert said_to(town.say("李姐", "师傅三点来", to=LEADERS), GROUP) == ""
    assert "没好" in said_to(town.say("李姐", "修好了", to=LEADERS), GROUP)


def test_while_people_talk_in_the_group_the_bot_keeps_quiet(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    assert said_to(town.say("李姐", "我去看看", to=GROUP), GROUP) == ""
    assert town.ticket().status == Status.ACCEPTED
    assert said_to(town.say("李姐", "修好了", to=GROUP), GROUP) == ""
    assert town.ticket().status == Status.RESOLVED


def test_two_neighbours_make_one_ticket_and_both_are_told(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("张伯", "电梯停了，上不去")

    assert len(town.tickets()) == 1
    seen = town.say("李姐", "我去看看", to=LEADERS)
    assert said_to(seen, "oa-王阿姨")
    assert said_to(seen, "oa-张伯")


def test_a_neighbour_who_says_me_too_joins(town: Town) -> None:
    town.say("王阿姨", "又停水了", to=GROUP)
    town.say("张伯", "我家也是", to=GROUP)

    assert len(town.tickets()) == 1
    assert town.history() == ["opened", "dispatched", "joined"]


def test_not_fixed_reopens_the_same_ticket_and_the_level_above_hears_it(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "我去看看", to=LEADERS)
    town.say("李姐", "修好了", to=LEADERS)

    seen = town.say("王阿姨", "没修好，还是不动")

    assert "重新打开" in said_to(seen, "oa-王阿姨")
    assert "还没好" in said_to(seen, LEADERS)
    assert town.ticket().status == Status.REOPENED
    town.say("李姐", "我再去看看", to=LEADERS)
    town.say("李姐", "这回修好了", to=LEADERS)
    town.say("王阿姨", "好了")
    assert town.ticket().status == Status.CLOSED


def test_somebody_without_the_post_moves_nothing_and_hears_nothing_in_the_group(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    assert town.say("张伯", "收到", to=GROUP) == []
    assert town.say("张伯", "修好了", to=GROUP) == []
    assert town.ticket().status == Status.DISPATCHED


def test_a_leader_of_another_building_cannot_move_it_and_is_told_so_in_private(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("周叔", "#1 我去看看")

    assert "#1" in said_to(seen, "oa-周叔")
    assert town.ticket().status == Status.DISPATCHED


def test_a_quoted_card_says_which_ticket_is_meant(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    card = town.channels["bridge"].sent[-1]
    town.say("张伯", "3栋2单元楼道灯不亮了")

    town.say("李姐", "收到", to=LEADERS, quote=f"m{len(town.channels['bridge'].sent) - 1}-bridge")

    assert card.chat_id == LEADERS
    assert town.ticket(1).status == Status.ACCEPTED
    assert town.ticket(2).status == Status.DISPATCHED


def test_a_number_says_which_ticket_is_meant(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("张伯", "3栋2单元楼道灯不亮了")

    town.say("李姐", "2号我去看看", to=LEADERS)

    assert town.ticket(1).status == Status.DISPATCHED
    assert town.ticket(2).status == Status.ACCEPTED


def test_several_open_tickets_are_asked_about_and_the_answer_decides(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("张伯", "3栋2单元楼道灯不亮了")

    seen = town.say("李姐", "我去看看", to=LEADERS)
    assert "1." in said_to(seen, LEADERS)
    assert "2." in said_to(seen, LEADERS)
    town.say("李姐", "1", to=LEADERS)

    accepted = [t.number for t in town.tickets() if t.status == Status.ACCEPTED]
    assert len(accepted) == 1


def test_undo_puts_the_ticket_back_and_corrects_what_was_said(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "我去看看", to=LEADERS)
    town.say("李姐", "修好了", to=LEADERS)

    seen = town.say("李姐", "撤销", to=LEADERS)

    assert town.ticket().status == Status.ACCEPTED
    assert "说早了" in said_to(seen, "oa-王阿姨")


def test_undo_by_somebody_else_or_too_late_is_refused(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "#1 我去看看")
    town.wait(minutes=11)

    seen = town.say("李姐", "撤销")

    assert town.ticket().status == Status.ACCEPTED
    assert "撤不了" in said_to(seen, "oa-李姐")


def test_details_are_for_the_holder_in_private_alone(town: Town) -> None:
    town.say("王阿姨", "3栋2单元502厨房水管漏水，电话13800001111")

    assert "502" not in said_to(town.say("李姐", "详情 1", to=LEADERS), LEADERS)
    private = said_to(town.say("李姐", "详情 1"), "oa-李姐")
    assert "502" in private
    assert "13800001111" in private
    assert "502" not in said_to(town.say("周叔", "详情 1"), "oa-周叔")


def test_no_room_phone_or_name_ever_reaches_a_group(town: Town) -> None:
    seen = town.say("王阿姨", "502厨房水管漏水，电话13800001111，找王秀英", to=GROUP)
    seen += town.say("李姐", "我去看看，502王秀英家", to=LEADERS)
    seen += town.say("李姐", "修好了，502王秀英家换了阀门", to=LEADERS)

    in_group = said_to(seen, GROUP)
    assert in_group
    for personal in ("502", "13800001111", "王秀英"):
        assert personal not in in_group


def test_the_resident_withdraws_and_the_leader_need_not_go(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("王阿姨", "不用来了，自己好了")

    assert town.ticket().status in (Status.WITHDRAWN, Status.CLOSED)
    assert said_to(seen, LEADERS)


def test_one_of_two_voices_withdraws_and_the_ticket_stays(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("张伯", "3栋2单元电梯停了")

    town.say("张伯", "不用来了")

    assert town.ticket().status == Status.DISPATCHED


def test_a_wrong_room_is_corrected(town: Town) -> None:
    town.say("王阿姨", "3栋2单元302厨房水管漏水")

    seen = town.say("王阿姨", "不是302是402")

    assert town.ticket().room == "402"
    assert "302" not in said_to(seen, LEADERS)


def test_where_is_it_and_hurry_are_answered_and_reach_the_holder_once_a_day(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    assert "单元长" in said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")

    first = town.say("王阿姨", "催一下")
    second = town.say("王阿姨", "催一下")

    assert "在问" in said_to(first, LEADERS)
    assert said_to(second, LEADERS) == ""
    assert said_to(second, "oa-王阿姨")


def test_a_recalled_report_is_withdrawn_quietly_before_anybody_took_it(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP, message_id="x1")

    seen = town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="x1")

    assert said_to(seen, GROUP) == ""
    assert town.ticket().status == Status.WITHDRAWN


def test_a_recalled_report_is_asked_about_once_somebody_is_on_the_way(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP, message_id="x1")
    town.say("李姐", "我去看看", to=LEADERS)

    seen = town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="x1")
    assert "撤回" in said_to(seen, "oa-王阿姨")

    assert town.ticket().status == Status.ACCEPTED


def test_nobody_takes_it_and_it_goes_up_kindly(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.wait(hours=8)

    assert "escalated" in town.history()
    assert said_to(seen, "oa-王阿姨")


def test_resolved_and_never_answered_closes_by_itself_without_a_word(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "修好了", to=LEADERS)

    seen = town.wait(days=4)

    assert town.ticket().status == Status.CLOSED
    assert seen == []


def test_escalating_moves_it_to_the_next_level_and_the_former_holder_may_still_resolve(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "这个要报社区", to=LEADERS)
    assert town.history()[-1] == "escalated"

    town.say("李姐", "#1 修好了", to=LEADERS)

    assert town.ticket().status == Status.RESOLVED


def test_a_transfer_is_tracked_and_told(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("李姐", "转物业", to=LEADERS)

    assert town.ticket().status == Status.TRANSFERRED
    assert said_to(seen, "oa-物业邓工")
    assert said_to(seen, "oa-王阿姨")
    town.say("物业邓工", "收到，我来")
    town.say("物业邓工", "#1 修好了")
    assert town.ticket().status == Status.RESOLVED
