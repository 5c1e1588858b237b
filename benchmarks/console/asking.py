"""The pages as a browser asks for them, timed one by one; what the database is asked for each is counted."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.console import bare
from benchmarks.console.street import PASSWORD
from bot.console import PREFIX

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_NEXT = re.compile(r'href="([^"]*cursor=[^"]+)"')
_WARM = 2  # requests that are not counted


class Unanswered(Exception):
    """A page did not answer as it should: one plain line."""


@dataclass
class Figures:
    """What one page took: milliseconds and queries of each request."""

    page: str
    milliseconds: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def take(self, engine: Engine, act: Callable[[], object]) -> None:
        """Do it once, timed and counted."""
        with counting(engine) as counted:
            began = time.perf_counter()
            act()
            took = time.perf_counter() - began
        self.milliseconds.append(took * 1000)
        self.counts.append(counted.queries)

    @property
    def queries(self) -> int:
        """Of most requests: now and then one asks how the service is, for the banner."""
        return statistics.mode(self.counts)

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20, method="inclusive")[-1]


class Reader:
    """Somebody signed in, before the application."""

    def __init__(self, app: Flask, engine: Engine, name: str) -> None:
        self._client: FlaskClient = app.test_client()
        self._engine = engine
        self._sign_in(name)

    def time(self, page: str, path: str, times: int) -> Figures:
        """Ask for one page so often. Raises Unanswered."""
        figures = Figures(page)
        for _ in range(_WARM):
            self.text_of(path)
        for _ in range(times):
            figures.take(self._engine, lambda: self.text_of(path))
        return figures

    def text_of(self, path: str) -> str:
        """A page's HTML. Raises Unanswered."""
        response = self._client.get(path if path.startswith((PREFIX, bare.PATH)) else PREFIX + path)
        if response.status_code != 200:
            raise Unanswered(f"{path}: {response.status_code}")
        return response.text

    def pages_on(self, path: str, steps: int) -> str:
        """The address of the page that is so many pages further on, or the last one there is."""
        for _ in range(steps):
            found = _NEXT.search(self.text_of(path))
            if found is None:
                return path
            path = found[1].replace("&amp;", "&")
            path = path if path.startswith("/") else f"{PREFIX}/tickets{path}"
        return path

    def _sign_in(self, name: str) -> None:
        token = _TOKEN.search(self._client.get(f"{PREFIX}/login").text)
        form: dict[str, Any] = {"name": name, "password": PASSWORD, "csrf_token": token[1] if token else ""}
        response = self._client.post(f"{PREFIX}/login", data=form)
        if response.status_code != 302:
            raise Unanswered(f"{name} cannot sign in: {response.status_code}")


@dataclass
class Counted:
    queries: int = 0


@contextmanager
def counting(engine: Engine) -> Iterator[Counted]:
    """How many statements the database is given meanwhile."""
    counted = Counted()

    def count(*_given: Any) -> None:
        counted.queries += 1

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", count)
