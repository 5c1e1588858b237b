"""One of several says that it is well again before anybody on duty did: believed from the second voice on."""

from models import Status
from tests.stories.more import GROUP
from tests.stories.town import Town, said_to

OUT = "家里停电了"


def test_one_of_several_closes_nothing_and_the_leader_hears_of_it(town: Town) -> None:
    town.say("王阿姨", OUT, to=GROUP)
    town.say("张伯", "我家也停了", to=GROUP)

    seen = town.say("王阿姨", "来电了", to=GROUP)

    assert town.ticket().status == Status.DISPATCHED
    assert "有邻居说好了" in said_to(seen, "oa-李姐") + said_to(seen, "单元长群")
    assert said_to(seen, GROUP) == ""


def test_the_leaders_word_then_resolves_it(town: Town) -> None:
    town.say("王阿姨", OUT, to=GROUP)
    town.say("张伯", "我家也停了", to=GROUP)
    town.say("王阿姨", "来电了来电了", to=GROUP)

    town.say("李姐", "电来了，总闸老化，过两天换", to=GROUP)

    assert town.ticket().status == Status.RESOLVED


def test_the_second_is_believed(town: Town) -> None:
    town.say("王阿姨", OUT, to=GROUP)
    town.say("张伯", "我家也停了", to=GROUP)

    town.say("王阿姨", "来电了", to=GROUP)
    town.say("王阿姨", "来电了", to=GROUP)
    assert town.ticket().status == Status.DISPATCHED
    town.say("张伯", "我家也有电了", to=GROUP)

    assert town.ticket().status == Status.CLOSED


def test_the_only_reporter_is_believed_at_once(town: Town) -> None:
    town.say("王阿姨", OUT, to=GROUP)

    town.say("王阿姨", "来电了", to=GROUP)

    assert town.ticket().status == Status.CLOSED
