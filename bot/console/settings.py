"""What the installation is set to: who signs in, tokens, channels without their secrets, what is kept how long."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot import accounts, signing_in, tokens
from bot.accounts import Listed
from bot.console import owed_queries
from bot.console.causes import Cause
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.users import is_mine, mine
from bot.console.visitor import signed_in
from bot.desk import Desk
from bot.services import Services
from bot.settings import Settings
from bot.web.api_errors import not_found
from bot.web.auth import Allow, Caller, audit
from models import Role, Token

_LAST_ID = 2**31 - 1
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Way:
    """A channel as it is configured and as it goes."""

    name: str
    kind: str
    area: str
    heard_at: datetime | None
    sent_at: datetime | None
    mended: bool
    cause: Cause | None
    waiting: int


@dataclass(frozen=True)
class Kept:
    """What is kept how long. what: a key of the template's words. setting: its name, "" where the program says it."""

    what: str
    setting: str
    number: float
    unit: str


class SettingsPage:
    """GET /settings; POST a token, POST its end."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        grave = Guard(Allow.ADMINISTRATORS, second=True)
        pages.add("/settings", self.settings, Guard(Allow.OFFICE))
        pages.add("/settings/tokens", self.create_token, grave, methods=("POST",))
        pages.add("/settings/tokens/<int:token_id>/revoke", self.revoke_token, grave, methods=("POST",))

    def settings(self) -> ResponseReturnValue:
        """All of it; users and tokens for administrators alone."""
        return self._page()

    def create_token(self) -> ResponseReturnValue:
        """A token for one of my users, shown this once."""
        caller, user_id = signed_in().caller, _number(text("user", 9))
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            user = mine(desk, caller, user_id)
            made = tokens.create(desk, user.name)
            session.add(audit(caller, desk.now, "token.make", f"user:{user.id}", {}))
        return self._page(made=(user.name, made))

    def revoke_token(self, token_id: int) -> ResponseReturnValue:
        """It is worth nothing any more."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            token = session.get(Token, min(token_id, _LAST_ID))
            if token is None:
                raise not_found()
            user = mine(desk, caller, token.user_id)
            tokens.revoke_one(desk, token)
            session.add(audit(caller, desk.now, "token.revoke", f"user:{user.id}", {"token": token.id}))
        flash("revoked", "good")
        return redirect(url_for("console.settings"))

    def _page(self, *, made: tuple[str, str] | None = None) -> str:
        caller = signed_in().caller
        administers = caller.holds(ADMINISTRATOR)
        with self._services.reading() as session:
            desk = self._services.desk(session)
            users = _users(desk, caller) if administers else {}
            return render_template(
                "console/settings.html",
                administers=administers,
                users=users,
                tokens=[(one, users[one.user_id]) for one in tokens.listed(session, users, desk.now)],
                ways=_ways(desk),
                kept=kept(desk.settings),
                made=made,
            )


def kept(settings: Settings) -> tuple[Kept, ...]:
    """What is kept how long."""
    times, console = settings.times, settings.console
    return (
        Kept("chatter", "times.chatter_hours", times.chatter_hours, "hours"),
        Kept("reviews", "times.chatter_hours", times.chatter_hours, "hours"),
        Kept("media", "media.keep_days", settings.media.keep_days, "days"),
        Kept("questions", "times.question_minutes", times.question_minutes, "minutes"),
        Kept("codes", "times.code_days", times.code_days, "days"),
        Kept("tokens", "times.token_days", times.token_days, "days"),
        Kept("idle", "console.idle_minutes", console.idle_minutes, "minutes"),
        Kept("sessions", "console.longest_hours", console.longest_hours, "hours"),
        Kept("failures", "", signing_in.KEPT.days, "days"),
        Kept("tickets", "", 0, ""),
        Kept("people", "", 0, ""),
        Kept("audit", "", 0, ""),
    )


def _users(desk: Desk, caller: Caller) -> dict[int, Listed]:
    return {one.id: one for one in accounts.listed(desk) if is_mine(desk, caller, one.person_id)}


def _ways(desk: Desk) -> list[Way]:
    """Kind and area as configured, "" for a channel that was once; nothing secret."""
    configured = desk.settings.channels
    found = []
    for way in owed_queries.ways(desk):
        section = configured.get(way.name)
        area = section.area if section else ""
        found.append(Way(way.name, way.kind, area, way.heard_at, way.sent_at, way.mended, way.cause, way.waiting))
    return found


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0
