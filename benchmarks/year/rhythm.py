"""When somebody does something: in working hours who is paid for it, while they are awake all others."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import clocks
from bot.routing import OFFICE
from bot.settings import Settings
from models import Role

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UP, ASLEEP = 8, 22  # o'clock


class Rhythm:
    """settings: those in force now, whose calendar may change within the year. chance: the one seeded generator."""

    def __init__(self, settings: Callable[[], Settings], chance: random.Random) -> None:
        self._settings = settings
        self._random = chance

    def minutes(self, mean: float) -> timedelta:
        """About so many, now and then many more."""
        return timedelta(minutes=1 + self._random.expovariate(1 / mean))

    def when(self, role: Role, at: datetime) -> datetime:
        """The first moment from `at` on at which somebody in that role does such things."""
        paid = role in OFFICE or role in (Role.PROPERTY, Role.MEDIATOR)
        return self.at_work(at) if paid else self.awake(at)

    def at_work(self, at: datetime) -> datetime:
        """`at` itself in working hours, else within the first hour of the next span of them."""
        settings, local = self._settings(), self.local(at)
        if settings.calendar.day(local.date()).working and clocks.within(local, settings.hours.work, settings.zone):
            return local
        day = local
        while True:
            for begin, _ in settings.hours.work if settings.calendar.day(day.date()).working else ():
                if day.replace(hour=begin.hour, minute=0) > local:
                    return day.replace(hour=begin.hour, minute=self._random.randrange(50))
            day = day.replace(hour=0, minute=0) + DAY

    def awake(self, at: datetime) -> datetime:
        """`at` itself by day, else within the first hour of the next morning."""
        local = self.local(at)
        if UP <= local.hour < ASLEEP:
            return local
        morning = local.replace(hour=UP, minute=self._random.randrange(60))
        return morning if local.hour < UP else morning + DAY

    def local(self, at: datetime) -> datetime:
        """On the community's own clock."""
        return at.astimezone(self._settings().zone)
