"""Whether two neighbours speak of one matter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.similar import same_matter

SAME = [
    ("电梯停了", "电梯坏了"),
    ("3栋2单元电梯又坏了", "电梯不动了,等了半天"),
    ("停水了", "家里没水,什么时候来水"),
    ("楼道灯不亮", "5楼走道灯坏了"),
    ("下水道堵了", "厕所返水"),
    ("停电了吗", "没电了"),
]
DIFFERENT = [
    ("电梯停了", "楼道灯不亮"),
    ("停水了", "停电了"),
    ("下水道堵了", "门禁坏了"),
    ("狗叫", "楼上漏水"),
    ("早上好", "电梯停了"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_matter_in_other_words_is_alike(one: str, other: str) -> None:
    assert same_matter(one, other) >= 0.5


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_matter_is_not(one: str, other: str) -> None:
    assert same_matter(one, other) < 0.5


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)
def test_likeness_is_symmetric_and_between_nought_and_one(one: str, other: str) -> None:
    score = same_matter(one, other)
    assert 0 <= score <= 1
    assert score == same_matter(other, one)
