"""When somebody means, seen from the moment they said it: a Monday at ten, in a community's zone."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import times

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZONE)
SUNDAY = MONDAY + timedelta(days=6)

# What is said, days from that Monday and the hour it begins, days and the hour it ends.
WHEN = [
    ("明天下午", (1, 13), (1, 18)),
    ("约明天下午", (1, 13), (1, 18)),
    ("师傅说后天上午来", (2, 8), (2, 12)),
    ("周五之前", (0, 10), (5, 0)),
    ("周五前能好", (0, 10), (5, 0)),
    ("周五以后", (5, 0), (12, 0)),
    ("周五", (4, 0), (5, 0)),
    ("下周三上午9点", (9, 9), (9, 10)),
    ("下周三上午九点", (9, 9), (9, 10)),
    ("星期天晚上", (6, 18), (6, 22)),
    ("这周末", (5, 0), (7, 0)),
    ("今天的晚霞", (0, 0), (1, 0)),
    ("今晚8点后", (0, 20), (1, 0)),
    ("今晚八点以后", (0, 20), (1, 0)),
    ("晚上12点", (1, 0), (1, 1)),
    ("凌晨2点", (1, 2), (1, 3)),
    ("下午一点", (0, 13), (0, 14)),
    ("4点", (0, 16), (0, 17)),
    ("9点", (1, 9), (1, 10)),
    ("11点前", (0, 10), (0, 11)),
    ("9-11点", (0, 9), (0, 11)),
    ("明天9点到3点", (1, 9), (1, 15)),
    ("20:00-22:00", (0, 20), (0, 22)),
    ("22:00-6:00", (0, 22), (1, 6)),
    ("中午1点", (0, 13), (0, 14)),
    ("今天下班前", (0, 14), (0, 18)),
    ("周三中午前", (0, 10), (2, 11)),
    ("这两天", (0, 0), (2, 0)),
    ("过两天", (2, 0), (4, 0)),
    ("明后天", (1, 0), (3, 0)),
    ("周二到周四", (1, 0), (4, 0)),
    ("今天到后天", (0, 0), (3, 0)),
    ("本周内", (0, 0), (7, 0)),
    ("下周", (7, 0), (14, 0)),
    ("月底前", (0, 10), (8, 0)),
    ("月底", (3, 0), (8, 0)),
    ("下个月", (8, 0), (39, 0)),
    ("12月3号上午", (10, 8), (10, 12)),
    ("十二月三号上午", (10, 8), (10, 12)),
    ("25号下午", (2, 13), (2, 18)),
    ("25号来", (2, 0), (3, 0)),
    ("元旦前", (0, 10), (39, 0)),
    ("年前", (0, 0), (75, 0)),  # 春节 is the 6th of February
    ("过完年", (82, 0), (96, 0)),
    ("两个小时内", (0, 10), (0, 12)),
    ("两小时后", (0, 12), (0, 13)),
    ("三天之内", (0, 10), (3, 10)),
    ("三天后", (3, 0), (4, 0)),
    ("两三天内", (0, 10), (3, 10)),
]
NEVER = """
昨天下午 昨晚8点 上周五报的 去年国庆 2月30日 25点 明明 每天 15号 15号楼 周到 天天 点头 月亮 302 早
能报一点吗 雨大一点 一块五一度
"""


@pytest.mark.parametrize(("said", "start", "end"), WHEN, ids=[said for said, *_ in WHEN])
def test_what_is_said_is_a_window(said: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    window = times.window(said, MONDAY)

    assert window is not None
    assert (window.start, window.end) == (_at(*start), _at(*end))
    assert window.words == times.words(said)
    assert window.words in said


@pytest.mark.parametrize("said", ["", *NEVER.split()])
def test_what_is_past_or_no_time_is_no_window(said: str) -> None:
    assert times.window(said, MONDAY) is None


def test_a_day_that_is_past_is_the_next_one() -> None:
    friday = times.window("周五", SUNDAY)
    assert friday is not None
    assert friday.start == _at(11, 0)
    third = times.window("3号上午", MONDAY)
    assert third is not None
    assert third.start == _at(10, 8)
    feast = times.window("国庆后", MONDAY)
    assert feast is not None
    assert feast.start.timetuple()[:3] == (MONDAY.year + 1, 10, 8)


@pytest.mark.parametrize(
    ("said", "read_later"),
    [
        ("约明天下午", "约11月24日下午"),
        ("师傅说周五上午来", "师傅说11月27日上午来"),
        ("今晚8点后来水", "11月23日晚8点后来水"),
        ("后天来换", "11月25日来换"),
        ("12月3号上午", "12月3号上午"),
        ("周二到周四", "周二到周四"),
        ("等配件", "等配件"),
        ("昨天看过", "昨天看过"),
        ("这周末", "这周末"),
    ],
)
def test_a_note_with_a_day_can_be_read_later(said: str, read_later: str) -> None:
    assert times.dated(said, MONDAY) == read_later


PIECES = """
今 明 后 大后 天 周 下 五 日 末 上午 下午 晚 3 15 31 点 号 月 : - 到 前 后 内 年 底 国庆 春节 小时 分钟 半 十 二 两 三
之 左右 0 24 59 2026 昨
"""
MOMENTS = st.datetimes(timezones=st.just(ZONE)) | st.just(MONDAY)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=10).map("".join), MOMENTS)
def test_a_window_begins_before_it_ends_and_nothing_raises(said: str, at: datetime) -> None:
    window = times.window(said, at)
    times.dated(said, at)
    assert window is None or (window.start < window.end and window.start.tzinfo is ZONE and window.words in said)


@given(st.text(st.characters(exclude_categories=()), max_size=200), MOMENTS)
def test_no_text_makes_it_raise(said: str, at: datetime) -> None:
    times.window(said, at)
    times.dated(said, at)


@pytest.mark.parametrize(
    "piece", ["1", "十", "明天", "周", "12点到", "下下", "3号", "半", "年", "昨", "月底 ", "1:1", "大后"]
)
def test_ten_times_the_text_takes_about_ten_times_as_long(piece: str) -> None:
    assert _seconds(piece, 100_000) < 30 * _seconds(piece, 10_000) + 0.1


def _seconds(piece: str, length: int) -> float:
    text = (piece * length)[:length]
    start = time.process_time()
    times.window(text, MONDAY)
    return time.process_time() - start


def _at(days: int, hour: int) -> datetime:
    return MONDAY.replace(hour=0) + timedelta(days=days, hours=hour)
