"""Which days are worked: what is shipped, years that nobody knows yet, and an installation's own days."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings as configuration
from bot.calendar import OwnDays, WorkCalendar, shipped, with_own
from bot.settings import Settings, SettingsError

SHIPPED = shipped()


def own(**what: object) -> WorkCalendar:
    return with_own(SHIPPED, OwnDays.model_validate(what))


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        (date(2026, 2, 13), True, "平日"),
        (date(2026, 2, 14), True, "调休上班"),  # a Saturday
        (date(2026, 2, 15), False, "春节"),
        (date(2026, 2, 23), False, "春节"),
        (date(2026, 2, 28), True, "调休上班"),
        (date(2026, 3, 1), False, "周末"),
        (date(2026, 9, 20), True, "调休上班"),  # a Sunday, for National Day
        (date(2026, 10, 7), False, "国庆节"),
        (date(2026, 10, 10), True, "调休上班"),
    ],
)
def test_2026_is_as_the_state_council_arranged_it(day: date, working: bool, why: str) -> None:
    found = SHIPPED.day(day)

    assert (found.working, found.why, found.known) == (working, why, True)


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_every_day_that_the_data_knows_is_counted_as_it_says(day: date) -> None:
    assert SHIPPED.day(day).working == chinese_calendar.is_workday(day)


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        (date(2031, 1, 1), False, "元旦"),
        (date(2031, 5, 2), False, "劳动节"),
        (date(2031, 10, 3), False, "国庆节"),
        (date(2031, 10, 4), False, "周末"),
        (date(2031, 10, 6), True, "平日"),
        (date(2031, 1, 23), True, "平日"),  # Spring Festival follows the moon: nobody has said when
    ],
)
def test_a_year_that_nobody_knows_has_weekdays_and_what_is_fixed_by_date(day: date, working: bool, why: str) -> None:
    found = SHIPPED.day(day)

    assert (found.working, found.why, found.known) == (working, why, False)


def test_a_year_is_known_only_where_its_autumn_is() -> None:
    """A first of January that came with the year before makes no year."""
    first = WorkCalendar(frozenset(), {date(2031, 1, 1): "元旦"}, {})

    assert not first.day(date(2031, 1, 1)).known
    assert first.knows(date(2026, 1, 1), date(2026, 1, 2)) is False
    assert SHIPPED.knows(date(2026, 1, 1), date(2026, 12, 31))
    assert not SHIPPED.knows(date(2026, 12, 31), date(2027, 1, 1))
    assert max(SHIPPED.years) == max(day.year for day in chinese_calendar.holidays)


def test_a_whole_year_of_ones_own_stands_alone() -> None:
    spring = {"name": "春节", "from": date(2031, 1, 22), "to": date(2031, 1, 28), "workdays": [date(2031, 1, 19)]}
    calendar = own(years=[2031], holiday=[spring])

    assert [calendar.day(date(2031, 1, n)).why for n in (19, 21, 22, 28, 29)] == [
        "调休上班",
        "平日",
        "春节",
        "春节",
        "平日",
    ]
    assert calendar.day(date(2031, 1, 22)).known
    assert calendar.day(date(2031, 1, 1)).working  # it has the year whole, and says nothing of New Year


def test_a_year_taken_over_forgets_what_was_shipped_for_it() -> None:
    calendar = own(years=[2026])

    assert not any(day.year == 2026 for day in (*calendar.off, *calendar.on))
    assert calendar.day(date(2025, 10, 1)).why == "国庆节"


def test_single_days_lie_over_what_is_shipped() -> None:
    calendar = own(
        workdays=[date(2026, 10, 6), date(2026, 11, 28)],
        holiday=[{"name": "搬家", "from": date(2026, 11, 26)}, {"name": "停办", "from": date(2026, 10, 10)}],
    )

    found = {day: calendar.day(date(2026, *day)) for day in ((10, 6), (10, 10), (11, 26), (11, 27), (11, 28))}
    assert {day: one.working for day, one in found.items()} == {
        (10, 6): True, (10, 10): False, (11, 26): False, (11, 27): True, (11, 28): True
    }  # fmt: skip
    assert found[(11, 26)].why == "搬家"


def test_two_calendars_have_one_fingerprint_where_they_count_alike() -> None:
    assert own().fingerprint == SHIPPED.fingerprint
    assert own(years=[2031]).fingerprint != SHIPPED.fingerprint
    assert own(workdays=[date(2026, 11, 28)]).fingerprint != SHIPPED.fingerprint


FILE = """
years = [2031]
workdays = [2031-02-01]
[[holiday]]
name = "春节"
from = 2031-01-22
to = 2031-01-28
workdays = [2031-01-19]
[[holiday]]
name = "元旦"
from = 2031-01-01
"""


def loaded(tmp_path: Path, text: str) -> Settings:
    days, config = tmp_path / "days.toml", tmp_path / "c.toml"
    days.write_text(text, encoding="utf-8")
    config.write_text(f'[hours]\ncalendar = "{days}"\n', encoding="utf-8")
    return configuration.load(config, tmp_path, {})


def test_the_file_is_read_at_the_start(tmp_path: Path) -> None:
    calendar = loaded(tmp_path, FILE).calendar

    assert [day.working for day in calendar.days(date(2031, 1, 18), date(2031, 1, 23))] == [False, True, True, True,
                                                                                            False, False]  # fmt: skip
    assert calendar.day(date(2031, 2, 1)).working
    assert not calendar.day(date(2031, 1, 1)).working


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("holidays = []", "holidays: unknown key"),
        ('[[holiday]]\nname = "春节"\nform = 2031-01-22', "holiday.0.form: unknown key"),
        ('[[holiday]]\nname = "春节"', "holiday.0.from"),
        ('[[holiday]]\nname = ""\nfrom = 2031-01-22', "holiday.0.name"),
        ('[[holiday]]\nname = "春节"\nfrom = 2031-01-22\nto = 2031-01-20', "holiday.0"),
        ('[[holiday]]\nname = "春节"\nfrom = 2031-01-22\nto = 2032-01-20', "holiday.0"),
        ('workdays = [2031-01-22]\n[[holiday]]\nname = "春节"\nfrom = 2031-01-22', "2031-01-22 is both"),
        ("years = [31]", "years.0"),
        ("years = [", "days.toml"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=r"^hours\.calendar: .*days\.toml") as caught:
        loaded(tmp_path, text)

    assert named in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[hours]\ncalendar = "nowhere.toml"\n')

    with pytest.raises(SettingsError, match=r"hours\.calendar: nowhere\.toml"):
        configuration.load(tmp_path / "c.toml", tmp_path, {})


@given(st.dates(date(2004, 1, 1), date(2040, 12, 31)), st.integers(0, 60))
def test_the_days_of_a_span_are_each_day_once(first: date, length: int) -> None:
    days = list(SHIPPED.days(first, first + timedelta(days=length)))

    assert [day.on for day in days] == [first + timedelta(days=n) for n in range(length + 1)]
