"""Deadlines, silent hours and how a moment is said, against a slow reference and against typed tables."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clocks
from bot.hours import HoursSection

ZONE = ZoneInfo("Asia/Shanghai")
RULES = HoursSection()
MINUTE = timedelta(minutes=1)

# hypothesis wants the bounds naive and adds the zone itself
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def here(text: str) -> datetime:
    """A wall clock in Shanghai: "2026-11-23 09:00" (a Monday)."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def working_minute(at: datetime, rules: HoursSection) -> bool:
    """Whether the minute that begins at `at` is worked."""
    return at.weekday() < 5 and any(begin <= at.time() < end for begin, end in rules.work)


def slow_due(start: datetime, hours: int, rules: HoursSection) -> datetime:
    """Minute by minute: the end of the last minute that was needed."""
    at, left = start.astimezone(ZONE), hours * 60
    while left:
        left -= working_minute(at, rules)
        at += MINUTE
    return at


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),  # exactly the morning
        ("2026-11-23 09:00", 4, "2026-11-23 15:00"),  # over lunch
        ("2026-11-23 12:30", 1, "2026-11-23 15:00"),  # said at lunch
        ("2026-11-23 06:00", 1, "2026-11-23 10:00"),  # before work
        ("2026-11-23 17:00", 2, "2026-11-24 10:00"),  # over the evening
        ("2026-11-23 23:50", 7, "2026-11-24 18:00"),  # a whole day, said at night
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # Friday to Monday
        ("2026-11-28 10:00", 1, "2026-11-30 10:00"),  # said on Saturday
        ("2026-11-29 23:59", 16, "2026-12-02 11:00"),  # two working days and two hours
        ("2026-12-31 17:00", 2, "2027-01-01 10:00"),  # over the year's end (no calendar of holidays yet)
        ("2026-12-31 16:30", 16, "2027-01-05 09:30"),  # over the year's end and a weekend
    ],
)
def test_working_hours_are_counted_over_lunch_nights_weekends_and_the_year(start: str, hours: int, due: str) -> None:
    assert clocks.due(here(start), hours, RULES, ZONE) == here(due)


@settings(max_examples=150, deadline=None)
@given(at=MOMENTS, hours=st.integers(1, 20))
def test_due_agrees_with_counting_minute_by_minute(at: datetime, hours: int) -> None:
    at = at.replace(second=0, microsecond=0)

    assert clocks.due(at, hours, RULES, ZONE) == slow_due(at, hours, RULES)


@settings(max_examples=150, deadline=None)
@given(at=MOMENTS, hours=st.integers(1, 16), begin=st.integers(0, 20), length=st.integers(1, 3))
def test_due_agrees_with_the_reference_whatever_the_working_hours(
    at: datetime, hours: int, begin: int, length: int
) -> None:
    rules = HoursSection(work=((time(begin), time(begin + length)),))
    at = at.replace(second=0, microsecond=0)

    assert clocks.due(at, hours, rules, ZONE) == slow_due(at, hours, rules)


@settings(max_examples=300, deadline=None)
@given(at=MOMENTS, hours=st.floats(0.1, 40), more=st.floats(0, 10))
def test_more_hours_are_never_due_earlier_and_never_before_the_start(at: datetime, hours: float, more: float) -> None:
    sooner, later = (clocks.due(at, n, RULES, ZONE) for n in (hours, hours + more))

    assert at < sooner <= later


def test_a_community_that_never_works_is_told_so() -> None:
    with pytest.raises(ValueError, match=r"hours\.work"):
        clocks.due(here("2026-11-23 09:00"), 1, HoursSection(work=()), ZONE)


@pytest.mark.parametrize(
    ("at", "silent"),
    [("21:59:59", False), ("22:00:00", True), ("23:59:59", True), ("00:00:00", True), ("07:29:59", True),
     ("07:30:00", False), ("12:00:00", False)],
)  # fmt: skip
def test_groups_are_left_in_peace_from_ten_to_half_past_seven(at: str, silent: bool) -> None:
    assert clocks.is_silent(here(f"2026-11-23 {at}"), RULES, ZONE) is silent


