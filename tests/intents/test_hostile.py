"""Hostile and broken text: nothing raises, and ten times the text takes about ten times as long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.understanding import Understanding

NAUGHTY = [
    *("", " ", "\x00", "\ud800", "\udfff\ud800", "🔥" * 50, "👨‍👩‍👧‍👦", "undefined", "NULL", "-1", "NaN", "1e400"),
    *("../../etc/passwd", "<script>alert(1)</script>", "'; DROP TABLE ticket;--", "{{7*7}}", "{gas}", "%s%n"),
    *("\u202e\u2066", "ﷺ", "İ", "ß", "Ω≈ç√", "田中さんにあげて下さい", "아파트 엘리베이터", "لىفىت توختاپ قالدى"),
    *("ལས་ཀ་", "阿卜杜热合曼·吐尔逊", "z̴͍̀a̷l̵g̶o̸", "1" * 500, "#" * 500, "3-2-" * 200, "(" * 500, "\\" * 500),
    *("。" * 500, "【" * 300, "+1" * 300),
]
LONG = {
    "things and signs": "电梯停了",
    "dangers": "着火了电梯困人",
    "places": "3栋2单元1204",
    "compact places": "3-2-",
    "phones": "13800138000",
    "commands": "收到,我去看看",
    "digits": "1",
    "blanks": " ",
    "new lines": "好了\n",
    "clauses": "修好了,",
    "marks": "\u0f71\u0f72",
    "join": "我家也是,",
}
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
PIECES = """
好了 没 修好 又 电梯 我 去 看看 师傅 明天 , 。 ? 已经 到 了 3栋 402 # 12 不是 是 收到 也 谢谢 还 这个 转 物业
"""
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=16).map("".join)


def _all(understanding: Understanding, text: str) -> None:
    for setting in ("group", "private"):
        understanding.read(text, setting)
    understanding.handler(text)
    understanding.resident(text)
    understanding.policy(text)


@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_naughty_strings_do_not_raise(understanding: Understanding, text: str) -> None:
    _all(understanding, text)


@given(ANY_TEXT)
@settings(deadline=None)
def test_any_text_is_understood_somehow(understanding: Understanding, text: str) -> None:
    _all(understanding, text)


@given(WORDS)
@settings(deadline=None, max_examples=300)
def test_no_mixture_of_our_own_words_takes_long(understanding: Understanding, text: str) -> None:
    start = time.process_time()
    _all(understanding, text)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_ten_times_the_text_takes_about_ten_times_as_long(understanding: Understanding, piece: str) -> None:
    assert _seconds(understanding, piece, 100_000) < 30 * _seconds(understanding, piece, 10_000) + 0.1


def _seconds(understanding: Understanding, piece: str, length: int) -> float:
    text = (piece * length)[:length]
    start = time.process_time()
    _all(understanding, text)
    return time.process_time() - start
