"""Cause, plan, outcome and the day to look again, in what handlers say."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intents import again, answers
from intents.understanding import Understanding

NOW = datetime(2024, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday morning, whichever
TODAY = NOW.date()

# said, cause, plan; what is told of the outcome only where it says that it is done
WORKING = [
    ("查了是水泵烧了", "水泵烧了", None),
    ("应该是感应头坏了", "感应头坏了", None),
    ("原因是接头老化", "接头老化", None),
    ("原因找到了，是主管堵了", "主管堵了", None),
    ("主板烧了", "主板烧了", None),
    ("因为水压太低", "水压太低", None),
    ("是主板烧了，约明天下午换", "主板烧了", "约11月26日下午换"),
    ("约明天下午换", None, "约11月26日下午换"),
    ("师傅下午来", None, "师傅11月25日下午来"),
    ("物业说周五来修", None, "物业说11月29日来修"),
    ("明天下午，师傅来换", None, "11月26日下午师傅来换"),
    ("等配件", None, "等配件"),
    ("要换主板", None, "要换主板"),
    ("在等厂家报价", None, "在等厂家报价"),
    ("我下午去看看", None, "我11月25日下午去看看"),
    ("查了不是水泵的问题", None, None),
    ("是不是水泵坏了？", None, None),
    ("师傅昨天来过了", None, None),
    ("已联系物业", None, None),
    ("正在修", None, None),
    ("收到", None, None),
    ("这是业主自己家里的管子", None, None),
]


@pytest.mark.parametrize(("said", "cause", "plan"), WORKING, ids=[row[0] for row in WORKING])
def test_what_is_told_of_cause_and_plan(
    understanding: Understanding, said: str, cause: str | None, plan: str | None
) -> None:
    read = answers.read(understanding.fold(said), NOW)

    assert (read.cause, read.plan) == (cause, plan)


DONE = [
    ("修好了", None, "修好了"),
    ("修好了 换了灯泡", None, "换了灯泡"),
    ("换了灯泡，好了", None, "换了灯泡"),
    ("保险丝烧了，换了一根，好了", "保险丝烧了", "换了一根"),
    ("管道堵了，疏通了", "管道堵了", "疏通了"),
    ("#12 修好了 换了阀门", None, "换了阀门"),
    ("12号搞好了", None, "搞好了"),
    ("搞好了，下周再看一次", None, "搞好了"),
    ("师傅修好了，是接头松了", "接头松了", "师傅修好了"),
]


@pytest.mark.parametrize(("said", "cause", "outcome"), DONE, ids=[row[0] for row in DONE])
def test_what_is_told_of_the_outcome(understanding: Understanding, said: str, cause: str | None, outcome: str) -> None:
    read = answers.read(understanding.fold(said), NOW)

    assert (read.cause, read.outcome) == (cause, outcome)


LOOK = [
    ("30天后再看看", TODAY + timedelta(days=30), ""),
    ("修好了 两周后再看看", TODAY + timedelta(days=14), "修好了"),
    ("下周再看一次", date(2024, 12, 2), ""),
    ("下周三再去看一次", date(2024, 12, 4), ""),
    ("过半个月再看", TODAY + timedelta(days=15), ""),
    ("三个月后复查", TODAY + timedelta(days=90), ""),
    ("下个月再看看", date(2024, 12, 1), ""),
    ("半年后再看", None, ""),
    ("400天后再看看", None, ""),
    ("明天再看看", None, ""),
    ("我去看看", None, ""),
    ("30天后再看看吗？", None, ""),
    ("修好了", None, ""),
]


@pytest.mark.parametrize(("said", "on", "rest"), LOOK, ids=[row[0] for row in LOOK])
def test_when_it_is_to_be_looked_at_again(understanding: Understanding, said: str, on: date | None, rest: str) -> None:
    assert again.read(understanding.fold(said), NOW) == ((on, rest) if on is not None else None)


@pytest.mark.parametrize("piece", ["是坏", "约明天下午", "30天后", "好了，", "原因是", "都已经"])
def test_no_length_of_text_holds_it_up(piece: str) -> None:
    assert answers.read(piece * 700, NOW) is not None  # a message is cut to four thousand characters
