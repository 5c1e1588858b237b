"""Words without a number: which ticket they mean, whose word counts, and what moves nothing. Told on both databases."""

from dataclasses import dataclass, field

import pytest

from models import Status
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import Town, said_to

LIFT, LIGHT, WATER = "电梯又停在一楼不动了", "三楼楼道灯不亮了", "家里又停水了"


@dataclass(frozen=True)
class Line:
    """Somebody says something in the group, so many minutes after the line before."""

    who: str
    words: str
    after: float = 1
    quote: str | None = None
    named: str | None = None  # the platform's id of this line, for others to quote
    to: str = GROUP


@dataclass(frozen=True)
class Dialogue:
    name: str
    lines: tuple[Line, ...]
    statuses: tuple[str, ...]  # of the tickets in the order of their numbers
    last: tuple[str, ...] = field(default=())  # words that the last line's speaker sees in private


def told(town: Town, dialogue: Dialogue) -> str:
    seen = []
    for line in dialogue.lines:
        town.wait(minutes=line.after)
        seen = town.say(line.who, line.words, to=line.to, quote=line.quote, message_id=line.named)
    return said_to(seen, f"oa-{dialogue.lines[-1].who}")


WHICH = [
    Dialogue("the only one", (Line("王阿姨", LIFT), Line("李姐", "我下去瞄一眼")), ("accepted",)),
    Dialogue(
        "the thing named, whatever is newest",
        (Line("王阿姨", WATER), Line("张伯", LIGHT), Line("李姐", "泵修好了，水上来了")),
        ("resolved", "dispatched"),
    ),
    Dialogue(
        "the thing named, the other way round",
        (Line("王阿姨", WATER), Line("张伯", LIGHT), Line("李姐", "灯的事晓得了，下午喊电工来")),
        ("dispatched", "accepted"),
    ),
    Dialogue(
        "a thing that is not open here",
        (Line("王阿姨", LIFT), Line("李姐", "楼道灯换好了")),
        ("dispatched",),
    ),
    Dialogue(
        "the one talked about lately",
        (Line("王阿姨", LIFT), Line("张伯", LIGHT, after=300), Line("李姐", "我过去看看", after=10)),
        ("dispatched", "accepted"),
    ),
    Dialogue(
        "plainly the newest",
        (Line("王阿姨", LIFT), Line("张伯", LIGHT, after=90), Line("李姐", "我过去看看", after=2)),
        ("dispatched", "accepted"),
    ),
    Dialogue(
        "not plainly: asked in private",
        (Line("王阿姨", LIFT), Line("张伯", LIGHT), Line("李姐", "我过去看看")),
        ("dispatched", "dispatched"),
        ("1.", "2."),
    ),
    Dialogue(
        "done may well be what is in hand since the morning",
        (
            Line("王阿姨", LIFT),
            Line("李姐", "我去看看"),
            Line("张伯", LIGHT, after=200),
            Line("李姐", "弄妥当了", after=2),
        ),
        ("accepted", "dispatched"),
        ("1.", "2."),
    ),
    Dialogue(
        "the message that opened it, quoted",
        (Line("王阿姨", LIFT, named="a"), Line("张伯", LIGHT), Line("李姐", "弄妥当了", quote="a")),
        ("resolved", "dispatched"),
    ),
    Dialogue(
        "the message that joined it, quoted",
        (
            Line("王阿姨", WATER),
            Line("张伯", "我家也是", named="b"),
            Line("王阿姨", LIFT),
            Line("李姐", "我联系自来水公司", quote="b"),
        ),
        ("accepted", "dispatched"),
    ),
    Dialogue(
        "something else quoted means something else",
        (Line("王阿姨", LIFT), Line("张伯", "谁家煮的排骨好香", named="c"), Line("李姐", "我去看看", quote="c")),
        ("dispatched",),
    ),
    Dialogue(
        "what its reporter said after reporting, quoted",
        (Line("王阿姨", LIFT), Line("王阿姨", "唉，菜都提不动", named="d"), Line("李姐", "我去看看", quote="d")),
        ("accepted",),
    ),
    Dialogue(
        "property in the residents' group counts",
        (Line("王阿姨", LIFT), Line("物业邓工", "维保换了块主板，能坐了")),
        ("resolved",),
    ),
    Dialogue(
        "the cause, and handed up",
        (Line("王阿姨", LIFT), Line("李姐", "看过了，主板烧了，这个得报社区")),
        ("dispatched",),
    ),
]


@pytest.mark.parametrize("dialogue", WHICH, ids=lambda dialogue: dialogue.name)
def test_which_ticket_a_word_means(town: Town, dialogue: Dialogue) -> None:
    private = told(town, dialogue)

    assert tuple(ticket.status.value for ticket in town.tickets()) == dialogue.statuses
    for words in dialogue.last:
        assert words in private


