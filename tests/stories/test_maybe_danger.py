"""Words that may tell of a danger and plainly tell of a repair: it is written down, and one question is asked."""

from models import Status
from tests.stories.more import GROUP
from tests.stories.town import Town, said_to

# Somebody may lie there; the handrail is loose in any case.
LOOSE = "楼梯扶手松了，老人差点摔下去"


def asked(town: Town) -> str:
    seen = town.say("王阿姨", LOOSE, to=GROUP)
    return said_to(seen, "bridge-王阿姨") + said_to(seen, "oa-王阿姨")


def test_the_handrail_is_written_down_while_the_question_is_open(town: Town) -> None:
    assert "没事" in asked(town)
    assert [(t.intent, t.danger) for t in town.tickets()] == [("repair", None)]


def test_yes_makes_it_an_emergency_and_no_second_ticket(town: Town) -> None:
    asked(town)

    town.say("王阿姨", "是")

    assert len(town.tickets()) == 1
    assert town.ticket().danger == "fall"
    assert town.ticket().urgent


def test_no_leaves_the_handrail_to_be_mended(town: Town) -> None:
    asked(town)

    town.say("王阿姨", "没事")

    assert town.ticket().status == Status.DISPATCHED
    assert not town.ticket().urgent


def test_without_an_answer_staff_ask_and_nothing_else_is_opened(town: Town) -> None:
    asked(town)

    seen = town.wait_in_steps(75, 15)

    assert len(town.tickets()) == 1
    assert "没回音" in "".join(line.text for line in seen)


def test_knocking_inside_is_the_lifts_where_the_lift_stands(town: Town) -> None:
    town.say("王阿姨", "电梯停在五楼不动了", to=GROUP)

    town.say("张伯", "有人在里面拍门！！左边那台", to=GROUP)

    assert [ticket.danger for ticket in town.tickets()] == ["lift_trapped"]


def test_a_fallen_tree_is_the_gardeners_whatever_it_hit(town: Town) -> None:
    town.say("王阿姨", "树倒下来了，压在我车子上", to=GROUP)

    assert (town.ticket().danger, town.ticket().category) == ("collapse", "greening")
