"""Dialogues in voices of their own: a nurse at the door, a widower, a landlord abroad, a relaying leader, and more.

Each is told as a table: who says what where, and what somebody then reads; what stands afterwards.
"""

from dataclasses import dataclass

import pytest

from tests.stories.more import GROUP, STAFF
from tests.stories.town import Town, said_to


@dataclass(frozen=True)
class Step:
    """Somebody says something; `reads`: words that a chat then reads. who "": so many minutes pass."""

    who: str
    words: str = ""
    to: str | None = None
    reads: tuple[tuple[str, str], ...] = ()
    not_read: tuple[tuple[str, str], ...] = ()
    minutes: int = 0


@dataclass(frozen=True)
class Walked:
    name: str
    steps: tuple[Step, ...]
    stands: tuple[tuple[str, str], ...]  # category and status of every ticket, in the order of their numbers


WALKED = [
    Walked(
        "a nurse locked out at six in the morning",
        (
            Step("张伯", "我夜班护士，早上六点才回，3栋2单元门禁刷了卡也不开，被关在外面半小时了"),
            Step("李姐", "我下去给她开", reads=(("oa-张伯", "去看了"),)),
        ),
        (("access", "accepted"),),
    ),
    Walked(
        "a grandson for his grandmother; an answer in dialect carries no 要得 along",
        (
            Step("王阿姨", "我娭毑讲屋里坨水龙头拧不紧嗒，滴哒一晚上"),
            Step("李姐", "要得，我克看哈", reads=(("oa-王阿姨", "去看了"),), not_read=(("oa-王阿姨", "要得"),)),
            Step("李姐", "换了个垫片，冇漏哒", reads=(("oa-王阿姨", "换了个垫片"),)),
        ),
        (("water", "resolved"),),
    ),
    Walked(
        "a landlord abroad gives the tenant's number",
        (
            Step("王阿姨", "3栋2单元502卫生间漏水，我人在国外回不来"),
            Step("王阿姨", "租客电话13900002222", reads=(("oa-王阿姨", "记到一起了"),)),
        ),
        (("leak", "dispatched"),),
    ),
    Walked(
        "an angry neighbour whose lift stands again",
        (
            Step("王阿姨", "3栋2单元电梯停了"),
            Step("物业邓工", "#1 修好了"),
            Step("王阿姨", "又停了，你们到底会不会修", reads=(("oa-王阿姨", "重新打开了"),)),
        ),
        (("lift", "reopened"),),
    ),
    Walked(
        "a mother who wants a speed bump",
        (
            Step(
                "王阿姨",
                "幼儿园门口没有减速带，车开得飞快，能不能装一个",
                reads=(("oa-王阿姨", "议事"),),
                not_read=(("oa-志愿者小马", "我来"),),
            ),
        ),
        (("meeting", "dispatched"),),
    ),
    Walked(
        "a leader counts what is left and gives two away in one breath",
        (
            Step("王阿姨", "3栋2单元电梯停了"),
            Step("张伯", "3栋2单元楼道灯不亮了"),
            Step("李姐", "现在手上有几件", reads=(("oa-李姐", "还有2件"),)),
            Step("李姐", "1号转物业，2号我自己弄", reads=(("oa-王阿姨", "归物业管"), ("oa-张伯", "去看了"))),
        ),
        (("lift", "transferred"), ("light", "accepted")),
    ),
    Walked(
        "a leader relays what three doors told her, in her own unit",
        (
            Step(
                "李姐",
                "代报 302下水道堵了，401门铃坏了，502灯不亮",
                reads=(("oa-李姐", "3栋2单元下水道堵了"), ("oa-李姐", "(#3)")),
            ),
        ),
        (("drain", "dispatched"), ("access", "dispatched"), ("light", "dispatched")),
    ),
    Walked(
        "one who leads several units is asked which",
        (Step("网格刘", "代报 302水管漏水", reads=(("oa-网格刘", "哪一栋"),)),),
        (),
    ),
    Walked(
        "the secretary asks who has it",
        (
            Step("王阿姨", "3栋2单元电梯停了"),
            Step("书记", "#1 谁在办", reads=(("oa-书记", "转给了单元长"),)),
            Step("社工小邹", "1号是谁在跟", to=STAFF, not_read=((STAFF, "转给了"),)),
            Step("张伯", "#1 谁在办", not_read=(("oa-张伯", "转给了"),)),
        ),
        (("lift", "dispatched"),),
    ),
    Walked(
        "a leader shuts the main valve: somebody is there",
        (
            Step("王阿姨", "水管爆了满楼道都是水", to=GROUP),
            Step("李姐", "总阀关了，全单元暂时没水，师傅下午来", to=GROUP),
            Step("", minutes=30, not_read=((STAFF, "还没人说到场"),)),
        ),
        (("water", "dispatched"),),
    ),
]


@pytest.mark.parametrize("walked", [pytest.param(walked, id=walked.name) for walked in WALKED])
def test_it_goes_as_the_table_says(town: Town, walked: Walked) -> None:
    for step in walked.steps:
        if step.who:
            town.wait(minutes=1)
        seen = town.say(step.who, step.words, to=step.to) if step.who else town.wait_in_steps(step.minutes, 5)
        for chat, words in step.reads:
            assert words in said_to(seen, chat)
        for chat, words in step.not_read:
            assert words not in said_to(seen, chat)
    assert tuple((ticket.category, ticket.status.value) for ticket in town.tickets()) == walked.stands
