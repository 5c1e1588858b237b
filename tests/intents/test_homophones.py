"""Mishearings of voice input are brought back, and clean text is left alone."""

import pytest

from intents.homophones import Homophones
from intents.tokens import Tokens
from intents.understanding import Understanding

WORDS = ["电梯", "停水", "暖气", "不热", "物业", "渗水", "煤气", "堵了", "楼道"]


@pytest.fixture(scope="module")
def homophones() -> Homophones:
    return Homophones(WORDS, Tokens())


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("点梯不动", "电梯不动"),
        ("五业不管", "物业不管"),
        ("天花板神水", "天花板渗水"),
        ("下水道独了", "下水道堵了"),
        ("楼到里有味道", "楼道里有味道"),
    ],
)
def test_what_was_misheard_is_put_right(homophones: Homophones, heard: str, meant: str) -> None:
    assert homophones.restored(heard) == meant


@pytest.mark.parametrize(
    "text",
    [
        "一点提示给大家",
        "早上好",
        "电梯停了",
        "他没气了",
        "听说要下雨",
        "無所謂",
        "ok 3栋2单元",
        "😀",
        "",
        "今天太热了",
        "梅雨季节到了",
    ],
)
def test_clean_text_stays_as_it_is(homophones: Homophones, text: str) -> None:
    assert homophones.restored(text) == text


def test_a_text_is_as_long_afterwards(homophones: Homophones) -> None:
    for text in ("点梯点梯点梯", "a点b梯c", "\ud800点梯", "点" * 500):
        assert len(homophones.restored(text)) == len(text)


@pytest.mark.parametrize(
    ("heard", "intent", "category"),
    [("我们这个点梯按了没反应", "repair", "lift"), ("卫生间的地漏独了水下不去", "repair", "drain")],
)
def test_a_misheard_message_is_understood(understanding: Understanding, heard: str, intent: str, category: str) -> None:
    verdict = understanding.read(heard, "private")
    assert (verdict.intent, verdict.category) == (intent, category)
    assert verdict.text == heard  # what was written stays what was written
