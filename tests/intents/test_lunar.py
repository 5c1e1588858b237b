"""Days of the traditional calendar, and the tables beside it that must say the same."""

from datetime import date

import pytest

from bot import festivals
from intents import calendar, lunar, times
from tests.intents.test_leave import NOW

AUTUMN = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "today", "day"),
    [
        ("正月初八", AUTUMN, date(2027, 2, 13)),
        ("正月初八", date(2027, 2, 13), date(2027, 2, 13)),
        ("正月初八", date(2027, 2, 14), date(2028, 2, 2)),
        ("正月十五", AUTUMN, date(2027, 2, 20)),
        ("腊月二十三", AUTUMN, date(2027, 1, 30)),
        ("腊月廿三", AUTUMN, date(2027, 1, 30)),
        ("腊月二十三", date(2027, 1, 5), date(2027, 1, 30)),  # of the lunar year that is not over yet
        ("冬月初一", AUTUMN, date(2026, 12, 9)),
        ("农历三月初三", AUTUMN, date(2027, 4, 9)),
        ("阴历8月15", AUTUMN, date(2027, 9, 15)),
        ("八月十五", AUTUMN, date(2027, 9, 15)),
        ("大年初一", AUTUMN, date(2027, 2, 6)),
        ("年初五", AUTUMN, date(2027, 2, 10)),
        ("大年三十", AUTUMN, date(2027, 2, 5)),  # a month of 29 days
        ("大年三十", date(2026, 2, 10), date(2026, 2, 16)),
        ("初八", date(2027, 2, 1), date(2027, 2, 13)),  # around New Year's the first month's
        ("初八", AUTUMN, date(2026, 12, 16)),  # else the next
        ("农历五月三十", date(2028, 5, 1), date(2028, 6, 22)),  # the leap month that follows is another
        ("正月四十", AUTUMN, None),
    ],
)
def test_the_next_such_day(words: str, today: date, day: date | None) -> None:
    assert lunar.is_one(words)
    assert lunar.next_day(words, today) == day


@pytest.mark.parametrize(
    "text",
    [
        "我今年三十岁",
        "孩子上初三",
        "初中",
        "正月里",
        "月初",
        "12月初三个人来",
        "2026年三十号",
        "最初一次",
        "到初三了还不懂事",
        "年初",
    ],
)
def test_what_names_no_day_of_it(text: str) -> None:
    found = times.words(text)
    assert found is None or not lunar.is_one(found)


def test_an_appointment_on_such_a_day() -> None:
    window = times.window("师傅说正月初八上午来装", NOW)
    assert window is not None
    assert (window.start.strftime("%Y-%m-%d %H"), window.words) == ("2027-02-13 08", "正月初八上午")


@pytest.mark.parametrize("name", ["春节", "端午", "中秋"])
def test_the_tables_of_feasts_are_those_of_the_calendar(name: str) -> None:
    said = {"春节": "正月初一", "端午": "五月初五", "中秋": "八月十五"}[name]
    table, shift, _ = calendar.MOVING[name]
    assert shift == 0
    for day in map(date.fromisoformat, table.split()):
        assert lunar.next_day(said, date(day.year, 1, 1)) == day


def test_new_year_is_the_same_for_reminders() -> None:
    assert {day: lunar.next_day("正月初一", date(day.year, 1, 1)) for day in festivals.NEW_YEAR.values()} == {
        day: day for day in festivals.NEW_YEAR.values()
    }
