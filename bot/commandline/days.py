"""The command that shows how days are counted."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

import click

from bot import deadlines
from bot.calendar import WEEKDAYS, Day
from bot.clocks import Work
from bot.commandline.place import Place, placed

ASKED = re.compile(r"(?P<year>20\d\d|21\d\d)(?:-(?P<month>0?[1-9]|1[0-2]))?")


@click.command("calendar")
@click.argument("when", metavar="YEAR[-MONTH]")
@placed
def days(place: Place, when: str) -> None:
    """Show how every day of a month (2026-02) or year (2026) is counted, and why."""
    asked = ASKED.fullmatch(when)
    if asked is None:
        raise click.UsageError(f"{when}: a year or a month is wanted, like 2026 or 2026-02")
    work = deadlines.work(place.settings())
    for line in listed(work, int(asked["year"]), int(asked["month"]) if asked["month"] else None):
        click.echo(line)


def listed(work: Work, year: int, month: int | None) -> Iterator[str]:
    """One line a day, and what they add up to."""
    first = date(year, month or 1, 1)
    last = date(year, month or 12, monthrange(year, month or 12)[1])
    shown = list(work.calendar.days(first, last))
    if not work.calendar.knows(first, last):
        yield f"{year}: not published yet, or not in the data: weekdays and fixed-date holidays alone (暂按平日计算)"
    yield from (_line(work, day) for day in shown)
    working = sum(day.working for day in shown)
    yield f"{working} working days of {len(shown)}, {working * _hours(work):g} hours"


def _line(work: Work, day: Day) -> str:
    name = "" if day.name in ("", day.why) else f"（{day.name}）"
    spans = " ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in work.spans) if day.working else "-"
    return f"{day.on} 周{WEEKDAYS[day.on.weekday()]} {day.why}{name} {spans}"


def _hours(work: Work) -> float:
    """Of one working day, by the clock on the wall."""
    minutes = sum((end.hour - begin.hour) * 60 + end.minute - begin.minute for begin, end in work.spans)
    return minutes / 60
