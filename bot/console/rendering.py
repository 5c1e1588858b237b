"""What every page is drawn with: who looks, the theme, the way round, moments in words, a banner where it is due."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, request

from bot import digesting
from bot.console.visitor import visitor
from bot.routing import OFFICE, TITLES
from bot.services import Services
from bot.tokens import READERS
from bot.web.health import Checks
from models import Role

THEME = "danyuan_theme"
THEMES = ("auto", "light", "dark")
_LOOK_EVERY = timedelta(seconds=5)
_WEEKDAYS = "一二三四五六日"
# The way round: what the place is called, its page, and whom it is for.
PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("today", "today", READERS),
    ("tickets", "tickets", READERS),
    ("owed", "owed", OFFICE),
    ("directory", "directory", READERS),
    ("policies", "policies", READERS),
    ("digest", "digests", digesting.READERS),
    ("words", "words", READERS),
    ("settings", "settings", OFFICE),
)


class Rendering:
    """Context and filters for the templates."""

    def __init__(self, services: Services, stamp: str) -> None:
        self._services, self._stamp = services, stamp
        self._troubles = _Troubles(services)

    def context(self) -> dict[str, Any]:
        """What the templates find, beside what their page gives them."""
        someone = visitor()
        caller = None if someone is None else someone.caller
        return {
            "visitor": someone,
            "stamp": self._stamp,
            "theme": theme(),
            "service_name": self._services.settings.service.name,
            "places": {name: page for name, page, roles in PLACES if caller is not None and caller.holds(roles)},
            "office": caller is not None and caller.holds(OFFICE),
            "TITLES": TITLES,
            "trouble": self._troubles.now() if someone is not None else (),
            "now": self._services.now().astimezone(self._services.settings.zone),
        }

    def add_filters(self, blueprint: Blueprint) -> None:
        blueprint.add_app_template_filter(self._moment, "moment")
        blueprint.add_app_template_filter(self._day, "day")
        blueprint.add_app_template_filter(self._iso, "iso")

    def _moment(self, at: datetime | None) -> str:
        """今天 14:05, 昨天 09:10, 11月3日 周一 08:00; with the year where it is another one."""
        if at is None:
            return ""
        local = at.astimezone(self._services.settings.zone)
        return f"{self._day(local.date())} {local:%H:%M}"

    def _day(self, day: date | None) -> str:
        if day is None:
            return ""
        today = self._services.now().astimezone(self._services.settings.zone).date()
        near = {0: "今天", -1: "昨天", 1: "明天"}.get((day - today).days)
        if near:
            return near
        year = "" if day.year == today.year else f"{day.year}年"
        return f"{year}{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"

    def _iso(self, at: datetime | None) -> str:
        return "" if at is None else at.astimezone(self._services.settings.zone).isoformat(timespec="minutes")


def theme() -> str:
    """What the reader chose; auto where they leave it to their system."""
    chosen = request.cookies.get(THEME, "auto")
    return chosen if chosen in THEMES else "auto"


class _Troubles:
    """What /health has to say, asked at most every few seconds however many pages are looked at."""

    def __init__(self, services: Services) -> None:
        self._now = services.now
        self._checks = Checks(services)
        self._lock = threading.Lock()
        self._asked_at: datetime | None = None
        self._found: tuple[str, ...] = ()

    def now(self) -> tuple[str, ...]:
        """The names of what fails or is degraded, as /health gives them."""
        with self._lock:
            now = self._now()
            if self._asked_at is None or abs(now - self._asked_at) >= _LOOK_EVERY:
                report = self._checks.report()
                self._asked_at, self._found = now, (*report["failing"], *report["degraded"])
            return self._found
