"""Deadlines, silent hours and how a moment is said, against a slow reference and against typed tables."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import clocks
from bot.calendar import shipped
from bot.clocks import Work
from bot.hours import HoursSection

ZONE = ZoneInfo("Asia/Shanghai")
RULES = HoursSection()
CLOSING = RULES.closing
CALENDAR = shipped()
WORK = Work(CALENDAR, RULES.work, ZONE)
MINUTE = timedelta(minutes=1)
# With and without a change of the clock; one south of the equator, one with half an hour.
ZONES = ["Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]

# hypothesis wants the bounds naive and adds the zone itself
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = MOMENTS.map(lambda at: at.replace(second=0, microsecond=0))
# Around what is hard: Spring Festival with 2026-02-14 and 02-28 worked, National Day, New Year into an unknown year.
HARD = st.sampled_from(["2026-02-12", "2026-02-26", "2026-09-18", "2026-09-29", "2026-10-09", "2026-12-30"]).flatmap(
    lambda day: st.integers(0, 4 * 24 * 60).map(lambda n: here(f"{day} 00:00") + n * MINUTE)
)


def here(text: str) -> datetime:
    """A wall clock in Shanghai: "2026-11-23 09:00" (a Monday)."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def working_minute(at: datetime, work: Work, pauses: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether the minute that begins at `at` is worked: asked of the day, the hour and every pause, one by one."""
    local = at.astimezone(work.zone)
    if any(since <= at < until for since, until in pauses):
        return False
    return work.calendar.day(local.date()).working and any(begin <= local.time() < end for begin, end in work.spans)


def slow_due(start: datetime, minutes: int, work: Work, pauses: Sequence[tuple[datetime, datetime]] = ()) -> datetime:
    """Minute by minute: the end of the last minute that was needed."""
    at, left = start.astimezone(UTC), minutes
    while left:
        left -= working_minute(at, work, pauses)
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
        ("2026-02-13 17:00", 2, "2026-02-14 10:00"),  # that Saturday is worked
        ("2026-02-14 17:00", 2, "2026-02-24 10:00"),  # over Spring Festival, nine days
        ("2026-02-20 10:00", 1, "2026-02-24 10:00"),  # said within it, on a Friday
        ("2026-02-27 17:00", 2, "2026-02-28 10:00"),  # and that Saturday is worked for it
        ("2026-02-28 17:00", 2, "2026-03-02 10:00"),
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # over National Day
        ("2026-10-09 17:00", 2, "2026-10-10 10:00"),  # a Saturday worked for it
        ("2026-12-31 17:00", 2, "2027-01-04 10:00"),  # New Year has its date, whatever else 2027 brings
        ("2026-12-31 16:30", 16, "2027-01-06 09:30"),  # over the year's end and a weekend
    ],
)
def test_working_hours_are_counted_over_lunch_nights_holidays_and_the_year(start: str, hours: int, due: str) -> None:
    assert clocks.due(here(start), hours, WORK) == here(due)


@settings(max_examples=150, deadline=None)
@given(at=MINUTES | HARD, minutes=st.integers(1, 20 * 60))
def test_due_agrees_with_counting_minute_by_minute(at: datetime, minutes: int) -> None:
    assert clocks.due(at, minutes / 60, WORK) == slow_due(at, minutes, WORK)


@settings(max_examples=120, deadline=None)
@given(at=MINUTES, minutes=st.integers(1, 16 * 60), zone=st.sampled_from(ZONES), begin=st.integers(4, 20),
       length=st.integers(1, 3))  # fmt: skip
def test_due_agrees_with_the_reference_whatever_the_zone_and_the_working_hours(
    at: datetime, minutes: int, zone: str, begin: int, length: int
) -> None:
    work = Work(CALENDAR, ((time(begin), time(begin + length)),), ZoneInfo(zone))

    assert clocks.due(at, minutes / 60, work) == slow_due(at, minutes, work)


@settings(max_examples=120, deadline=None)
@given(
    at=MINUTES | HARD,
    minutes=st.integers(1, 10 * 60),
    stood=st.lists(st.tuples(st.integers(-600, 6000), st.integers(0, 6000)), max_size=3),
)
def test_due_agrees_with_the_reference_whenever_the_clock_stood(
    at: datetime, minutes: int, stood: list[tuple[int, int]]
) -> None:
    pauses = [(at + since * MINUTE, at + (since + length) * MINUTE) for since, length in stood]

    assert clocks.due(at, minutes / 60, WORK, pauses) == slow_due(at, minutes, WORK, pauses)


@settings(max_examples=150, deadline=None)
@given(at=MINUTES | HARD, minutes=st.integers(2, 12 * 60), share=st.floats(0.01, 0.99), stands=st.integers(1, 20000))
def test_a_pause_shifts_what_is_left_to_where_it_ends(at: datetime, minutes: int, share: float, stands: int) -> None:
    """Pause and resume: as if the hours that were left began when the clock went on."""
    paused = clocks.due(at, minutes * share / 60, WORK)
    resumed = paused + stands * MINUTE

    with_pause = clocks.due(at, minutes / 60, WORK, [(paused, resumed)])

    shifted = clocks.due(resumed, minutes * (1 - share) / 60, WORK)
    assert abs(with_pause - shifted) < timedelta(milliseconds=1)  # of the shares


@settings(max_examples=300, deadline=None)
@given(at=MOMENTS | HARD, hours=st.floats(0.1, 40), more=st.floats(0, 10))
def test_more_hours_are_never_due_earlier_and_never_before_the_start(at: datetime, hours: float, more: float) -> None:
    sooner, later = (clocks.due(at, n, WORK) for n in (hours, hours + more))

    assert at < sooner <= later


