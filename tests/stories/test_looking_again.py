"""Solved, and looked at again on a day: a reminder, once, and nothing opens by itself. On both databases."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from models import Status
from tests.stories.more import GROUP, LEADERS, STAFF, no_post
from tests.stories.town import MONDAY, Town, chats, said_to

LIFT = "3栋2单元电梯又坏了"
TODAY = MONDAY.date()


@dataclass(frozen=True)
class Asked:
    name: str
    lines: tuple[tuple[str, str], ...]  # who, what; in private
    on: date | None
    status: str = "resolved"


ASKED = [
    Asked("with the word that it is done", (("李姐", "修好了 30天后再看看"),), TODAY + timedelta(days=30)),
    Asked("next week", (("李姐", "搞好了，下周再看一次"),), TODAY + timedelta(days=7)),
    Asked("after it", (("李姐", "修好了"), ("李姐", "两周后再看看")), TODAY + timedelta(days=14)),
    Asked("by its number", (("李姐", "修好了"), ("社工小邹", "#1 月底复查")), date(2026, 11, 26)),
    Asked(
        "a later day instead", (("李姐", "修好了 下周再看一次"), ("李姐", "30天后再看看")), TODAY + timedelta(days=30)
    ),
    Asked("not what is not done", (("李姐", "#1 30天后再看看"),), None, "dispatched"),
    Asked("not by whom it is none of", (("李姐", "修好了"), ("周叔", "#1 30天后再看看")), None),
    Asked("nor by whoever reported it", (("李姐", "修好了"), ("王阿姨", "30天后再看看")), None),
    Asked("only going to look is no such thing", (("李姐", "我明天去看看"),), None, "accepted"),
]


@pytest.mark.parametrize("told", ASKED, ids=lambda told: told.name)
def test_the_day_is_set_by_a_word(town: Town, told: Asked) -> None:
    town.say("王阿姨", LIFT)
    for who, words in told.lines:
        town.say(who, words)

    assert (town.ticket().look_again_on, town.ticket().status) == (told.on, told.status)


def _solved(town: Town, words: str = "修好了 10天后再看看") -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", words)


def test_on_the_day_whoever_handled_it_is_reminded_once_and_nobody_else(town: Town) -> None:
    _solved(town)

    before = [line for _ in range(9) for line in town.wait(days=1)]
    seen = town.wait(days=1)
    after = [line for _ in range(5) for line in town.wait(days=1)]

    assert "再看一眼" not in "".join(line.text for line in before + after)
    assert chats(seen) in ([LEADERS], ["oa-李姐"])
    assert "没好" in seen[0].text
    assert town.ticket().status == Status.CLOSED
    assert town.history()[-1] == "look_again"
    assert town.ticket().look_again_on is None


def test_not_fixed_opens_it_again(town: Town) -> None:
    _solved(town)
    town.wait(days=10)

    seen = town.say("李姐", "没好 1")

    assert town.ticket().status == Status.REOPENED
    assert town.ticket().outcome is None
    assert "重新打开" in said_to(seen, "oa-李姐")
    assert said_to(seen, "oa-王阿姨")


def test_that_it_is_fine_is_written_down_and_changes_nothing(town: Town) -> None:
    _solved(town)
    town.wait(days=10)

    seen = town.say("李姐", "#1 没再犯，挺好的")
    town.say("李姐", "#1 满意")

    assert town.ticket().status == Status.CLOSED
    assert "looked_fine" in town.history()
    assert STAFF not in chats(seen)


def test_without_its_number_only_right_behind_the_reminder(town: Town) -> None:
    _solved(town)
    town.wait(days=10)
    town.say("李姐", "还是坏的", to=LEADERS)

    assert town.ticket().status == Status.REOPENED


def test_whose_it_is_not_opens_nothing(town: Town) -> None:
    _solved(town)
    town.wait(days=10)

    for who in ("周叔", "志愿者小马", "张伯"):
        town.say(who, "没好 1")

    assert town.ticket().status == Status.CLOSED


def test_long_after_it_was_closed_it_is_opened_anew(town: Town) -> None:
    _solved(town, "修好了 60天后再看看")
    for _ in range(60):
        town.wait(days=1)
    assert town.history()[-1] == "look_again"

    town.say("李姐", "没好 1")

    assert [t.status for t in town.tickets()] == [Status.CLOSED, Status.DISPATCHED]
    assert len({t.matter for t in town.tickets()}) == 1


def test_a_matter_that_was_reopened_meanwhile_is_not_looked_at_again(town: Town) -> None:
    _solved(town)
    town.say("王阿姨", "没修好")
    town.say("李姐", "修好了")

    seen = [line for _ in range(12) for line in town.wait(days=1)]

    assert "再看一眼" not in "".join(line.text for line in seen)


def test_where_the_holder_has_left_staff_are_reminded(town: Town) -> None:
    _solved(town)
    no_post(town, "李姐")

    seen = [line for _ in range(11) for line in town.wait(days=1)]

    assert "再看一眼" in said_to(seen, STAFF)
    assert GROUP not in chats(seen)


def test_taking_the_word_back_takes_the_day_back(town: Town) -> None:
    _solved(town)

    town.say("李姐", "撤销")

    assert town.ticket().look_again_on is None
    assert town.ticket().outcome is None
