"""Which time a digest covers and when it is told. Pure; days are the community's, moments aware.

A digest of the day is told on each working day at its hour, and covers everything since that hour of the working day
before: over midnight, weekends, holidays and the turn of the year, without a gap and without an overlap. Those of the
week and the month are told on the first working day of a week or month and cover whole weeks (from Monday) and months;
a week without any working day is told with the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.calendar import WorkCalendar

_DAY = timedelta(days=1)
_LOOK = 400  # days in which there surely is one on which is told: no holiday is longer than 60 (bot.calendar)


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Window:
    """starts <= moment < ends. told_on: the working day it belongs to; due_at: when it is told. whole: False while it
    goes on, and ends now.
    """

    period: Period
    told_on: date
    starts: datetime
    ends: datetime
    due_at: datetime
    whole: bool = True


@dataclass(frozen=True)
class Times:
    """What the days are reckoned by: the calendar, the zone, and the hour at which is told."""

    calendar: WorkCalendar
    zone: ZoneInfo
    at: time

    def last(self, period: Period, now: datetime) -> Window:
        """The newest window whose time to be told has come."""
        today = now.astimezone(self.zone).date()
        days = self._told_back_from(period, today)
        day = next(days)
        return self._window(period, day if self._moment(day) <= now else next(days))

    def running(self, period: Period, now: datetime) -> Window:
        """What has come up since the last window ended, until now. It is told when the window will be full."""
        today = now.astimezone(self.zone).date()
        following = self._told_on_or_after(period, today)
        if self._boundary(period, following) <= now:
            following = self._told_on_or_after(period, _after(period, following))
        whole = self._window(period, following)
        return until(whole, now)

    def around(self, period: Period, day: date) -> Window:
        """The window that a day belongs to: which is told on it or next (day), or which it lies in (week, month)."""
        if period == Period.DAY:
            return self._window(period, self._told_on_or_after(period, day))
        told = self._told_on_or_after(period, _after(period, day))
        return self._window(period, told)

    def _window(self, period: Period, told_on: date) -> Window:
        before = next(self._told_back_from(period, told_on - _DAY))
        return Window(
            period,
            told_on,
            self._boundary(period, before),
            self._boundary(period, told_on),
            self._moment(told_on),
        )

    def _boundary(self, period: Period, told_on: date) -> datetime:
        """Where the window that is told on that day ends, and the next one begins."""
        if period == Period.DAY:
            return self._moment(told_on)
        return datetime.combine(_first(period, told_on), time(0), self.zone)

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, self.at, self.zone)

    def _told_back_from(self, period: Period, day: date) -> Iterator[date]:
        """The days on which is told, the newest first, from `day` backwards."""
        while True:
            if self._is_told(period, day):
                yield day
            day -= _DAY

    def _told_on_or_after(self, period: Period, day: date) -> date:
        return next(d for n in range(_LOOK) if self._is_told(period, d := day + n * _DAY))

    def _is_told(self, period: Period, day: date) -> bool:
        """A working day, and the first one of its week or month where it is for those."""
        if not self.calendar.day(day).working:
            return False
        first = _first(period, day)
        return not any(self.calendar.day(first + n * _DAY).working for n in range((day - first).days))


def until(window: Window, now: datetime) -> Window:
    """The window as far as it has come. Where it has not begun, it is empty."""
    return window if window.ends <= now else replace(window, ends=max(window.starts, now), whole=False)


def _first(period: Period, day: date) -> date:
    """The first day of the day's own week (a Monday) or month; of the day, itself."""
    if period == Period.WEEK:
        return day - day.weekday() * _DAY
    return day.replace(day=1) if period == Period.MONTH else day


def _after(period: Period, day: date) -> date:
    """The first day of the next day, week or month."""
    if period == Period.MONTH:
        return (day.replace(day=28) + 4 * _DAY).replace(day=1)
    return _first(period, day) + (7 if period == Period.WEEK else 1) * _DAY
