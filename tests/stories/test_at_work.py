"""Leaders and property people talk of their work among the neighbours: which words move which matter."""

import pytest

from tests.stories.dialogues import Dialogue, Line, tell
from tests.stories.town import Town

LIFT, LIGHT, WATER = "电梯又停在一楼不动了", "三楼楼道灯不亮了", "家里又停水了"
LEAK, OTHER_LEAK = "402卫生间天花板漏水", "201厨房天花板漏水，滴到灶台上"

TAKEN = [
    Dialogue(
        "taken in the middle of keeping the peace",
        (Line("王阿姨", LIFT, named="a"), Line("李姐", "都消消气，我上去瞧瞧，门口别站那么多人", quote="a")),
        ("accepted",),
    ),
    Dialogue(
        "an acknowledgement, and what is being done, to the message quoted",
        (Line("王阿姨", LIFT, named="a"), Line("张伯", LIGHT), Line("李姐", "收到，楼下先拿凳子拦住了", quote="a")),
        ("accepted", "dispatched"),
    ),
    Dialogue(
        "when property comes, and to whom",
        (
            Line("王阿姨", LEAK),
            Line("张伯", OTHER_LEAK, named="b"),
            Line("物业邓工", "201的我三点钟过来，家里要有人", quote="b"),
        ),
        ("dispatched", "accepted"),
    ),
    Dialogue(
        "in Cantonese",
        (Line("王阿姨", LIFT, named="a"), Line("李姐", "收到晒，我同保安落去睇下先", quote="a")),
        ("accepted",),
    ),
    Dialogue(
        "in Shandong",
        (Line("王阿姨", LIGHT, named="a"), Line("李姐", "中，俺吃罢饭就去，恁甭急", quote="a")),
        ("accepted",),
    ),
]

DONE = [
    Dialogue(
        "what was done, and an invitation to look",
        (Line("王阿姨", WATER), Line("李姐", "阀门里塞了块垫子，取出来重新装了，各家再拧开瞧瞧")),
        ("resolved",),
    ),
    Dialogue(
        "of one that is in hand, in passing",
        (
            Line("王阿姨", "楼道里堆了好多垃圾发臭了"),
            Line("李姐", "我去看看"),
            Line("李姐", "两袋垃圾都拉走了，地也冲了", after=60),
        ),
        ("resolved",),
    ),
    Dialogue(
        "with what was wrong told first",
        (Line("王阿姨", LIGHT), Line("李姐", "看了，线头没压紧，重新接了，你们试试")),
        ("resolved",),
    ),
    Dialogue(
        "finished, by the book",
        (Line("王阿姨", LIFT), Line("物业邓工", "电梯门机检修完毕，轿厢下周再换地板")),
        ("resolved",),
    ),
    Dialogue(
        "in Cantonese",
        (Line("王阿姨", LIGHT), Line("物业邓工", "換咗粒燈膽，宜家着返，你哋睇下")),
        ("resolved",),
    ),
    Dialogue(
        "in Sichuan",
        (Line("王阿姨", "屋头没得电了"), Line("李姐", "闸推上去了，你们屋头有电没得")),
        ("resolved",),
    ),
    Dialogue(
        "the room says which, and is no number",
        (
            Line("王阿姨", LEAK),
            Line("张伯", OTHER_LEAK),
            Line("物业邓工", "201那截软管换好了"),
        ),
        ("dispatched", "resolved"),
    ),
    Dialogue(
        "of two alike, the one this person took",
        (
            Line("王阿姨", LEAK, named="a"),
            Line("张伯", OTHER_LEAK, named="b"),
            Line("李姐", "收到，我上去看看", quote="a"),
            Line("物业邓工", "收到，我下午来", quote="b"),
            Line("物业邓工", "接头缠紧了，再看看还滴不滴", after=90),
        ),
        ("accepted", "resolved"),
    ),
    Dialogue(
        "quoting who is not content, after a second try",
        (
            Line("王阿姨", LIGHT),
            Line("李姐", "灯泡换了新的"),
            Line("张伯", "还是不亮", named="c"),
            Line("李姐", "灯座松了，紧了一圈，再按按看", quote="c"),
        ),
        ("resolved",),
    ),
    Dialogue(
        "the power is back, and the wire that sparks is still seen to",
        (
            Line("王阿姨", "家里停电了"),
            Line("张伯", "楼下车棚电线冒火花，快来人"),
            Line("李姐", "电来了，电工还在车棚那边看"),
        ),
        ("resolved", "dispatched"),
    ),
]

NOTHING = [
    Dialogue(
        "what is to be done meanwhile ends no emergency",
        (
            Line("王阿姨", "楼道里好大一股煤气味", named="a"),
            Line("李姐", "收到，我给燃气公司打了电话，都把窗户打开，别开灯", quote="a"),
            Line("李姐", "一楼窗户都打开了，总阀也关上了", after=3),
        ),
        ("accepted",),
    ),
    Dialogue("to come", (Line("王阿姨", LIFT), Line("物业邓工", "缺个接触器，明早换上")), ("dispatched",)),
    Dialogue("for now only", (Line("王阿姨", LIGHT), Line("李姐", "先临时接了个灯，等电工来换线")), ("dispatched",)),
    Dialogue("a question", (Line("王阿姨", WATER), Line("李姐", "水来了没？")), ("dispatched",)),
    Dialogue("something else done", (Line("王阿姨", LIFT), Line("李姐", "团购的米都搬上来了")), ("dispatched",)),
    Dialogue("nobody's work in hand", (Line("王阿姨", LIFT), Line("李姐", "通知都贴上了")), ("dispatched",)),
    Dialogue("the end of a quarrel", (Line("王阿姨", LIFT), Line("李姐", "好了好了别吵了")), ("dispatched",)),
    Dialogue("thanks", (Line("王阿姨", LIFT), Line("李姐", "收到，谢谢小邹", after=40)), ("dispatched",)),
    Dialogue(
        "two of them talk to each other",
        (Line("王阿姨", LIFT), Line("李姐", "邓工在不在", named="x"), Line("物业邓工", "在，吃饭呢", quote="x")),
        ("dispatched",),
    ),
    Dialogue(
        "a bystander in the same words",
        (Line("王阿姨", WATER), Line("路人", "阀门里塞了块垫子，取出来重新装了，各家再拧开瞧瞧")),
        ("dispatched",),
    ),
    Dialogue(
        "a bystander who quotes and goes",
        (Line("王阿姨", LIFT, named="a"), Line("路人", "收到，我下去瞧瞧热闹", quote="a")),
        ("dispatched",),
    ),
]


@pytest.mark.parametrize("dialogue", TAKEN, ids=lambda dialogue: dialogue.name)
def test_a_matter_is_taken_among_other_words(town: Town, dialogue: Dialogue) -> None:
    tell(town, dialogue)


@pytest.mark.parametrize("dialogue", DONE, ids=lambda dialogue: dialogue.name)
def test_work_that_is_told_as_done_is_done(town: Town, dialogue: Dialogue) -> None:
    tell(town, dialogue)


@pytest.mark.parametrize("dialogue", NOTHING, ids=lambda dialogue: dialogue.name)
def test_what_only_sounds_like_it_moves_nothing(town: Town, dialogue: Dialogue) -> None:
    tell(town, dialogue)


def test_what_was_done_is_told_to_who_reported_it(town: Town) -> None:
    town.say("王阿姨", "3栋2单元停水了")

    town.say("李姐", "阀门里塞了块垫子，取出来重新装了，各家再拧开瞧瞧", to="3栋2单元群")

    assert "阀门" in (town.ticket().outcome or "")
