"""A time said beside a move: kept by its date, and what was put aside comes back then."""

import pytest

from models import Status
from tests.stories.town import Town, said_to

LEADERS = "单元长群"


def test_a_note_with_a_day_is_still_true_when_it_is_asked_about(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    told = said_to(town.say("李姐", "#1 约明天下午", to=LEADERS), "oa-王阿姨")
    assert "明天下午" in told
    town.wait(days=2)

    asked = said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")
    assert "约11月24日下午" in asked
    assert "明天" not in asked


@pytest.mark.parametrize(
    ("words", "hours_before", "hours_after"),
    [
        ("#1 先放一放，等下周三配件到货", 8 * 24 + 22, 1),  # Wednesday of next week, when the night is over
        ("#1 挂起 等后天上午的师傅", 46, 1.5),
        ("#1 先放一放，周五之前没货", 4 * 24 + 22, 1),
    ],
)
def test_what_is_put_aside_for_a_time_comes_back_then(
    town: Town, words: str, hours_before: float, hours_after: float
) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", words, to=LEADERS)
    assert town.ticket().status == Status.PAUSED

    assert "说好今天" not in said_to(town.wait(hours=hours_before), LEADERS)
    assert "说好今天" in said_to(town.wait(hours=hours_after), LEADERS)


def test_what_is_put_aside_without_a_time_comes_back_after_the_usual_days(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "#1 先放一放，等配件", to=LEADERS)

    days = town.services.settings.times.pause_days
    assert "说好今天" not in said_to(town.wait(days=days, minutes=-5), LEADERS)
    assert "说好今天" in said_to(town.wait(minutes=10), LEADERS)
