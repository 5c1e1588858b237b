"""Which time a digest covers: every moment once, over midnight, weekends, holidays and the turn of the year."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import shipped
from bot.digest.periods import Period, Times, Window, until

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = shipped()
TIMES = Times(CALENDAR, ZONE, time(8, 30))
FIRST, LAST = date(2024, 12, 1), date(2027, 2, 28)  # three turns of the year; 2027 is known to nobody yet
moments = st.builds(lambda day, clock: datetime.combine(day, clock, ZONE), st.dates(FIRST, LAST), st.times())
periods = st.sampled_from(Period)


def at(day: str, clock: str = "08:30") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE)


def told_before(period: Period, moment: datetime, days: int = 500) -> list[Window]:
    """The slow way: what was told newest at each of many moments before."""
    found = {TIMES.last(period, moment - timedelta(hours=12 * n)) for n in range(2 * days)}
    return sorted(found, key=lambda window: window.due_at)


@pytest.mark.parametrize("period", Period)
def test_one_follows_upon_the_other_without_a_gap_or_an_overlap(period: Period) -> None:
    windows = told_before(period, at("2027-02-25"))
    assert [later.starts for later in windows[1:]] == [earlier.ends for earlier in windows[:-1]]
    assert all(earlier.told_on < later.told_on for earlier, later in pairwise(windows))
    assert all(CALENDAR.day(window.told_on).working for window in windows)
    assert {window.due_at.astimezone(ZONE).time() for window in windows} == {time(8, 30)}


@given(periods, moments)
def test_the_newest_is_told_and_the_running_one_begins_where_it_ended(period: Period, now: datetime) -> None:
    last, running = TIMES.last(period, now), TIMES.running(period, now)
    assert last.due_at <= now
    assert last.starts < last.ends <= now
    assert running.starts <= now
    assert running.ends == now
    assert last.whole
    assert not running.whole
    # Between the end of a week and the first working day after it, the one before is still the newest that was told.
    assert running.starts == last.ends or (period != Period.DAY and running.starts > last.ends)


@given(periods, st.dates(FIRST, LAST))
def test_a_day_lies_in_its_window(period: Period, day: date) -> None:
    window = TIMES.around(period, day)
    if period == Period.DAY:
        assert window.told_on >= day
        assert not any(CALENDAR.day(day + timedelta(days=n)).working for n in range((window.told_on - day).days))
    else:
        assert window.starts <= datetime.combine(day, time(12), ZONE) < window.ends


@given(periods, moments)
def test_two_clocks_within_the_same_hour_reckon_the_same(period: Period, now: datetime) -> None:
    window = TIMES.last(period, now)
    assert TIMES.last(period, window.due_at) == window
    assert TIMES.last(period, window.due_at - timedelta(seconds=1)) != window
    assert TIMES.around(period, window.told_on) == window or period != Period.DAY


@pytest.mark.parametrize(
    ("period", "now", "told_on", "starts", "ends"),
    [
        # a Monday: since Friday's hour
        (Period.DAY, at("2026-11-23"), "2026-11-23", at("2026-11-20"), at("2026-11-23")),
        (Period.DAY, at("2026-11-23", "08:29"), "2026-11-20", at("2026-11-19"), at("2026-11-20")),
        (Period.DAY, at("2026-11-21", "12:00"), "2026-11-20", at("2026-11-19"), at("2026-11-20")),
        # after National Day: since the last working day of September
        (Period.DAY, at("2026-10-08"), "2026-10-08", at("2026-09-30"), at("2026-10-08")),
        # a Sunday worked in its place
        (Period.DAY, at("2026-10-10", "20:00"), "2026-10-10", at("2026-10-09"), at("2026-10-10")),
        # over the turn of the year
        (Period.DAY, at("2026-01-04", "09:00"), "2026-01-04", at("2025-12-31"), at("2026-01-04")),
        (Period.WEEK, at("2026-11-23"), "2026-11-23", at("2026-11-16", "00:00"), at("2026-11-23", "00:00")),
        (Period.WEEK, at("2026-11-27"), "2026-11-23", at("2026-11-16", "00:00"), at("2026-11-23", "00:00")),
        # the week of the Spring Festival has no working day of its own until Saturday, the 14th, and the 24th
        (Period.WEEK, at("2026-02-24"), "2026-02-24", at("2026-02-09", "00:00"), at("2026-02-23", "00:00")),
        (Period.MONTH, at("2026-11-02"), "2026-11-02", at("2026-10-01", "00:00"), at("2026-11-01", "00:00")),
        (Period.MONTH, at("2026-01-05"), "2026-01-04", at("2025-12-01", "00:00"), at("2026-01-01", "00:00")),
        (Period.MONTH, at("2026-10-08", "08:00"), "2026-09-01", at("2026-08-01", "00:00"), at("2026-09-01", "00:00")),
    ],
)
def test_by_example(period: Period, now: datetime, told_on: str, starts: datetime, ends: datetime) -> None:
    window = TIMES.last(period, now)
    assert (window.told_on.isoformat(), window.starts, window.ends) == (told_on, starts, ends)


def test_what_has_not_begun_is_empty() -> None:
    window = TIMES.around(Period.WEEK, date(2026, 12, 2))
    now = at("2026-11-26")
    assert until(window, now).starts == until(window, now).ends
    assert until(window, at("2026-12-24")) is window
