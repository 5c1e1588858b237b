"""One spelling for what is typed in many; nothing raises, nothing takes more than linear time."""

import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents import dialects, normalise
from tests.intents.conftest import KEYWORDS

DIALECTS = dialects.load(KEYWORDS / "dialects.toml")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
USUAL = st.text(st.sampled_from("停水了吗哈呵6 3栋aZ，。！？：（）“”…—~～+#/%-.!"), max_size=60)

CLEANED = [
    ("３栋２单元！！！！", "3栋2单元!"),
    ("停　水\t了\n", "停水了"),
    ("停 水 了 吗", "停水了吗"),
    ("电梯停了 3栋", "电梯停了 3栋"),
    ("哈哈哈哈哈哈哈", "哈哈"),
    ("救命啊啊啊啊啊", "救命啊啊"),
    ("\ud800电梯\udfff停了", "电梯停了"),
    ("电\u200b梯\ufeff停\u202e了", "电梯停了"),
    ("A\x00B", "AB"),
    ("#128", "#128"),
    ("++1", "++1"),
    ("", ""),
]
FOLDED = [
    ("樓道燈壞咗", "楼道灯坏了"),
    ("我屋里冇水哒", "我家里没水了"),
    ("么子事咯", "什么事咯"),
    ("什么事怎么了", "什么事怎么了"),
    ("店梯又停了", "电梯又停了"),
    ("暖汽不惹", "暖气不热"),
    ("俺去瞅瞅", "我去看看"),
    ("搞掂晒", "搞定了"),
    ("萌萌哒", "萌萌哒"),
    ("天然气停了", "天然气停了"),
    ("突然气味很大", "突然气味很大"),
    ("十二栋", "12栋"),
    ("二十三号楼", "23号楼"),
    ("一二零四室", "1204室"),
    ("三单元五零二", "3单元502"),
    ("一层灰", "一层灰"),
    ("两栋楼", "两栋楼"),
    ("🔥🔥着火了🆘", "着火了"),
    ("ABC座", "abc座"),
]
# Clean Mandarin, in which no dialect word may bite.
CLEAN = [
    "这楼水压太低了",
    "什么时候能修好",
    "怎么得了",
    "服务业的人都放假了",
    "我在楼道等你半天",
    "宠物夜里一直叫",
    "到底保不保修",
    "医生说九点办证九点解决",
    "暖起来了",
    "娃娃机在门口",
    "大喇叭吵死人",
    "离门近一点",
    "上下水道都通",
]


@pytest.mark.parametrize(("text", "expected"), CLEANED)
def test_a_text_is_cleaned(text: str, expected: str) -> None:
    assert normalise.clean(text) == expected


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_other_ways_of_saying_it_become_one(text: str, expected: str) -> None:
    assert DIALECTS.fold(normalise.clean(text)) == expected


@pytest.mark.parametrize("text", CLEAN)
def test_clean_mandarin_is_left_as_it_is(text: str) -> None:
    assert DIALECTS.fold(text) == text


@pytest.mark.parametrize(
    ("numeral", "digits"),
    [
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百零三", "103"),
        ("一二零四", "1204"),
        ("九", "9"),
        ("幺零二", "102"),
    ],
)
def test_numerals_have_their_value(numeral: str, digits: str) -> None:
    assert normalise.value(numeral) == digits


@given(USUAL)
@settings(deadline=None, max_examples=300)
def test_usual_text_is_cleaned_the_short_way_with_the_same_result(text: str) -> None:
    assert normalise.USUAL.fullmatch(text)
    assert normalise.clean(f"\u200b{text}") == normalise.clean(text)  # what is not usual goes the long way


@given(ANY_TEXT)
@settings(deadline=None)
def test_any_text_is_cleaned_once_and_for_all(text: str) -> None:
    clean = normalise.clean(text)
    clean.encode("utf-8")
    assert normalise.clean(clean) == clean


LONG = {
    "combining marks": "\u0f71\u0f72\u0f74\u0300\u0327",
    "marks on a letter": "a\u0300\u0323",
    "ligatures that grow": "\ufdfa",
    "laughter": "哈",
    "spaced": "停 ",
    "numerals": "十二百",
    "punctuation": "!?。,",
    "dialect": "冇得哒咗唔见",
    "surrogates": "\ud83d",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_ten_times_the_text_takes_about_ten_times_as_long(piece: str) -> None:
    assert _seconds(piece, 100_000) < 30 * _seconds(piece, 10_000) + 0.05


def _seconds(piece: str, length: int) -> float:
    """The best of five: a collection of garbage in between is no fault of the text's."""
    text = (piece * length)[:length]
    return min(_once(text) for _ in range(5))


def _once(text: str) -> float:
    start = time.process_time()
    DIALECTS.fold(normalise.clean(text))
    return time.process_time() - start


def test_every_mark_that_combines_is_known_to_be_one() -> None:
    marks = [c for c in range(sys.maxunicode + 1) if unicodedata.combining(chr(c))]
    assert [c for c in marks if not normalise.MARKS.fullmatch(chr(c) * 5)] == []
