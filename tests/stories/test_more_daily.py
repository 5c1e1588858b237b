"""Cases of daily life, as far as they are built: one message each, and what everybody must and must not see.

The numbers are those of the notes the cases come from; the words here are our own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from intents.understanding import Understanding
from tests.stories.more import GROUP, LEADERS, STAFF, quick_town
from tests.stories.town import Town, chats, said_to

OWN = "oa-王阿姨"
LEADER = "oa-李姐"


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


@dataclass(frozen=True)
class Case:
    """One message. sees: chat -> words that must be there. spared: chats that must see nothing at all."""

    name: str
    words: str
    to: str | None = None
    who: str = "王阿姨"
    sees: tuple[tuple[str, str], ...] = ()
    spared: tuple[str, ...] = ()
    tickets: int = 1
    danger: str | None = None
    silent: bool = False


SILENT_SPARED = (GROUP, LEADERS, LEADER, "oa-陈副", "oa-志愿者小马", "oa-物业邓工", "oa-网格刘")
CASES = [
    Case("2 the text beats the chat", "我妈那边5栋又停水了", GROUP, sees=((GROUP, "#1"),), spared=("5栋群",)),
    Case(
        "9 suicide in the group at any hour",
        "活着真没意思，不想活了，对不起大家",
        GROUP,
        sees=((OWN, "安全"),),
        spared=SILENT_SPARED,
        danger="suicide",
        silent=True,
    ),
    Case(
        "9 suicide in private", "我不想活了", sees=((OWN, "110"),), spared=SILENT_SPARED, danger="suicide", silent=True
    ),
    Case(
        "violence in private",
        "我老公又打我，救救我",
        sees=((OWN, "安全"),),
        spared=SILENT_SPARED,
        danger="violence",
        silent=True,
    ),
    Case(
        "10 a child is missing",
        "我家小孩不见了，五岁，穿红衣服",
        sees=((OWN, "110"), (LEADERS, "【紧急】"), (STAFF, "【紧急】")),
        danger="missing_child",
    ),
    Case(
        "11 an elder is missing",
        "我爸出门买菜没回来，他有点老年痴呆",
        sees=((OWN, "110"), (STAFF, "【紧急】")),
        danger="missing_elder",
    ),
    Case(
        "12 an old neighbour unseen",
        "对门张奶奶三天没出门了，敲门没人应",
        sees=((OWN, "120"), (STAFF, "【紧急】")),
        danger="elder_unseen",
    ),
    Case("13 a fall", "奶奶摔了一跤起不来了", sees=((OWN, "120"), (STAFF, "【紧急】")), danger="fall"),
    Case("14 carbon monoxide", "烤火烤得头晕想吐，家里几个人都是", sees=((OWN, "120"),), danger="carbon_monoxide"),
    Case("15 fraud in progress", "医保局打电话让我转钱，要验证码", sees=((OWN, "96110"),), danger="fraud"),
    Case(
        "4 the ventilator",
        "停电了，我爸的呼吸机怎么办",
        sees=((OWN, "120"), (STAFF, "【紧急】")),
        danger="device_power",
    ),
    Case(
        "gas", "楼道里好大的煤气味", sees=((OWN, "000-1111"), (LEADERS, "【紧急】"), (STAFF, "【紧急】")), danger="gas"
    ),
    Case("fire", "3栋2单元着火了", GROUP, sees=((GROUP, "119"), (LEADERS, "【紧急】")), danger="fire"),
    Case(
        "7 noise in private",
        "楼上天天半夜跳绳，吵死了",
        sees=((OWN, "您愿意请谁帮忙"),),
        spared=(GROUP, LEADERS, LEADER, STAFF),
    ),
    Case(
        "7 noise in the group",
        "楼上天天半夜跳绳，吵死了",
        GROUP,
        sees=((OWN, "您愿意请谁帮忙"),),
        spared=(GROUP, LEADERS, LEADER),
    ),
    Case(
        "26 a person",
        "不想跟机器人说，喊个人来",
        sees=((OWN, "000-4444"), (STAFF, "#1")),
        spared=(GROUP, LEADERS, LEADER),
    ),
    Case("26 a person, one word", "人工", sees=((OWN, "社区的人"), (STAFF, "#1")), spared=(GROUP, LEADERS)),
    Case(
        "27 about the leader, in private",
        "单元长把架空层租给人停车收钱，没人管吗",
        sees=((OWN, "书记"),),
        spared=(GROUP, LEADERS, LEADER, "oa-陈副", "oa-网格刘"),
    ),
    Case(
        "27 about the leader, in the group",
        "单元长把架空层租给人停车收钱，没人管吗",
        GROUP,
        sees=((OWN, "书记"),),
        spared=(GROUP, LEADERS, LEADER, "oa-陈副", "oa-网格刘"),
    ),
    Case(
        "37 the leader reports for a neighbour in the group",
        "502李奶奶家灯坏了",
        GROUP,
        who="李姐",
        sees=((GROUP, "#1"),),
    ),
    Case("50 relayed", "代报 3栋2单元 电梯停了", who="李姐", sees=((LEADER, "转给邻居"), (LEADER, "#1"))),
    Case("45 12345", "我打过12345了", sees=((OWN, "一个答复"),), tickets=0),
    Case("40 a journalist", "我是电视台记者，想采访一下", sees=((OWN, "书记"),), spared=(GROUP, LEADERS, LEADER)),
    Case("38 moved away", "我卖房搬走了", sees=((OWN, "核对"), (STAFF, "#1")), spared=(GROUP, LEADERS, LEADER)),
    Case(
        "8 a rumour in the group",
        "听说5栋有人拐小孩，快转发",
        GROUP,
        sees=((STAFF, "核实"),),
        spared=(GROUP, LEADERS),
        tickets=0,
    ),
    Case(
        "43 together to the company",
        "明天一起去物业门口讨说法",
        GROUP,
        sees=((STAFF, "议事会"),),
        spared=(GROUP,),
        tickets=0,
    ),
    Case("21 sarcasm", "五星好评，电梯坏出新高度", GROUP, sees=((GROUP, "#1"),)),
    Case("a phone for the ring-back", "回电", sees=((OWN, "打电话"), (STAFF, "#1"))),
    # silence
    Case("31 a group purchase", "团购土鸡蛋接龙 1.3栋2份", GROUP, spared=(GROUP, STAFF, LEADERS), tickets=0),
    Case("32 a joke", "笑死救命啊哈哈哈", GROUP, spared=(GROUP, STAFF, LEADERS), tickets=0),
    Case("a drill", "明天上午消防演习，大家听到警报不要慌", GROUP, spared=(GROUP, STAFF, LEADERS), tickets=0),
    Case("44 stop quarrelling", "好了好了别吵了", GROUP, spared=(GROUP, STAFF, LEADERS), tickets=0),
    Case("25 abuse in the group", "蠢机器人，滚", GROUP, spared=(GROUP, STAFF, LEADERS, OWN), tickets=0),
    Case("25 abuse in private", "蠢机器人，滚", sees=((OWN, "人工"),), spared=(GROUP, LEADERS), tickets=0),
    Case("good morning", "大家早上好", GROUP, spared=(GROUP, STAFF, LEADERS, OWN), tickets=0),
    Case("thanks", "谢谢", sees=((OWN, "不客气"),), tickets=0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_said_and_what_everybody_sees(town: Town, case: Case) -> None:
    seen = town.say(case.who, case.words, to=case.to)

    for chat, words in case.sees:
        assert words in said_to(seen, chat)
    assert not set(case.spared) & set(chats(seen))
    found = town.tickets()
    assert len(found) == case.tickets
    if found:
        assert found[0].danger == case.danger
        assert found[0].silent is case.silent
    for line in seen:
        if not line.chat.startswith(("oa-", "bridge-")):
            assert not [word for word in ("502", "李奶奶", "张奶奶", "王阿姨", "五岁") if word in line.text]