def test_silent_hours_may_lie_within_one_day() -> None:
    rules = HoursSection(silent_from=time(12), silent_to=time(14))

    hours = [hour for hour in range(24) if clocks.is_silent(here(f"2026-11-23 {hour:02}:00"), rules, ZONE)]

    assert hours == [12, 13]


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-11-23 21:59", "2026-11-23 21:59"),
        ("2026-11-23 22:00", "2026-11-24 07:30"),
        ("2026-11-24 00:10", "2026-11-24 07:30"),
        ("2026-12-31 23:00", "2027-01-01 07:30"),
        ("2026-11-24 07:30", "2026-11-24 07:30"),
    ],
)
def test_what_falls_into_the_silence_waits_for_its_end(at: str, then: str) -> None:
    assert clocks.after_silence(here(at), RULES, ZONE) == here(then)


@settings(max_examples=300, deadline=None)
@given(at=MOMENTS)
def test_after_the_silence_is_the_first_moment_that_is_not_silent(at: datetime) -> None:
    then = clocks.after_silence(at, RULES, ZONE)

    assert not clocks.is_silent(then, RULES, ZONE)
    assert timedelta(0) <= then - at <= timedelta(hours=9, minutes=30)
    assert then == at or clocks.is_silent(then - timedelta(microseconds=1), RULES, ZONE)


@pytest.mark.parametrize(
    ("at", "said"),
    [  # seen from Wednesday 2026-11-25, ten in the morning
        ("2026-11-25 18:00", "今天下班前"),
        ("2026-11-25 17:00", "今天下班前"),
        ("2026-11-25 16:59", "今天16:59前"),
        ("2026-11-25 12:00", "今天中午前"),
        ("2026-11-26 11:30", "明天中午前"),
        ("2026-11-26 18:00", "明天下班前"),
        ("2026-11-26 10:05", "明天10:05前"),
        ("2026-11-27 18:00", "周五下班前"),
        ("2026-11-29 09:00", "周日09:00前"),
        ("2026-11-30 18:00", "下周一下班前"),
        ("2026-11-30 12:00", "下周一中午前"),
        ("2026-12-06 09:30", "下周日09:30前"),
        ("2026-12-07 09:30", "12月7日09:30前"),
        ("2027-01-04 15:00", "1月4日15:00前"),
    ],
)
def test_a_moment_is_said_as_a_neighbour_would(at: str, said: str) -> None:
    assert clocks.in_words(here(at), here("2026-11-25 10:00"), ZONE) == said


def test_from_a_sunday_the_next_days_are_next_week() -> None:
    sunday = here("2026-11-29 10:00")

    said = [clocks.in_words(here(f"2026-{day} 09:30"), sunday, ZONE) for day in ("11-30", "12-01", "12-06", "12-07")]

    assert said == ["明天09:30前", "下周二09:30前", "下周日09:30前", "12月7日09:30前"]


@settings(max_examples=300, deadline=None)
@given(now=MOMENTS, days=st.integers(0, 30), minutes=st.integers(0, 24 * 60 - 1))
def test_the_same_words_never_mean_two_days(now: datetime, days: int, minutes: int) -> None:
    """Two different days within a month are never said alike."""
    today = now.astimezone(ZONE).date()
    at = [
        datetime.combine(today + timedelta(days=n), time(minutes // 60, minutes % 60), ZONE) for n in (days, days + 1)
    ]

    assert clocks.in_words(at[0], now, ZONE) != clocks.in_words(at[1], now, ZONE)


def test_weekends_are_no_working_days() -> None:
    week = [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]

    assert [clocks.is_working_day(day) for day in week] == [True] * 5 + [False] * 2
