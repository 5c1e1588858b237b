"""Working time, silent hours and how a moment is said. Pure: the time is an argument.

Only weekdays and the hours of config.toml are known here; the statutory calendar (make-up days, holidays) will join
at `is_working_day`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.settings import HoursSection

WEEKDAYS = "一二三四五六日"
SATURDAY = 5
EVENING = time(17)  # from here on it is "by the end of the day"
NOON_FROM, NOON_TO = time(11, 30), time(13)
LONGEST_SEARCH_DAYS = 400  # a deadline further away than a year is a mistake in the settings


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY


def due(start: datetime, hours: float, rules: HoursSection, zone: ZoneInfo) -> datetime:
    """The moment when `hours` of working time have passed since `start` (aware). The answer is in `zone`."""
    left = timedelta(hours=hours)
    at = start.astimezone(zone)
    for _ in range(LONGEST_SEARCH_DAYS):
        for begin, end in rules.work if is_working_day(at.date()) else ():
            opens = datetime.combine(at.date(), begin, zone)
            closes = datetime.combine(at.date(), end, zone)
            usable = closes - max(at, opens)
            if usable <= timedelta(0):
                continue
            if left <= usable:
                return max(at, opens) + left
            left -= usable
        at = datetime.combine(at.date() + timedelta(days=1), time(0), zone)
    raise ValueError("no working time within a year: look at hours.work")


def end_of_span(at: datetime, rules: HoursSection, zone: ZoneInfo) -> datetime:
    """The end of the working span that `at` lies in (a promise is kept by noon or by the end of the day)."""
    local = at.astimezone(zone)
    for _, end in rules.work:
        if local.time() <= end:
            return datetime.combine(local.date(), end, zone)
    return local


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


def in_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """今天下班前, 明天中午前, 周一下班前, 12月3日15:00前: a moment as a neighbour would say it."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    day = _day(local.date(), today)
    if local.time() >= EVENING:
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
        return f"{_day(last, today)}{begins.removesuffix('点')}到{finishes}"
    return f"{_day(first.date(), today)}{begins}到{_day(last, today)}{finishes}"


def hour_in_words(at: datetime, zone: ZoneInfo) -> str:
    """17点, 8点半, 8点20; midnight ends a day: 24点."""
    local = at.astimezone(zone)
    minutes = {0: "", 30: "半"}.get(local.minute, f"{local.minute:02d}")
    return f"{local.hour or 24}点{minutes}"


def _last_day(local: datetime) -> date:
    return local.date() - timedelta(days=1) if local.time() == time(0) else local.date()


def _day(day: date, today: date) -> str:
    gap = (day - today).days
    if gap <= 1:
        return "今天" if gap <= 0 else "明天"
    next_sunday = 6 - today.weekday()
    if gap <= next_sunday:
        return f"周{WEEKDAYS[day.weekday()]}"
    if gap <= next_sunday + 7:
        return f"下周{WEEKDAYS[day.weekday()]}"
    return f"{day.month}月{day.day}日"
