"""The same matter under a number of 12345 or others: the stricter clock wins, one answer, counted once."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models import Status, TicketEvent
from tests.stories.hands import cases
from tests.stories.more import GROUP, STAFF
from tests.stories.town import MONDAY, Town, said_to

STAFFER = "oa-社工小邹"
FRIDAY_EVENING = MONDAY + timedelta(days=4, hours=9)  # 18:00 in Shanghai


def due(town: Town, number: int = 1) -> datetime | None:
    return town.ticket(number).resolve_due_at


def test_a_number_beside_a_quoted_card_stands_on_that_ticket(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    before = due(town)
    seen = town.say("社工小邹", "#1 是12345工单 20261123001，周五前答复")
    assert "12345的20261123001和3栋2单元电梯当一件办，周五下班前答复" in said_to(seen, STAFFER)
    assert [(case.source, case.number, case.due_at) for case in cases(town)] == [
        ("12345", "20261123001", FRIDAY_EVENING)
    ]
    assert due(town) == before  # ours is the stricter one
    assert town.history()[-1] == "external"


TOLD = [
    ("12345工单 20261123001 今天12点前答复 #1", "12345", "20261123001", MONDAY + timedelta(hours=3)),
    ("#1 市长热线的工单号CS-2026-0091，明天中午前要回复", "12345", "CS-2026-0091", MONDAY + timedelta(days=1, hours=2)),
    ("#1 信访件 XF20260007，12月3日前办结", "信访", "XF20260007", MONDAY + timedelta(days=10, hours=9)),
    ("#1 12345工单:20261123001，3个工作日内答复", "12345", "20261123001", MONDAY + timedelta(days=2, hours=9)),
    ("#1 12345工单 20261123001", "12345", "20261123001", None),
]


@pytest.mark.parametrize(("words", "source", "number", "until"), TOLD, ids=[row[0] for row in TOLD])
def test_what_staff_say_of_a_case(town: Town, words: str, source: str, number: str, until: datetime | None) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    before = due(town)
    seen = town.say("社工小邹", words)
    (case,) = cases(town)
    assert (case.source, case.number, case.due_at) == (source, number, until)
    assert due(town) == min(at for at in (before, until) if at is not None)
    assert ("什么时候要答复" in said_to(seen, STAFFER)) == (until is None)


def test_the_stricter_clock_is_what_is_promised_from_then_on(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("社工小邹", "#1 12345工单 20261123001 今天12点前答复")
    assert "今天中午前有回话" in said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")
    assert due(town) == MONDAY + timedelta(hours=3)
    assert "外面的工单期限更早，按今天中午前算" in said_to(town.say("王阿姨", "为什么是今天"), "oa-王阿姨")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("今天17点前答复", "今天17:00前"),  # work ends at six
        ("今天下午五点半前答复", "今天17:30前"),
        ("今天下班前答复", "今天下班前"),
        ("今天18点前答复", "今天下班前"),
    ],
)
def test_a_deadline_is_said_to_be_the_end_of_the_day_where_it_is(town: Town, words: str, said: str) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    assert said in said_to(town.say("社工小邹", f"#1 12345工单 20261123001 {words}"), STAFFER)
    assert f"{said}有回话" in said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")


def test_a_deadline_that_is_put_right_binds_as_corrected(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    ours = due(town)
    town.say("社工小邹", "#1 12345工单 20261123001 今天12点前答复")
    town.say("社工小邹", "#1 12345工单 20261123001 下周五前答复")
    assert len(cases(town)) == 1
    assert due(town) == ours


def test_a_new_matter_and_its_number_are_said_once(town: Town) -> None:
    seen = town.say("社工小邹", "12345工单 20261123001，3栋2单元楼道灯不亮，周五前答复")
    assert "(#1)" in said_to(seen, STAFFER)
    ticket = town.ticket()
    assert (ticket.category, ticket.building, ticket.unit) == ("light", "3", "2")
    assert cases(town)[0].ticket_id == ticket.id
    assert cases(town)[0].due_at == FRIDAY_EVENING


def test_without_a_place_it_is_asked_for_and_nothing_is_lost_in_silence(town: Town) -> None:
    seen = town.say("社工小邹", "12345工单 20261123001，楼道灯不亮，周五前答复")
    assert "20261123001说的是哪里" in said_to(seen, STAFFER)
    assert town.tickets() == []


def test_which_ticket_is_asked_where_there_are_several(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("张伯", "3栋2单元楼道灯不亮")
    seen = town.say("社工小邹", "12345工单 20261123001，周五前答复")
    assert "20261123001是哪一件事" in said_to(seen, STAFFER)
    assert cases(town) == []


def test_danger_is_heard_first_and_the_number_is_kept(town: Town) -> None:
    town.say("社工小邹", "12345工单 20261123001，3栋2单元闻到好大燃气味，今天答复")
    assert town.ticket().danger == "gas"
    assert cases(town)[0].ticket_id == town.ticket().id


@pytest.mark.parametrize("who", ["王阿姨", "李姐", "物业邓工", "网格刘", "志愿者小马", "路人"])
def test_nobody_but_the_office_keeps_a_number(town: Town, who: str) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say(who, "#1 12345工单 20261123001，周五前答复")
    assert cases(town) == []


def test_one_answer_goes_to_both_and_is_written_once(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("社工小邹", "#1 12345工单 20261123001 周五前答复")
    town.say("社工小邹", "#1 信访件 XF20260007")
    seen = town.say("李姐", "修好了 换了门机")
    assert "换了门机" in said_to(seen, "oa-王阿姨")
    told = [(case.answer, case.answered_at) for case in cases(town)]
    assert told == [("换了门机", town.services.now())] * 2
    town.wait(hours=1)
    town.say("王阿姨", "好了")
    assert [(case.answer, case.answered_at) for case in cases(town)] == told
    assert len(town.tickets()) == 1


def test_reopened_the_answer_holds_no_longer_and_the_next_one_counts(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("社工小邹", "#1 12345工单 20261123001 周五前答复")
    town.say("李姐", "修好了 换了门机")
    town.say("王阿姨", "没修好")
    assert cases(town)[0].answered_at is None
    town.say("李姐", "修好了 换了主板")
    assert cases(town)[0].answer == "换了主板"


def test_a_resolution_taken_back_takes_the_answer_back(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("社工小邹", "#1 12345工单 20261123001 今天12点前答复")
    town.say("李姐", "修好了")
    assert cases(town)[0].answer == "修好了"
    town.say("李姐", "撤销")
    assert (cases(town)[0].answer, cases(town)[0].answered_at) == (None, None)
    assert due(town) == MONDAY + timedelta(hours=3)


def test_two_tickets_that_are_one_matter_are_one_with_both_numbers_and_apart_again(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("张伯", "3栋2单元楼道灯不亮")
    town.say("社工小邹", "#1 12345工单 20261123001 周五前答复")
    town.say("社工小邹", "#2 12345工单 20261123002 今天12点前答复")
    town.say("社工小邹", "1号和2号是一件事")
    assert {case.ticket_id for case in cases(town)} == {town.ticket(1).id}
    assert due(town, 1) == MONDAY + timedelta(hours=3)
    town.say("社工小邹", "分开 1")
    assert [case.ticket_id for case in cases(town)] == [town.ticket(1).id, town.ticket(2).id]


def test_a_number_on_the_wrong_ticket_is_moved_only_where_the_right_one_is_named(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    ours = due(town)
    town.say("社工小邹", "12345工单 20261123001 今天12点前答复")
    assert cases(town)[0].ticket_id == town.ticket(1).id
    town.say("张伯", "3栋2单元楼道灯不亮")
    town.say("社工小邹", "#2 12345工单 20261123001 今天12点前答复")
    assert [case.ticket_id for case in cases(town)] == [town.ticket(2).id]
    assert due(town, 1) == ours
    assert due(town, 2) == MONDAY + timedelta(hours=3)


def test_staff_are_told_before_the_legal_deadline_and_after_it_goes_up(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("社工小邹", "#1 12345工单 20261123001 周五前答复")
    town.say("李姐", "我去看看")
    seen = town.wait(days=3, hours=12)
    assert "20261123001明天下班前要答复，还没办好" in said_to(seen, STAFF)
    assert "20261123001" not in said_to(seen, GROUP) + said_to(seen, "oa-王阿姨") + said_to(seen, "oa-李姐")
    again = town.wait(hours=2)
    assert "20261123001" not in said_to(again, STAFF)
    before = town.history().count("escalated")
    town.wait(days=1)
    assert town.history().count("escalated") == before + 1


def test_an_answered_case_reminds_nobody(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("社工小邹", "#1 12345工单 20261123001 周五前答复")
    town.say("李姐", "修好了")
    seen = town.wait(days=7)
    assert "20261123001" not in "".join(line.text for line in seen)
    assert town.ticket().status == Status.CLOSED


def test_a_resident_who_rang_12345_is_told_that_it_is_one_matter(town: Town) -> None:
    seen = town.say("王阿姨", "我打过12345了，3栋2单元电梯停了")
    assert "两边当一件事办，给您一个答复" in said_to(seen, "oa-王阿姨")
    town.say("社工小邹", "12345工单 20261123001，周五前答复")
    assert cases(town)[0].ticket_id == town.ticket().id
    assert len(town.tickets()) == 1


def test_the_number_that_a_resident_gives_is_kept_for_staff_and_sets_no_clock(town: Town) -> None:
    before = town.say("王阿姨", "3栋2单元电梯停了，我打过12345了，工单号20261123001")
    assert "给您一个答复" in said_to(before, "oa-王阿姨")
    assert cases(town) == []
    with town.session() as session:
        notes = session.exec(select(TicketEvent.note).where(TicketEvent.kind == "external")).all()
    assert list(notes) == ["12345 20261123001"]
