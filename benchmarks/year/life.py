"""What happens in the year, drawn beforehand: who tells what when, and who is away when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from benchmarks.year import talk
from benchmarks.year.people import People
from benchmarks.year.play import Play, Saying
from benchmarks.year.town import Town, Unit
from bot.calendar import WorkCalendar
from models import Role

# How much is told in each hour of the day: little by night, most in the evening.
HOURS = (1, 1, 1, 1, 1, 2, 5, 10, 12, 11, 10, 9, 8, 7, 7, 8, 9, 12, 16, 19, 20, 14, 7, 3)
IN_GROUP = 0.3  # of what a stairwell shares
AGAIN = 0.09  # of the repairs a neighbour tells as well
CHATTER = 0.25  # beside each matter
LEAVES = (0, 0, 1, 1, 2, 3)  # of a person in a year
AWAY_AT_SPRING_FESTIVAL = 0.4
SPRING_FESTIVAL = "春节"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Length:
    """How much: from which day, how many of them, how many matters on one, and the seed of all chance."""

    first: date
    days: int
    per_day: float
    seed: int


def fortnight(calendar: WorkCalendar, first: date, last: date) -> list[date]:
    """The days around the Spring Festival between two days: from its first make-up day to its last, one more each."""
    named = [day.on for day in calendar.days(first, last) if day.name == SPRING_FESTIVAL]
    return [day.on for day in calendar.days(min(named) - DAY, max(named) + DAY)] if named else []


def fill(play: Play, people: People, town: Town, length: Length) -> None:
    """Plan the whole year."""
    chance = random.Random(f"life {length.seed}")
    zone, calendar = play.services.settings.zone, play.services.settings.calendar
    for n in range(length.days):
        on = length.first + n * DAY
        for _ in range(_about(chance, length.per_day)):
            hour = chance.choices(range(24), HOURS)[0]
            at = datetime.combine(on, time(hour, chance.randrange(60), chance.randrange(60)), zone)
            _tell(play, people, chance, chance.choice(town.units), at)
    for user, first, last in _leaves(chance, town, length, calendar):
        people.leave(user, datetime.combine(first, time(8, chance.randrange(60)), zone),
                     datetime.combine(last, time(12), zone))  # fmt: skip
    for n, sentence in enumerate(talk.DUTY):
        at = datetime.combine(length.first, time(9, 10 + n), zone)
        play.say(at, Saying(f"s-{n}-1", sentence))


def _tell(play: Play, people: People, chance: random.Random, unit: Unit, at: datetime) -> None:
    kinds = list(talk.MATTERS)
    kind = chance.choices(kinds, [talk.MATTERS[one][0] for one in kinds])[0]
    sentence = chance.choice(talk.MATTERS[kind][1]).format(place=unit.words)
    first, second = chance.sample(unit.residents(), 2)
    group = unit.group if kind in ("repair", "danger") and chance.random() < IN_GROUP else None
    play.say(at, Saying(first, sentence, group))
    people.told(first, group, kind, at)
    if kind == "repair" and chance.random() < AGAIN:
        play.say(at + timedelta(minutes=chance.uniform(10, 90)), Saying(second, sentence, group))
    if chance.random() < CHATTER:
        play.say(at + timedelta(minutes=chance.uniform(1, 40)), Saying(second, chance.choice(talk.CHATTER), unit.group))


def _leaves(
    chance: random.Random, town: Town, length: Length, calendar: WorkCalendar
) -> Iterator[tuple[str, date, date]]:
    """Who is away from when to when: now and then, and many at the Spring Festival."""
    last = length.first + (length.days - 1) * DAY
    festival = [day.on for day in calendar.days(length.first, last) if day.why == SPRING_FESTIVAL]
    for user in town.holding(Role.UNIT_LEADER, Role.GRID_LEADER, Role.STAFF, Role.PROPERTY, Role.MEDIATOR, Role.DUTY):
        for _ in range(round(chance.choice(LEAVES) * length.days / 365)):
            begins = length.first + chance.randrange(length.days) * DAY
            yield user, begins, begins + chance.randrange(2, 10) * DAY
        if festival and chance.random() < AWAY_AT_SPRING_FESTIVAL:
            yield user, festival[0], festival[-1]


def _about(chance: random.Random, mean: float) -> int:
    """As many as come by chance where `mean` come on the average."""
    return sum(1 for _ in range(int(mean * 4)) if chance.random() < 0.25) if mean >= 1 else int(chance.random() < mean)
