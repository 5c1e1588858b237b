"""One generated year on one database, from its first morning to its last night."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from benchmarks.year import life, talk
from benchmarks.year.law import Law
from benchmarks.year.life import DAY, Length
from benchmarks.year.people import People
from benchmarks.year.play import Play, YearClock
from benchmarks.year.town import Town, lay
from bot import services as building
from bot.settings import Settings
from intents.understanding import Understanding

# When the clock is looked at even where nothing is due: what is gathered for leaders has no row of its own.
LOOKS = (time(7, 30), time(9), time(15))
# The year after has a calendar from then on, for the last days' promises: invented, beside what the law fixes.
INVENTED = """\
# Invented, for the benchmark: nobody has published these.
years = [{year}]
[[holiday]]
name = "元旦"
from = {year}-01-01
to = {year}-01-05
[[holiday]]
name = "春节"
from = {year}-02-05
to = {year}-02-11
"""


@dataclass
class Outcome:
    """A year that has passed: what is in the database of `play.services`, and what the law noted."""

    play: Play
    law: Law
    length: Length
    arrival: date | None = None  # the day on which the next year's holidays are made known, if it comes to that


def run(
    database: str,
    folder: Path,
    length: Length,
    understanding: Understanding,
    each_day: Callable[[date], None] | None = None,
) -> Outcome:
    """Play the year. database: the URL of a migrated, empty one. Raises law.Broken, talk.UnfitTalk."""
    talk.check(understanding)
    settings = _settings(database, folder)
    clock = YearClock(datetime.combine(length.first, time(0), settings.zone))
    services = building.build(settings, now=clock, bell=None, understanding=understanding)
    play, town = Play(services, clock), Town.make()
    people, law = People(play, town, length.seed), Law(play)
    play.listener, play.watcher = people.listen, law.look
    with play.services.transaction() as session:
        lay(play.services.desk(session), town, length.first)
    life.fill(play, people, town, length)
    eve = date(length.first.year, 12, 31)
    outcome = Outcome(play, law, length, None if play.services.settings.calendar.knows(eve, eve + DAY) else eve)
    for n in range(length.days):
        _day(outcome, length.first + n * DAY, database, folder)
        if each_day is not None:
            each_day(length.first + n * DAY)
    return outcome


def _day(outcome: Outcome, on: date, database: str, folder: Path) -> None:
    play = outcome.play
    zone = play.services.settings.zone
    play.run(datetime.combine(on, time(0), zone))
    play.recount()
    for look in LOOKS:
        play.run(datetime.combine(on, look, zone))
        play.tick()
    if on == outcome.arrival:
        play.run(datetime.combine(on, time(16), zone))
        play.restart(_settings(database, folder, _next_year(folder, on.year + 1)))
    play.run(datetime.combine(on, time(23, 59, 59), zone))
    with play.services.reading() as session:
        outcome.law.sweep(session)


def _next_year(folder: Path, year: int) -> str:
    file = folder / "days.toml"
    file.write_text(INVENTED.format(year=year), encoding="utf-8")
    return str(file)


def _settings(database: str, folder: Path, calendar: str = "") -> Settings:
    return Settings.model_validate(
        {
            "database": {"url": database, "synchronous": "NORMAL"},
            "data": folder,
            "hours": {"calendar": calendar},
            "phones": {"gas": "000-1111", "lift": "000-2222", "property_night": "000-3333", "staff_duty": "000-4444"},
        }
    )
