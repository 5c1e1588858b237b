"""Around the Spring Festival no volunteer is asked for anything that can wait.

The dates are those of the national standard for the traditional calendar (GB/T 33661-2017): years whose holidays are
not published yet are spared as well.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.calendar import WorkCalendar

NAME = "春节"
BEFORE, AFTER = timedelta(days=3), timedelta(days=7)
NEW_YEAR: Mapping[int, date] = {
    day.year: day
    for day in (
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 3),
        date(2031, 1, 23),
        date(2032, 2, 11),
        date(2033, 1, 31),
        date(2034, 2, 19),
        date(2035, 2, 8),
        date(2036, 1, 28),
        date(2037, 2, 15),
        date(2038, 2, 4),
        date(2039, 1, 24),
        date(2040, 2, 12),
    )
}


def at_new_year(day: date, calendar: WorkCalendar) -> bool:
    """Whether `day` lies around the Spring Festival: from three days before New Year's Day to seven after it, and on
    every day that the calendar gives off for it.
    """
    new_year = NEW_YEAR.get(day.year)
    if new_year is not None and new_year - BEFORE <= day <= new_year + AFTER:
        return True
    counted = calendar.day(day)
    return counted.name == NAME and not counted.working
