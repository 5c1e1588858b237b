"""Cases 41 to 50 of daily life, each a story; and that every one of the fifty has one."""

import re
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels import DeliveryError, Kind
from models import AuditEntry, Inbound, Report, Status, TicketEvent
from tests.stories.town import Town, chats, said_to

GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"
OWN, LEADER, DEPUTY = "oa-王阿姨", "oa-李姐", "oa-陈副"
LIFT = "3栋2单元电梯又坏了"


def test_41_a_strange_code_over_ours_the_right_account_is_named_and_the_property_takes_it_off(town: Town) -> None:
    seen = town.say("王阿姨", "楼道里贴了张奇怪的二维码，盖住了原来那张")

    assert said_to(seen, OWN).startswith("请认准账号名“小单”，先别扫别的码、别付钱。")
    assert "二维码" in said_to(seen, "oa-物业邓工")
    assert LEADER not in chats(seen)
    assert town.ticket().status == Status.DISPATCHED
    assert "物业" in said_to(town.say("物业邓工", "撕掉了，办好了"), OWN)


def test_41_in_a_group_it_is_said_once_for_all(town: Town) -> None:
    first = town.say("王阿姨", "门口的二维码被人盖住了，换了个别的", to=GROUP)
    again = town.say("王阿姨", "门口的二维码被人盖住了，换了个别的", to=GROUP)

    assert "别付钱" in said_to(first, GROUP)
    assert GROUP not in chats(again)
    assert len(town.tickets()) == 1


def test_42_the_leader_is_in_hospital_the_grandson_writes_and_the_deputy_acts(town: Town) -> None:
    """The leave is written down, staff ring, and the deputy has what was open."""
    town.say("王阿姨", LIFT)

    seen = town.say("李姐", "爷爷住院哒")

    handed = "手上1件，单元长B岗先接着。"
    assert said_to(seen, LEADER) == f"祝早日康复，事情有人接，放心。{handed}好了说一声“我回来了”。"
    assert "电梯" in said_to(seen, DEPUTY)
    assert "住院" in said_to(seen, STAFF)
    assert not {GROUP, LEADERS} & set(chats(seen))
    with town.services.reading() as session:
        assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "leave")).all()) == 1
    town.say("陈副", "收到")
    assert town.ticket(1).status == Status.ACCEPTED
    assert LEADER not in chats(town.say("社工小邹", "#2 办好了") + town.wait(days=4))


def test_42_somebody_without_a_post_who_is_in_hospital_is_no_leave(town: Town) -> None:
    assert "有人接" not in said_to(town.say("王阿姨", "我妈昨晚送医院了"), OWN)


def test_43_going_together_to_the_companys_door_is_neither_danger_nor_chatter(town: Town) -> None:
    seen = town.say("张伯", "明天一起去物业门口", to=GROUP)

    assert chats(seen) == [STAFF]
    assert "议事会" in said_to(seen, STAFF)
    assert "张伯" not in said_to(seen, STAFF)
    assert "【紧急】" not in said_to(seen, STAFF)
    assert town.tickets() == []


def test_44_stop_quarrelling_closes_nothing_and_well_mended_but_broken_again_is_not_fixed(town: Town) -> None:
    town.say("王阿姨", LIFT, to=GROUP)
    town.say("李姐", "#1 修好了", to=LEADERS)

    assert town.say("王阿姨", "好了好了别吵了", to=GROUP) == []
    assert town.ticket().status == Status.RESOLVED

    seen = town.say("王阿姨", "修得真好，又坏了", to=GROUP)
    assert "重新打开" in said_to(seen, GROUP)
    assert "没好" in said_to(seen, LEADERS)
    assert town.ticket().status == Status.REOPENED
    assert len(town.tickets()) == 1


def test_45_who_rang_12345_as_well_gets_one_answer_and_the_number_is_kept(town: Town) -> None:
    town.say("王阿姨", LIFT)

    seen = town.say("王阿姨", "我打过12345了，工单号2026112300128")

    assert "您打过12345也没关系，两边当一件事办，给您一个答复。" in said_to(seen, OWN)
    assert chats(seen) == [OWN]
    assert len(town.tickets()) == 1
    with town.services.reading() as session:
        [event] = session.exec(select(TicketEvent).where(TicketEvent.kind == "external"))
    assert event.note == "12345 2026112300128"


