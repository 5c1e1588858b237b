"""The design system on one page, and the switch between its themes."""

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bot.console.forms import way_back
from bot.console.pages import PREFIX, Guard, Pages
from bot.console.rendering import THEME, THEMES
from bot.services import Services
from bot.web.auth import Allow
from models import Status

_A_YEAR = 365 * 24 * 3600


class Design:
    """GET /design, POST /theme."""

    def __init__(self, services: Services) -> None:
        self._secure = services.settings.service.public_url.startswith("https://")

    def enter(self, pages: Pages) -> None:
        pages.add("/design", self.design, Guard(Allow.ANYONE))
        pages.add("/theme", self.theme, Guard(Allow.ANYONE), methods=("POST",))

    def design(self) -> ResponseReturnValue:
        """Every part there is. It says nothing that the repository does not."""
        return render_template("console/design.html", statuses=list(Status))

    def theme(self) -> ResponseReturnValue:
        """Light, dark, or as the reader's system has it; kept by the browser."""
        chosen = request.form.get("theme", "")
        # The page begins anew: the keyboard, and whoever listens, go on at the switch, which says how it stands now.
        answer = make_response(redirect(f"{way_back(request.form.get('next'))}#theme"))
        if chosen in THEMES:
            answer.set_cookie(
                THEME, chosen, max_age=_A_YEAR, path=PREFIX, httponly=True, samesite="Lax", secure=self._secure
            )
        return answer
