"""What people on duty say of their work among the neighbours, clause by clause, in the words of many regions."""

import time

import pytest

from intents import worktalk
from intents.understanding import Understanding

# verb ("~" before it: only of what is plainly meant; "-": none), whether it quotes, the words
TABLE = [
    ("accept", True, "得，我下楼瞅一眼去"),
    ("accept", True, "中，俺吃罢饭就去"),
    ("accept", True, "收到晒 我即刻叫維保過嚟"),
    ("accept", True, "301的我喊师傅等会上来"),
    ("accept", False, "都别吵，我上去瞧瞧，楼道不是放东西的地方"),
    ("accept", True, "收到 我已经给燃气公司打了电话 都把窗户打开 别开灯"),
    ("~accept", True, "收到，大家注意安全"),
    ("~accept", True, "收到 楼下先拿绳子拦住了"),
    ("resolve", False, "阀门垫子老化了，给换了个新的，不滴了"),
    ("resolve", False, "俺把那截管子锯了重新接的，开阀试试"),
    ("resolve", False, "換咗粒燈膽 宜家着返 你哋睇下"),
    ("resolve", False, "條喉整返好喇 開返水睇下仲漏唔漏"),
    ("resolve", False, "给你们通了下水，堵的是抹布，再冲冲看"),
    ("resolve", False, "闸推上去了，你们屋头有电没得"),
    ("resolve", False, "门禁重启了一遍，刷卡试一下"),
    ("resolve", False, "漏点找到了，补上了，你们看看墙还潮不潮"),
    ("resolve", False, "过滤网堵了 拆下来洗净重新装了 1102再摸摸"),
    ("resolve", False, "三楼灯泡坏脱了，四楼接头松，都换好了，你们按按看"),
    ("resolve", False, "水来了，师傅还在机房收拾"),
    ("resolve", False, "电梯轿厢检修完毕，下周再换地板"),
    ("~resolve", False, "两袋垃圾都拉走了，地也冲了"),
    ("~resolve", False, "跟四楼谈好了，地垫都铺上了"),
    ("rescued", False, "人接出来了，电梯明天厂家来修"),
    ("progress", False, "等配件，后天到"),
    ("progress", False, "机房烧了个继电器，厂家明天带件来"),
    ("escalate", False, "看了，是总管锈穿了，这个要报社区"),
    ("-", False, "修好了吗？"),
    ("-", False, "水来了没？"),
    ("-", False, "听说电梯修好了"),
    ("-", False, "尽快恢复供水"),
    ("-", False, "好了，散会"),
    ("-", False, "好了好了别吵了"),
    ("-", False, "大家注意安全，别靠近"),
    ("-", False, "今天物业费可以交了"),
    ("-", False, "我吃饭去了"),
    ("-", False, "我去，这么贵"),
    ("accept", False, "我再看看"),
    ("-", False, "灯管没货了，明早去买"),
    ("-", False, "漏点找到了，在三楼拐角，正挖着"),
    ("-", True, "明天再说吧"),
    ("-", True, "我没空，在医院陪老人"),
    ("-", True, "我上次来你不在家"),
    ("-", True, "我想去看看新房"),
]


@pytest.mark.parametrize(("verb", "quotes", "text"), TABLE, ids=[text for _, _, text in TABLE])
def test_the_table(understanding: Understanding, verb: str, quotes: bool, text: str) -> None:
    folded = understanding.fold(text)

    heard = worktalk.heard(folded, understanding.handler(folded), understanding.handler, quotes=quotes)

    said = "-" if heard is None else f"{'~' if heard.bare else ''}{heard.verb}"
    assert said == verb


@pytest.mark.parametrize("text", ["来电了", "5栋水来了", "燈着返晒 電都嚟咗喇 有電喇", "恢复供水了"])
def test_a_supply_that_is_back(understanding: Understanding, text: str) -> None:
    assert worktalk.supply_back(understanding.fold(text))


@pytest.mark.parametrize("text", ["来电了吗", "还没来水", "水管换了", "明天来电了再说", "电工来了", "水电工来了"])
def test_what_is_no_supply_that_is_back(understanding: Understanding, text: str) -> None:
    assert not worktalk.supply_back(understanding.fold(text))


@pytest.mark.parametrize("piece", ["再看看", "我去", "换了", "都换好了,", "收到 ", "来水了", "一", "？"])
def test_it_reads_anything_in_no_time(understanding: Understanding, piece: str) -> None:
    text = piece * 4000
    begun = time.perf_counter()

    worktalk.heard(text, None, understanding.handler, quotes=True)
    worktalk.supply_back(text[:400])

    assert time.perf_counter() - begun < 1