def test_45_with_nothing_open_they_are_asked_what_it_is(town: Town) -> None:
    assert "是哪里的什么事" in said_to(town.say("王阿姨", "我打过12345了"), OWN)
    assert town.tickets() == []


@pytest.mark.parametrize("words", ["ياردەم كېرەك، سۇ توختىدى", "རོགས་རམ་དགོས།", "도와주세요 물이 안 나와요"])
@pytest.mark.parametrize("to", [None, GROUP])
def test_46_another_script_is_a_message_and_reaches_somebody_who_reads_it(
    town: Town, words: str, to: str | None
) -> None:
    seen = town.say("王阿姨", words, to=to)

    assert "000-4444" in said_to(seen, OWN)
    assert said_to(seen, STAFF)
    assert GROUP not in chats(seen)
    town.wait(days=2)
    with town.services.reading() as session:
        assert session.exec(select(Report)).one().words == words
        assert session.exec(select(Inbound)).one().text == words


@pytest.mark.parametrize("words", ["OK, thanks a lot", "哈哈(´･ω･`)", "3-2-502", "^_^ ฅ"])
def test_46_latin_letters_and_faces_are_no_other_script(town: Town, words: str) -> None:
    assert STAFF not in chats(town.say("王阿姨", words, to=GROUP))


def test_47_a_leader_silent_for_three_days_cannot_be_pushed_and_the_card_goes_the_next_way(town: Town) -> None:
    for chat in (LEADERS, GROUP):
        town.channels["bridge"].refuses[chat] = DeliveryError("gone", permanent=True)
    town.wait(days=3)
    town.channels["oa"].refuses[LEADER] = DeliveryError("45047", parked=True)

    seen = town.say("王阿姨", LIFT) + town.wait(minutes=1)
    assert "电梯" in said_to(seen, STAFF)
    assert town.undelivered() == []

    town.channels["oa"].refuses.clear()
    assert "电梯" in said_to(town.say("李姐", "你好"), LEADER)


def test_48_received_after_the_secretarys_notice_takes_no_ticket(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.wait(minutes=5)
    assert town.say("书记", "【通知】周五下午两点单元长到社区开会，看到请回复", to=LEADERS) == []

    seen = town.say("李姐", "收到", to=LEADERS)

    assert OWN not in chats(seen)
    assert LEADERS not in chats(seen)
    assert town.ticket().status == Status.DISPATCHED


def test_49_an_elder_who_unfollows_is_forgotten_and_the_matter_still_wants_an_answer(town: Town) -> None:
    town.say("新来的娭毑", "3栋2单元502水管漏水，电话13800002222")

    seen = town.say("新来的娭毑", "", kind=Kind.UNFOLLOW)

    assert "#1还没办完" in said_to(seen, STAFF)
    assert "取消了关注" in said_to(seen, STAFF)
    assert town.ticket().status == Status.DISPATCHED
    with town.services.reading() as session:
        report = session.exec(select(Report)).one()
        kept = (report.account_id, report.words, report.phone, report.room)
        assert all(row.text is None for row in session.exec(select(Inbound)))
    assert kept == (None, None, None, None)


def test_50_relayed_without_any_bridge_it_is_the_neighbours_ticket_and_a_receipt_to_forward(plain_town: Town) -> None:
    receipt = said_to(plain_town.say("李姐", "代报 3栋2单元 电梯停了"), LEADER)

    assert "转给邻居" in receipt
    assert "3栋2单元电梯停了" in receipt
    assert "(#1)" in receipt
    with plain_town.services.reading() as session:
        assert session.exec(select(Report)).one().for_neighbour
    plain_town.say("李姐", "#1 修好了")
    assert plain_town.ticket().status == Status.RESOLVED


def test_every_case_of_the_fifty_has_a_story() -> None:
    told = {
        int(number)
        for path in Path(__file__).parent.glob("test_daily_life_*.py")
        for number in re.findall(r"^def test_(\d\d)_", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert told == set(range(1, 51))
