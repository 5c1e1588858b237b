"""Cases 1 to 10 of daily life, each a story: what is said, what everybody then sees, and what is kept."""

import pytest
from sqlmodel import select

from bot import binding
from bot.channels import Kind
from models import Account, AccountState, Announcement, Inbound, Person, Role, Slot, Status
from tests.stories.town import Town, chats, said_to

GROUP, OTHER_GROUP, LEADERS, STAFF = "3栋2单元群", "5栋群", "单元长群", "社工群"
OWN, LEADER, DEPUTY = "oa-王阿姨", "oa-李姐", "oa-陈副"
LIFT = "3栋2单元电梯又坏了"
NOTICE = "【通知】明天9–17点清洗水箱停水"


def account(town: Town, user_id: str) -> Account:
    with town.services.reading() as session:
        return session.exec(select(Account).where(Account.user_id == user_id)).one()


def a_code_for(town: Town, name: str) -> str:
    """What staff do once they have rung the number on file."""
    with town.services.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        return binding.issue_person_code(town.services.desk(session), person)


def test_01_another_phone_has_no_rights_until_staff_have_rung_then_the_cards_come_again(town: Town) -> None:
    town.say("王阿姨", LIFT)

    seen = town.say("新手机", "我是2单元刘嗲，换哒手机微信")

    assert "打登记的电话" in said_to(seen, "oa-新手机")
    assert said_to(seen, STAFF)
    assert not {GROUP, LEADERS, LEADER} & set(chats(seen))
    town.say("新手机", "#1 我去看看")
    assert town.ticket().status == Status.DISPATCHED

    again = town.say("新手机", a_code_for(town, "李姐"))
    assert "电梯" in said_to(again, "oa-新手机")
    assert account(town, "oa-李姐").state == AccountState.FROZEN
    town.say("李姐", "#1 我去看看")
    assert town.ticket().status == Status.DISPATCHED
    town.say("新手机", "#1 我去看看")
    assert town.ticket().status == Status.ACCEPTED


def test_01_whoever_writes_it_of_a_neighbour_keeps_their_own_account(town: Town) -> None:
    town.say("李姐", "我们单元刘奶奶换手机了，微信也换了")

    assert account(town, "oa-李姐").state == AccountState.ACTIVE


def test_02_the_text_beats_the_chat_and_the_other_group_hears_nothing(town: Town) -> None:
    seen = town.say("王阿姨", "我妈那边5栋又停水哒", to=GROUP)

    assert [line.chat for line in seen].count(GROUP) == 1
    assert "供水" in said_to(seen, GROUP)
    assert OTHER_GROUP not in chats(seen)
    assert all("王阿姨" not in line.text for line in seen)
    assert (town.ticket().building, town.ticket().unit) == ("5", None)


def test_03_an_announced_outage_opens_nothing_and_answers_until_it_should_be_over(town: Town) -> None:
    assert town.say("物业邓工", NOTICE, to=GROUP) == []
    town.wait(hours=26)  # 11:00 the next day

    assert "今天9到17点是计划停水" in said_to(town.say("王阿姨", "又停水了", to=GROUP), GROUP)
    assert town.tickets() == []
    with town.services.reading() as session:
        assert len(session.exec(select(Announcement)).all()) == 1

    town.wait(hours=6, minutes=30)
    seen = town.say("王阿姨", "还没来水", to=GROUP)
    assert said_to(seen, LEADERS) or said_to(seen, LEADER)
    assert town.ticket().category == "water"


def test_04_a_breathing_machine_outranks_the_plan_and_the_linked_member_hears_it(town: Town) -> None:
    town.person("党员小肖", (Role.LINKED_MEMBER, "B3U2", Slot.A))
    town.say("物业邓工", "【通知】今天9点到17点检修停电", to=GROUP)
    town.wait(hours=1)

    seen = town.say("王阿姨", "停电我爸的呼吸机怎么办")

    assert "120" in said_to(seen, OWN)
    assert "计划" not in said_to(seen, OWN)
    for who in (STAFF, LEADERS, "oa-值班员", "oa-党员小肖"):
        assert "【紧急】" in said_to(seen, who)
    assert town.ticket().danger == "device_power"
    town.say("党员小肖", "我到了")
    assert town.ticket().attended_at is not None


def test_04_a_broken_lift_is_no_matter_of_the_linked_members(town: Town) -> None:
    town.person("党员小肖", (Role.LINKED_MEMBER, "B3U2", Slot.A))

    seen = town.say("王阿姨", "救命，电梯卡住了，有人困在里面")

    assert "【紧急】" in said_to(seen, LEADERS)
    assert "oa-党员小肖" not in chats(seen)