@settings(max_examples=300, deadline=None)
@given(at=MOMENTS | HARD, hours=st.floats(0.1, 40), zone=st.sampled_from(ZONES))
def test_what_is_counted_is_worked_adds_up_and_never_lies_in_a_holiday(at: datetime, hours: float, zone: str) -> None:
    work = Work(CALENDAR, RULES.work, ZoneInfo(zone))

    stretches = clocks.counted(at, hours, work)

    assert all(CALENDAR.day(begin.date()).working and begin.date() == end.date() for begin, end in stretches)
    assert all(any(o <= begin.time() and end.time() <= c for o, c in RULES.work) for begin, end in stretches)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(stretches))
    # in UTC: a difference within one zone is one of wall clocks
    total = sum((end.astimezone(UTC) - begin.astimezone(UTC) for begin, end in stretches), timedelta(0))
    assert total == timedelta(hours=hours)


def test_a_community_that_never_works_is_told_so() -> None:
    closed = replace(CALENDAR, off={date(2026, 1, 1) + n * clocks.DAY: "停办" for n in range(1000)}, on={})

    with pytest.raises(ValueError, match=r"hours\.work"):
        clocks.due(here("2026-11-23 09:00"), 1, replace(WORK, calendar=closed))


@pytest.mark.parametrize(
    "work",
    [[], [["14:00", "18:00"], ["09:00", "12:00"]], [["09:00", "12:00"], ["11:00", "18:00"]], [["12:00", "09:00"]]],
)
def test_working_hours_that_no_day_has_are_refused(work: list[list[str]]) -> None:
    with pytest.raises(ValidationError, match="work"):
        HoursSection.model_validate({"work": work})


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
        ("2026-11-25 17:00", "今天17:00前"),
        ("2026-11-25 18:01", "今天18:01前"),
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
    assert clocks.in_words(here(at), here("2026-11-25 10:00"), ZONE, closing=CLOSING) == said


@pytest.mark.parametrize(
    ("at", "now", "said"),
    [
        ("2026-10-08 18:00", "2026-09-30 16:00", "节后第一天（10月8日）下班前"),
        ("2026-10-09 12:00", "2026-09-30 16:00", "下周五中午前"),
        ("2026-10-09 12:00", "2026-09-26 16:00", "10月9日中午前"),
        ("2026-10-08 12:00", "2026-10-03 10:00", "节后第一天（10月8日）中午前"),  # said within the holiday
        ("2026-10-08 12:00", "2026-10-07 10:00", "明天中午前"),
        ("2026-10-09 12:00", "2026-10-08 10:00", "明天中午前"),  # it is over
        ("2026-02-24 12:00", "2026-02-14 17:00", "节后第一天（2月24日）中午前"),
        ("2026-02-14 12:00", "2026-02-12 10:00", "周六中午前"),  # worked before it
        ("2027-01-04 12:00", "2026-12-31 17:30", "节后第一天（1月4日）中午前"),
        ("2026-11-30 12:00", "2026-11-27 10:00", "下周一中午前"),  # a weekend is no holiday
    ],
)
def test_a_moment_behind_a_holiday_is_said_so(at: str, now: str, said: str) -> None:
    assert clocks.in_words(here(at), here(now), ZONE, CALENDAR, closing=CLOSING) == said


@settings(max_examples=200, deadline=None)
@given(now=MOMENTS | HARD, hours=st.floats(0.1, 60), more=st.integers(1, 20))
def test_with_holidays_too_the_same_words_never_mean_two_days(now: datetime, hours: float, more: int) -> None:
    one = clocks.due(now, hours, WORK)
    other = one + more * clocks.DAY

    said = [clocks.in_words(at, now, ZONE, CALENDAR, closing=CLOSING) for at in (one, other)]

    assert said[0] != said[1]


@pytest.mark.parametrize(
    ("day", "said"),
    [(15, "11月15日"), (16, "上周一"), (22, "上周日"), (23, "周一"), (24, "昨天"), (25, "今天"), (26, "明天"),
     (29, "周日"), (30, "下周一")],
)  # fmt: skip
def test_a_day_is_called_as_seen_from_a_wednesday(day: int, said: str) -> None:
    assert clocks.day_in_words(date(2026, 11, day), date(2026, 11, 25)) == said


def test_from_a_sunday_the_next_days_are_next_week() -> None:
    sunday = here("2026-11-29 10:00")

    days = ("11-30", "12-01", "12-06", "12-07")
    said = [clocks.in_words(here(f"2026-{day} 09:30"), sunday, ZONE, closing=CLOSING) for day in days]

    assert said == ["明天09:30前", "下周二09:30前", "下周日09:30前", "12月7日09:30前"]


@settings(max_examples=300, deadline=None)
@given(now=MOMENTS, days=st.integers(0, 30), minutes=st.integers(0, 24 * 60 - 1))
def test_the_same_words_never_mean_two_days(now: datetime, days: int, minutes: int) -> None:
    """Two different days within a month are never said alike."""
    today = now.astimezone(ZONE).date()
    at = [
        datetime.combine(today + timedelta(days=n), time(minutes // 60, minutes % 60), ZONE) for n in (days, days + 1)
    ]

    assert clocks.in_words(at[0], now, ZONE, closing=CLOSING) != clocks.in_words(at[1], now, ZONE, closing=CLOSING)
