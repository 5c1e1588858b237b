"""Services without any wording or keywords of ours: the plumbing carries whatever text it is given."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.bell import Bell
from bot.channels import Channel, DeliveryError, Gone, Hook, Line, Media, Reading
from bot.owed import owe
from bot.services import Services
from bot.settings import Settings
from bot.wording import Wording
from bot.words import Words
from intents.understanding import Understanding
from models import Account, Chat, ChatKind, Outgoing, Urgency, db
from tests.conftest import StandingClock


@dataclass
class Platform:
    """A channel that writes down what it is sent, or refuses as it is told to."""

    name: str = "paper"
    answers_passively: bool = False
    pushes: bool = True
    hears_groups: bool = True
    whispers: bool = False
    fetches: bool = False
    sent: list[Line] = field(default_factory=list)
    refusal: DeliveryError | None = None
    before: Callable[[Line], None] | None = None

    def read(self, hook: Hook) -> Reading:
        raise NotImplementedError

    def send(self, line: Line) -> str | None:
        if self.before is not None:
            self.before(line)
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(line)
        return f"m{len(self.sent)}"

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        raise Gone("paper hands nothing out")

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.sent]


class Hand:
    """Short words for what the tests do again and again."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def chat(self, name: str, channel: str = "paper", private: bool = False) -> Chat:
        with self.services.transaction() as session:
            account = None
            if private:
                account = Account(channel=channel, user_id=name, created_at=self.services.now())
                session.add(account)
                session.flush()
            chat = Chat(
                channel=channel,
                external_id=name,
                kind=ChatKind.PRIVATE if private else ChatKind.RESIDENTS,
                account_id=account.id if account else None,
                created_at=self.services.now(),
            )
            session.add(chat)
        return chat

    def owe(self, key: str, chat: Chat | None, urgency: Urgency = Urgency.ANSWER, reach: tuple[int, ...] = ()) -> bool:
        with self.services.transaction() as session:
            desk = self.services.desk(session)
            return owe(desk, key=key, chat=chat, text=key, urgency=urgency, reach=reach) is not None

    def line(self, key: str) -> Outgoing:
        with self.services.reading() as session:
            return session.exec(select(Outgoing).where(Outgoing.key == key)).one()

    def session(self) -> Session:
        return Session(self.services.engine, expire_on_commit=False)


def build(url: str, folder: Path, channels: Mapping[str, Channel], now: Callable[[], datetime], bell: Bell) -> Services:
    """Services by hand, with channels that are ours."""
    return Services(
        settings=Settings.model_validate({"database": {"url": url}, "data": folder}),
        engine=db.connect(url),
        channels=channels,
        words=Words(Understanding.__new__(Understanding), Wording({})),  # never asked here
        bell=bell,
        now=now,
    )


@pytest.fixture
def paper() -> Platform:
    return Platform()


@pytest.fixture
def hand(database: str, tmp_path: Path, paper: Platform, clock: StandingClock) -> Iterator[Hand]:
    """Services on each database with two channels, `paper` and `other`, and without a queue."""
    channels: dict[str, Channel] = {"paper": paper, "other": Platform(name="other")}
    services = build(database, tmp_path, channels, clock, Bell(None))
    yield Hand(services)
    services.engine.dispose()