def test_the_cause_told_while_handing_it_up_reaches_the_reporter(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("李姐", "看过了，主板烧了，这个得报社区", to=LEADERS)

    assert town.history()[-2:] == ["progressed", "escalated"]
    assert "主板" in said_to(seen, "oa-王阿姨")
    assert "社区接过来" in said_to(seen, "oa-王阿姨")
    assert "请您接一下" in said_to(seen, LEADERS)


BYSTANDERS = [  # said in the group by a neighbour who reported nothing
    "收到",
    "我去看看",
    "修好了",
    "搞好了，大家放心",
    "师傅下午来",
    "好了好了别吵了",
    "修得真好，又坏了",
    "人出来了",
    "这个要报社区",
    "转物业",
    "换了灯泡，亮了",
]


@pytest.mark.parametrize("words", BYSTANDERS)
def test_what_a_bystander_says_moves_nothing(town: Town, words: str) -> None:
    town.say("王阿姨", LIFT, to=GROUP)

    town.say("张伯", words, to=GROUP)
    town.say("路人", words, to=GROUP)

    assert town.ticket().status == Status.DISPATCHED
    assert town.history() == ["opened", "dispatched"]


CONFIRMS = ["亮堂了，谢谢", "这回真好了", "一晚上没滴，好了", "可以用了多谢", "弄好哒，谢谢"]
OBJECTS = ["还是不亮", "哪里好了，照样黑的", "到5楼还是一闪一闪的", "说修好了其实没有", "这也叫修好了？"]


@pytest.mark.parametrize("words", CONFIRMS)
def test_who_reported_it_says_in_the_group_that_it_is_fixed(town: Town, words: str) -> None:
    town.say("王阿姨", LIGHT, to=GROUP)
    town.say("李姐", "灯泡换了新的", to=GROUP)

    assert town.say("张伯", words, to=GROUP) == []
    assert town.ticket().status == Status.RESOLVED
    town.say("王阿姨", words, to=GROUP)
    assert town.ticket().status == Status.CLOSED


@pytest.mark.parametrize("words", OBJECTS)
@pytest.mark.parametrize("who", ["王阿姨", "张伯"])
def test_the_reporter_or_a_neighbour_objects_and_it_is_open_again(town: Town, who: str, words: str) -> None:
    town.say("王阿姨", LIGHT, to=GROUP)
    town.say("李姐", "灯泡换了新的", to=GROUP)

    town.say(who, words, to=GROUP)

    assert town.ticket().status == Status.REOPENED


def test_an_objection_that_names_another_thing_reopens_nothing(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("李姐", "#1 修好了")

    town.say("王阿姨", "3栋2单元楼道灯还是不亮")

    assert town.ticket(1).status == Status.RESOLVED
    assert town.ticket(2).category == "light"


def test_a_new_matter_told_like_an_objection_is_heard_as_one(town: Town) -> None:
    """Nothing of hers was ever said to be fixed."""
    seen = town.say("王阿姨", "我家还没水")

    assert town.ticket().category == "water"
    assert "#1" in said_to(seen, "oa-王阿姨")


TRAPPED = "救命，电梯卡住了，有人困在里面"


@pytest.mark.parametrize("where", [GROUP, LEADERS, None])
def test_somebody_on_duty_says_that_they_are_out_and_the_lift_is_broken_still(town: Town, where: str | None) -> None:
    town.say("王阿姨", TRAPPED, to=GROUP)

    seen = town.say("李姐", "人救出来了，都没受伤", to=where)

    assert town.ticket().attended_at is not None
    assert town.ticket().status == Status.DISPATCHED
    assert where == GROUP or "平安" in said_to(seen, GROUP)
    assert town.wait_in_steps(40, 4) == []
    town.say("物业邓工", "#1 修好了，门机换了")
    assert town.ticket().status == Status.RESOLVED


def test_one_neighbour_is_passed_on_and_two_are_believed(town: Town) -> None:
    town.say("王阿姨", TRAPPED, to=GROUP)

    one = town.say("王阿姨", "人出来了，谢天谢地", to=GROUP)
    town.say("王阿姨", "人都出来了", to=GROUP)
    assert "平安" in said_to(one, STAFF)
    assert town.ticket().attended_at is None

    two = town.say("张伯", "出来了出来了，人没事", to=GROUP)
    assert town.ticket().attended_at is not None
    assert said_to(one, GROUP) == said_to(two, GROUP) == ""
    assert town.wait_in_steps(40, 4) == []
    assert town.ticket().status == Status.DISPATCHED


def test_a_fire_is_not_over_because_neighbours_say_so(town: Town) -> None:
    town.say("王阿姨", "着火了！3栋2单元楼上起火了", to=GROUP)

    town.say("王阿姨", "火灭了", to=GROUP)
    town.say("张伯", "火灭了，人没事", to=GROUP)
    assert town.ticket().attended_at is None

    town.say("值班员", "火灭了，人都没事")
    assert town.ticket().attended_at is not None


def test_that_they_are_out_may_be_taken_back(town: Town) -> None:
    town.say("王阿姨", TRAPPED, to=GROUP)
    town.say("李姐", "人救出来了", to=LEADERS)

    town.say("李姐", "说错了，撤销", to=LEADERS)

    assert town.ticket().attended_at is None
    assert "【紧急】" in said_to(town.wait(minutes=4), STAFF)


@pytest.mark.parametrize(
    ("who", "words", "heard"),
    [
        ("李姐", "#1 钢丝绳老化，联系了维保，明天换", True),
        ("李姐", "#1 这个是谁报的", False),
        ("李姐", "#7 钢丝绳老化，联系了维保", False),
        ("周叔", "#1 钢丝绳老化，联系了维保", False),
    ],
)
def test_whatever_is_said_of_a_matter_by_its_number_is_news_of_it(
    town: Town, who: str, words: str, heard: bool
) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")

    town.say(who, words)

    assert (town.history()[-1] == "progressed") is heard
    assert bool(town.ticket().progress or town.ticket().plan) is heard


def test_what_staff_write_with_a_full_stop_is_said_with_one(town: Town) -> None:
    town.say("王阿姨", LIFT)

    seen = town.say("李姐", "#1 进展 下午师傅来。", to=LEADERS)

    text = said_to(seen, "oa-王阿姨")
    assert "下午师傅来。(#1)" in text
