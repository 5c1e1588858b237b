"""From when until when somebody is away, in their own words, seen from a Monday morning."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import leave

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("我请假到周五", "11-23 09", "11-28 00"),
        ("请假到下周三", "11-23 09", "12-03 00"),
        ("请假到月底", "11-23 09", "12-01 00"),
        ("请假到12月1号", "11-23 09", "12-02 00"),
        ("请假到26号", "11-23 09", "11-27 00"),
        ("请假到明天", "11-23 09", "11-25 00"),
        ("请假到周五下午3点", "11-23 09", "11-27 15"),
        ("请假三天", "11-23 09", "11-26 00"),
        ("请三天假", "11-23 09", "11-26 00"),
        ("请假半天", "11-23 09", "11-24 00"),
        ("我要请假一个星期", "11-23 09", "11-30 00"),
        ("请假半个月", "11-23 09", "12-08 00"),
        ("我明天请假", "11-24 00", "11-25 00"),
        ("后天请假一天", "11-25 00", "11-26 00"),
        ("从明天起请两天假", "11-24 00", "11-26 00"),
        ("明天到周五请假", "11-24 00", "11-28 00"),
        ("25号到28号请假", "11-25 00", "11-29 00"),
        ("从明天请假到周五", "11-24 00", "11-28 00"),
        ("我从25号开始请假到28号", "11-25 00", "11-29 00"),
        ("下周请假", "11-30 00", "12-07 00"),
        ("今天下午请假", "11-23 13", "11-23 18"),
        ("请假到正月初八", "11-23 09", "02-14 00"),  # 2027-02-13
        ("请假到大年初三", "11-23 09", "02-09 00"),
        ("腊月二十八到正月初八请假", "02-04 00", "02-14 00"),
        ("从腊月廿八请假到初八", "02-04 00", "02-14 00"),
        ("请假到腊月二十三", "11-23 09", "01-31 00"),
        ("请假到大年三十", "11-23 09", "02-06 00"),  # of that year the 29th
        ("请假到农历十月二十", "11-23 09", "11-29 00"),
        ("请假到月初", "11-23 09", "12-06 00"),
        ("这两天请假", "11-23 09", "11-25 00"),
        ("请假", "11-23 09", None),
        ("请假九百天", "11-23 09", None),
        ("请假999天", "11-23 09", None),
    ],
)
def test_from_when_until_when(words: str, starts: str, ends: str | None) -> None:
    begins, over = leave.span(words, NOW)

    assert begins.strftime("%m-%d %H") == starts
    assert (over.strftime("%m-%d %H") if over else None) == ends


@given(st.text(alphabet="请假到从起周月日号天个半一二三十末底明后今年下123456789", max_size=40))
def test_it_never_begins_in_the_past_or_ends_before_it_begins(words: str) -> None:
    starts, ends = leave.span(words, NOW)

    assert starts >= NOW
    assert ends is None or starts < ends <= starts + leave.LONGEST
