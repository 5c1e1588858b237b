"""What comes back: sentences taken apart, and days against a slow reckoning that looks at one day after the other."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents import recurring
from intents.recurring import Every
from intents.understanding import Understanding

MONDAY = date(2024, 2, 26)  # in a leap year's February: any Monday would do
DAYS = st.dates(min_value=date(1999, 1, 1), max_value=date(2045, 12, 31))
EVERY = st.one_of(
    st.integers(1, 366).map(lambda n: Every(days=n)),
    st.lists(st.integers(0, 6), min_size=1, unique=True).map(lambda d: Every(weekdays=tuple(sorted(d)))),
    st.lists(st.integers(1, 31), min_size=1, unique=True).map(lambda d: Every(month_days=tuple(sorted(d)))),
)


def falls_due(every: Every, day: date, first: date) -> bool:
    """The slow reference: whether it falls due on this very day."""
    if day < first:
        return False
    if every.days is not None:
        return (day - first).days % every.days == 0
    if every.weekdays:
        return day.weekday() in every.weekdays
    last = monthrange(day.year, day.month)[1]
    return any(day.day == min(wanted, last) for wanted in every.month_days)


def slowly(every: Every, after: date, first: date) -> date:
    day = max(after + timedelta(days=1), first)
    while not falls_due(every, day, first):
        day += timedelta(days=1)
    return day


@settings(max_examples=400, deadline=None)
@given(every=EVERY, after=DAYS, first=DAYS)
def test_the_next_day_is_the_first_that_a_slow_search_finds(every: Every, after: date, first: date) -> None:
    if abs((first - after).days) > 800:
        first = after + timedelta(days=(first - after).days % 800 - 400)

    assert every.next_after(after, first) == slowly(every, after, first)


@settings(max_examples=200, deadline=None)
@given(every=EVERY, first=DAYS)
def test_from_one_day_to_the_next_none_is_left_out_and_none_comes_twice(every: Every, first: date) -> None:
    day = first - timedelta(days=1)
    found: list[date] = []
    while len(found) < 5:
        day = every.next_after(day, first)
        found.append(day)

    assert found == sorted(set(found))
    assert sum(falls_due(every, first + timedelta(days=n), first) for n in range((found[-1] - first).days + 1)) == 5


@pytest.mark.parametrize(
    ("days", "weekdays", "month_days"),
    [(None, (), ()), (3, (1,), ()), (None, (1,), (2,)), (0, (), ()), (367, (), ()), (None, (7,), ()), (None, (), (0,))],
)
def test_what_is_no_rule_is_refused(days: int | None, weekdays: tuple[int, ...], month_days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="day"):
        Every(days, weekdays, month_days)


def in_(days: int) -> date:
    return MONDAY + timedelta(days=days)


# said, how often, its first day, what is to be done, who, until
SAID = [
    ("每周五清理3栋楼道", Every(weekdays=(4,)), in_(4), "清理3栋楼道", None, None),
    ("每星期天打扫楼道", Every(weekdays=(6,)), in_(6), "打扫楼道", None, None),
    ("以后每月15号巡查消防栓", Every(month_days=(15,)), date(2024, 3, 15), "巡查消防栓", None, None),
    ("每个月十五号巡查消防栓", Every(month_days=(15,)), date(2024, 3, 15), "巡查消防栓", None, None),
    ("每月1号和15号检查灭火器", Every(month_days=(1, 15)), date(2024, 3, 1), "检查灭火器", None, None),
    ("每月底清洗水箱", Every(month_days=(31,)), date(2024, 2, 29), "清洗水箱", None, None),
    ("定期:每两周检查天台门", Every(days=14), in_(1), "检查天台门", None, None),
    ("每两周周五检查天台门", Every(days=14), in_(4), "检查天台门", None, None),
    ("每天下午5点打扫电梯厅", Every(days=1), in_(1), "下午5点打扫电梯厅", None, None),
    ("每3天浇一次水", Every(days=3), in_(1), "浇一次水", None, None),
    ("每3天浇水", Every(days=3), in_(1), "浇水", None, None),
    ("隔天浇水", Every(days=2), in_(1), "浇水", None, None),
    ("每隔两天浇水", Every(days=3), in_(1), "浇水", None, None),
    ("隔周检查灭火器", Every(days=14), in_(1), "检查灭火器", None, None),
    ("每周一次大扫除", Every(days=7), in_(1), "大扫除", None, None),
    ("每周一三五巡查楼道", Every(weekdays=(0, 2, 4)), in_(2), "巡查楼道", None, None),
    ("每周一、周四清运垃圾", Every(weekdays=(0, 3)), in_(3), "清运垃圾", None, None),
    ("每周五物业清理3栋楼道", Every(weekdays=(4,)), in_(4), "清理3栋楼道", "物业", None),
    ("每周五由志愿者走访独居老人", Every(weekdays=(4,)), in_(4), "走访独居老人", "志愿者", None),
    ("每天巡查楼道,到3月15号", Every(days=1), in_(1), "巡查楼道", None, date(2024, 3, 15)),
    ("每周日打扫到年底", Every(weekdays=(6,)), in_(6), "打扫", None, date(2024, 12, 31)),
    ("每天巡查到1月底", Every(days=1), in_(1), "巡查", None, date(2025, 1, 31)),
    ("定期 每周五", Every(weekdays=(4,)), in_(4), "", None, None),
    ("每周五", None, None, None, None, None),
    ("每天都有人乱扔垃圾", None, None, None, None, None),
    ("每周五没人来打扫", None, None, None, None, None),
    ("每周五检查了吗", None, None, None, None, None),
    ("每周三晚上跳广场舞", None, None, None, None, None),
    ("每隔两周检查灭火器", None, None, None, None, None),
    ("每月32号检查灭火器", None, None, None, None, None),
    ("每500天检查灭火器", None, None, None, None, None),
    ("每次都要打扫", None, None, None, None, None),
    ("收到", None, None, None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("said", "every", "due", "action", "who", "until"), SAID, ids=[row[0] for row in SAID])
def test_a_sentence_says_when_and_what(
    understanding: Understanding,
    said: str,
    every: Every | None,
    due: date | None,
    action: str | None,
    who: str | None,
    until: date | None,
) -> None:
    read = recurring.read(understanding.fold(said), MONDAY)

    if every is None:
        assert read is None
        return
    assert read is not None
    assert (read.every, read.action, read.who, read.until) == (every, action, who, until)
    assert read.every.next_after(MONDAY, read.first) == due


@pytest.mark.parametrize("piece", ["每周", "每周一", "定期", "每月1号、", "到12月", "每一二三"])
def test_no_length_of_text_holds_it_up(piece: str) -> None:
    assert recurring.read(piece * 20_000, MONDAY) is None