def test_05_a_number_posted_in_anger_is_never_said_again_and_the_keeper_is_asked_alone(town: Town) -> None:
    seen = town.say("张伯", "楼上王××电话13800009999，大家打他", to=GROUP)

    assert "撤回" in said_to(seen, LEADER)
    assert chats(seen) == [LEADER]
    assert all("13800009999" not in line.text and "王×" not in line.text for line in seen)
    assert town.tickets() == []
    with town.services.reading() as session:
        assert "138****" in (session.exec(select(Inbound)).one().text or "")


@pytest.mark.parametrize("words", ["二手冰箱出售，电话13800009999", "物业电话13800009999，大家存一下"])
def test_05_a_number_that_harms_nobody_asks_nothing_of_the_keeper(town: Town, words: str) -> None:
    assert LEADER not in chats(town.say("张伯", words, to=GROUP))


def test_06_recalled_after_a_minute_it_is_taken_back_quietly_or_asked_about(town: Town) -> None:
    town.say("王阿姨", LIFT, to=GROUP, message_id="one")
    town.wait(minutes=1)
    seen = town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="one")
    assert GROUP not in chats(seen)
    assert town.ticket(1).status == Status.WITHDRAWN

    town.say("王阿姨", "3栋2单元楼道灯不亮了", to=GROUP, message_id="two")
    town.say("李姐", "#2 我去看看", to=LEADERS)
    seen = town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="two")
    assert "看到您撤回了" in said_to(seen, OWN)
    assert GROUP not in chats(seen)
    assert town.ticket(2).status == Status.ACCEPTED

    town.say("王阿姨", "楼道里好大的煤气味", to=GROUP, message_id="three")
    town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="three")
    assert town.ticket(3).status == Status.DISPATCHED
    assert said_to(town.wait(minutes=4), STAFF)


def test_07_at_ten_to_midnight_the_group_is_silent_and_the_leader_sleeps(town: Town) -> None:
    town.wait(hours=14, minutes=50)  # 23:50

    seen = town.say("王阿姨", "楼上又在跳绳", to=GROUP)
    seen += town.say("王阿姨", "1")
    night = seen + town.wait(hours=7)

    assert "您愿意请谁帮忙" in said_to(seen, OWN)
    assert "明天" in said_to(seen, OWN)
    assert not {GROUP, LEADERS, LEADER, DEPUTY} & set(chats(night))
    assert said_to(night, "oa-调解员老何")
    assert (town.ticket().category, town.ticket().private) == ("noise", True)


def test_08_a_rumour_is_looked_into_by_staff_and_only_staff_speak(town: Town) -> None:
    seen = town.say("张伯", "听说5栋有人拐伢子，快转", to=GROUP)

    assert "核实" in said_to(seen, STAFF)
    assert "拐" not in said_to(seen, STAFF)
    assert chats(seen) == [STAFF]
    assert town.tickets() == []
    assert "没核实前请先别往外转" in said_to(town.say("张伯", "听说5栋有人拐伢子，快转"), "oa-张伯")


def test_09_despair_at_two_in_the_morning_stays_between_them_and_trained_staff(town: Town) -> None:
    """Without "不想活" the learned model takes them for chatter in a group, and a question in private comes first."""
    town.wait(hours=17, minutes=10)  # 02:10

    seen = town.say("王阿姨", "咯日子冇得意思，不想活哒，对不住大家哒", to=GROUP)

    for words in ("安全", "110"):
        assert words in said_to(seen, OWN)
    assert "#" not in said_to(seen, OWN)
    assert "【紧急】" in said_to(seen, "oa-值班员")
    assert not {GROUP, LEADERS, LEADER, DEPUTY, "oa-网格刘", "oa-物业邓工"} & set(chats(seen))
    assert (town.ticket().danger, town.ticket().silent) == ("suicide", True)


def test_09_the_veiled_words_in_private_are_heard_as_they_are(town: Town) -> None:
    seen = town.say("王阿姨", "咯日子冇得意思，对不住大家哒")

    assert "120" in said_to(seen, OWN) or "110" in said_to(seen, OWN)
    assert "【紧急】" in said_to(seen, "oa-值班员")
    assert not {GROUP, LEADERS, LEADER} & set(chats(seen))


def test_10_a_missing_child_the_police_first_then_one_question(town: Town) -> None:
    seen = town.say("王阿姨", "我屋里细伢子不见哒，红衣服，刚在广场")
    answer = said_to(seen, OWN)

    assert answer.index("110") < answer.index("社区")
    assert answer.count("？") == 1
    assert "照片先别发群里" in answer
    for who in ("oa-物业邓工", "oa-值班员", STAFF):
        assert "【紧急】" in said_to(seen, who)
    assert all("红衣服" not in line.text for line in seen if line.chat != OWN)
    assert town.ticket().danger == "missing_child"
    photo = town.say("王阿姨", "", kind=Kind.IMAGE, media_id="child")
    assert chats(photo) == [OWN]
