"""A ticket that is somebody else's business: handed over, asked after, and back with the reason where it is refused."""

from models import CallKind, Status
from tests.stories.hands import POLICE, border, calls, organisations
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import Town, said_to

ME, COP = "oa-王阿姨", "oa-民警小高"


def handed_over(town: Town) -> None:
    organisations(town)
    town.say("王阿姨", "3栋2单元502楼道灯不亮了")


def test_the_reporter_hears_whose_business_it_is_and_until_when(town: Town) -> None:
    handed_over(town)
    seen = town.say("李姐", "转派出所")
    mine = said_to(seen, ME)
    assert "归派出所管，我们已经转过去，会一直问着" in mine
    assert "告诉您他们怎么说。(#1)" in mine
    card = said_to(seen, COP)
    assert "转给派出所" in card
    assert "502" not in card
    assert [row.kind for row in calls(town)] == [CallKind.TRANSFER]
    assert town.ticket().status == Status.TRANSFERRED


def test_whom_it_was_handed_to_takes_it_and_solves_it(town: Town) -> None:
    handed_over(town)
    town.say("李姐", "转派出所")
    seen = town.say("民警小高", "收到")
    assert f"{POLICE}去看了" in said_to(seen, ME)
    assert town.ticket().status == Status.ACCEPTED
    seen = town.say("民警小高", "修好了")
    assert f"{POLICE}说" in said_to(seen, ME)
    assert town.ticket().status == Status.RESOLVED


def test_refused_it_is_back_with_its_reason_and_the_reporter_knows(town: Town) -> None:
    handed_over(town)
    town.say("李姐", "转派出所")
    seen = town.say("民警小高", "退回 不归我们管，是供电局的")
    assert town.ticket().status == Status.DISPATCHED
    assert "供电局的" in said_to(seen, STAFF)
    mine = said_to(seen, ME)
    assert "派出所退回来了" in mine
    assert "供电局的" in mine
    assert "退回 不归" not in mine
    assert "社区接着办" in mine
    assert calls(town)[0].reason
    assert town.ticket().transferred_to is None
    town.say("民警小高", "#1 修好了")  # excused: no longer theirs
    assert town.ticket().status == Status.DISPATCHED


def test_the_group_hears_that_the_office_goes_on_and_no_reason_that_names_somebody(town: Town) -> None:
    organisations(town)
    town.say("王阿姨", "楼道灯不亮了", to=GROUP)
    town.say("李姐", "转派出所", to=LEADERS)
    seen = town.say("民警小高", "退回 不归我们管，找王经理")
    assert "社区接着办" in said_to(seen, GROUP)
    assert "王经理" not in said_to(seen, GROUP) + said_to(seen, STAFF)


def test_it_is_asked_after_until_somebody_answers(town: Town) -> None:
    handed_over(town)
    town.say("李姐", "转派出所")
    first = town.wait(hours=7)
    assert "还没回音" in said_to(first, COP)
    assert "一直没回音" not in said_to(first, STAFF)
    later = town.wait(days=1, hours=2)
    assert "还没回音" in said_to(later, COP)
    assert "一直没回音，请打个电话问问" in said_to(later, STAFF)
    assert said_to(first, ME) == ""
    assert "社区接过来办" in said_to(later, ME)  # by then the word that was promised is overdue: one level up
    town.say("民警小高", "收到")
    assert "没回音" not in "".join(line.text for line in town.wait(days=3))


def test_a_transfer_that_was_taken_back_leaves_nobody_with_a_right(town: Town) -> None:
    handed_over(town)
    town.say("李姐", "转派出所")
    town.say("李姐", "撤销")
    assert calls(town) == []
    town.say("民警小高", "#1 修好了")
    assert town.ticket().status == Status.DISPATCHED


def test_what_was_told_in_confidence_is_passed_on_by_hand(town: Town) -> None:
    organisations(town)
    town.say("王阿姨", "楼上天天半夜跳绳，吵得睡不着")
    town.say("王阿姨", "1")
    seen = town.say("社工小邹", "#1 转派出所")
    assert said_to(seen, COP) == ""
    assert calls(town) == []


# --- a place at the border of two communities (daily life 23)

NEXT_DOOR = "云溪社工群"


def test_at_the_border_one_leads_one_helps_and_there_is_one_receipt(town: Town) -> None:
    border(town)
    seen = town.say("王阿姨", "东门路灯不亮")
    assert said_to(seen, ME).count("(#1)") == 1
    assert "东门" in said_to(seen, STAFF)
    help_ = said_to(seen, NEXT_DOOR)
    assert "东门" in help_
    assert "幸福社区牵头，请您协办" in help_
    assert len(town.tickets()) == 1
    assert [row.kind for row in calls(town)] == [CallKind.BORDER]


def test_told_from_next_door_it_is_the_same_matter(town: Town) -> None:
    border(town)
    town.say("王阿姨", "东门路灯不亮")
    seen = town.say("丁哥", "东门的路灯不亮了")
    assert town.voices() == [2]
    assert "(#1)" in said_to(seen, "oa-丁哥")
    assert said_to(seen, NEXT_DOOR) == ""


def test_the_first_word_from_next_door_still_has_the_same_lead(town: Town) -> None:
    border(town)
    seen = town.say("丁哥", "东门路灯不亮", to="和园3栋群")
    assert town.ticket().ref.endswith("-XF-1")
    assert "记下了" in said_to(seen, "和园3栋群")
    assert "东门" in said_to(seen, STAFF)
    assert "协办" in said_to(seen, NEXT_DOOR)


def test_the_co_handler_comes_and_may_solve_it_and_the_holder_stays(town: Town) -> None:
    border(town)
    town.say("王阿姨", "东门路灯不亮")
    holder = town.ticket().holder_post_id
    seen = town.say("社工小吴", "收到，派人过去", to=NEXT_DOOR)
    assert town.ticket().status == Status.ACCEPTED
    assert "云溪社区说派人来" in said_to(seen, STAFF)
    town.say("社工小吴", "到了", to=NEXT_DOOR)
    town.say("社工小吴", "换了灯泡，修好了", to=NEXT_DOOR)
    assert town.ticket().status == Status.RESOLVED
    assert town.ticket().holder_post_id == holder


def test_a_place_of_one_community_calls_nobody_from_next_door(town: Town) -> None:
    border(town)
    seen = town.say("王阿姨", "3栋2单元电梯停了")
    assert said_to(seen, NEXT_DOOR) == ""
    assert calls(town) == []
