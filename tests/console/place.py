"""The API's town with the console in front of it, and browsers that are signed in there."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from bot import console
from bot.console.pages import Pages
from models import User
from tests.web.world import World

PASSWORD = "梧桐树下第三盏路灯不亮了"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@lru_cache(maxsize=1)
def hashed() -> str:
    """A cheap hash: what it costs to look at one stands in the hash itself, and hundreds sign in here."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(unicodedata.normalize("NFKC", PASSWORD))


@dataclass
class Browser:
    """One browser: it keeps cookies, and sends the token of the form it last saw."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        return self._seen(self.client.get(f"{console.PREFIX}{path}", **more))

    def post(self, path: str, **form: Any) -> TestResponse:
        form.setdefault("csrf_token", self.token)
        return self._seen(self.client.post(f"{console.PREFIX}{path}", data=form))

    def _seen(self, response: TestResponse) -> TestResponse:
        found = TOKEN.search(response.text) if response.mimetype == "text/html" else None
        if found:
            self.token = found[1]
        return response


@dataclass
class Place:
    """The console of a town."""

    world: World
    app: Flask
    pages: Pages
    secrets: dict[str, str] = field(default_factory=dict)

    def browser(self) -> Browser:
        """A browser that has seen the login's form."""
        browser = Browser(self.app.test_client())
        browser.get("/login")
        return browser

    def give_password(self, user: str, *, must_change: bool = False) -> None:
        with self.world.services.transaction() as session:
            row = session.exec(select(User).where(col(User.name) == user)).one()
            row.password_hash, row.must_change = hashed(), must_change
            session.add(row)

    def signed_in(self, user: str) -> Browser:
        """A browser in which `user` (a key of tests.web.world.USERS) has just signed in."""
        self.give_password(user)
        browser = self.browser()
        answer = browser.post("/login", name=user, password=PASSWORD)
        assert answer.status_code == 302, answer.text
        browser.get("/account")
        return browser

    def with_second(self, user: str) -> Browser:
        """The same, and the second factor shown: the session may export and unmask."""
        browser = self.signed_in(user)
        page = browser.get("/account/factor").text
        self.secrets[user] = secret = re.sub(r"\s", "", re.search(r'class="number">([A-Z2-7 ]+)<', page)[1])  # type: ignore[index]
        answer = browser.post("/account/factor", code=self.code(secret))
        assert answer.status_code == 200, answer.text
        browser.get("/account")
        return browser

    def code(self, secret: str) -> str:
        """What an authenticator shows at this moment of the town's clock."""
        return pyotp.TOTP(secret).at(self.world.services.now())


def build(world: World) -> Place:
    """Put the console on an application of its own, before the same services."""
    app = Flask("console-test", static_folder=None)
    return Place(world, app, console.pages(app, world.services))
