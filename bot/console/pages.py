"""The console's table of pages. Each names whom it is for; a page that is not in the table answers nobody.

Before a page runs: is the form ours (CSRF), who is it, has their password to be changed, is a second factor owed, have
they a post for this. What an area allows is asked by the page itself, with the API's own questions.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from bot import signing_in
from bot.console import errors
from bot.console.rendering import Rendering
from bot.console.visitor import Visitor, recognise
from bot.seal import Seal
from bot.services import Services
from bot.web.auth import ROLES, Allow

PREFIX = "/console"
STATIC = Path(__file__).parents[1] / "web" / "static" / "console"
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FRAGMENT = "X-Fragment"  # sent by console.js: a page that refreshes itself, which is no click
_A_DAY = 86400

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Guard:
    """Whom a page is for. second: only with the second factor shown (export, unmasking). early: also for somebody who
    has to change the password, or to show the second factor, first. largest: bytes that may be sent to it."""

    allow: Allow
    second: bool = False
    early: bool = False
    largest: int = 256 * 1024


class Pages:
    """The console under construction."""

    def __init__(self, app: Flask, services: Services, seal: Seal) -> None:
        self.app, self.services = app, services
        self.guards: dict[str, Guard] = {}
        self.blueprint = Blueprint(
            "console",
            __name__,
            url_prefix=PREFIX,
            static_folder=str(STATIC),
            static_url_path="/static",
            template_folder=str(STATIC.parents[1] / "templates"),
        )
        self.guards["console.static"] = Guard(Allow.ANYONE)
        self._csrf = _forms(app, services, seal)
        self._rendering = Rendering(services, _stamp())
        self.blueprint.before_request(self._guard)
        self.blueprint.after_request(self._sealed_off)
        self.blueprint.context_processor(self._rendering.context)
        self._rendering.add_filters(self.blueprint)
        errors.install(self.blueprint)

    def add(self, rule: str, view: View, guard: Guard, *, methods: tuple[str, ...] = ("GET",), name: str = "") -> None:
        """Enter a page. A view gets the parts of the path and returns what Flask takes."""
        name = name or view.__name__
        self.blueprint.add_url_rule(rule, name, view, methods=list(methods), strict_slashes=False)
        self.guards[f"console.{name}"] = guard

    def finish(self) -> None:
        """The table is complete: whatever else is asked for below /console is not there."""
        self.add("/<path:rest>", _nowhere, Guard(Allow.ANYONE), methods=("GET", "POST"))
        self.app.register_blueprint(self.blueprint)

    def _guard(self) -> ResponseReturnValue | None:
        guard = self.guards.get(request.endpoint or "")
        if guard is None:
            raise errors.forbidden()
        if request.method == "POST":  # before anything is read: the form's token is in the body
            request.max_content_length = request.max_form_memory_size = guard.largest
            self._csrf.protect()
        if request.endpoint == "console.static":
            return None
        g.visitor, noteworthy = recognise(self.services)
        if guard.allow is Allow.ANYONE:
            return None
        if g.visitor is None:
            return _to_login()
        hindrance = self._hindered(guard, g.visitor)
        if hindrance is None and noteworthy and FRAGMENT not in request.headers:
            self._note_click(g.visitor)
        return hindrance

    def _hindered(self, guard: Guard, visitor: Visitor) -> ResponseReturnValue | None:
        """What stands between a signed-in visitor and the page: another page, or a refusal."""
        if not guard.early and visitor.held_up:
            return redirect(url_for("console.second", next=_here()))
        if not guard.early and visitor.must_change:
            return redirect(url_for("console.password"))
        if guard.allow in ROLES and not visitor.caller.holds(ROLES[guard.allow]):
            raise errors.forbidden()
        if guard.second and not visitor.second:
            return redirect(url_for("console.factor", needed=1))
        return None

    def _note_click(self, visitor: Visitor) -> None:
        with self.services.transaction() as session:
            signing_in.seen(self.services.desk(session), visitor.session_id)

    def _sealed_off(self, response: Response) -> Response:
        """Nothing from elsewhere, nothing kept by a cache, no frame around it."""
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)  # a picture has a narrower one of its own
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        static = request.endpoint == "console.static"
        headers["Cache-Control"] = f"max-age={_A_DAY}" if static else "no-store"
        return response


def _forms(app: Flask, services: Services, seal: Seal) -> CSRFProtect:
    """Flask-WTF's protection, asked for by the console's guard alone: hooks and API have no forms and no cookies."""
    app.secret_key = seal.form_key
    app.config.update(
        SESSION_COOKIE_NAME="danyuan_form",
        SESSION_COOKIE_PATH=PREFIX,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.settings.service.public_url.startswith("https://"),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # good as long as the cookie it belongs to
        WTF_CSRF_SSL_STRICT=False,  # compares with a host that a proxy in front may have changed
    )
    csrf = CSRFProtect()
    csrf.init_app(app)
    return csrf


def _nowhere(rest: str) -> ResponseReturnValue:
    raise errors.not_found()


def _to_login() -> ResponseReturnValue:
    if FRAGMENT in request.headers:
        return Response("", 401)
    return redirect(url_for("console.login", next=_here()))


def _here() -> str:
    """Where to come back to: only what was looked at, never an action."""
    return request.full_path.rstrip("?") if request.method == "GET" else PREFIX


def _stamp() -> str:
    """A stamp of the style and script, so that a browser's copy is as old as they are and no older."""
    files = sorted(STATIC.iterdir())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:10]
