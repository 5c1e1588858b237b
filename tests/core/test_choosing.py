"""What a leader says of the sentences they were asked about, and everything that is no such answer."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.choosing import bare, chosen

# Of two sentences: the answer, what is wanted (+) and what is not (-).
OF_TWO = """
    1要 +1 | 2要 +2 | 要1 +1 | 第一句要 +1 | 第二个要记 +2 | 要第二条 +2 | 1要报修 +1 | 第1条记一下 +1 | 1记一下吧 +1
    都要 +1+2 | 两句都要 +1+2 | 全部记下 +1+2 | 1和2都要 +1+2 | 1、2要 +1+2 | 1要，2也要 +1+2 | 两个都记上 +1+2
    都不用 -1-2 | 都不用管 -1-2 | 不用 -1-2 | 不要 -1-2 | 算了 -1-2 | 都算了吧 -1-2 | 唔使 -1-2 | 没事 -1-2
    不用管了 -1-2
    1要2不用 +1-2 | 第一句要，第二句不用 +1-2 | 1不用 2要 -1+2 | 1要，其他不用 +1-2 | 只要第二个 -1+2 | 只记第一句 +1-2
    ①要②不用 +1-2 | 1记成报修，2算了 +1-2 | 2不用 -2 | 第一句不用 -1 | 不用2 -2
"""
NO_ANSWER = """
    好的 | 收到 | 我去看看 | 修好了 | 不用来了 | 3要 | 1要1不用 | 1 | 2 | 要不要 | 不是302是402 | 要下雨了
    3栋2单元电梯停了 | 我要一斤鸡蛋 | 1要2份 | 都不用心 | 谁要 | 要求换物业 | 1单元要停水 | 不用谢 | 都要钱 | 详情 1
    清单 | 你好 | 1要修电梯 2要修门禁
"""


def cases(table: str) -> list[str]:
    return [case.strip() for line in table.splitlines() for case in line.split("|") if case.strip()]


@pytest.mark.parametrize("case", cases(OF_TWO))
def test_a_word_says_which_of_two_sentences_are_wanted(case: str) -> None:
    answer, _, marks = case.rpartition(" ")
    wanted = {int(marks[n + 1]): marks[n] == "+" for n in range(0, len(marks), 2)}
    assert chosen(answer, 2) == wanted


@pytest.mark.parametrize("text", cases(NO_ANSWER))
def test_what_says_nothing_of_them_is_no_answer(text: str) -> None:
    assert chosen(text, 2) is None


@pytest.mark.parametrize("text", ["要", "要的", "嗯，要", "记一下", "记成报修吧", "要报修"])
def test_a_bare_yes_is_plain_of_one_and_says_not_which_of_several(text: str) -> None:
    assert bare(text)
    assert chosen(text, 1) == {1: True}
    assert chosen(text, 2) == {}


@given(st.text(max_size=60), st.integers(1, 9))
def test_any_text_can_be_asked_and_only_known_numbers_come_back(text: str, count: int) -> None:
    assert set(chosen(text, count) or ()) <= set(range(1, count + 1))


@given(st.lists(st.booleans(), min_size=1, max_size=9))
def test_each_sentence_can_be_answered_on_its_own(wanted: list[bool]) -> None:
    said = " ".join(f"{n}{'要' if yes else '不用'}" for n, yes in enumerate(wanted, 1))
    if len(said) <= 40:
        assert chosen(said, len(wanted)) == dict(enumerate(wanted, 1))


@pytest.mark.parametrize("text", ["要" * 40, "1要" * 20, "不用" * 20, "第一句" * 13, "1、" * 20, "要" * 100_000])
def test_no_text_holds_it_up(text: str) -> None:
    began = time.perf_counter()
    chosen(text, 9)
    assert time.perf_counter() - began < 1
