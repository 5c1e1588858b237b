"""Working time, silent hours and how a moment is said. Pure: the time is an argument.

Working time is counted on the calendar of bot.calendar (holidays, make-up days), in the working hours of config.toml,
lunch left out. An hour is an hour that passes, also where the zone's clock is changed.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.calendar import WEEKDAYS, WorkCalendar
from bot.hours import HoursSection

NOON_FROM, NOON_TO = time(11, 30), time(13)
LONGEST_SEARCH_DAYS = 400  # a deadline further away than a year is a mistake in the settings
DAY = timedelta(days=1)
NEAR_WEEKS = {-1: "上", 0: "", 1: "下"}

Stretch = tuple[datetime, datetime]  # from when until when


@dataclass(frozen=True)
class Work:
    """When is worked: on which days, in which of their hours, by the clocks of which zone."""

    calendar: WorkCalendar
    spans: tuple[tuple[time, time], ...]
    zone: ZoneInfo

    @property
    def fingerprint(self) -> str:
        """The same for two that count every hour alike."""
        told = f"{self.calendar.fingerprint} {self.spans} {self.zone.key}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def counted(start: datetime, hours: float, work: Work, pauses: Sequence[Stretch] = ()) -> list[Stretch]:
    """The stretches of working time that make up `hours` from `start` (aware) on, in the zone of `work`.

    pauses: when the clock stood; nothing of them is counted. Raises ValueError where a year has not so much work.
    """
    left = timedelta(hours=hours)
    found: list[Stretch] = []
    for begin, end in _working(start, work, pauses):
        found.append((begin, min(end, begin + left)))
        left -= end - begin
        if left <= timedelta(0):
            return [(begin.astimezone(work.zone), end.astimezone(work.zone)) for begin, end in found]
    raise ValueError("no working time within a year: look at hours.work and hours.calendar")


def due(start: datetime, hours: float, work: Work, pauses: Sequence[Stretch] = ()) -> datetime:
    """The moment when `hours` of working time have passed since `start`. As `counted`."""
    return counted(start, hours, work, pauses)[-1][1]


def end_of_span(at: datetime, work: Work) -> datetime:
    """The end of the working span that `at` lies in (a promise is kept by noon or by the end of the day)."""
    local = at.astimezone(work.zone)
    for _, end in work.spans:
        if local.time() <= end:
            return datetime.combine(local.date(), end, work.zone)
    return local


def _working(start: datetime, work: Work, pauses: Sequence[Stretch]) -> Iterator[Stretch]:
    """The working time from `start` on, in UTC, where a difference is the time that passes."""
    stood = sorted((since.astimezone(UTC), until.astimezone(UTC)) for since, until in pauses)
    first = start.astimezone(work.zone).date()
    most = LONGEST_SEARCH_DAYS + sum((until - since).days + 1 for since, until in stood)
    for day in work.calendar.days(first, first + timedelta(days=most)):
        for opens, closes in work.spans if day.working else ():
            begin = max(start.astimezone(UTC), datetime.combine(day.on, opens, work.zone).astimezone(UTC))
            yield from _without(begin, datetime.combine(day.on, closes, work.zone).astimezone(UTC), stood)


def _without(begin: datetime, end: datetime, pauses: Iterable[Stretch]) -> Iterator[Stretch]:
    for since, until in pauses:
        if begin < since < end:
            yield begin, since
        if since < end:
            begin = max(begin, until)
    if begin < end:
        yield begin, end


def is_silent(at: datetime, rules: HoursSection, zone: ZoneInfo) -> bool:
    """Whether groups are left in peace at that moment."""
    clock = at.astimezone(zone).time()
    if rules.silent_from <= rules.silent_to:
        return rules.silent_from <= clock < rules.silent_to
    return clock >= rules.silent_from or clock < rules.silent_to


def after_silence(at: datetime, rules: HoursSection, zone: ZoneInfo) -> datetime:
    """`at` itself, or the end of the silent hours it falls into."""
    if not is_silent(at, rules, zone):
        return at
    local = at.astimezone(zone)
    end = datetime.combine(local.date(), rules.silent_to, zone)
    return end if end > local else datetime.combine(local.date() + timedelta(days=1), rules.silent_to, zone)


def within(at: datetime, spans: Sequence[tuple[time, time]], zone: ZoneInfo) -> bool:
    """Whether `at` lies in one of a day's spans."""
    clock = at.astimezone(zone).time()
    return any(begin <= clock < end for begin, end in spans)


