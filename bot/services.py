"""What one process owns: its engine, its channels, its understanding. Built once, before any fork.

    services = build(settings)
    with services.transaction() as session:       # one commit holds everything, or nothing
        desk = services.desk(session)
        owed.owe(desk, key=..., chat=..., text=...)
    # here the commit is done and the bell has been rung, because something was owed

    with services.reading() as session: ...       # cannot write

Only bot.web, bot.jobs, bot.clock, bot.inbox and commands open a transaction. Nothing is sent inside of one.
"""

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlmodel import Session

from bot import crash
from bot import wording as wordings
from bot.bell import Bell, client
from bot.channels import Channel
from bot.channels.token_store import RedisTokenStore, TokenStore
from bot.desk import Desk
from bot.owed import BELLS
from bot.settings import ChannelSection, Settings, SettingsError
from bot.wording import Wording
from intents import understanding as understandings
from intents.understanding import Understanding
from models import db

KEYWORDS = Path(__file__).parent.parent / "keywords"
DATABASE_FILE = "danyuan.sqlite3"
KEEPS_TOKENS = {"wechat"}  # channel kinds that fetch an access token and keep it for hours


@dataclass(frozen=True)
class Services:
    """Handed to whatever opens a transaction; `now` is the only clock there is."""

    settings: Settings
    engine: Engine
    channels: Mapping[str, Channel]
    understanding: Understanding
    wording: Wording
    bell: Bell
    now: Callable[[], datetime]

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing transaction: commits at the end, then rings for what was owed; rolls back on any exception.

        Raises sqlalchemy's OperationalError where a lock is not had in time. Rows stay readable after the commit.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            crash.point("before-commit")
            session.commit()
            bells: set[str] = session.info.get(BELLS, set())
        if bells:
            crash.point("before-bell")
        for queue in bells:
            self.bell.ring(queue)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads: on either database a write in it fails."""
        with Session(db.reading(self.engine), expire_on_commit=False) as session:
            yield session

    def desk(self, session: Session) -> Desk:
        """What the verbs below work with, at this moment."""
        return Desk(session, self.settings, self.wording, self.now())


def build(
    settings: Settings,
    *,
    now: Callable[[], datetime] | None = None,
    bell: Bell | None = None,
    understanding: Understanding | None = None,
) -> Services:
    """Everything from the settings. Loads jieba and the keyword files, which takes a second, unless an understanding
    is given. No connection is made yet.

    Raises SettingsError, models.db.DatabaseError or bot.wording.WordingError, each naming what is wrong.
    """
    keywords = Path(settings.keywords) if settings.keywords else KEYWORDS
    shared = RedisTokenStore(client(settings.redis.url)) if settings.redis.url else None
    return Services(
        settings=settings,
        engine=db.connect(database_url(settings), settings.database.synchronous, settings.database.wait_seconds),
        channels={name: connect(name, section, shared) for name, section in settings.channels.items()},
        understanding=understandings.load(keywords) if understanding is None else understanding,
        wording=wordings.load(keywords / "wording.toml"),
        bell=bell if bell is not None else Bell(settings.redis.url or None),
        now=now if now is not None else system_now,
    )


@contextmanager
def at_desk(settings: Settings) -> Iterator[Desk]:
    """One transaction for a command: no channel, no keywords, no limit to waiting; the schema is checked.

    Raises models.db.DatabaseError where the database is not at this version's revision.
    """
    sentences = wordings.load((Path(settings.keywords) if settings.keywords else KEYWORDS) / "wording.toml")
    engine = db.connect(database_url(settings), settings.database.synchronous, wait_seconds=None)
    try:
        _create_own_file(settings, engine)
        db.require_head(engine)
        with Session(engine, expire_on_commit=False) as session:
            yield Desk(session, settings, sentences, system_now())
            session.commit()
    finally:
        engine.dispose()


def _create_own_file(settings: Settings, engine: Engine) -> None:
    """The SQLite file in a new data folder is ours to create; a configured database, or an old one, is not."""
    if settings.database.url:
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    if db.current(engine) is None:
        db.migrate(database_url(settings))


def connect(name: str, section: ChannelSection, token_store: TokenStore | None = None) -> Channel:
    """The channel `name`, by bot/channels/<kind>.py. Raises SettingsError where there is no such file.

    token_store: where platform tokens are shared between processes; a worker's jobs live too short to keep their own.
    """
    module = f"bot.channels.{section.kind}"
    if importlib.util.find_spec(module) is None:
        raise SettingsError(f"channels.{name}.kind: this version does not speak {section.kind}")
    extra = {"token_store": token_store} if section.kind in KEEPS_TOKENS else {}
    channel: Channel = importlib.import_module(module).connect(name, section, **extra)
    return channel


def database_url(settings: Settings) -> str:
    """The configured database, else a SQLite file in the data folder."""
    return settings.database.url or f"sqlite:///{settings.data.resolve() / DATABASE_FILE}"


def system_now() -> datetime:
    """The one place that asks the system for the time."""
    return datetime.now(UTC)
