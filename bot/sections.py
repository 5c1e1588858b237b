"""Sections of config.toml about how people are asked, told and reached; bot.settings puts them together."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from bot.hours import HoursSection, Section


class StormSection(Section):
    """When so much is reported at once that groups and leaders hear of it in one line (bot/storms.py)."""

    minutes: Annotated[int, Field(ge=1)] = 15
    reports: Annotated[int, Field(ge=2)] = 8
    people: Annotated[int, Field(ge=1)] = 5
    kinds: Annotated[int, Field(ge=2)] = 3
    line_minutes: Annotated[int, Field(ge=1)] = 30


class ReviewsSection(Section):
    to_leader_a_day: Annotated[int, Field(ge=0, le=9)] = 3


class OrdersSection(Section):
    """How requests for help are offered to volunteers (bot/offering.py, bot/orders.py)."""

    modes: dict[str, Literal["claim", "assign", "staff"]] = Field(
        default={"care": "assign", "volunteer": "staff"}  # pydantic copies it
    )
    waves: tuple[Annotated[int, Field(ge=1, le=50)], ...] = (3, 6, 12)
    wave_minutes: Annotated[int, Field(ge=1)] = 30
    answer_minutes: Annotated[int, Field(ge=1)] = 120
    start_hours: Annotated[float, Field(gt=0)] = 6
    most_at_once: Annotated[int, Field(ge=1)] = 2


class StationSection(Section):
    """A place where whoever works outdoors can sit down: its name, hours, days (Monday is 1) and what it offers."""

    name: Annotated[str, Field(min_length=1)]
    open: Annotated[tuple[tuple[time, time], ...], Field(min_length=1)]
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    offers: Annotated[str, Field(min_length=1)]


class RatingsSection(Section):
    ask_hours: Annotated[float, Field(gt=0)] = 3


class MediaSection(Section):
    """How long pictures, voice and files of a matter are kept, and how large they may be (bot/attachments)."""

    keep_days: Annotated[int, Field(ge=0, le=3650)] = 90
    most_mb: Annotated[int, Field(ge=1, le=100)] = 20

    @property
    def most_bytes(self) -> int:
        return self.most_mb * 1024 * 1024


class DigestSection(Section):
    """When the staff are told how it goes, and of what (bot/digest)."""

    at: time = time(8, 30)
    own: dict[str, time] = Field(default_factory=dict)  # by the community's code
    periods: tuple[Literal["day", "week", "month"], ...] = ("day", "week", "month")
    relieve_from: Annotated[int, Field(ge=2)] = 6

    def hour_of(self, community: str) -> time:
        return self.own.get(community, self.at)

    def require_awake(self, hours: HoursSection) -> None:
        """A digest waits for the end of the silent hours; ValueError where they last past midnight and swallow it."""
        for name, at in {"at": self.at, **self.own}.items():
            if hours.silent_to < hours.silent_from <= at:
                raise ValueError(f"digest.{name}: {at:%H:%M} lies in the silent hours of the night")


class ConsoleSection(Section):
    """The staff's pages (bot/console): how long somebody stays signed in."""

    idle_minutes: Annotated[int, Field(ge=5, le=480)] = 30
    longest_hours: Annotated[float, Field(gt=0, le=24)] = 12
    secret: SecretStr = SecretStr("")  # CONSOLE_SECRET; empty: a key file in the data folder


class PhonesSection(Section):
    """Numbers said in an emergency. An area of the roster may have its own; these stand behind."""

    gas: str = ""
    lift: str = ""
    property_night: str = ""
    staff_duty: str = ""
    sms_police: str = "12110加区号后三位"
    contact: str = ""
