"""The service in this process: real channels, both databases, its own web application, a clock that stands."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from app import create_app
from bot import services as building
from bot.bell import Bell
from bot.services import Services
from intents.understanding import Understanding
from models import Inbound, Report, Ticket
from standin.callbacks import wechat
from standin.config import Config
from standin.utterance import Envelope
from tests.conftest import StandingClock
from tests.faults import estate
from tests.faults.voices import Message, envelope

T = TypeVar("T")


@dataclass
class House:
    """The service and how to talk to it. `clock` is its only time."""

    services: Services
    clock: StandingClock
    platforms: Config
    app: Flask
    said: int = 0

    def but(self, **changes: object) -> "House":
        """The same house with other parts, by the field names of Services, or with another understanding or wording."""
        spoken = {name: changes.pop(name) for name in ("understanding", "wording") if name in changes}
        words = replace(self.services.words.current, **spoken)  # type: ignore[arg-type]  # fields by name
        services = replace(self.services, words=words, **changes)  # type: ignore[arg-type]  # likewise
        return House(services, self.clock, self.platforms, create_app(services), self.said + 1000)

    def message(self, text: str, *, user: str = "u-1", group: str | None = "g-3-2") -> Message:
        """A new message: in a group by OneBot, else in private to the Official Account."""
        self.said += 1
        channel = "onebot" if group else "wechat"
        return Message(str(self.said), channel, user, text, group, None, self.clock().timestamp())

    def tell(self, message: Message) -> TestResponse:
        """The genuine callback for it."""
        return self.post(message.channel, envelope(self.platforms, message))

    def post(self, channel: str, sealed: Envelope) -> TestResponse:
        return self.app.test_client().post(
            f"/hooks/{channel}", query_string=dict(sealed.query), data=sealed.body, headers=dict(sealed.headers)
        )

    def answer(self, response: TestResponse) -> str | None:
        """What the follower of the Official Account sees of a response."""
        return wechat.passive_answer(self.platforms.channels["wechat"], response.data)

    def rows(self, message: Message | None = None) -> list[Inbound]:
        with self.session() as session:
            query = select(Inbound).order_by(col(Inbound.id))
            return list(session.exec(query if message is None else query.where(Inbound.message_id == message.id)))

    def tickets(self) -> list[Ticket]:
        with self.session() as session:
            return list(session.exec(select(Ticket).order_by(col(Ticket.id))))

    def reports(self, ticket: Ticket) -> int:
        with self.session() as session:
            return len(session.exec(select(Report).where(Report.ticket_id == ticket.id)).all())

    def session(self) -> Session:
        return Session(self.services.engine, expire_on_commit=False)


@pytest.fixture
def wait_seconds() -> float:
    """How long a message may wait for a lock or a statement: the setting's default."""
    return 2.0


@pytest.fixture
def house(
    database: str, tmp_path: Path, clock: StandingClock, understanding: Understanding, wait_seconds: float
) -> Iterator[House]:
    """On each database."""
    yield from built(database, tmp_path, clock, understanding, wait_seconds)


@pytest.fixture
def sqlite_house(
    sqlite: str, tmp_path: Path, clock: StandingClock, understanding: Understanding, wait_seconds: float
) -> Iterator[House]:
    yield from built(sqlite, tmp_path, clock, understanding, wait_seconds)


def built(
    database: str, folder: Path, clock: StandingClock, understanding: Understanding, wait_seconds: float
) -> Iterator[House]:
    variables = {**estate.environ("http://127.0.0.1:9"), "DATABASE_URL": database}
    _, settings = estate.lay(folder, variables)
    database_section = settings.database.model_copy(update={"wait_seconds": wait_seconds})
    settings = settings.model_copy(update={"database": database_section})
    services = building.build(settings, now=clock, bell=Bell(None), understanding=understanding)
    yield House(services, clock, estate.platforms(), create_app(services))
    services.engine.dispose()


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of them at the same instant, each in a thread of its own; what they returned. An exception is raised."""
    barrier = threading.Barrier(len(acts))
    results: list[tuple[T | None, BaseException | None]] = [(None, None)] * len(acts)

    def go(place: int) -> None:
        barrier.wait(10)
        try:
            results[place] = acts[place](), None
        except BaseException as error:
            results[place] = None, error

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for _, error in results:
        if error is not None:
            raise error
    return [result for result, _ in results]  # type: ignore[misc]  # every one returned, or we raised
