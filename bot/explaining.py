"""Why is it due then: the hours that were counted, day by day, in plain words."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from bot import clocks, deadlines
from bot.calendar import MAKE_UP, WEEKEND, Day
from bot.clocks import Stretch
from bot.deadlines import Promise
from bot.desk import Desk
from models import Ticket

MANY = 3  # from so many days of one kind on, they are said as from when to when

Line = tuple[datetime, str]  # where it stands among the others, and its words


def explain(desk: Desk, ticket: Ticket) -> str | None:
    """The lines of the answer to "为什么是周一"; None where no hours of work are counted."""
    promise = deadlines.promise(desk.settings, ticket)
    if promise is None or promise.always:
        return None
    lines = [*_worked(desk, promise), *_off(desk, promise), *_stood(desk, promise)]
    told = [words for _, words in sorted(lines)]
    if promise.legal:
        told.append(desk.wording("why_legal", due=deadlines.in_words(desk, ticket)))
    if promise.provisional:
        told.append(desk.wording("why_provisional", year=promise.due.year))
    return "\n".join(told)


def hours_in_words(length: timedelta) -> str:
    """7小时, 1小时30分, 20分钟."""
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    if not hours:
        return f"{minutes}分钟"
    return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"


def _worked(desk: Desk, promise: Promise) -> Iterator[Line]:
    """周五16点半到18点，1小时30分. Whole days in a row are one line."""
    work = deadlines.work(desk.settings)
    days = [(day, list(found)) for day, found in groupby(promise.stretches, key=lambda one: one[0].date())]
    whole = [tuple((begin.time(), end.time()) for begin, end in found) == work.spans for _, found in days]
    for (full, _), run in groupby(zip(days, whole, strict=True), key=lambda one: (one[1], _row(days, one[0][0]))):
        several = [found for found, _ in run]
        if full and len(several) >= MANY:
            first, last = (_called(desk, several[n][0]) for n in (0, -1))
            each = hours_in_words(_length(several[0][1]))
            yield several[0][1][0][0], desk.wording("why_days", first=first, last=last, hours=each)
            continue
        for day, found in several:
            yield found[0][0], _one_day(desk, day, found)


def _row(days: Sequence[tuple[date, list[Stretch]]], day: date) -> date:
    """The same for days that follow one another without a gap."""
    return day - timedelta(days=[known for known, _ in days].index(day))


def _one_day(desk: Desk, day: date, found: Sequence[Stretch]) -> str:
    zone = desk.settings.zone
    spans = "、".join(f"{clocks.hour_in_words(begin, zone)}到{clocks.hour_in_words(end, zone)}" for begin, end in found)
    made_up = desk.settings.calendar.day(day).why == MAKE_UP
    note = desk.wording("why_make_up") if made_up else ""
    return desk.wording("why_day", day=_called(desk, day), note=note, spans=spans, hours=hours_in_words(_length(found)))


def _off(desk: Desk, promise: Promise) -> Iterator[Line]:
    """周六、周日休息，不算; 10月1日到10月7日国庆节放假，不算."""
    settings = desk.settings
    days = settings.calendar.days(promise.begins.date(), promise.stretches[-1][1].date())
    for why, run in groupby(days, key=lambda day: "" if day.working else day.why):
        off = [day for day in run if why and not _within(promise, day, desk)]
        if off:
            begins, called = datetime.combine(off[0].on, datetime.min.time(), settings.zone), _days(desk, off)
            if why == WEEKEND:
                yield begins, desk.wording("why_weekend", days=called)
            else:
                yield begins, desk.wording("why_holiday", days=called, name=why)


def _within(promise: Promise, day: Day, desk: Desk) -> bool:
    """Whether the clock stood anyway on that whole day."""
    begins = datetime.combine(day.on, datetime.min.time(), desk.settings.zone)
    return any(since <= begins and begins + clocks.DAY <= until for since, until in promise.pauses)


def _days(desk: Desk, off: Sequence[Day]) -> str:
    if len(off) < MANY:
        return "、".join(_called(desk, day.on) for day in off)
    return f"{_called(desk, off[0].on)}到{_called(desk, off[-1].on)}"


def _stood(desk: Desk, promise: Promise) -> Iterator[Line]:
    """周二10点到周四9点先放着，不算."""
    for since, until in promise.pauses:
        if promise.begins < until and since < promise.stretches[-1][1]:
            yield since, desk.wording("why_stood", since=_moment(desk, since), until=_moment(desk, until))


def _moment(desk: Desk, at: datetime) -> str:
    return f"{_called(desk, at.date())}{clocks.hour_in_words(at, desk.settings.zone)}"


def _called(desk: Desk, day: date) -> str:
    return clocks.day_in_words(day, desk.now.astimezone(desk.settings.zone).date())


def _length(found: Sequence[Stretch]) -> timedelta:
    return sum((end - begin for begin, end in found), timedelta(0))
