"""What one process owns: its engine, its channels, its words. Built once, before any fork.

    services = build(settings)
    with services.transaction() as session:       # one commit holds everything, or nothing
        desk = services.desk(session)
        owed.owe(desk, key=..., chat=..., text=...)
    # here the commit is done and the bell has been rung, because something was owed

    with services.reading() as session: ...       # cannot write
    with services.snapshot() as session: ...      # nor can it, and nothing changes while it counts

    services = services.pinned()                  # one message, one version of the words, from start to end

Only bot.web, bot.jobs, bot.clock, bot.inbox and commands open a transaction. Nothing is sent inside of one.
"""

import gc
import importlib
import importlib.util
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.engine import Engine
from sqlmodel import Session

from bot import crash, deadlines, finding, words
from bot import wording as wordings
from bot.bell import Bell, client
from bot.channels import Channel
from bot.channels.token_store import RedisTokenStore, TokenStore
from bot.desk import Desk
from bot.owed import BELLS
from bot.settings import SHIPPED, ChannelSection, Settings, SettingsError
from bot.shelf import Shelf
from bot.wording import Wording, WordingError
from bot.words import Words, WordsError
from intents.understanding import Understanding
from models import db

KEYWORDS = SHIPPED
DATABASE_FILE = "danyuan.sqlite3"
KEEPS_TOKENS = {"wechat"}  # channel kinds that fetch an access token and keep it for hours

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """Handed to whatever opens a transaction; `now` is the only clock there is."""

    settings: Settings
    engine: Engine
    channels: Mapping[str, Channel]
    words: Words | Shelf  # a version that stays, or the one that is in force whenever somebody asks
    bell: Bell
    now: Callable[[], datetime]

    @property
    def understanding(self) -> Understanding:
        """How messages are understood at this moment. Whoever needs it twice for one message is `pinned`."""
        return self.words.current.understanding

    @property
    def wording(self) -> Wording:
        return self.words.current.wording

    def pinned(self) -> "Services":
        """The same services with the words that are in force now: what is begun with them ends with them."""
        return replace(self, words=self.words.current)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing transaction: commits at the end, then rings for what was owed; rolls back on any exception.

        Raises sqlalchemy's OperationalError where a lock is not had in time. Rows stay readable after the commit.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            finding.keep_up(session)
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

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that only reads, of which all questions see one moment: for what is counted."""
        with Session(db.snapshot(self.engine), expire_on_commit=False) as session:
            db.be_patient(session.connection())
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
    live: bool = False,
) -> Services:
    """Everything from the settings. Loads jieba and the keyword files, which takes a second, unless an understanding
    is given. No connection is made yet.

    live: for a process that serves. The database must be at this version's revision, and the words are those that it
    says are in force, now and later (bot.shelf).
    Raises SettingsError, models.db.DatabaseError, KeywordError or bot.wording.WordingError, each naming what is wrong.
    """
    engine = db.connect(database_url(settings), settings.database.synchronous, settings.database.wait_seconds)
    spoken = _in_force(settings, engine) if live else _as_files(settings, understanding)
    if live:
        # The dictionary and the model stay until the end. A full collection walks through all of it, a tenth of a
        # second in the midst of whatever is being answered: from now on it leaves them alone.
        gc.collect()
        gc.freeze()
    require_kinds(settings, spoken.current.understanding)
    shared = RedisTokenStore(client(settings.redis.url)) if settings.redis.url else None
    return Services(
        settings=settings,
        engine=engine,
        channels={name: connect(name, section, shared) for name, section in settings.channels.items()},
        words=spoken,
        bell=bell if bell is not None else Bell(settings.redis.url or None),
        now=now if now is not None else system_now,
    )


def require_kinds(settings: Settings, understanding: Understanding) -> None:
    """Raises SettingsError where [clocks.category] names a kind of matter that there is none of."""
    unknown = deadlines.unknown_kinds(settings, understanding.labels)
    if unknown:
        raise SettingsError(f"clocks.category.{unknown[0]}: no keyword file has this intent or category")


def _in_force(settings: Settings, engine: Engine) -> Shelf:
    db.require_head(engine)
    return Shelf(engine, settings.keyword_files)


def _as_files(settings: Settings, understanding: Understanding | None) -> Words:
    if understanding is None:
        return words.from_files(settings.keyword_files)
    return Words(understanding, wordings.load(settings.keyword_files / words.WORDING))


@contextmanager
def at_desk(settings: Settings) -> Iterator[Desk]:
    """One transaction for a command: no channel, no keywords, no limit to waiting; the schema is checked.

    Raises models.db.DatabaseError where the database is not at this version's revision.
    """
    sentences = wordings.load(settings.keyword_files / words.WORDING)
    engine = db.connect(database_url(settings), settings.database.synchronous, wait_seconds=None)
    try:
        _create_own_file(settings, engine)
        db.require_head(engine)
        sentences = _said_now(engine, sentences)
        with Session(engine, expire_on_commit=False) as session:
            yield Desk(session, settings, sentences, system_now())
            finding.keep_up(session)
            session.commit()
    finally:
        engine.dispose()


def _said_now(engine: Engine, installed: Wording) -> Wording:
    """The sentences in force; a version that is broken must not keep anybody from taking it back."""
    try:
        with Session(db.reading(engine)) as session:
            return words.sentences(session, installed)
    except (WordsError, WordingError) as error:
        log.warning("the sentences in force cannot be used, the installed ones are: %s", error)
        return installed


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
