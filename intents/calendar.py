"""Days as they are called: weekdays, days of a month, 月底, 国庆, 春节. Pure; every date counts from an argument."""

from datetime import date, datetime, time, timedelta

from intents import normalise

Span = tuple[datetime, datetime]

WEEKDAYS = "一二三四五六日"
# The first day of the lunar year, the fifth of its fifth month, the fifteenth of its eighth, by the calendar of the
# Purple Mountain Observatory (GB/T 33661-2017).
SPRING = (
    "2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 "
    "2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12"
)
DRAGON_BOAT = (
    "2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05 2031-06-24 2032-06-12 "
    "2033-06-01 2034-06-20 2035-06-10 2036-05-30 2037-06-18 2038-06-07 2039-05-27 2040-06-14"
)
MID_AUTUMN = (
    "2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12 2031-10-01 2032-09-19 "
    "2033-09-08 2034-09-27 2035-09-16 2036-10-04 2037-09-24 2038-09-13 2039-10-02 2040-09-20"
)
MOVING = {
    "春节": (SPRING, 0, 7), "过年": (SPRING, 0, 7), "除夕": (SPRING, -1, 1), "元宵": (SPRING, 14, 1),
    "端午": (DRAGON_BOAT, 0, 1), "中秋": (MID_AUTUMN, 0, 1),
}  # fmt: skip
# Month, day, days off that people mean by the name. 清明 is the 4th or the 5th of April.
FIXED = {"国庆": (10, 1, 7), "元旦": (1, 1, 1), "五一": (5, 1, 5), "劳动节": (5, 1, 5), "清明": (4, 4, 2)}


def number(words: str) -> int:
    """12, 十二, 二十 or 两 as a number. Raises ValueError for anything else."""
    return int(words if words.isdigit() else normalise.value(words))


def weekday(words: str, today: date) -> date | None:
    """周五, 这周五, 下周三, 下下星期一, 周末 (its Saturday); a bare 周五 that is past is the next one."""
    named = words[-1]
    index = 5 if named == "末" else WEEKDAYS.index("日" if named == "天" else named)
    weeks = words.count("下")
    day = today - timedelta(days=today.weekday()) + timedelta(days=index + 7 * weeks)
    if weeks or words[0] in "这本":
        return day
    last = day + timedelta(days=1) if named == "末" else day
    return day if last >= today else day + timedelta(days=7)


def next_day_number(day: int, today: date) -> date | None:
    """The next 15th from today on; in the next month that has such a day. None for the 32nd."""
    year, month = today.year, today.month
    for _ in range(3):
        found = _date(year, month, day)
        if found is not None and found >= today:
            return found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months
    return None


def next_date(month: int, day: int, today: date) -> date | None:
    """The next 8th of December from today on. None where there is no such day."""
    return next(
        (found for year in (today.year, today.year + 1) if (found := _date(year, month, day)) and found >= today), None
    )


def is_feast(words: str) -> bool:
    """Whether 国庆, 春节 or 年: 国庆前 ends where it begins, 月底前 where it is over."""
    return words in ("年前", "年后", "过完年") or any(name in words for name in (*FIXED, *MOVING))


def named(words: str, said_at: datetime) -> Span | None:
    """The span that 这两天, 下周, 月底, 国庆, 年后 is, from its first midnight to its last. None past the tables."""
    today = said_at.date()
    days = _days(words, today)
    if days is None:
        return None
    first, last = days
    start = datetime.combine(first, time(0), said_at.tzinfo)
    return start, datetime.combine(last + timedelta(days=1), time(0), said_at.tzinfo)


def _days(words: str, today: date) -> tuple[date, date] | None:
    """The first and the last day."""
    if words.endswith("天"):
        if words[0] == "明":
            return _on(today, 1), _on(today, 2)
        few = "两" in words
        if words[0] == "过":
            return (_on(today, 2), _on(today, 3)) if few else (_on(today, 3), _on(today, 5))
        return today, _on(today, 1 if few else 2)
    if any(week in words for week in ("周", "星期", "礼拜")):
        monday = today - timedelta(days=today.weekday())
        weeks = words.count("下")
        return (today if not weeks else _on(monday, 7 * weeks)), _on(monday, 7 * weeks + 6)
    if "月" in words:
        return _of_month(words, today)
    if words == "年底":
        return max(date(today.year, 12, 20), today), date(today.year, 12, 31)
    return _feast(words, today)


def _of_month(words: str, today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    if "下" in words:
        first = _next_month(first)
    spans = {"初": (1, 5), "中": (11, 20)}
    if words[-1] in spans:
        start, end = spans[words[-1]]
        if first.replace(day=end) < today:
            first = _next_month(first)
        return first.replace(day=start), first.replace(day=end)
    last = _next_month(first) - timedelta(days=1)
    return (first if words[-1] == "月" else max(_on(last, -4), min(today, last))), last


def _feast(words: str, today: date) -> tuple[date, date] | None:
    if words in ("年前", "年后", "过完年"):
        spring = _moving("春节", today)
        if spring is None:
            return None
        if words == "年前":
            return today, _on(spring[0], -1)
        after = _on(spring[1], 1)
        return after, _on(after, 13)
    for name, (month, day, length) in FIXED.items():
        if name in words:
            for year in (today.year, today.year + 1):
                first = date(year, month, day)
                if _on(first, length - 1) >= today:
                    return first, _on(first, length - 1)
    return next((_moving(name, today) for name in MOVING if name in words), None)


def _moving(name: str, today: date) -> tuple[date, date] | None:
    """A feast of the lunar calendar, the next that is not over."""
    table, shift, length = MOVING[name]
    for day in table.split():
        first = _on(date.fromisoformat(day), shift)
        if _on(first, length - 1) >= today:
            return (first, _on(first, length - 1)) if first.year - today.year <= 1 else None
    return None


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _on(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
