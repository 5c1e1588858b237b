"""One-time codes: what binds a phone or a group, and what does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot import binding
from bot.channels import Kind
from intents.understanding import Understanding
from models import ChatKind, Person, Status
from tests.stories.more import GROUP, LEADERS, STAFF, area_of, chat_of, quick_town
from tests.stories.town import Town, said_to

LIFT = "3栋2单元电梯又坏了"


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


def code_for(town: Town, name: str) -> str:
    with town.services.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        return binding.issue_person_code(town.services.desk(session), person)


def code_for_group(town: Town, chat: str, area: str | None, kind: ChatKind = ChatKind.RESIDENTS) -> str:
    with town.services.transaction() as session:
        place = area_of(town, area) if area else None
        return binding.issue_chat_code(town.services.desk(session), chat_of(town, chat), place, kind)


# --- codes


def test_a_code_written_from_their_own_phone_makes_a_stranger_the_leader(town: Town) -> None:
    code = code_for(town, "李姐")
    town.say("王阿姨", LIFT)
    town.say("新手机", "#1 我去看看")
    assert town.ticket().status == Status.DISPATCHED

    assert "认得您" in said_to(town.say("新手机", code), "oa-新手机")
    town.say("新手机", "#1 我去看看")

    assert town.ticket().status == Status.ACCEPTED


def test_a_wrong_code_is_said_to_be_wrong_and_five_of_them_are_enough(town: Town) -> None:
    code = code_for(town, "李姐")
    # A digit for a digit, a letter for a letter: a code with fewer than two of either is not taken for one at all.
    others = "23456789" if code[-1].isdigit() else "ABCDEFGH"
    wrong = [code[:-1] + other for other in others if other != code[-1].upper()]

    answers = [said_to(town.say("某人", guess), "oa-某人") for guess in wrong[:6]]

    assert len(set(answers[:5])) == 1
    assert "过一个小时" in answers[5]
    assert "过一个小时" in said_to(town.say("某人", code), "oa-某人")
    town.wait(minutes=61)
    assert "认得您" in said_to(town.say("某人", code), "oa-某人")


def test_a_code_works_once_and_is_gone_after_its_days(town: Town) -> None:
    code = code_for(town, "李姐")
    town.say("甲", code)
    assert "不对" in said_to(town.say("乙", code), "oa-乙")

    late = code_for(town, "陈副")
    town.wait(days=15)
    assert "不对" in said_to(town.say("丙", late), "oa-丙")


def test_a_persons_code_said_in_a_group_is_spent_and_nobody_answers_there(town: Town) -> None:
    code = code_for(town, "李姐")
    town.say("某人", "大家好", to="新群")

    assert town.say("李姐", code, to="新群") == []
    assert "不对" in said_to(town.say("某人", code), "oa-某人")


def test_a_code_said_in_the_group_binds_it_and_greets_with_what_is_read_and_kept(town: Town) -> None:
    town.say("某人", "电梯坏了", to="新群")
    code = code_for_group(town, "新群", "B3U1")

    greeting = said_to(town.say("某人", code, to="新群"), "新群")

    for word in ("小单", "闲聊当天删", "000-4444"):
        assert word in greeting
    seen = town.say("某人", "电梯又坏了，按了没反应", to="新群")
    assert "(#1)" in said_to(seen, "新群")
    assert (town.ticket().building, town.ticket().unit) == ("3", "1")


def test_a_groups_code_is_worth_nothing_in_another_group_or_in_private(town: Town) -> None:
    town.say("某人", "大家好", to="新群")
    town.say("某人", "大家好", to="别的群")
    code = code_for_group(town, "新群", "B3U1")

    assert town.say("某人", code, to="别的群") == []
    assert "不对" in said_to(town.say("某人", code), "oa-某人")
    assert said_to(town.say("某人", code, to="新群"), "新群")


def test_a_staff_group_is_greeted_as_one(town: Town) -> None:
    town.say("社工小邹", "大家好", to="新工作群")
    code = code_for_group(town, "新工作群", "XF", ChatKind.STAFF)

    seen = said_to(town.say("社工小邹", code, to="新工作群"), "新工作群")

    assert "收幸福社区的事" in seen


def test_a_group_that_puts_the_bot_out_is_owed_nothing_and_staff_are_told(town: Town) -> None:
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    seen = town.say("王阿姨", "", to=GROUP, kind=Kind.LEFT)
    assert "3栋2单元" in said_to(seen, STAFF)

    assert said_to(town.say("李姐", "#1 我去看看", to=LEADERS), GROUP) == ""
    assert town.say("王阿姨", "停水了", to=GROUP) == []
