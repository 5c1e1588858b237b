"""The settings about time: working hours, what is promised within how many of them, how long things are kept.

Every key is explained in config.toml, as those of bot/settings.py are.
"""

from datetime import time
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Hours = Annotated[float, Field(gt=0, le=500)]  # of work: a deadline further away than a year is a mistake


class HoursSection(Section):
    silent_from: time = time(22, 0)
    silent_to: time = time(7, 30)
    work: Annotated[tuple[tuple[time, time], ...], Field(min_length=1)] = (
        (time(9), time(12)),
        (time(14), time(18)),
    )
    leaders: Annotated[tuple[tuple[time, time], ...], Field(min_length=1)] = (
        (time(9), time(11, 30)),
        (time(15), time(18)),
    )
    calendar: str = ""  # a file with the installation's own holidays and make-up days

    @property
    def closing(self) -> time:
        """The end of the working day: 下班."""
        return self.work[-1][1]

    @field_validator("work", "leaders")
    @classmethod
    def _in_order(cls, spans: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
        bounds = [bound for span in spans for bound in span]
        if any(later <= earlier for earlier, later in pairwise(bounds)):
            raise ValueError("hours of one day, each from earlier to later, one after the other")
        return spans


class ClockHours(Section):
    """Working hours of one kind of matter; what is not given is as for all others."""

    accept_hours: Hours | None = None
    resolve_hours: Hours | None = None
    urgent_accept_hours: Hours | None = None
    urgent_resolve_hours: Hours | None = None


class ClocksSection(Section):
    """Within how many working hours a matter is taken in hand, and until when a word on it is promised."""

    accept_hours: Hours = 4
    resolve_hours: Hours = 7
    urgent_accept_hours: Hours = 1
    urgent_resolve_hours: Hours = 4
    remind_at: Annotated[float, Field(gt=0, lt=1)] = 0.8
    category: dict[str, ClockHours] = Field(default_factory=dict)  # "repair.lift" or "repair"

    def hours(self, intent: str, category: str, urgent: bool) -> tuple[float, float]:
        """The hours to accept and to resolve a matter of that kind. What is urgent is never given longer."""
        own = [self.category[key] for key in (f"{intent}.{category}", intent) if key in self.category]

        def first(key: str) -> float:
            given = (getattr(part, key) for part in (*own, self))
            return float(next(value for value in given if value is not None))

        accept, resolve = first("accept_hours"), first("resolve_hours")
        if not urgent:
            return accept, resolve
        return min(accept, first("urgent_accept_hours")), min(resolve, first("urgent_resolve_hours"))


class TimesSection(Section):
    reach_seconds: Annotated[int, Field(ge=1)] = 600
    reach_emergency_seconds: Annotated[int, Field(ge=1)] = 60
    alarm_minutes: tuple[Annotated[float, Field(gt=0)], ...] = (3, 8, 15, 30)
    chatter_hours: Annotated[float, Field(gt=0, le=24)] = 23
    question_minutes: Annotated[int, Field(ge=1)] = 60
    undo_minutes: Annotated[int, Field(ge=1)] = 10
    merge_hours: Annotated[int, Field(ge=1)] = 24
    pause_days: Annotated[int, Field(ge=1)] = 7
    close_days: Annotated[int, Field(ge=1)] = 3
    reopen_days: Annotated[int, Field(ge=1)] = 30
    code_days: Annotated[int, Field(ge=1)] = 14
    token_days: Annotated[int, Field(ge=1)] = 90
    whistle_minutes: Annotated[int, Field(ge=1)] = 60
