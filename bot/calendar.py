"""Which days are worked in China, and why. Pure: no file is read here, nobody is asked the time.

    calendar = shipped()                    # the State Council's arrangements of the years that chinesecalendar has
    calendar = with_own(shipped(), own)     # laid over it: what an installation says in its own file
    calendar.day(date(2026, 2, 14))         # Day(working=True, why="调休上班", name="春节", known=True)

A year whose arrangement is not known yet (it is published in November) has the holidays with a fixed date and plain
weekends; its days are not `known`, and whatever is counted over them is provisional.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated

import chinese_calendar
from pydantic import BaseModel, ConfigDict, Field, model_validator

WEEKDAYS = "一二三四五六日"
SATURDAY = 5
PLAIN, WEEKEND, MAKE_UP = "平日", "周末", "调休上班"
LONGEST_HOLIDAY = timedelta(days=60)  # schools rest longer, nobody else: a slip of the pen

# 全国年节及纪念日放假办法 (decree 795 of the State Council, in force since 2025-01-01), article 2: those with a date of
# their own. Spring Festival, Qingming, Dragon Boat and Mid-Autumn follow moon and sun, and are left to the data.
FIXED: Mapping[tuple[int, int], str] = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}


@dataclass(frozen=True)
class Day:
    """One day as it is counted. why: 平日, 周末, 调休上班 or the holiday's name; name: the holiday it is part of."""

    on: date
    working: bool
    why: str
    name: str
    known: bool  # whether the arrangement of its year is


@dataclass(frozen=True)
class WorkCalendar:
    """off: days of holiday by name. on: working days that would be none, by the holiday they make up for.

    years: those whose arrangement is known whole.
    """

    years: frozenset[int]
    off: Mapping[date, str]
    on: Mapping[date, str]

    def day(self, on: date) -> Day:
        """How `on` is counted, whatever its year."""
        known = on.year in self.years
        if on in self.on:
            return Day(on, True, MAKE_UP if on.weekday() >= SATURDAY else PLAIN, self.on[on], known)
        holiday = self.off.get(on) or ("" if known else FIXED.get((on.month, on.day), ""))
        if holiday:
            return Day(on, False, holiday, holiday, known)
        weekend = on.weekday() >= SATURDAY
        return Day(on, not weekend, WEEKEND if weekend else PLAIN, "", known)

    def days(self, first: date, last: date) -> Iterator[Day]:
        """Every day from `first` to `last`, both included."""
        return (self.day(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def knows(self, first: date, last: date) -> bool:
        """Whether no day from `first` to `last` lies in a year whose arrangement is unknown."""
        return all(year in self.years for year in range(first.year, last.year + 1))

    @cached_property
    def fingerprint(self) -> str:
        """The same for two calendars that count every day alike."""
        told = [
            *(f"year {year}" for year in sorted(self.years)),
            *(f"off {day} {name}" for day, name in sorted(self.off.items())),
            *(f"on {day} {name}" for day, name in sorted(self.on.items())),
            *(f"fixed {month}-{day} {name}" for (month, day), name in FIXED.items()),
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Holiday(_Part):
    """One holiday as the State Council's notice tells it: 2月15日至23日放假，2月14日、2月28日上班."""

    name: Annotated[str, Field(min_length=1, max_length=20)]
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date | None, Field(alias="to")] = None
    workdays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "Holiday":
        length = (self.last or self.first) - self.first
        if not timedelta(0) <= length <= LONGEST_HOLIDAY:
            raise ValueError(f"from {self.first} to {self.last} is no holiday")
        return self

    def dates(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(((self.last or self.first) - self.first).days + 1))


class OwnDays(_Part):
    """An installation's own file. years: those it has whole, so that nothing else is looked up for them."""

    years: tuple[Annotated[int, Field(ge=2000, le=2200)], ...] = ()
    workdays: tuple[date, ...] = ()  # worked here although others rest
    holidays: Annotated[tuple[Holiday, ...], Field(alias="holiday")] = ()

    @model_validator(mode="after")
    def _worked_or_not(self) -> "OwnDays":
        both = {day for holiday in self.holidays for day in holiday.dates()} & set(self.worked())
        if both:
            raise ValueError(f"{min(both)} is both a holiday and a working day")
        return self

    def worked(self) -> dict[date, str]:
        """Its working days, by the holiday they make up for."""
        return {**dict.fromkeys(self.workdays, ""), **{d: h.name for h in self.holidays for d in h.workdays}}


@dataclass(frozen=True)
class _Merged:
    off: dict[date, str] = field(default_factory=dict)
    on: dict[date, str] = field(default_factory=dict)


def shipped() -> WorkCalendar:
    """What the installed chinesecalendar knows.

    Its functions raise NotImplementedError outside of its years, so its tables are read instead. A year counts as known
    where its National Day stands there: a day of January that came with the year before makes none.
    """
    names = {one.value: one.chinese for one in chinese_calendar.Holiday}
    off = {day: names[value] for day, value in chinese_calendar.holidays.items()}
    on = {day: names[value] for day, value in chinese_calendar.workdays.items()}
    return WorkCalendar(frozenset(day.year for day in off if (day.month, day.day) == (10, 1)), off, on)


def with_own(calendar: WorkCalendar, own: OwnDays) -> WorkCalendar:
    """`calendar` with an installation's own days over it; years that its file has whole are its alone."""
    whole = frozenset(own.years)
    merged = _Merged(
        {day: name for day, name in calendar.off.items() if day.year not in whole},
        {day: name for day, name in calendar.on.items() if day.year not in whole},
    )
    for holiday in own.holidays:
        for day in holiday.dates():
            merged.on.pop(day, None)
            merged.off[day] = holiday.name
    for day, name in own.worked().items():
        merged.off.pop(day, None)
        merged.on[day] = name
    return WorkCalendar(calendar.years | whole, merged.off, merged.on)