def next_opening(at: datetime, spans: Sequence[tuple[time, time]], zone: ZoneInfo) -> datetime:
    """The first beginning of a span after `at`, in `zone`. Raises ValueError without any span."""
    local = at.astimezone(zone)
    days = (local.date(), local.date() + timedelta(days=1))
    return min(opening for day in days for begin, _ in spans if (opening := datetime.combine(day, begin, zone)) > local)


def in_words(
    at: datetime, now: datetime, zone: ZoneInfo, calendar: WorkCalendar | None = None, *, closing: time
) -> str:
    """今天下班前, 明天中午前, 周一下班前, 12月3日15:00前: a moment as a neighbour would say it.

    closing: when work ends; what is due earlier is never said to be due then. calendar: with it,
    节后第一天（10月8日）下班前 where a holiday lies between.
    """
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    after = calendar is not None and _first_after_holiday(local.date(), today, calendar)
    day = f"节后第一天（{_date(local.date())}）" if after else day_in_words(local.date(), today)
    if local.time() == closing:
        return f"{day}下班前"
    if NOON_FROM <= local.time() < NOON_TO:
        return f"{day}中午前"
    return f"{day}{local:%H:%M}前"


def span_in_words(starts: datetime, ends: datetime, now: datetime, zone: ZoneInfo) -> str:
    """今天9到17点, 今天22点到明天6点: from when until when, as a neighbour would say it."""
    today = now.astimezone(zone).date()
    first, last = starts.astimezone(zone), _last_day(ends.astimezone(zone))
    begins, finishes = hour_in_words(starts, zone), hour_in_words(ends, zone)
    if first.date() == last:
        return f"{day_in_words(last, today)}{begins.removesuffix('点')}到{finishes}"
    return f"{day_in_words(first.date(), today)}{begins}到{day_in_words(last, today)}{finishes}"


def hour_in_words(at: datetime, zone: ZoneInfo) -> str:
    """17点, 8点半, 8点20; midnight ends a day: 24点."""
    local = at.astimezone(zone)
    minutes = {0: "", 30: "半"}.get(local.minute, f"{local.minute:02d}")
    return f"{local.hour or 24}点{minutes}"


def _last_day(local: datetime) -> date:
    return local.date() - timedelta(days=1) if local.time() == time(0) else local.date()


def day_in_words(day: date, today: date) -> str:
    """今天, 明天, 昨天, 周五, 下周一, 上周五, 12月3日."""
    gap = (day - today).days
    if -1 <= gap <= 1:
        return ("昨天", "今天", "明天")[gap + 1]
    weeks = (day - today + timedelta(days=today.weekday())).days // 7
    if weeks in NEAR_WEEKS:
        return f"{NEAR_WEEKS[weeks]}周{WEEKDAYS[day.weekday()]}"
    return _date(day)


def _first_after_holiday(day: date, today: date, calendar: WorkCalendar) -> bool:
    """Whether everybody would call it so: the first working day after a holiday that is not over yet."""
    if day - today <= DAY or not calendar.day(day).working:
        return False
    before = (calendar.day(day - n * DAY) for n in range(1, (day - today).days + 1))
    return any(one.name for one in takewhile(lambda one: not one.working, before))


def _date(day: date) -> str:
    return f"{day.month}月{day.day}日"
