"""Short words on a neighbour's matter: the same, not here, more about it; and one message cut into its matters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents import clauses, echo
from intents.understanding import Understanding

BARE = ["+1", "加1", "同", "我也是", "同上", "一样的", "都一样", "+1。"]
LIKEWISE = ["我家也是", "俺家也是", "5栋也是", "我们这边也一样", "隔壁也是的", "3单元也这样"]
NEITHER = ["我家也要2份", "我也想去跳舞", "是的", "一样的价钱买不到", "同学会", "早上好", "也是没办法的事情啊真的"]
NOT_HERE = [
    "2单元有 正常得很",
    "我家有水",
    "我们单元没停",
    "我屋里有电",
    "我家好好的",
    "5栋没事",
    "我们这边正常",
    "3栋有电",
]
NOT_SAID = ["我家也没水", "有人吗", "我家有狗", "我家有人吗", "5栋有人拐伢子", "2单元也黑的", "没事", "我家停水了"]
NAMED = [
    ("2单元也黑的", {"power", "light"}),
    ("我家也没水", {"water"}),
    ("我家也漏水", {"leak"}),
    ("电梯也停了", {"lift"}),
    ("我家的也打不着", {"gas"}),
    ("我家暖气也不热", {"heating"}),
    ("我家也是", set()),
]
MORE = ["里面是我爷老子 八十多了", "洗到一半满脑壳泡泡", "从早上六点就开始的", "楼道里到处都是水", "还有个孕妇"]
NO_MORE = [
    "谢谢大家",
    "晚上吃饭了吗",
    "团购土鸡蛋接龙",
    "好",
    "里面有什么好吃的？",
    "老人" + "从前在厂里上班的时候" * 6,
]


@pytest.mark.parametrize("text", BARE)
def test_agreement_without_a_word_of_what_to(understanding: Understanding, text: str) -> None:
    assert echo.bare(understanding.fold(text))
    assert echo.likewise(understanding.fold(text))


@pytest.mark.parametrize("text", LIKEWISE)
def test_the_same_here_with_a_place_and_no_trouble(understanding: Understanding, text: str) -> None:
    assert not echo.bare(understanding.fold(text))
    assert echo.likewise(understanding.fold(text))


@pytest.mark.parametrize("text", NEITHER)
def test_what_only_sounds_like_agreement(understanding: Understanding, text: str) -> None:
    assert not echo.bare(understanding.fold(text))
    assert not echo.likewise(understanding.fold(text)) or echo.signs_up(text)


@pytest.mark.parametrize("text", NOT_HERE)
def test_the_opposite_of_a_neighbours_trouble(understanding: Understanding, text: str) -> None:
    assert echo.not_here(understanding.fold(text))


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_no_opposite(understanding: Understanding, text: str) -> None:
    assert not echo.not_here(understanding.fold(text))


@pytest.mark.parametrize(("text", "categories"), NAMED)
def test_of_which_kinds_the_trouble_may_be(understanding: Understanding, text: str, categories: set[str]) -> None:
    assert echo.categories(understanding.fold(text)) == categories


@pytest.mark.parametrize("text", MORE)
def test_a_further_word_on_ones_own_report(understanding: Understanding, text: str) -> None:
    assert echo.more(understanding.fold(text), placed=False)


@pytest.mark.parametrize("text", NO_MORE)
def test_what_is_no_further_word(understanding: Understanding, text: str) -> None:
    assert not echo.more(understanding.fold(text), placed=False)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("电梯又坏了,还有3楼灯不亮", ["电梯又坏了", "还有3楼灯不亮"]),
        ("电梯又坏了还有3楼灯不亮", ["电梯又坏了", "还有3楼灯不亮"]),
        ("停水了", ["停水了"]),
        (",,", []),
    ],
)
def test_where_another_matter_may_begin(text: str, cut: list[str]) -> None:
    assert clauses.cut(text) == cut


@pytest.mark.parametrize(
    ("clause", "led"),
    [("还有3楼灯不亮", "3楼灯不亮"), ("另外 垃圾满了", "垃圾满了"), ("还", "还"), ("灯坏了", "灯坏了")],
)
def test_what_leads_over_is_left_out(clause: str, led: str) -> None:
    assert clauses.led(clause) == led.strip()


@pytest.mark.parametrize("clause", ["把我家灯都泡坏了", "搞得楼道好臭", "导致停电了", "就是灯坏了"])
def test_a_consequence_is_no_matter_of_its_own(clause: str) -> None:
    assert clauses.follows(clause)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_nothing_is_lost_by_cutting_and_nothing_ever_fails(text: str) -> None:
    kept = "".join("".join(clauses.cut(text)).split())
    assert kept == "".join(clauses.BORDER.sub("", text).split())
    for look in (echo.bare, echo.likewise, echo.not_here, echo.signs_up, echo.at_home, clauses.follows):
        assert look(text) in (True, False)
    assert echo.categories(text) <= {*echo.NAMED, *echo.FAILING}


def test_long_texts_take_no_long_time() -> None:
    for text in ("我家" * 2000, "还有" * 2000, "5栋,我," * 1000 + "没", "也是" * 2000):
        assert not echo.not_here(text)
        assert len(clauses.led(text)) <= len(text)
