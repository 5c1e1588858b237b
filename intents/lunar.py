"""Days of the traditional calendar as they are said: 正月初八, 腊月二十三, 农历三月初三, 大年三十, 到初八. Pure.

Of the months that both calendars have it is the traditional one only where that is said: 八月初八 is, 八月八号 is not.
"""

import re
from collections.abc import Iterator
from datetime import date

from lunar_python import LunarYear, Solar

from intents import normalise

NAMED = {"正": 1, "冬": 11, "腊": 12}
_TEN = "一二三四五六七八九十"
_MONTH = r"(?:十[一二]?|[一二三四五六七八九]|\d{1,2})月的?"
_FIRST = rf"初(?:[{_TEN}]|10|\d)"
_ANY = rf"(?:{_FIRST}|三十|[二廿]?十?[{_TEN}]|\d{{1,2}})"
# 初一 is also a year at school; 初步, 12月初三个人 and 今年三十岁 name no day.
_END = rf"(?![{_TEN}\d中级次步学生班个人家户天分了]|年级)"
_YEAR = rf"(?:大年|(?<![今去明前后每多几\d{_TEN}])年)"
# As it stands in a folded text, without groups, to be put into a longer pattern.
DAY = (
    rf"[农阴旧]历的?(?:[正冬腊]月的?|{_MONTH}){_ANY}[日号]?|[正冬腊]月的?{_ANY}[日号]?|{_MONTH}{_FIRST}{_END}"
    rf"|八月十五(?![日号])|{_YEAR}三十(?![多几岁号日天个年])|{_YEAR}{_FIRST}{_END}|(?<=[到至从等过]){_FIRST}{_END}"
)
MAY_BE = r"[正冬腊]月|初[一二三四五六七八九十\d]|年三十|[农阴旧]历|八月十五"
READ = re.compile(
    r"(?:[农阴旧]历)?的?(?:(?P<month>[正冬腊]|十[一二]?|[一二三四五六七八九]|\d{1,2})月|(?P<new>大?年))?"
    r"的?初?(?P<day>.{1,3}?)[日号]?"
)
EVE = 30
SOON = 45  # days before New Year's from which on a bare 初八 is the first month's


def is_one(words: str) -> bool:
    """Whether these words, found as a day, are one of the traditional calendar."""
    return re.search(MAY_BE, words) is not None


def next_day(words: str, today: date) -> date | None:
    """The next such day, today counted; None for what no month has. The 30th of a short month is its last day."""
    said = READ.fullmatch(words)
    day = _number(said["day"].replace("廿", "二十")) if said else None
    if said is None or day is None:
        return None
    if said["new"] and day == EVE:
        return _next(12, EVE, today)
    if said["month"] or said["new"]:
        month = 1 if said["new"] else NAMED.get(said["month"]) or _number(said["month"])
        return _next(month or 0, day, today)
    new_year = _next(1, day, today)
    if new_year is not None and (new_year - today).days <= SOON:
        return new_year
    return min((found for month in range(1, 13) if (found := _next(month, day, today))), default=None)


def _next(month: int, day: int, today: date) -> date | None:
    return next((found for found in _each_year(month, day, today.year) if found >= today), None)


def _each_year(month: int, day: int, around: int) -> Iterator[date]:
    for year in (around - 1, around, around + 1):
        known = LunarYear.fromYear(year).getMonth(month)
        if known is not None and 1 <= day <= EVE:
            solar = Solar.fromJulianDay(known.getFirstJulianDay() + min(day, known.getDayCount()) - 1)
            yield date(solar.getYear(), solar.getMonth(), solar.getDay())


def _number(words: str) -> int | None:
    try:
        return int(words if words.isdigit() else normalise.value(words))
    except (KeyError, ValueError):
        return None
