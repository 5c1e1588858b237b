"""Disputes, policy, help, places, follow and unfollow: every message that asks for something ends somewhere."""

from sqlmodel import select

from bot.channels import Kind
from models import Account, AccountState, Inbound, Report, Status
from tests.stories.town import Town, chats, said_to

GROUP = "3栋2单元群"
LEADERS = "单元长群"
STAFF = "社工群"


def test_a_dispute_asks_first_whom_to_involve_and_nobody_is_told(town: Town) -> None:
    seen = town.say("王阿姨", "楼上天天半夜跳绳，吵死了")

    assert "您愿意请谁帮忙" in said_to(seen, "oa-王阿姨")
    assert chats(seen) == ["oa-王阿姨"]
    assert town.ticket().private

    seen = town.say("王阿姨", "1")
    assert said_to(seen, "oa-调解员老何")
    assert said_to(seen, LEADERS) == ""
    assert said_to(seen, "oa-李姐") == ""


def test_the_leader_may_be_asked_in_private_about_a_dispute(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了")

    seen = town.say("王阿姨", "2")

    assert said_to(seen, "oa-李姐")
    assert said_to(seen, LEADERS) == said_to(seen, GROUP) == ""


def test_a_dispute_without_an_answer_goes_to_a_mediator(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了")

    seen = town.wait(minutes=61)

    assert said_to(seen, "oa-调解员老何")
    assert town.ticket().status == Status.DISPATCHED


def test_a_dispute_said_in_the_group_gets_no_word_there(town: Town) -> None:
    seen = town.say("王阿姨", "楼上天天半夜跳绳，吵死了，到底有没有人管", to=GROUP)

    assert said_to(seen, GROUP) == ""
    assert "您愿意请谁帮忙" in said_to(seen, "oa-王阿姨")


def test_a_complaint_about_the_leader_reaches_the_secretary_alone(town: Town) -> None:
    seen = town.say("王阿姨", "单元长把架空层租给人停车收钱，没人管吗")

    assert said_to(seen, "oa-李姐") == said_to(seen, LEADERS) == ""
    assert "书记" in said_to(seen, "oa-王阿姨")
    assert said_to(seen, STAFF) or said_to(seen, "oa-书记")
    assert "没有" in said_to(town.say("李姐", "详情 1"), "oa-李姐") or "不归" in said_to(
        town.say("李姐", "详情 1"), "oa-李姐"
    )


def test_a_place_that_is_missing_is_asked_for_and_the_answer_completes_it(town: Town) -> None:
    town.person("租客")
    assert "哪一栋" in said_to(town.say("租客", "电梯坏了"), "oa-租客")
    assert town.tickets() == []

    seen = town.say("租客", "5栋1单元")

    assert "#1" in said_to(seen, "oa-租客")
    assert (town.ticket().building, town.ticket().unit) == ("5", "1")
    assert said_to(seen, LEADERS)


def test_a_landmark_will_do(town: Town) -> None:
    town.person("租客")
    town.say("租客", "水管漏水了")

    town.say("租客", "超市楼上")

    assert town.ticket().building == "3"


def test_a_question_about_the_place_that_nobody_answers_ends_with_staff(town: Town) -> None:
    town.person("租客")
    town.say("租客", "电梯坏了")

    seen = town.wait(minutes=61)

    assert len(town.tickets()) == 1
    assert said_to(seen, STAFF)


def test_the_text_beats_the_chat(town: Town) -> None:
    seen = town.say("王阿姨", "我妈那边5栋1单元又停水了", to=GROUP)

    assert town.ticket().building == "5"
    assert said_to(seen, GROUP)
    assert said_to(seen, "5栋群") == ""


def test_a_policy_question_is_answered_with_its_source_or_goes_to_staff(town: Town) -> None:
    seen = town.say("王阿姨", "物业费没交，物业能停我家水电吗")
    assert "出处" in said_to(seen, "oa-王阿姨")
    assert town.ticket().status == Status.RESOLVED

    seen = town.say("张伯", "请问社区食堂老年卡在哪里办手续")
    assert said_to(seen, "oa-张伯")
    assert town.ticket(2).status == Status.DISPATCHED
    assert said_to(seen, STAFF)


def test_help_is_offered_to_volunteers_without_an_address(town: Town) -> None:
    seen = town.say("王阿姨", "想请人帮我买菜，我脚崴了下不了楼，住502")

    offer = said_to(seen, "oa-志愿者小马")
    assert offer
    assert "502" not in offer
    assert "3栋" not in offer
    town.say("志愿者小马", "我来")
    assert town.ticket().status == Status.ACCEPTED


def test_following_is_greeted_and_says_what_is_read_and_kept(town: Town) -> None:
    greeting = said_to(town.say("新人", "", kind=Kind.FOLLOW), "oa-新人")

    for word in ("小单", "删", "人工", "000-4444"):
        assert word in greeting


def test_a_stairwell_qr_code_says_where(town: Town) -> None:
    town.say("新人", "", kind=Kind.FOLLOW, scene="B5U1")

    town.say("新人", "电梯坏了")

    assert town.ticket().building == "5"


def test_unfollowing_erases_the_person_and_leaves_the_open_matter_with_staff(town: Town) -> None:
    town.say("新人", "5栋1单元电梯坏了，我住302，电话13800002222")

    seen = town.say("新人", "", kind=Kind.UNFOLLOW)

    assert "取消了关注" in said_to(seen, STAFF)
    with town.session() as session:
        account = session.exec(select(Account).where(Account.user_id == "oa-新人")).one()
        assert account.state == AccountState.GONE
        assert account.display_name is None
        assert session.exec(select(Report)).one().words is None
        assert all(row.text is None for row in session.exec(select(Inbound).where(Inbound.account_id == account.id)))
    assert town.ticket().room is None
    assert town.ticket().need is None


def test_chatter_is_gone_within_a_day_and_what_became_a_ticket_stays(town: Town) -> None:
    town.say("张伯", "今天菜薹好便宜", to=GROUP)
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    town.wait(hours=24)

    with town.session() as session:
        texts = [row.text for row in session.exec(select(Inbound).order_by(Inbound.id))]  # type: ignore[arg-type]
    assert texts[0] is None
    assert texts[1]


def test_groups_sleep_at_night_and_the_morning_brings_the_line(town: Town) -> None:
    town.wait(hours=14)  # 23:00

    assert said_to(town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP), GROUP) == ""
    assert "(#1)" in said_to(town.wait(hours=9), GROUP)


def test_an_unbound_group_is_stored_and_silent_even_about_a_repair(town: Town) -> None:
    assert town.say("某人", "电梯坏了", to="陌生群") == []
    assert town.tickets() == []


def test_what_do_you_hold_about_me_is_answered_in_private_alone(town: Town) -> None:
    assert "13800001111" in said_to(town.say("王阿姨", "你们存了我什么"), "oa-王阿姨")
    assert said_to(town.say("王阿姨", "你们存了我什么", to=GROUP), GROUP) == ""


def test_a_photo_joins_the_matter_it_follows(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1")

    assert "#1" in said_to(seen, "oa-王阿姨")
    assert "photo" in town.history()


def test_a_photo_without_a_word_is_asked_about(town: Town) -> None:
    assert "什么事" in said_to(town.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1"), "oa-王阿姨")

    town.say("王阿姨", "3栋2单元楼道灯不亮了")

    assert town.ticket().category == "light"
